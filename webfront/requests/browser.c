/* Signs of a browser, by their names. */
#include "webfront/requests/browser.h"

#include <stddef.h>
#include <string.h>

#include "webfront/requests/accept.h"

static bool has_any(const struct http_request *request, const char *const names[])
{
    for (; *names; names++)
        if (http_request_header(request, *names))
            return true;
    return false;
}

bool browser_has_sent(const struct http_request *request)
{
    /* Sec-Fetch-Mode is sent by Node's fetch() as well. */
    static const char *const SURE[] = { "Origin", "Sec-Fetch-Site", "Sec-Fetch-Dest", "Sec-Fetch-User",
                                        NULL };

    return has_any(request, SURE);
}

static bool says(const struct http_request *request, const char *name, const char *value)
{
    const char *said = http_request_header(request, name);

    return said && strcmp(said, value) == 0;
}

bool browser_follows_link(const struct http_request *request)
{
    return says(request, "Sec-Fetch-Dest", "document") && says(request, "Sec-Fetch-Site", "cross-site");
}

bool browser_may_have_sent(const struct http_request *request)
{
    static const char *const LIKELY[] = { "Accept-Language",           "Cookie", "Referer", "Sec-Fetch-Mode",
                                          "Upgrade-Insecure-Requests", NULL };

    return browser_has_sent(request) || has_any(request, LIKELY) ||
           accept_of(request, FORMAT_TEXT) == FORMAT_HTML;
}
