/* Who is told of changes, and when: a person of what he may see, and nobody is woken by anything else; a web
 * front that names nobody, that something changed; and who may not ask any more is told so. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/refusal.h"
#include "common/ticket-key.h"
#include "tests/unit/changes-calls.h"
#include "tests/unit/memory-directory.h"
#include "tests/unit/rpc-values.h"
#include "tests/unit/signing.h"
#include "tests/unit/test.h"

enum { WEB, CLIENTS, PROXY };

static const char POLICY[] = "[Grant]\nUnit=a@.service\nInstances=[0-9]\nVerbs=restart\nUsers=anna\n"
                             "[Grant]\nUnit=team.service\nVerbs=restart\nGroups=ops\n"
                             "[Grant]\nUnit=own@.service\nInstances=%u\nVerbs=restart\nUsers=*\n";
static struct ticket_key key;
static char texts[3][SIGNING_TEXT_SIZE];
static char cursors[CALLS][CHANGES_CURSOR_SIZE];

static void put_key(void)
{
    char path[MEMORY_PATH_SIZE];
    struct mistake mistake;
    FILE *file;

    memory_path("ticket.key", path);
    file = fopen(path, "we");
    assert_non_null(file);
    assert_true(fputs("thirty-two bytes of a ticket key", file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(ticket_key_read(&key, &mistake), 0);
}

static void reload(struct broker_world *w)
{
    assert_int_equal(raise(SIGHUP), 0);
    fake_settle(&w->fake, 300);
}

static int set_up(void **state)
{
    int r;

    memset(cursors, 0, sizeof(cursors));
    (void)setenv("CREDENTIALS_DIRECTORY", memory_directory(), 1);
    (void)setenv("RUNTIME_DIRECTORY", memory_directory(), 1);
    (void)setenv("RESTARTER_BOOT", "00112233445566778899aabbccddeeff", 1);
    put_key();
    r = broker_set_up(state, POLICY, NULL);
    write_web(*state, "[Web]\nLogin=password\n");
    reload(*state);
    return r;
}

static int tear_down(void **state)
{
    char path[MEMORY_PATH_SIZE];

    memory_path("ticket.key", path);
    (void)unlink(path);
    forget_all();
    return broker_tear_down(state);
}

/* In texts[i], good for so many seconds. */
static void log_in(size_t i, const char *name, long seconds)
{
    char body[512];
    time_t now = time(NULL);

    (void)snprintf(body, sizeof(body), "%s:password:%ld:%ld:%032zu:ops", name, (long)now - 100,
                   (long)now + seconds, i);
    signing_body(&key, body, strlen(body), texts[i]);
}

/* The i-th person, who asks and then waits. */
static struct call *wait_as(struct broker_world *w, size_t gate, size_t i, const char *user)
{
    w->callers[gate].user = gate == PROXY ? user : NULL;
    w->callers[gate].ticket = gate == WEB ? user : NULL;
    if (cursors[i][0] == '\0')
        assert_changes(w, gate, cursors[i], "whole");
    return begin_changes(w, gate, i, cursors[i], 60);
}

static void assert_told(struct broker_world *w, size_t i, const char *expected)
{
    wait_for(w, &w->calls[i]);
    assert_string_equal(changes_told(&w->calls[i], cursors[i]), expected);
}

static void test_nobody_is_woken_for_others(void **state)
{
    struct broker_world *w = *state;
    char before[CHANGES_CURSOR_SIZE];

    log_in(0, "anna", 1000);
    (void)wait_as(w, WEB, 0, texts[0]);
    (void)wait_as(w, PROXY, 1, "anna");
    (void)wait_as(w, PROXY, 2, "bob");
    (void)wait_as(w, CLIENTS, 3, NULL);
    wait_for_pending(w, 4, 0);
    memcpy(before, cursors[2], sizeof(before));
    change_unit(w, "a@1.service");
    assert_told(w, 0, "a@1.service ");
    assert_told(w, 1, "a@1.service ");
    if (geteuid() == 0)
        assert_told(w, 3, "a@1.service ");
    else
        assert_waits(w, &w->calls[3]);
    assert_waits(w, &w->calls[2]);
    change_unit(w, "own@bob.service");
    assert_told(w, 2, "own@bob.service ");
    assert_string_not_equal(cursors[2], before);
    w->callers[PROXY].user = "anna";
    assert_changes(w, PROXY, cursors[1], "");
    /* And groups. */
    w->callers[PROXY].user = "carl";
    w->callers[PROXY].groups = "dev,ops";
    assert_changes(w, PROXY, cursors[4], "whole");
    (void)begin_changes(w, PROXY, 4, cursors[4], 60);
    w->callers[PROXY].groups = NULL;
    (void)wait_as(w, WEB, 0, texts[0]);
    change_unit(w, "team.service");
    assert_told(w, 4, "team.service ");
    assert_told(w, 0, "team.service ");
}

