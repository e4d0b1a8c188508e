/* restarter.changes as a call: when it answers, what it takes, and what becomes of who waits. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/rpc/wire-call.h"
#include "tests/unit/changes-calls.h"
#include "tests/unit/rpc-values.h"
#include "tests/unit/test.h"

enum { CLIENTS = 1 };

static const char POLICY[] = "[Grant]\nUnit=a@.service\nInstances=[0-9]\nVerbs=restart\n";
static char cursor[CHANGES_CURSOR_SIZE];

static int set_up(void **state)
{
    cursor[0] = '\0';
    return broker_set_up(state, POLICY, NULL);
}

static void test_first_call(void **state)
{
    struct broker_world *w = *state;
    struct call *call = begin_changes(w, CLIENTS, 0, "", 60);

    wait_for(w, call);
    assert_string_equal(changes_told(call, cursor), "whole");
    assert_int_equal(strlen(cursor), 32);
    assert_changes(w, CLIENTS, cursor, "");
}

static void test_waits(void **state)
{
    struct broker_world *w = *state;
    char before[CHANGES_CURSOR_SIZE];
    struct call *call;

    assert_changes(w, CLIENTS, cursor, "whole");
    memcpy(before, cursor, sizeof(before));
    call = begin_changes(w, CLIENTS, 0, cursor, 60);
    assert_waits(w, call);
    change_unit(w, "b.service");
    assert_waits(w, call);
    change_unit(w, "a@1.service");
    change_unit(w, "a@2.service");
    wait_for(w, call);
    assert_string_equal(changes_told(call, cursor), "a@2.service a@1.service ");
    assert_changes(w, CLIENTS, before, "a@2.service a@1.service ");
    assert_string_equal(before, cursor);
    /* While nobody asks nothing is lost. */
    change_unit(w, "a@3.service");
    call = begin_changes(w, CLIENTS, 0, cursor, 60);
    wait_for(w, call);
    assert_string_equal(changes_told(call, cursor), "a@3.service ");
}

/* The list says behind what it was made. */
static void test_from_the_list_on(void **state)
{
    struct broker_world *w = *state;
    struct call *call = ask(w, "restarter.list", NULL);
    char *told = NULL;

    assert_non_null(call->response.value);
    assert_true(rpc_get_string(call->response.value, "cursor", &told));
    (void)snprintf(cursor, sizeof(cursor), "%s", told);
    free(told);
    call = begin_changes(w, CLIENTS, 0, cursor, 60);
    assert_waits(w, call);
    change_unit(w, "a@1.service");
    wait_for(w, call);
    assert_string_equal(changes_told(call, cursor), "a@1.service ");
}

/* The same cursor, to the letter. */
static void test_time_is_over(void **state)
{
    struct broker_world *w = *state;
    char after[CHANGES_CURSOR_SIZE];
    uint64_t begin_usec;
    struct call *call;

    assert_changes(w, CLIENTS, cursor, "whole");
    begin_usec = clock_usec();
    call = begin_changes(w, CLIENTS, 0, cursor, 1);
    wait_for(w, call);
    assert_true(clock_usec() - begin_usec >= USEC_PER_SEC);
    assert_string_equal(changes_told(call, after), "");
    assert_string_equal(after, cursor);
}

/* --- what it takes --- */

static xmlrpc_value *value_from(const char *type, const char *text)
{
    xmlrpc_env env;
    xmlrpc_value *value = NULL;

    xmlrpc_env_init(&env);
    if (strcmp(type, "int") == 0)
        value = rpc_int_new((int)strtol(text, NULL, 10));
    else if (strcmp(type, "bool") == 0)
        value = rpc_true_new();
    else if (strcmp(type, "array") == 0)
        value = rpc_array_new();
    else if (strcmp(type, "struct") == 0)
        value = xmlrpc_struct_new(&env);
    else if (strcmp(type, "nil") == 0)
        value = xmlrpc_nil_new(&env);
    else if (strcmp(type, "double") == 0)
        value = xmlrpc_double_new(&env, 1.5);
    else
        value = rpc_string_new(text);
    xmlrpc_env_clean(&env);
    return value;
}

static xmlrpc_value *params_from(const char *type, const char *text, const char *type_2, const char *text_2)
{
    xmlrpc_value *params = rpc_array_new();

    if (type)
        assert_true(rpc_array_append(params, value_from(type, text)));
    if (type_2)
        assert_true(rpc_array_append(params, value_from(type_2, text_2)));
    return params;
}

