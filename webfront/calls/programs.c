/* The request holds the password, in its header: it is read from there when it is needed, and wiped from here
 * at once. */
#include "webfront/calls/programs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/cleanup.h"
#include "common/clock.h"
#include "common/refusal.h"
#include "common/web-in-force.h"
#include "webfront/calls/answer.h"
#include "webfront/calls/audit.h"
#include "webfront/calls/calls.h"
#include "webfront/calls/gate.h"
#include "webfront/logins/kept-tickets.h"
#include "webfront/logins/logins.h"
#include "webfront/requests/asker.h"
#include "webfront/requests/basic.h"
#include "webfront/requests/browser.h"
#include "webfront/requests/wire-safety.h"

struct programs {
    programs_handler handler;
    struct kept_tickets *kept;
};

/* A request that waits for the login. */
struct asking {
    struct parts *parts;
    struct http_request *request;
    enum format format;
    bool keep; /* the ticket, if there is one */
    struct login *login;
};

int programs_new(programs_handler handler, struct programs **ret)
{
    _cleanup_(freep) struct programs *programs = calloc(1, sizeof(*programs));
    int r;

    if (!programs)
        return -ENOMEM;
    programs->handler = handler;
    r = kept_tickets_new(&programs->kept);
    if (r < 0)
        return r;
    *ret = TAKE_PTR(programs);
    return 0;
}

struct programs *programs_free(struct programs *programs)
{
    if (!programs)
        return NULL;
    kept_tickets_free(programs->kept);
    free(programs);
    return NULL;
}

/* --- refusals --- */

static void refuse(struct parts *parts, struct http_request *request, enum format format,
                   const struct outcome *outcome)
{
    if (http_request_method(request) == HTTP_METHOD_POST)
        audit_outcome(parts, request, outcome, NULL, 0);
    if (outcome->code == REFUSAL_LOGIN)
        gate_refuse(parts, request, format, outcome);
    else
        answer_outcome(parts->answers, request, format, outcome, NULL);
}

static struct outcome come_back(int code, unsigned seconds, const char *why)
{
    struct outcome outcome = outcome_refused(code, why);

    outcome.retry_after = seconds;
    if (asprintf(&outcome.owned, "%s Try again in %u second%s.", why, seconds, seconds == 1 ? "" : "s") >= 0)
        outcome.message = outcome.owned;
    return outcome;
}

static struct outcome outcome_of_login(const struct login_result *result)
{
    switch (result->outcome) {
    case LOGIN_WRONG:
        return outcome_refused(REFUSAL_LOGIN, "Nothing was done: the user name or the password is wrong.");
    case LOGIN_LATER:
        return come_back(REFUSAL_BUSY, result->seconds,
                         "Nothing was done: too many passwords were wrong, so that none is looked at now.");
    case LOGIN_BUSY:
        return come_back(REFUSAL_BUSY, result->seconds, "Nothing was done: too many log in at this moment.");
    default:
        return come_back(REFUSAL_UNAVAILABLE, result->seconds,
                         "Nothing was done: the login does not answer. Whoever looks after this machine can "
                         "see why with: journalctl -t restarter-login");
    }
}

static struct outcome outcome_of_header(enum basic_outcome basic)
{
    if (basic == BASIC_TWICE)
        return outcome_refused_http(MHD_HTTP_BAD_REQUEST,
                                    "Nothing was done: the request has two Authorization headers.");
    return outcome_refused_http(
        MHD_HTTP_BAD_REQUEST,
        "Nothing was done: the header Authorization is to be Basic, and then USER:PASSWORD "
        "in base64, with 1 to 255 and at most 511 bytes and no control character.");
}

/* --- to the login --- */

static void name_asker(const struct basic *basic, const char *asker, struct kept_asker *ret)
{
    *ret = (struct kept_asker){ .asker = asker, .user = basic->user, .password = basic->password };
}

static void keep(const struct asking *asking, const char ticket[static LOGIN_TICKET_SIZE])
{
    _cleanup_(basic_wipe) struct basic basic;
    char address[ASKER_SIZE];
    struct kept_asker asker;

    if (!asking->keep || basic_read(asking->request, &basic) != BASIC_GIVEN)
        return;
    name_asker(&basic, asker_of(asking->request, address), &asker);
    kept_tickets_keep(asking->parts->programs->kept, &asker, ticket, clock_usec());
}