/* Where people have to log in, and where a proxy says who it is: nothing else can be had by naming nobody. */
static void test_fronts(void **state)
{
    static const char *const OTHERS[] = { "restarter.list", "restarter.allowed", "restarter.renew",
                                          "system.listMethods" };
    struct broker_world *w = *state;

    (void)wait_as(w, WEB, 0, NULL);
    (void)wait_as(w, PROXY, 1, NULL);
    change_unit(w, "own@somebody.service");
    assert_told(w, 0, "");
    assert_told(w, 1, "");
    for (size_t i = 0; i < 2; i++) {
        assert_string_equal(cursors[i], cursors[0]);
        (void)wait_as(w, i == 0 ? WEB : PROXY, i, NULL);
        assert_waits(w, &w->calls[i]);
    }
    change_unit(w, "b@1.service");
    assert_waits(w, &w->calls[0]);
    for (size_t i = 0; i < sizeof(OTHERS) / sizeof(*OTHERS); i++) {
        struct call *call = begin_at(w, WEB, 2, OTHERS[i], NULL);

        wait_for(w, call);
        assert_fault(call, REFUSAL_LOGIN);
        call = begin_at(w, PROXY, 2, OTHERS[i], NULL);
        wait_for(w, call);
        assert_int_equal(call->answer.result, RPC_CLIENT_REFUSED);
    }
    /* Without a name there are no groups either. */
    w->callers[PROXY].groups = "ops";
    wait_for(w, begin_changes(w, PROXY, 2, "", 0));
    assert_int_equal(w->calls[2].answer.result, RPC_CLIENT_REFUSED);
}

/* A ticket that is not good is not nobody. */
static void test_bad_tickets(void **state)
{
    struct broker_world *w = *state;

    log_in(0, "anna", -1);
    w->callers[WEB].ticket = texts[0];
    wait_for(w, begin_changes(w, WEB, 0, "", 60));
    assert_fault(&w->calls[0], REFUSAL_LOGIN);
    w->callers[WEB].ticket = "1.a.b";
    wait_for(w, begin_changes(w, WEB, 0, "", 60));
    assert_fault(&w->calls[0], REFUSAL_LOGIN);
}

static void sign_out(struct broker_world *w, const char *ticket, const char *method)
{
    w->callers[WEB].ticket = ticket;
    wait_for(w, begin_at(w, WEB, 6, method, NULL));
    assert_non_null(w->calls[6].response.value);
}

static void test_signed_out_meanwhile(void **state)
{
    struct broker_world *w = *state;

    log_in(0, "anna", 1000);
    log_in(1, "anna", 1000);
    log_in(2, "bob", 1000);
    for (size_t i = 0; i < 3; i++)
        (void)wait_as(w, WEB, i, texts[i]);
    wait_for_pending(w, 3, 0);
    sign_out(w, texts[0], "restarter.sign_out");
    wait_for(w, &w->calls[0]);
    assert_fault(&w->calls[0], REFUSAL_LOGIN);
    assert_waits(w, &w->calls[1]);
    sign_out(w, texts[1], "restarter.sign_out_everywhere");
    wait_for(w, &w->calls[1]);
    assert_fault(&w->calls[1], REFUSAL_LOGIN);
    assert_waits(w, &w->calls[2]);
    change_unit(w, "own@bob.service");
    assert_told(w, 2, "own@bob.service ");
}

/* Its time is looked at before anything is told. */
static void test_expired_meanwhile(void **state)
{
    struct broker_world *w = *state;

    log_in(0, "anna", 2);
    for (;;) {
        (void)wait_as(w, WEB, 0, texts[0]);
        change_unit(w, "own@anna.service");
        wait_for(w, &w->calls[0]);
        if (w->calls[0].response.fault_string)
            break;
        assert_string_equal(changes_told(&w->calls[0], cursors[0]), "own@anna.service ");
    }
    assert_fault(&w->calls[0], REFUSAL_LOGIN);
}

/* Nothing of what was his is told any more, be it the policy that says so or his groups. */
static void test_taken_away_meanwhile(void **state)
{
    struct broker_world *w = *state;

    (void)wait_as(w, PROXY, 1, "anna");
    (void)wait_as(w, PROXY, 2, "bob");
    wait_for_pending(w, 2, 0);
    write_policy(w, "[Grant]\nUnit=a@.service\nInstances=[0-9]\nVerbs=restart\nUsers=bob\n");
    change_unit(w, "a@1.service");
    assert_int_equal(raise(SIGHUP), 0);
    assert_told(w, 1, "whole");
    assert_told(w, 2, "whole");
    (void)wait_as(w, PROXY, 1, "anna");
    (void)wait_as(w, PROXY, 2, "bob");
    change_unit(w, "a@1.service");
    assert_told(w, 2, "a@1.service ");
    assert_waits(w, &w->calls[1]);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_nobody_is_woken_for_others),
        TEST(test_fronts),
        TEST(test_bad_tickets),
        TEST(test_signed_out_meanwhile),
        TEST(test_expired_meanwhile),
        TEST(test_taken_away_meanwhile),
    };

    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
