/* A web front where one has to log in, with a login and a broker behind it that do as they are told. */
#pragma once

#include "common/ticket.h"
#include "tests/unit/fake-login.h"
#include "tests/unit/web-client.h"

#define ACCEPT_HTML "Accept: text/html\r\n"
#define WEB_GET_WITH(path, headers) "GET " path " HTTP/1.1\r\n" WEB_HOST headers "\r\n"

struct login_world {
    struct web *web;
    struct fake_login login;  /* lets anna in, unless it is told otherwise */
    char ticket[TICKET_SIZE]; /* anna's */
    char answer[TICKET_SIZE + 16];
};

/* For cmocka: *state is a struct login_world. */
int login_world_setup(void **state);
int login_world_teardown(void **state);
/* The same with that webfront.conf. */
int login_world_setup_with(void **state, const char *settings);

/* A ticket that is good for two hours from now. */
void login_world_ticket(const char *name, char ret[static TICKET_SIZE]);
/* One with those times; seconds since 1970. */
void login_world_ticket_at(const char *name, uint64_t issued, uint64_t expires, char ret[static TICKET_SIZE]);

/* The request with one more header line. Valid until the next call. */
const char *login_world_with(const char *request, const char *header);
/* Sends it with that ticket as its cookie, and waits for the answer. */
char *login_world_ask_as(struct login_world *world, const char *request, const char *ticket);
/* POST /login with that body. */
char *login_world_post(struct login_world *world, const char *headers, const char *body);

/* It is not in the answer. */
void assert_lacks(const char *answer, const char *part);