static void on_done(const struct login_result *result, void *userdata)
{
    _cleanup_(freep) struct asking *asking = userdata;
    const struct rpc_client_caller caller = { .ticket = result->ticket };
    _cleanup_(outcome_done) struct outcome outcome = { 0 };

    http_request_on_gone(asking->request, NULL, NULL);
    if (result->outcome == LOGIN_PASSED) {
        calls_note_admitted(asking->parts->calls, &caller);
        keep(asking, result->ticket);
        asking->parts->programs->handler(asking->parts, asking->request, &caller);
        return;
    }
    outcome = outcome_of_login(result);
    refuse(asking->parts, asking->request, asking->format, &outcome);
}

/* Nobody is left who could be told whether it was the right one. */
static void on_gone(void *userdata)
{
    _cleanup_(freep) struct asking *asking = userdata;

    login_cancel(asking->login);
    http_reply(asking->request, 0, NULL);
}

/* Takes `what` over, as it is: a copy of it waits. */
static void ask(const struct asking *what, const struct basic *basic, const char *asker)
{
    const struct login_question question = { .user = basic->user,
                                             .password = basic->password,
                                             .asker = asker };
    struct asking *asking = malloc(sizeof(*asking));
    struct login_result refused;

    if (!asking) {
        http_reply(what->request, 0, NULL);
        return;
    }
    *asking = *what;
    http_request_on_gone(asking->request, on_gone, asking);
    if (logins_refuse(asking->parts->logins, asker, &refused))
        on_done(&refused, asking);
    else if (logins_ask(asking->parts->logins, &question, on_done, asking, &asking->login) < 0)
        on_done(&(struct login_result){ .outcome = LOGIN_UNAVAILABLE, .seconds = LOGINS_BUSY_SEC }, asking);
}

static void find_or_ask(const struct asking *what, const struct basic *basic)
{
    char address[ASKER_SIZE];
    struct rpc_client_caller caller = { 0 };
    struct kept_asker asker;

    name_asker(basic, asker_of(what->request, address), &asker);
    caller.ticket = kept_tickets_find(what->parts->programs->kept, &asker, clock_usec());
    if (caller.ticket)
        what->parts->programs->handler(what->parts, what->request, &caller);
    else
        ask(what, basic, address);
}

/* --- from outside --- */

/* What forbids to look at the password; nothing does without a message. */
static struct outcome check(const struct parts *parts, const struct http_request *request,
                            enum basic_outcome basic)
{
    if (basic != BASIC_GIVEN)
        return outcome_of_header(basic);
    if (!wire_may_carry_password(request, parts->web->settings.cleartext_passwords))
        return outcome_refused_http(
            MHD_HTTP_FORBIDDEN,
            "Nothing was done: the password came from another machine without TLS, where others could read it; it "
            "should be changed. Use the https:// address.");
    return (struct outcome){ 0 };
}

static enum basic_outcome read_header(const struct parts *parts, const struct http_request *request,
                                      struct basic *ret)
{
    if (!parts->logins || browser_has_sent(request))
        return BASIC_ABSENT;
    return basic_read(request, ret);
}

bool programs_take(struct parts *parts, struct http_request *request, enum format format)
{
    const struct asking what = { .parts = parts, .request = request, .format = format, .keep = true };
    _cleanup_(basic_wipe) struct basic basic;
    enum basic_outcome given = read_header(parts, request, &basic);
    struct outcome outcome;

    if (given == BASIC_ABSENT)
        return false;
    outcome = check(parts, request, given);
    if (outcome.message)
        refuse(parts, request, format, &outcome);
    else
        find_or_ask(&what, &basic);
    return true;
}

bool programs_ask_again(struct parts *parts, struct http_request *request, enum format format)
{
    const struct asking what = { .parts = parts, .request = request, .format = format };
    _cleanup_(basic_wipe) struct basic basic;
    char address[ASKER_SIZE];
    struct kept_asker asker;

    if (read_header(parts, request, &basic) != BASIC_GIVEN)
        return false;
    name_asker(&basic, asker_of(request, address), &asker);
    if (!kept_tickets_find(parts->programs->kept, &asker, clock_usec()))
        return false;
    kept_tickets_forget(parts->programs->kept, &asker);
    ask(&what, &basic, address);
    return true;
}
