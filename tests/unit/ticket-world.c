/* The broker reads a real key; its tickets are signed apart from it. */
#include "tests/unit/ticket-world.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/refusal.h"
#include "tests/unit/memory-directory.h"
#include "tests/unit/test.h"

static const char POLICY[] = "[Grant]\nUnit=a@.service\nInstances=[0-9]\nVerbs=restart\nUsers=anna\n"
                             "[Grant]\nUnit=b.service\nVerbs=restart\nGroups=ops\n"
                             "[Grant]\nUnit=c.service\nVerbs=restart\n";

struct ticket_key ticket_world_key;
static char texts[4][SIGNING_TEXT_SIZE];

void ticket_world_put_key(const char *data, size_t size)
{
    char path[MEMORY_PATH_SIZE];
    FILE *file;

    memory_path("ticket.key", path);
    file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

int ticket_world_set_up(void **state, const char *web)
{
    struct mistake mistake;
    int r;

    (void)setenv("CREDENTIALS_DIRECTORY", memory_directory(), 1);
    (void)setenv("RUNTIME_DIRECTORY", memory_directory(), 1);
    (void)setenv("RESTARTER_BOOT", "00112233445566778899aabbccddeeff", 1);
    ticket_world_put_key("thirty-two bytes of a ticket key", 32);
    assert_int_equal(ticket_key_read(&ticket_world_key, &mistake), 0);
    r = broker_set_up(state, POLICY, NULL);
    write_web(*state, web);
    assert_int_equal(raise(SIGHUP), 0);
    fake_settle(&((struct broker_world *)*state)->fake, 10);
    return r;
}

int ticket_world_tear_down(void **state)
{
    char path[MEMORY_PATH_SIZE];

    memory_path("ticket.key", path);
    (void)unlink(path);
    forget_all();
    return broker_tear_down(state);
}

void ticket_world_reload(struct broker_world *w, const char *web)
{
    write_web(w, web);
    assert_int_equal(raise(SIGHUP), 0);
    fake_settle(&w->fake, 10);
}

const char *ticket_made(size_t i, const struct ticket_key *with, const char *name_and_how, long issued,
                        long expires, const char *number_and_groups)
{
    char body[512];
    time_t now = time(NULL);

    (void)snprintf(body, sizeof(body), "%s:%ld:%ld:%s", name_and_how, now + issued, now + expires,
                   number_and_groups);
    signing_body(with, body, strlen(body), texts[i]);
    return texts[i];
}

const char *ticket_good(void)
{
    char rest[64];

    (void)snprintf(rest, sizeof(rest), TICKET_WORLD_NUMBER ":ops");
    return ticket_made(0, &ticket_world_key, "anna:password", -100, 1000, rest);
}

struct call *call_with_ticket(struct broker_world *w, const char *ticket, const char *method, const char *id)
{
    struct call *call;

    w->callers[WEB].ticket = ticket;
    call = begin_at(w, WEB, 0, method, id);
    wait_for(w, call);
    return call;
}

void assert_let_in(struct broker_world *w, const char *ticket)
{
    assert_member(call_with_ticket(w, ticket, "restarter.allowed", NULL), "user", "anna");
}

void assert_kept_out(struct broker_world *w, const char *ticket, const char *words)
{
    struct call *call = call_with_ticket(w, ticket, "restarter.allowed", NULL);

    assert_fault(call, REFUSAL_LOGIN);
    if (!strstr(call->response.fault_string, words))
        fail_msg("\"%s\" does not say \"%s\"", call->response.fault_string, words);
}
