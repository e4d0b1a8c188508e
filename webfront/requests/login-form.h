/* What is said around a login: the form of POST /login, that of POST /logout, and what an address may say
 * behind its '?' where a login is asked for. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "webfront/requests/fields.h"

enum {
    LOGIN_FORM_USER_SIZE = 256,     /* with its NUL: longer than any name, so that too long a one is wrong */
    LOGIN_FORM_PASSWORD_SIZE = 512, /* the same */
    LOGIN_NEXT_SIZE = 128,
};

/* A page to go to: "/" and what paths of ours are made of. Never another host's, neither as "//host" nor as
 * "/\host" nor by a scheme; and nothing that a page leads to, but by its buttons. */
bool login_next_valid(const char *path);

struct login_form {
    char user[LOGIN_FORM_USER_SIZE];         /* as it was typed, without NUL; not empty */
    char password[LOGIN_FORM_PASSWORD_SIZE]; /* the same, may be empty */
    char next[LOGIN_NEXT_SIZE];              /* where to go then; "/" where nothing good was said */
};

/* Outcomes besides those of fields.h. */
enum {
    LOGIN_FORM_E_NO_USER = 1,
    LOGIN_FORM_E_NO_PASSWORD, /* no such field; an empty one is a password that is wrong */
    LOGIN_FORM_E_LONG,
};

/* 0 or an outcome. What there was of user and next is told with any of them, and the password with none. */
int login_form_read(const char *body, size_t size, struct login_form *ret);
void login_form_wipe(struct login_form *form);
/* A whole static sentence on an outcome. */
const char *login_form_text(int outcome);

/* 0, or an outcome of fields.h; an empty body is the form of who signs out here alone. */
int logout_form_read(const char *body, size_t size, bool *ret_everywhere);

/* Why somebody is shown the form. */
enum login_said {
    LOGIN_SAID_NOTHING,
    LOGIN_SAID_SIGNED_OUT,
    LOGIN_SAID_EVERYWHERE,
    LOGIN_SAID_NOT_VOIDED,  /* signed out of this browser alone: the broker could not be told */
    LOGIN_SAID_ENDED,       /* a login that there was is over */
    LOGIN_SAID_TWO_COOKIES, /* of which one is another site's */
};

struct login_query {
    char next[LOGIN_NEXT_SIZE]; /* "/" where nothing good was said */
    enum login_said said;
};

/* Of what is behind the '?'; what makes no sense says nothing. */
void login_query_read(const char *query, struct login_query *ret);
/* "/login", with what is worth saying behind it. Returns `ret`. */
enum { LOGIN_ADDRESS_SIZE = LOGIN_NEXT_SIZE + 64 };
const char *login_query_write(const struct login_query *query, char ret[static LOGIN_ADDRESS_SIZE]);
