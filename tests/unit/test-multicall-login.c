/* A system.multicall is let in as one call, and each call in it is judged once more: who signs out by one of
 * them does nothing with those that follow. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/refusal.h"
#include "common/ticket-key.h"
#include "tests/unit/broker-world.h"
#include "tests/unit/memory-directory.h"
#include "tests/unit/multicall-values.h"
#include "tests/unit/signing.h"
#include "tests/unit/test.h"

enum { WEB };

static const char POLICY[] = "[Grant]\nUnit=a@.service\nInstances=[0-9]\nVerbs=restart\nUsers=anna\n";
static char ticket[SIGNING_TEXT_SIZE];

static void put_key(struct ticket_key *ret)
{
    char path[MEMORY_PATH_SIZE];
    struct mistake mistake;
    FILE *file;

    memory_path("ticket.key", path);
    file = fopen(path, "we");
    assert_non_null(file);
    assert_true(fputs("thirty-two bytes of a ticket key", file) >= 0);
    assert_int_equal(fclose(file), 0);
    (void)setenv("CREDENTIALS_DIRECTORY", memory_directory(), 1);
    (void)setenv("RUNTIME_DIRECTORY", memory_directory(), 1);
    (void)setenv("RESTARTER_BOOT", "00112233445566778899aabbccddeeff", 1);
    assert_int_equal(ticket_key_read(ret, &mistake), 0);
}

static int set_up(void **state)
{
    struct ticket_key key;
    char body[256];
    int r;

    put_key(&key);
    (void)snprintf(body, sizeof(body),
                   "anna:password:%ld:%ld:000102030405060708090a0b0c0d0e0f:", time(NULL) - 100,
                   time(NULL) + 1000);
    signing_body(&key, body, strlen(body), ticket);
    r = broker_set_up(state, POLICY, NULL);
    write_web(*state, "[Web]\nLogin=password\n");
    assert_int_equal(raise(SIGHUP), 0);
    fake_settle(&((struct broker_world *)*state)->fake, 10);
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

static struct call *call_with(struct broker_world *w, const char *with, xmlrpc_value *params)
{
    struct call *call;

    w->callers[WEB].ticket = with;
    call = begin_with(w, WEB, 0, "system.multicall", params);
    wait_for(w, call);
    return call;
}

static void test_nobody(void **state)
{
    struct broker_world *w = *state;
    xmlrpc_value *params = multicall_new();

    multicall_call(params, "restarter.restart", "a@1.service");
    assert_fault(call_with(w, NULL, params), REFUSAL_LOGIN);
    assert_int_equal(w->fake.n_restarts, 0);
}

static void test_signs_out(void **state)
{
    struct broker_world *w = *state;
    xmlrpc_value *params = multicall_new(), *answer;

    multicall_call(params, "restarter.status", "a@1.service");
    multicall_call(params, "restarter.sign_out", NULL);
    multicall_call(params, "restarter.restart", "a@1.service");
    multicall_call(params, "restarter.status", "a@1.service");
    answer = call_with(w, ticket, params)->response.value;
    assert_non_null(answer);
    assert_int_equal(multicall_fault(answer, 0, NULL) + multicall_fault(answer, 1, NULL), 0);
    assert_int_equal(multicall_fault(answer, 2, "Nothing was"), REFUSAL_LOGIN);
    assert_int_equal(multicall_fault(answer, 3, "signed out"), REFUSAL_LOGIN);
    assert_int_equal(w->fake.n_restarts, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_nobody, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_signs_out, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