#define LONG_WORD "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static void test_what_it_does_not_take(void **state)
{
    static const struct {
        const char *type, *text, *type_2, *text_2;
    } CASES[] = {
        { NULL, NULL, NULL, NULL },
        { "string", "", NULL, NULL },
        { "int", "0", "int", "0" },
        { "int", "0", "string", "" },
        { "bool", "", "int", "0" },
        { "array", "", "int", "0" },
        { "struct", "", "int", "0" },
        { "double", "", "int", "0" },
        { "string", LONG_WORD, "int", "0" },
        { "string", "a b", "int", "0" },
        { "string", "a\n", "int", "0" },
        { "string", "\xc3\xa9", "int", "0" },
        { "string", "../..", "int", "0" },
        { "string", "", "string", "1" },
        { "string", "", "bool", "" },
        { "string", "", "double", "" },
        { "string", "", "array", "" },
        { "string", "", "struct", "" },
        { "string", "", "int", "-1" },
        { "string", "", "int", "61" },
        { "string", "", "int", "2147483647" },
        { "string", "", "int", "-2147483648" },
    };
    struct broker_world *w = *state;

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        struct call *call =
            begin_with(w, CLIENTS, 0, "restarter.changes",
                       params_from(CASES[i].type, CASES[i].text, CASES[i].type_2, CASES[i].text_2));

        wait_for(w, call);
        /* Numbers with a point do not even get as far as a method. */
        if (strcmp(CASES[i].type ? CASES[i].type : "", "double") == 0 ||
            strcmp(CASES[i].type_2 ? CASES[i].type_2 : "", "double") == 0) {
            assert_fault(call, RPC_FAULT_PARSE);
            continue;
        }
        assert_fault(call, RPC_FAULT_PARAMS);
        assert_non_null(strstr(call->response.fault_string, "restarter.changes takes a cursor"));
    }
}

/* Of another broker, cut, or made up: as good as none. */
static void test_cursors_of_nobody(void **state)
{
    static const char *const CURSORS[] = {
        "a",
        "0",
        "-1",
        "00000000000000000000000000000000",
        "ffffffffffffffffffffffffffffffff",
        "4294967296",
        "EPOCH-1",
        "________________________________________________________________",
    };
    struct broker_world *w = *state;

    for (size_t i = 0; i < sizeof(CURSORS) / sizeof(*CURSORS); i++) {
        (void)snprintf(cursor, sizeof(cursor), "%s", CURSORS[i]);
        assert_changes(w, CLIENTS, cursor, "whole");
        assert_changes(w, CLIENTS, cursor, "");
    }
    assert_changes(w, CLIENTS, cursor, "");
    broker_set_up_anew(w);
    assert_changes(w, CLIENTS, cursor, "whole");
    cursor[20] = '\0';
    assert_changes(w, CLIENTS, cursor, "whole");
}

/* --- who waits --- */

static void test_reload(void **state)
{
    struct broker_world *w = *state;
    struct call *call;

    assert_changes(w, CLIENTS, cursor, "whole");
    call = begin_changes(w, CLIENTS, 0, cursor, 60);
    wait_for_pending(w, 1, 0);
    assert_int_equal(raise(SIGHUP), 0);
    wait_for(w, call);
    assert_string_equal(changes_told(call, cursor), "whole");
    assert_changes(w, CLIENTS, cursor, "");
}

/* As if the time were over: who asks again asks the next broker. */
static void test_stop(void **state)
{
    struct broker_world *w = *state;
    char after[CHANGES_CURSOR_SIZE];
    struct call *call;

    assert_changes(w, CLIENTS, cursor, "whole");
    call = begin_changes(w, CLIENTS, 0, cursor, 60);
    wait_for_pending(w, 1, 0);
    assert_int_equal(raise(SIGTERM), 0);
    assert_int_equal(sd_event_loop(w->fake.event), 0);
    while (!call->done)
        assert_true(sd_event_run(w->client_event, 10 * USEC_PER_SEC) > 0);
    assert_string_equal(changes_told(call, after), "");
    assert_string_equal(after, cursor);
}

static int call_by_hand(struct broker_world *w)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    char body[512], text[1024];
    int length;

    (void)snprintf(body, sizeof(body),
                   "<?xml version=\"1.0\"?><methodCall><methodName>restarter.changes</methodName><params>"
                   "<param><value><string>%s</string></value></param>"
                   "<param><value><int>60</int></value></param></params></methodCall>",
                   cursor);
    length = snprintf(text, sizeof(text),
                      "POST /RPC2 HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/xml\r\n"
                      "Content-Length: %zu\r\n\r\n%s",
                      strlen(body), body);
    (void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", w->paths[CLIENTS]);
    assert_true(fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0);
    assert_int_equal(send(fd, text, (size_t)length, MSG_NOSIGNAL), length);
    return fd;
}

/* His place is free as soon as he has left; whoever shares the news with him is told all the same. */
static void test_hangs_up(void **state)
{
    struct broker_world *w = *state;
    struct call *call;
    int fd;

    assert_changes(w, CLIENTS, cursor, "whole");
    call = begin_changes(w, CLIENTS, 0, cursor, 60);
    wait_for_pending(w, 1, 0);
    fd = call_by_hand(w);
    wait_for_pending(w, 2, 0);
    (void)close(fd);
    while (broker_pending(w->broker) > 1)
        turn(w);
    change_unit(w, "a@1.service");
    wait_for(w, call);
    assert_string_equal(changes_told(call, cursor), "a@1.service ");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, broker_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_first_call),
        TEST(test_waits),
        TEST(test_from_the_list_on),
        TEST(test_time_is_over),
        TEST(test_what_it_does_not_take),
        TEST(test_cursors_of_nobody),
        TEST(test_reload),
        TEST(test_hangs_up),
        TEST(test_stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
