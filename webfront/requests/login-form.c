/* Three tables of fields. A path of ours has no byte that would have to be escaped behind a '?'. */
#include "webfront/requests/login-form.h"

#include <stdio.h>
#include <string.h>

#define HOME "/"

static const char *const SAID[] = {
    [LOGIN_SAID_NOTHING] = "",
    [LOGIN_SAID_SIGNED_OUT] = "signed-out",
    [LOGIN_SAID_EVERYWHERE] = "everywhere",
    [LOGIN_SAID_NOT_VOIDED] = "not-voided",
    [LOGIN_SAID_ENDED] = "ended",
    [LOGIN_SAID_TWO_COOKIES] = "two-cookies",
};

#define UNITS "/instances/"

bool login_next_valid(const char *path)
{
    static const char LETTERS[] = "@:ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._-";
    /* What could be taken for a host's name, or its port, stands behind a folder of ours alone. */
    bool is_unit = strncmp(path, UNITS, strlen(UNITS)) == 0;
    size_t length = strlen(path);

    return path[0] == '/' && length < LOGIN_NEXT_SIZE &&
           strspn(path, is_unit ? LETTERS : LETTERS + 2) == length && !strstr(path, "//") &&
           !strstr(path, "..") && strcmp(path, "/login") != 0 && strcmp(path, "/logout") != 0 &&
           strcmp(path, "/restart") != 0;
}

/* --- POST /login --- */

enum { USER, PASSWORD, NEXT };

static int take_user(const char *value, void *userdata)
{
    struct login_form *form = userdata;

    if (strlen(value) >= sizeof(form->user))
        return LOGIN_FORM_E_LONG;
    (void)stpcpy(form->user, value);
    return 0;
}

static int take_password(const char *value, void *userdata)
{
    struct login_form *form = userdata;

    if (strlen(value) >= sizeof(form->password))
        return LOGIN_FORM_E_LONG;
    (void)stpcpy(form->password, value);
    return 0;
}

static int take_next(const char *value, void *userdata)
{
    char *next = userdata;

    if (login_next_valid(value))
        (void)stpcpy(next, value);
    return 0;
}

static int take_form_next(const char *value, void *userdata)
{
    struct login_form *form = userdata;

    return take_next(value, form->next);
}

static int find_missing(const struct login_form *form, unsigned seen)
{
    if (!*form->user)
        return LOGIN_FORM_E_NO_USER;
    return seen & 1U << PASSWORD ? 0 : LOGIN_FORM_E_NO_PASSWORD;
}

int login_form_read(const char *body, size_t size, struct login_form *ret)
{
    static const struct field FIELDS[] = {
        [USER] = { "user", take_user },
        [PASSWORD] = { "password", take_password },
        [NEXT] = { "next", take_form_next },
    };
    unsigned seen = 0;
    int r;

    *ret = (struct login_form){ .next = HOME };
    r = fields_read(body, size, FIELDS, sizeof(FIELDS) / sizeof(*FIELDS), ret, &seen);
    if (r == 0)
        r = find_missing(ret, seen);
    if (r != 0)
        explicit_bzero(ret->password, sizeof(ret->password));
    return r;
}

void login_form_wipe(struct login_form *form)
{
    explicit_bzero(form, sizeof(*form));
}

const char *login_form_text(int outcome)
{
    switch (outcome) {
    case LOGIN_FORM_E_NO_USER:
        return "You are not logged in: type your user name, and your password.";
    case LOGIN_FORM_E_NO_PASSWORD:
        return "You are not logged in: type your password.";
    case LOGIN_FORM_E_LONG:
    case FIELDS_E_TOO_LONG:
        return "You are not logged in: no user name and no password is that long.";
    default:
        return "You are not logged in: the form is not properly encoded, or has another field than user, "
               "password and next, or one of them twice.";
    }
}

/* --- POST /logout --- */

static int take_everywhere(const char *value, void *userdata)
{
    bool *everywhere = userdata;

    *everywhere = strcmp(value, "yes") == 0;
    return *everywhere ? 0 : FIELDS_E_UNKNOWN;
}

int logout_form_read(const char *body, size_t size, bool *ret_everywhere)
{
    static const struct field FIELDS[] = { { "everywhere", take_everywhere } };
    bool everywhere = false;
    unsigned seen;
    int r = fields_read(body, size, FIELDS, sizeof(FIELDS) / sizeof(*FIELDS), &everywhere, &seen);

    if (r == 0)
        *ret_everywhere = everywhere;
    return r;
}

/* --- behind the '?' --- */

static int take_query_next(const char *value, void *userdata)
{
    struct login_query *query = userdata;

    return take_next(value, query->next);
}

static int take_said(const char *value, void *userdata)
{
    struct login_query *query = userdata;

    for (size_t i = 0; i < sizeof(SAID) / sizeof(*SAID); i++)
        if (strcmp(SAID[i], value) == 0)
            query->said = (enum login_said)i;
    return 0;
}

void login_query_read(const char *query, struct login_query *ret)
{
    static const struct field FIELDS[] = { { "next", take_query_next }, { "said", take_said } };
    struct login_query read = { .next = HOME };
    unsigned seen;

    *ret = read;
    if (fields_read(query, strlen(query), FIELDS, sizeof(FIELDS) / sizeof(*FIELDS), &read, &seen) == 0)
        *ret = read;
}

const char *login_query_write(const struct login_query *query, char ret[static LOGIN_ADDRESS_SIZE])
{
    bool next = strcmp(query->next, HOME) != 0, said = query->said != LOGIN_SAID_NOTHING;

    (void)snprintf(ret, LOGIN_ADDRESS_SIZE, "/login%s%s%s%s%s", next || said ? "?" : "", next ? "next=" : "",
                   next ? query->next : "",
                   next && said ? "&said="
                   : said       ? "said="
                                : "",
                   SAID[query->said]);
    return ret;
}
