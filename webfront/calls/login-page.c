/* The password is looked at by the login alone (logins.h); here it is on its way for as long as the form is
 * read. */
#include "webfront/calls/login-page.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/clock.h"
#include "common/journal.h"
#include "common/refusal.h"
#include "common/web-in-force.h"
#include "webfront/calls/answer.h"
#include "webfront/calls/calls.h"
#include "webfront/logins/logins.h"
#include "webfront/calls/session.h"
#include "webfront/pages/page-login.h"
#include "webfront/requests/asker.h"
#include "webfront/requests/client.h"
#include "webfront/requests/login-form.h"
#include "webfront/requests/wire-safety.h"

struct attempt {
    struct parts *parts;
    struct http_request *request;
    struct login *login;
    char user[LOGIN_FORM_USER_SIZE], next[LOGIN_NEXT_SIZE];
};

/* --- answers --- */

static struct MHD_Response *new_page(const struct parts *parts, const struct http_request *request,
                                     const struct page_login *login)
{
    const struct page_site *site = answer_own_site(parts->answers, answer_language(request));
    size_t size = 0;
    _cleanup_(freep) char *text = page_login(site, login, &size);

    return answer_new(text, size, ANSWER_HTML);
}

/* The form again, with what was typed for a name; a line of text for a program. */
static void refuse(struct parts *parts, struct http_request *request, const struct outcome *outcome,
                   const struct page_login *login)
{
    struct MHD_Response *response;

    if (accept_of(request, FORMAT_TEXT) != FORMAT_HTML) {
        answer_outcome(parts->answers, request, FORMAT_TEXT, outcome, NULL);
        return;
    }
    response = new_page(parts, request, login);
    answer_add_retry_after(&response, outcome->retry_after);
    http_reply(request, outcome->status, response);
}

static void refuse_form(struct parts *parts, struct http_request *request, unsigned status,
                        const char *message, const struct login_form *form)
{
    const struct outcome outcome = outcome_refused_http(status, message);
    const struct page_login login = {
        .user = form->user, .next = form->next, .wrong = message, .english = true
    };

    refuse(parts, request, &outcome, &login);
}

static void refuse_cleartext(struct parts *parts, struct http_request *request, unsigned status)
{
    const struct outcome outcome =
        outcome_refused_http(status, language_text(LANGUAGE_EN, WORD_LOGIN_CLEARTEXT));
    const struct page_login login = { .wrong = language_text(answer_language(request), WORD_LOGIN_CLEARTEXT),
                                      .closed = true };

    refuse(parts, request, &outcome, &login);
}

/* Nobody has to log in here. */
static void go_on(struct http_request *request, const char *next)
{
    http_reply(request, MHD_HTTP_SEE_OTHER, answer_new_redirect(next));
}

/* --- GET --- */

static const char *said_text(enum login_said said, enum language language)
{
    switch (said) {
    case LOGIN_SAID_SIGNED_OUT:
        return language_text(language, WORD_SIGNED_OUT);
    case LOGIN_SAID_EVERYWHERE:
        return language_text(language, WORD_SIGNED_OUT_EVERYWHERE);
    case LOGIN_SAID_NOT_VOIDED:
        return language_text(language, WORD_SIGNED_OUT_NOT_VOIDED);
    case LOGIN_SAID_ENDED:
        return language_text(language, WORD_LOGIN_ENDED);
    case LOGIN_SAID_TWO_COOKIES:
        return language_text(language, WORD_TWO_COOKIES);
    default:
        return NULL;
    }
}

void login_page_get(struct parts *parts, struct http_request *request,
                    _unused_ const struct rpc_client_caller *caller)
{
    struct login_query query;
    struct page_login login = { .user = "" };

    login_query_read(http_request_query(request), &query);
    login.next = query.next;
    login.said = said_text(query.said, answer_language(request));
    login.forget = login.said;
    if (parts->web->settings.login == WEB_LOGIN_NONE)
        go_on(request, query.next);
    else if (!parts->web->settings.cleartext_passwords && wire_is_open(request))
        refuse_cleartext(parts, request, MHD_HTTP_OK);
    else
        http_reply(request, MHD_HTTP_OK, new_page(parts, request, &login));
}

void login_page_forget(_unused_ struct parts *parts, struct http_request *request,
                       _unused_ const struct rpc_client_caller *caller)
{
    struct MHD_Response *response = answer_new("", 0, "text/css");

    (void)answer_add_header(&response, "Clear-Site-Data", "\"cache\"");
    http_reply(request, MHD_HTTP_OK, response);
}

/* --- POST --- */

static void let_in(struct attempt *attempt, const char *ticket)
{
    struct MHD_Response *response = answer_new_redirect(attempt->next);
    const struct rpc_client_caller caller = { .ticket = ticket };

    calls_note_admitted(attempt->parts->calls, &caller);
    session_add_cookie(&response, attempt->request, ticket);
    http_reply(attempt->request, MHD_HTTP_SEE_OTHER, response);
}

