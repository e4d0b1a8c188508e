/* restarter.history, day and logs: asked of whoever has the journal, for who asks, and only where he may; and
 * when that one is not there, or deaf, or lies, so much is said, and clicks go on beside it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/clock.h"
#include "common/refusal.h"
#include "tests/unit/broker-world.h"
#include "tests/unit/fake-record.h"
#include "tests/unit/rpc-values.h"
#include "tests/unit/test.h"

#define UNIT "example@1234.service"
#define OTHER "other.service"
#define POLICY                                                                                               \
    "[Grant]\nUnit=example@.service\nInstances=[0-9]{4}\nVerbs=restart\nLogs=yes\nSettle=0\n"                \
    "[Grant]\nUnit=" OTHER "\nVerbs=restart\nUsers=anna\n"                                                   \
    "[Grant]\nUnit=carls.service\nVerbs=restart\nUsers=carl\nLogs=yes\n"                                     \
    "[Policy]\nAdmins=anna\n"

#define TEXT(second, text) "{\"at_usec\":\"17953416" second "500000\",\"priority\":3,\"text\":\"" text "\"}\n"
#define ENTRY(second, who)                                                                                   \
    "{\"time\":\"2026-11-22T10:00:" second                                                                   \
    ".000000Z\",\"message\":\"m\",\"verb\":\"restart\",\"unit\":\"" UNIT "\",\"user\":\"" who                \
    "\",\"verdict\":\"up\",\"milliseconds\":40,\"reason\":\"why\",\"result\":\"done\"}\n"
#define END "{\"entries\":2,\"more\":true}\n"

enum { WEB, SCRIPTS, PROXY };

struct world {
    struct broker_world *broker;
    struct fake_record record;
};

static int set_up(void **state)
{
    struct world *w = calloc(1, sizeof(*w));
    int r = broker_set_up((void **)&w->broker, POLICY, NULL);

    fake_record_start_at(&w->record, broker_event(w->broker->broker), w->broker->record);
    *state = w;
    return r;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    void *broker = w->broker;
    int r;

    fake_record_stop(&w->record);
    r = broker_tear_down(&broker);
    free(w);
    return r;
}

static const struct call *ask_at(struct world *w, size_t gate, const char *method, const char *parameter)
{
    const struct call *call = begin_at(w->broker, gate, 0, method, parameter);

    wait_for(w->broker, call);
    return call;
}

static void assert_item(const struct call *call, const char *array, unsigned i, const char *member,
                        const char *expected)
{
    xmlrpc_value *items = rpc_get(call->response.value, array), *item;
    char *text = NULL;

    assert_non_null(items);
    item = rpc_array_item(items, i);
    assert_non_null(item);
    assert_true(rpc_get_string(item, member, &text));
    assert_string_equal(text, expected);
    free(text);
    xmlrpc_DECREF(item);
    xmlrpc_DECREF(items);
}

static void assert_number(const struct call *call, const char *array, unsigned i, const char *member,
                          int expected)
{
    xmlrpc_value *items = rpc_get(call->response.value, array), *item = rpc_array_item(items, i);
    int number = 0;

    assert_true(rpc_get_int(item, member, &number));
    assert_int_equal(number, expected);
    xmlrpc_DECREF(item);
    xmlrpc_DECREF(items);
}

static void test_logs(void **state)
{
    struct world *w = *state;
    const struct call *call;

    w->record.answer = TEXT("00", "first") TEXT("01", "second") END;
    call = ask_at(w, WEB, "restarter.logs", "1234");
    assert_string_equal(w->record.question, "lines\nunit=" UNIT "\n");
    assert_item(call, "lines", 0, "text", "first");
    assert_item(call, "lines", 1, "text", "second");
    assert_item(call, "lines", 1, "at_usec", "1795341601500000");
    assert_number(call, "lines", 1, "at", 1795341601);
    assert_number(call, "lines", 1, "priority", 3);
    assert_truth(call, "more", true);
    (void)ask_at(w, PROXY, "restarter.logs", UNIT);
    assert_string_equal(w->record.question, "lines\nperson=anna\nunit=" UNIT "\n");
}

static void test_history(void **state)
{
    struct world *w = *state;
    const struct call *call;

    w->record.answer = ENTRY("01", "anna") ENTRY("02", "bob") END;
    call = ask_at(w, WEB, "restarter.history", UNIT);
    assert_string_equal(w->record.question, "history\nunit=" UNIT "\n");
    assert_item(call, "entries", 0, "user", "bob");
    assert_item(call, "entries", 1, "user", "anna");
    assert_item(call, "entries", 1, "reason", "why");
    assert_item(call, "entries", 1, "verdict", "up");
    assert_number(call, "entries", 0, "at", 1795341602);
    assert_number(call, "entries", 0, "milliseconds", 40);
    assert_truth(call, "more", true);
}

/* Who was told of a restart finds it there, though journald may not have written it down yet. */
static void test_history_of_what_was_just_done(void **state)
{
    struct world *w = *state;
    static const char BEGIN[] = "history\nunit=" UNIT "\nnewest=";
    uint64_t before_usec = clock_realtime_usec(), newest_usec;

    w->broker->fake.restart = FAKE_OVERTAKES;
    assert_truth(ask_at(w, SCRIPTS, "restarter.restart", UNIT), "success", true);
    (void)ask_at(w, WEB, "restarter.history", UNIT);
    assert_memory_equal(w->record.question, BEGIN, strlen(BEGIN));
    newest_usec = strtoull(w->record.question + strlen(BEGIN), NULL, 10);
    assert_true(newest_usec >= before_usec && newest_usec <= clock_realtime_usec());
    (void)ask_at(w, WEB, "restarter.logs", UNIT);
    assert_null(strstr(w->record.question, "newest="));
    (void)ask_at(w, WEB, "restarter.history", "example@1235.service");
    assert_null(strstr(w->record.question, "newest="));
}

