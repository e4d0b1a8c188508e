/* Whoever answers for the record may be nobody, hang up, be deaf, flood or lie: whoever asked is told that it
 * is not to be had, once, and soon; and no more are asked at once than there is room for. */
#include "broker/record/asks.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/clock.h"
#include "tests/unit/fake-record.h"
#include "tests/unit/test.h"

#define N(array) (sizeof(array) / sizeof(*(array)))
#define ENTRY "{\"time\":\"2026-11-22T10:00:00.000000Z\",\"message\":\"x\",\"unit\":\"a.service\"}\n"
#define TEXT "{\"at_usec\":\"1795341600000000\",\"priority\":6,\"text\":\"x\"}\n"
#define END "{\"entries\":1,\"more\":true}\n"

#define IMPATIENT_USEC (50 * USEC_PER_MSEC)

static const struct errand LINES = { .kind = ERRAND_LINES, .unit = "a.service" };
static const struct errand HISTORY = { .kind = ERRAND_HISTORY, .unit = "a.service" };

struct world {
    sd_event *event;
    struct fake_record record;
    struct asks *asks;
    unsigned answers, n[3]; /* by their ends */
    size_t found;
    bool more;
};

static int set_up_for(void **state, uint64_t patience_usec)
{
    struct world *w = calloc(1, sizeof(*w));

    assert_non_null(w);
    assert_true(sd_event_new(&w->event) >= 0);
    fake_record_start(&w->record, w->event);
    assert_int_equal(asks_new(w->event, w->record.path, patience_usec, &w->asks), 0);
    *state = w;
    return 0;
}

static int set_up(void **state)
{
    return set_up_for(state, 600 * USEC_PER_SEC);
}

static int set_up_impatient(void **state)
{
    return set_up_for(state, IMPATIENT_USEC);
}

static int tear_down(void **state)
{
    struct world *w = *state;

    asks_stop(w->asks);
    asks_free(w->asks);
    fake_record_stop(&w->record);
    sd_event_unref(w->event);
    free(w);
    return 0;
}

static void on_done(const struct ask_answer *answer, void *userdata)
{
    struct world *w = userdata;

    w->answers++;
    w->n[answer->end]++;
    w->found = answer->n;
    w->more = answer->more;
}

static struct ask *begin(struct world *w, const struct errand *errand)
{
    struct ask *ask = NULL;
    unsigned answers = w->answers;

    assert_int_equal(asks_begin(w->asks, errand, on_done, w, &ask), 0);
    assert_int_equal(w->answers, answers); /* never in place */
    return ask;
}

static void wait_for(struct world *w, unsigned answers)
{
    while (w->answers < answers)
        assert_true(sd_event_run(w->event, USEC_PER_SEC) >= 0);
    assert_int_equal(w->answers, answers);
}

static enum ask_end ask(struct world *w, const struct errand *errand)
{
    unsigned before = w->answers;

    memset(w->n, 0, sizeof(w->n));
    (void)begin(w, errand);
    wait_for(w, before + 1);
    return w->n[ASK_FOUND] ? ASK_FOUND : w->n[ASK_REFUSED] ? ASK_REFUSED : ASK_UNAVAILABLE;
}

static void test_found(void **state)
{
    struct world *w = *state;

    w->record.answer = TEXT TEXT END;
    assert_int_equal(ask(w, &LINES), ASK_FOUND);
    assert_int_equal(w->found, 2);
    assert_true(w->more);
    assert_string_equal(w->record.question, "lines\nunit=a.service\n");
    w->record.answer = ENTRY END;
    assert_int_equal(ask(w, &HISTORY), ASK_FOUND);
    assert_int_equal(w->found, 1);
    w->record.answer = FAKE_RECORD_EMPTY;
    assert_int_equal(ask(w, &LINES), ASK_FOUND);
    assert_int_equal(w->found, 0);
}

static void test_refused(void **state)
{
    struct world *w = *state;

    w->record.answer = "{\"error\":\"refused\",\"message\":\"No.\"}\n";
    assert_int_equal(ask(w, &LINES), ASK_REFUSED);
    w->record.answer = "{\"error\":\"unavailable\",\"message\":\"No.\"}\n";
    assert_int_equal(ask(w, &LINES), ASK_UNAVAILABLE);
}

