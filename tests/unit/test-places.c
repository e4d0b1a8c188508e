/* Who finds a place: kinds apart, units apart, and people apart; whoever is not told apart from others is not
 * held to what is one person's. */
#include "broker/calls/places.h"

#include <stdio.h>
#include <string.h>

#include "broker/outcome/outcome.h"
#include "common/cleanup.h"
#include "common/refusal.h"
#include "common/verb.h"
#include "tests/unit/test.h"

enum { MANY = 1000 };

static struct places places;
static struct place taken[MANY];
static char units[MANY][32];
static unsigned n;

static int set_up(_unused_ void **state)
{
    places_init(&places);
    memset(taken, 0, sizeof(taken));
    n = 0;
    return 0;
}

/* As many as there are to be had, at most `most`; each restart is another unit's. */
static unsigned take(enum place_kind kind, const char *who, unsigned most)
{
    struct outcome outcome = { .verb = kind == PLACE_RESTART ? VERB_RESTART : 0 };
    unsigned got = 0;

    for (; got < most; got++, n++) {
        (void)snprintf(units[n], sizeof(units[n]), "a@%u.service", n);
        if (!place_take(&places, kind, who, units[n], &taken[n], &outcome)) {
            assert_int_equal(outcome.refusal, REFUSAL_BUSY);
            assert_true(outcome.retry_after > 0 && strlen(outcome.sentence) > 20);
            break;
        }
    }
    return got;
}

static const struct {
    enum place_kind kind;
    unsigned all, own;
} KINDS[] = {
    { PLACE_RESTART, 96, PLACES_OWN_RESTARTS }, { PLACE_STATUS, 48, PLACES_OWN_STATUSES },
    { PLACE_LIST, 448, PLACES_OWN_LISTS },      { PLACE_CHANGES, 64, PLACES_OWN_CHANGES },
    { PLACE_RECORD, 48, PLACES_OWN_RECORDS },   { PLACE_MULTICALL, 32, PLACES_OWN_MULTICALLS },
};
enum { N_KINDS = sizeof(KINDS) / sizeof(*KINDS) };

static void test_one_person(_unused_ void **state)
{
    for (size_t i = 0; i < N_KINDS; i++) {
        assert_int_equal(take(KINDS[i].kind, "anna", MANY), KINDS[i].own);
        assert_int_equal(take(KINDS[i].kind, "anna", 1), 0);
        /* Nobody else is held to that. */
        assert_int_equal(take(KINDS[i].kind, "bob", 8), 8);
    }
    assert_true(PLACES_OWN_STATUSES >= 16 && PLACES_OWN_RESTARTS >= 16);
}

/* However many people come in a crowd: one more finds a place for himself. */
static void test_many_people(_unused_ void **state)
{
    for (size_t i = 0; i < N_KINDS; i++) {
        char names[6][8];

        for (size_t j = 0; j < sizeof(names) / sizeof(*names); j++) {
            (void)snprintf(names[j], sizeof(names[j]), "user%zu", j);
            assert_true(take(KINDS[i].kind, names[j], MANY) > 0);
        }
        assert_int_equal(take(KINDS[i].kind, "bob", 1), 1);
    }
}

static void test_who_is_not_told_apart(_unused_ void **state)
{
    for (size_t i = 0; i < N_KINDS; i++)
        assert_int_equal(take(KINDS[i].kind, NULL, MANY), KINDS[i].all);
    /* A multicall's is taken beside those of the calls in it. */
    assert_int_equal(n, PLACES_SUM + 32);
    for (size_t i = 0; i < N_KINDS; i++)
        assert_int_equal(take(KINDS[i].kind, "anna", 1), 0);
}

static void test_one_unit(_unused_ void **state)
{
    struct outcome outcome = { .verb = VERB_RESTART };
    unsigned got = 0;

    while (place_take(&places, PLACE_RESTART, NULL, "a@1.service", &taken[got], &outcome))
        got++;
    assert_int_equal(got, 32);
    assert_true(place_take(&places, PLACE_RESTART, NULL, "a@2.service", &taken[got], &outcome));
}

static void test_given_back(_unused_ void **state)
{
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < N_KINDS; i++)
            assert_int_equal(take(KINDS[i].kind, "anna", MANY), KINDS[i].own);
        while (n > 0)
            place_leave(&taken[--n]);
        assert_true(TAILQ_EMPTY(&places.waiting));
        for (unsigned i = 0; i < PLACES; i++)
            assert_int_equal(places.taken[i], 0);
    }
    place_leave(&taken[0]); /* that was not taken */
}

#define TEST(f) cmocka_unit_test_setup(f, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_one_person), TEST(test_many_people), TEST(test_who_is_not_told_apart),
        TEST(test_one_unit),   TEST(test_given_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
