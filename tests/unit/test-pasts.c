/* What was done to a unit, as it is kept for whoever asked: found after the restart that it was asked after,
 * or, by the unit alone, as whatever was asked last; never another person's, another unit's, or an old one.
 */
#include "webfront/views/pasts.h"

#include "tests/unit/held-clock.h"
#include "tests/unit/test.h"

static struct past_key key_of(const char *user, const char *unit, uint64_t restarted_at)
{
    const struct rpc_client_caller caller = { .user = user };
    const struct wire_instance instance = { .unit = unit, .restarted_at = restarted_at };
    struct past_key key;

    past_key_set(&key, &caller, &instance);
    return key;
}

/* The text of a sentence stands for what the journal said. */
static void keep(struct pasts *pasts, const char *user, const char *unit, uint64_t restarted_at,
                 const char *text)
{
    const struct past_key key = key_of(user, unit, restarted_at);
    struct outcome outcome = { .message = text };

    pasts_keep(pasts, &key, &outcome);
}

static const char *text_of(const struct outcome *outcome)
{
    return outcome ? outcome->message : "";
}

static const char *found(const struct pasts *pasts, const char *user, const char *unit, uint64_t restarted_at)
{
    const struct past_key key = key_of(user, unit, restarted_at);

    return text_of(pasts_find(pasts, &key));
}

static const char *newest(const struct pasts *pasts, const char *user, const char *unit,
                          uint64_t restarted_at)
{
    const struct past_key key = key_of(user, unit, restarted_at);

    return text_of(pasts_newest(pasts, &key));
}

static int set_up(void **state)
{
    clock_hold();
    *state = pasts_new();
    return *state ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)pasts_free(*state);
    return 0;
}

static void test_after_whichever_restart(void **state)
{
    struct pasts *pasts = *state;

    keep(pasts, "anna", "a.service", 1, "first");
    assert_string_equal(found(pasts, "anna", "a.service", 2), "");
    assert_string_equal(newest(pasts, "anna", "a.service", 2), "first");
    keep(pasts, "anna", "a.service", 3, "second");
    assert_string_equal(newest(pasts, "anna", "a.service", 2), "second");
    assert_string_equal(found(pasts, "anna", "a.service", 1), "first");
    assert_string_equal(newest(pasts, "anna", "a.service", 1), "second");
}

static void test_nothing_of_others(void **state)
{
    struct pasts *pasts = *state;

    keep(pasts, "anna", "a.service", 1, "anna's");
    keep(pasts, "anna", "b.service", 1, "another unit's");
    assert_string_equal(newest(pasts, "bert", "a.service", 1), "");
    assert_string_equal(newest(pasts, "anna", "c.service", 1), "");
    assert_string_equal(newest(pasts, "anna", "a.service", 2), "anna's");
}

static void test_not_for_long(void **state)
{
    struct pasts *pasts = *state;

    keep(pasts, "anna", "a.service", 1, "old");
    clock_advance(PASTS_FRESH_USEC - 1);
    assert_string_equal(newest(pasts, "anna", "a.service", 2), "old");
    clock_advance(1);
    assert_string_equal(newest(pasts, "anna", "a.service", 2), "");
    assert_string_equal(found(pasts, "anna", "a.service", 1), "");
}

static void test_the_oldest_makes_room(void **state)
{
    struct pasts *pasts = *state;

    keep(pasts, "anna", "a.service", 1, "first");
    for (unsigned i = 1; i < PASTS_MAX; i++)
        keep(pasts, "anna", "b.service", i, "others");
    assert_string_equal(newest(pasts, "anna", "a.service", 2), "first");
    keep(pasts, "anna", "b.service", PASTS_MAX, "one more");
    assert_string_equal(newest(pasts, "anna", "a.service", 2), "");
    assert_string_equal(newest(pasts, "anna", "b.service", 2), "one more");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_after_whichever_restart),
        TEST(test_nothing_of_others),
        TEST(test_not_for_long),
        TEST(test_the_oldest_makes_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