static enum word word_of(enum login_outcome outcome)
{
    switch (outcome) {
    case LOGIN_WRONG:
        return WORD_LOGIN_WRONG;
    case LOGIN_LATER:
        return WORD_LOGIN_LATER;
    case LOGIN_BUSY:
        return WORD_LOGIN_BUSY;
    default:
        return WORD_LOGIN_NOT_AVAILABLE;
    }
}

static unsigned status_of(enum login_outcome outcome)
{
    if (outcome == LOGIN_WRONG)
        return MHD_HTTP_FORBIDDEN;
    return outcome == LOGIN_LATER || outcome == LOGIN_BUSY ? MHD_HTTP_TOO_MANY_REQUESTS
                                                           : MHD_HTTP_SERVICE_UNAVAILABLE;
}

/* What became of it, and when to try again: for a page in its language, for a program in English. */
static void format_wrong(enum language language, const struct login_result *result,
                         char ret[static WORD_SIZE])
{
    enum word word = result->seconds == 0   ? WORD_IN_A_MOMENT
                     : result->seconds == 1 ? WORD_IN_A_SECOND
                                            : WORD_IN_SECONDS;
    char seconds[16], when[64];
    const struct word_hole numbers[] = { { "seconds", seconds }, { NULL, NULL } },
                           holes[] = { { "when", when }, { NULL, NULL } };

    (void)snprintf(seconds, sizeof(seconds), "%u", result->seconds);
    language_format(language, word, numbers, when, sizeof(when));
    language_format(language, word_of(result->outcome), holes, ret, WORD_SIZE);
}

/* A ticket that says nothing is none. */
static void on_done(const struct login_result *result, void *userdata)
{
    _cleanup_(freep) struct attempt *attempt = userdata;
    struct page_login login = { .user = attempt->user, .next = attempt->next };
    char wrong[WORD_SIZE], english[WORD_SIZE];
    struct outcome outcome;

    if (result->outcome == LOGIN_PASSED && session_seconds_left(result->ticket) > 0) {
        let_in(attempt, result->ticket);
        return;
    }
    format_wrong(LANGUAGE_EN, result, english);
    format_wrong(answer_language(attempt->request), result, wrong);
    outcome = outcome_refused_http(status_of(result->outcome), english);
    outcome.retry_after = result->seconds;
    login.wrong = wrong;
    refuse(attempt->parts, attempt->request, &outcome, &login);
}

/* Whether the password was right is of no use to who has left. */
static void on_gone(void *userdata)
{
    _cleanup_(freep) struct attempt *attempt = userdata;

    (void)login_cancel(attempt->login);
    http_reply(attempt->request, 0, NULL);
}

static void ask(struct parts *parts, struct http_request *request, const struct login_form *form)
{
    struct attempt *attempt = calloc(1, sizeof(*attempt));
    char asker[ASKER_SIZE];
    const struct login_question question = { .user = form->user,
                                             .password = form->password,
                                             .asker = asker_of(request, asker) };
    struct login_result refused;

    if (!attempt) {
        http_reply(request, 0, NULL);
        return;
    }
    attempt->parts = parts;
    attempt->request = request;
    (void)stpcpy(attempt->user, form->user);
    (void)stpcpy(attempt->next, form->next);
    http_request_on_gone(request, on_gone, attempt);
    if (logins_refuse(parts->logins, asker, &refused))
        on_done(&refused, attempt);
    else if (logins_ask(parts->logins, &question, on_done, attempt, &attempt->login) < 0)
        on_done(&(struct login_result){ .outcome = LOGIN_UNAVAILABLE }, attempt);
}

static int read_request(const struct http_request *request, struct login_form *ret)
{
    size_t size;
    const char *body = http_request_body(request, &size);

    *ret = (struct login_form){ .next = "/" };
    if (http_request_has_query(request) || !accept_content_is(request, "application/x-www-form-urlencoded"))
        return FIELDS_E_ENCODING;
    return login_form_read(body, size, ret);
}

static void note_cleartext(const struct http_request *request)
{
    char address[HTTP_ADDRESS_SIZE];

    if (journal_admit(clock_usec()))
        journal_log(LOG_NOTICE,
                    "A password that came over the network without TLS was not looked at, from %s",
                    client_address(request, address));
}

void login_page_post(struct parts *parts, struct http_request *request,
                     _unused_ const struct rpc_client_caller *caller)
{
    _cleanup_(login_form_wipe) struct login_form form;
    int r = read_request(request, &form);

    if (parts->web->settings.login == WEB_LOGIN_NONE) {
        go_on(request, form.next);
    } else if (!wire_may_carry_password(request, parts->web->settings.cleartext_passwords)) {
        note_cleartext(request);
        refuse_cleartext(parts, request, MHD_HTTP_FORBIDDEN);
    } else if (r != 0) {
        refuse_form(parts, request, MHD_HTTP_BAD_REQUEST, login_form_text(r), &form);
    } else {
        ask(parts, request, &form);
    }
}
