/* One row for each way in which a login does not hold. */
#include "broker/outcome/sentence-login.h"

#include <stdio.h>

#include "common/refusal.h"

static const struct {
    int refusal;
    const char *why;
} WHY[LOGINS] = {
    [LOGIN_MISSING] = { REFUSAL_LOGIN, "nobody is logged in. Log in, and try again." },
    [LOGIN_MALFORMED] = { REFUSAL_LOGIN, "what was sent as a login is none. Log in again." },
    [LOGIN_FORGED] = { REFUSAL_LOGIN,
                       "the login was not made with this machine's key, or before the key was replaced or the "
                       "machine was started anew. Log in again." },
    [LOGIN_EXPIRED] = { REFUSAL_LOGIN, "the login has expired. Log in again." },
    [LOGIN_NOT_YET] = { REFUSAL_LOGIN,
                        "the login was made in the future, by this machine's clock. Log in again." },
    [LOGIN_OTHER_WAY] = { REFUSAL_LOGIN,
                          "the login was made in another way than people log in now. Log in again." },
    [LOGIN_SIGNED_OUT] = { REFUSAL_LOGIN, "this login was signed out. Log in again." },
    [LOGIN_NO_KEY] = { REFUSAL_LOGIN, "this machine has no key to verify a login with. The journal of "
                                      "restarter-broker.service says why." },
    [LOGIN_UNSETTLED] = { REFUSAL_UNAVAILABLE,
                          "the settings of the web are broken, and so it is not known who has to log in. The "
                          "journal of restarter-broker.service says where the mistake is." },
};

static void say(struct outcome *o, int refusal, const char *why)
{
    (void)snprintf(o->sentence, sizeof(o->sentence), "Nothing was %s: %s",
                   o->verb ? verb_done(o->verb) : "done", why);
    o->refusal = refusal;
    o->admins_from = 0;
}

void sentence_login(struct outcome *o, enum login login)
{
    say(o, WHY[login].refusal, WHY[login].why);
}

void sentence_no_session(struct outcome *o)
{
    say(o, REFUSAL_LOGIN, "this is for who has logged in to the page, and came here by another way.");
}

void sentence_sign_out_lost(struct outcome *o)
{
    say(o, REFUSAL_UNAVAILABLE,
        "it could not be written down that you signed out, and so it would not last. The journal of "
        "restarter-broker.service says why; until that is mended, close the browser.");
}
