#include "tests/unit/login-world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>

#include "common/cleanup.h"
#include "tests/unit/test.h"

void login_world_ticket_at(const char *name, uint64_t issued, uint64_t expires, char ret[static TICKET_SIZE])
{
    static const struct ticket_key KEY = { "the key of this machine, 32 byte" };
    struct ticket ticket = { .issued = issued, .expires = expires };

    assert_int_equal(person_set(&ticket.person, name, PERSON_PASSWORD), 0);
    assert_int_equal(ticket_write(&KEY, &ticket, ret), 0);
}

void login_world_ticket(const char *name, char ret[static TICKET_SIZE])
{
    uint64_t now = (uint64_t)time(NULL);

    login_world_ticket_at(name, now, now + 7200, ret);
}

/* The login's loop hangs on the web front's. */
static int run_login(_unused_ sd_event_source *source, _unused_ int fd, _unused_ uint32_t events,
                     void *userdata)
{
    (void)sd_event_run(userdata, 0);
    return 0;
}

int login_world_setup_with(void **state, const char *settings)
{
    struct login_world *world = calloc(1, sizeof(*world));
    void *web = NULL;

    assert_true(sd_event_new(&world->login.event) >= 0);
    fake_login_start(&world->login);
    (void)setenv("LOGIN_SOCKET", world->login.path, 1);
    assert_int_equal(web_setup_with(&web, settings), 0);
    world->web = web;
    assert_true(sd_event_add_io(world->web->event, NULL, sd_event_get_fd(world->login.event), EPOLLIN,
                                run_login, world->login.event) >= 0);
    login_world_ticket("anna", world->ticket);
    (void)snprintf(world->answer, sizeof(world->answer), "ticket %s\n", world->ticket);
    world->login.answer = world->answer;
    *state = world;
    return 0;
}

int login_world_setup(void **state)
{
    return login_world_setup_with(state, "[Web]\nLogin=password\n");
}

int login_world_teardown(void **state)
{
    struct login_world *world = *state;
    void *web = world->web;

    (void)web_teardown(&web);
    fake_login_stop(&world->login);
    sd_event_unref(world->login.event);
    free(world);
    return 0;
}

const char *login_world_with(const char *request, const char *header)
{
    static char text[8192];
    const char *rest = strstr(request, "\r\n") + 2;

    (void)snprintf(text, sizeof(text), "%.*s%s\r\n%s", (int)(rest - request), request, header, rest);
    return text;
}

char *login_world_ask_as(struct login_world *world, const char *request, const char *ticket)
{
    char cookie[TICKET_SIZE + 32];

    (void)snprintf(cookie, sizeof(cookie), "Cookie: restarter=%s", ticket);
    return web_ask(world->web, login_world_with(request, cookie));
}

char *login_world_post(struct login_world *world, const char *headers, const char *body)
{
    char request[2048];

    (void)snprintf(request, sizeof(request),
                   "POST /login HTTP/1.1\r\n" WEB_HOST
                   "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n%s\r\n%s",
                   strlen(body), headers, body);
    return web_ask(world->web, request);
}

void assert_lacks(const char *answer, const char *part)
{
    if (strstr(answer, part))
        fail_msg("'%s' in:\n%s", part, answer);
}