static void test_day(void **state)
{
    struct world *w = *state;
    char today[64];

    assert_truth(ask_at(w, PROXY, "restarter.day", "2026-11-22"), "more", false);
    assert_string_equal(w->record.question,
                        "day\nperson=anna\nsince=1795305600000000\nuntil=1795392000000000\n");
    (void)ask_at(w, PROXY, "restarter.day", "");
    (void)snprintf(today, sizeof(today), "since=%ld000000\n", (long)(time(NULL) / 86400 * 86400));
    assert_non_null(strstr(w->record.question, today));
}

/* Nobody is asked about what is not his. */
static void test_not_his(void **state)
{
    static const struct {
        size_t gate;
        const char *method, *parameter;
        int code;
    } CASES[] = {
        { WEB, "restarter.logs", OTHER, REFUSAL_NO_GRANT },
        { WEB, "restarter.history", OTHER, REFUSAL_NO_GRANT },
        { WEB, "restarter.history", "nothing.service", REFUSAL_NO_GRANT },
        { WEB, "restarter.logs", "nothing.service", REFUSAL_NO_GRANT },
        { WEB, "restarter.logs", "../x", REFUSAL_NAME },
        { PROXY, "restarter.logs", OTHER, REFUSAL_NO_GRANT },
        /* An admin sees it, and may not read it. */
        { PROXY, "restarter.logs", "carls.service", REFUSAL_NO_GRANT },
        { WEB, "restarter.day", "2026-11-22", REFUSAL_NO_GRANT },
        { WEB, "restarter.day", "x", REFUSAL_NO_GRANT },
        { PROXY, "restarter.day", "x", REFUSAL_NAME },
        { PROXY, "restarter.day", "2026-02-31", REFUSAL_NAME },
        { PROXY, "restarter.day", "2026-1-1", REFUSAL_NAME },
        { PROXY, "restarter.day", "1970-01-01", REFUSAL_NAME },
        { PROXY, "restarter.day", "2026-11-22 ", REFUSAL_NAME },
    };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++)
        assert_fault(ask_at(w, CASES[i].gate, CASES[i].method, CASES[i].parameter), CASES[i].code);
    assert_int_equal(w->record.n_asked, 0);
    assert_truth(ask_at(w, PROXY, "restarter.history", "carls.service"), "more", false);
}

/* In one sentence, whatever it is that is not there. */
static void test_same_words(void **state)
{
    struct world *w = *state;
    char said[1024];

    (void)snprintf(said, sizeof(said), "%s",
                   ask_at(w, WEB, "restarter.history", "carls.service")->response.fault_string);
    assert_null(strstr(said, "carl.service"));
    assert_string_equal(
        strchr(said, ':'),
        strchr(ask_at(w, WEB, "restarter.logs", "carls.service")->response.fault_string, ':'));
}

static void test_refused_over_there(void **state)
{
    struct world *w = *state;

    w->record.answer = "{\"error\":\"refused\",\"message\":\"<b>\"}\n";
    assert_fault(ask_at(w, WEB, "restarter.logs", UNIT), REFUSAL_NO_GRANT);
}

static void test_not_to_be_had(void **state)
{
    struct world *w = *state;

    w->record.answer = "nonsense\n";
    assert_fault(ask_at(w, WEB, "restarter.logs", UNIT), REFUSAL_UNAVAILABLE);
    w->record.way = FAKE_RECORD_FLOODS;
    w->record.answer = TEXT("00", "flood");
    assert_fault(ask_at(w, WEB, "restarter.logs", UNIT), REFUSAL_UNAVAILABLE);
    w->record.way = FAKE_RECORD_HANGS_UP;
    assert_fault(ask_at(w, WEB, "restarter.history", UNIT), REFUSAL_UNAVAILABLE);
    assert_int_equal(remove(w->broker->record), 0);
    assert_fault(ask_at(w, WEB, "restarter.history", UNIT), REFUSAL_UNAVAILABLE);
}

/* Who waits for the journal keeps nobody waiting who clicks, or lists. */
static void test_deaf_beside_a_click(void **state)
{
    struct world *w = *state;
    const struct call *click;
    xmlrpc_value *instances;

    w->record.way = FAKE_RECORD_IS_DEAF;
    for (size_t i = 1; i < 5; i++)
        (void)begin_at(w->broker, WEB, i, "restarter.logs", UNIT);
    wait_for_pending(w->broker, 4, 0);
    instances = rpc_get(ask_at(w, SCRIPTS, "restarter.list", NULL)->response.value, "instances");
    assert_non_null(instances);
    xmlrpc_DECREF(instances);
    click = begin_at(w->broker, SCRIPTS, 5, "restarter.status", UNIT);
    wait_for(w->broker, click);
    assert_int_equal(broker_pending(w->broker->broker), 4);
    w->record.way = FAKE_RECORD_HANGS_UP;
    fake_record_hang_up(&w->record);
    for (size_t i = 1; i < 5; i++) {
        wait_for(w->broker, &w->broker->calls[i]);
        assert_fault(&w->broker->calls[i], REFUSAL_UNAVAILABLE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_logs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_history, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_history_of_what_was_just_done, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_day, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_not_his, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_same_words, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_refused_over_there, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_not_to_be_had, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_deaf_beside_a_click, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
