/* By the settings, and by where the connection comes from. */
#include "webfront/calls/admission.h"

#include "common/refusal.h"
#include "common/web-in-force.h"

struct outcome admission_check(const struct parts *parts, const struct http_request *request)
{
    if (!parts->web->known)
        return outcome_refused(
            REFUSAL_UNAVAILABLE,
            "Nothing was done: the settings of this page have a mistake, so that nobody is let in. Its "
            "administrator finds file and line in the journal: journalctl -t restarter-webfront");
    if (parts->web->settings.login == WEB_LOGIN_NONE && !http_request_is_near(request))
        return outcome_refused_http(
            MHD_HTTP_FORBIDDEN,
            "Nothing was done: this page asks nobody who they are, and so it is for this machine alone. To let people "
            "in from other machines its administrator has them log in: Login=password in " WEB_SETTINGS_PATH
            ".");
    return (struct outcome){ 0 };
}