/* Whatever is not the answer to that question, from its first byte to its last. */
static void test_lies(void **state)
{
    static char many[32 * sizeof(TEXT)], longer[64 * 1024];
    const char *const answers[] = {
        "x",
        "x\n",
        "\n",
        TEXT,
        TEXT "{\"entries\":1",
        TEXT END TEXT,
        END END,
        ENTRY END,
        TEXT ENTRY END,
        TEXT "{\"error\":\"refused\",\"message\":\"No.\"}\n",
        "{\"error\":\"refused\",\"message\":\"No.\"}\n" END,
        "{\"error\":\"refused\",\"message\":\"No.\"}",
        "{\"text\":1,\"at_usec\":\"1\",\"priority\":1}\n" END,
        "{\"text\":\"\\u001b\",\"at_usec\":\"1\",\"priority\":1}\n" END,
        "HTTP/1.1 200 OK\r\n\r\n",
        many,
        longer,
    };
    struct world *w = *state;

    for (int i = 0; i < ERRAND_LINES_MAX + 1; i++)
        (void)strcat(many, TEXT);
    (void)strcat(many, END);
    memset(longer, 'x', sizeof(longer) - 1);
    for (size_t i = 0; i < N(answers); i++) {
        w->record.answer = answers[i];
        if (ask(w, &LINES) != ASK_UNAVAILABLE)
            fail_msg("taken for an answer: %.60s", answers[i]);
        assert_int_equal(w->found, 0);
    }
}

static void test_floods(void **state)
{
    struct world *w = *state;

    w->record.way = FAKE_RECORD_FLOODS;
    w->record.answer = TEXT;
    assert_int_equal(ask(w, &LINES), ASK_UNAVAILABLE);
}

static void test_nobody_there(void **state)
{
    struct world *w = *state;

    assert_int_equal(unlink(w->record.path), 0);
    assert_int_equal(ask(w, &LINES), ASK_UNAVAILABLE);
}

/* All places may be taken for a moment. */
static void test_hung_up(void **state)
{
    struct world *w = *state;

    w->record.hang_ups = ASKS_TRIES - 1;
    assert_int_equal(ask(w, &LINES), ASK_FOUND);
    assert_int_equal(w->record.n_asked, ASKS_TRIES);
    w->record.way = FAKE_RECORD_HANGS_UP;
    assert_int_equal(ask(w, &LINES), ASK_UNAVAILABLE);
    assert_int_equal(w->record.n_asked, 2 * ASKS_TRIES);
}

/* It costs those who asked their patience, and nobody more: those who wait as much as those who were sent. */
static void test_deaf(void **state)
{
    struct world *w = *state;
    uint64_t begin_usec = clock_usec();

    w->record.way = FAKE_RECORD_IS_DEAF;
    for (int i = 0; i < 2 * ASKS_AT_ONCE; i++)
        (void)begin(w, &LINES);
    wait_for(w, 2 * ASKS_AT_ONCE);
    assert_int_equal(w->n[ASK_UNAVAILABLE], 2 * ASKS_AT_ONCE);
    assert_true(clock_usec() - begin_usec >= IMPATIENT_USEC);
}

static void test_so_many(void **state)
{
    struct world *w = *state;
    struct ask *one;

    w->record.way = FAKE_RECORD_IS_DEAF;
    for (int i = 0; i < ASKS_WAITING; i++)
        (void)begin(w, &LINES);
    assert_int_equal(asks_begin(w->asks, &LINES, on_done, w, &one), -EBUSY);
    while (w->record.n_asked < ASKS_AT_ONCE)
        assert_true(sd_event_run(w->event, USEC_PER_SEC) >= 0);
    for (int i = 0; i < 10; i++)
        assert_true(sd_event_run(w->event, 0) >= 0);
    assert_int_equal(w->record.n_asked, ASKS_AT_ONCE);
    asks_stop(w->asks);
    assert_int_equal(w->n[ASK_UNAVAILABLE], ASKS_WAITING);
}

/* Whoever left is not told, and makes room. */
static void test_left(void **state)
{
    struct world *w = *state;
    struct ask *asked[ASKS_AT_ONCE];

    w->record.way = FAKE_RECORD_IS_DEAF;
    for (int i = 0; i < ASKS_AT_ONCE; i++)
        asked[i] = begin(w, &LINES);
    while (w->record.n_asked < ASKS_AT_ONCE)
        assert_true(sd_event_run(w->event, USEC_PER_SEC) >= 0);
    (void)begin(w, &LINES);
    w->record.way = FAKE_RECORD_ANSWERS;
    assert_null(ask_free(asked[1]));
    wait_for(w, 1);
    assert_int_equal(w->n[ASK_FOUND], 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_lies, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_floods, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_nobody_there, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_hung_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_deaf, set_up_impatient, tear_down),
        cmocka_unit_test_setup_teardown(test_so_many, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_left, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
