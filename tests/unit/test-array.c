/* The growing array: as many as are put in come out, from wherever it starts. */
#include <stdlib.h>
#include <string.h>

#include "common/array.h"
#include "tests/unit/test.h"

struct numbers {
    unsigned *items;
    size_t n;
};

static void add(struct numbers *numbers, unsigned number)
{
    if (!ARRAY_ROOM(numbers->items, numbers->n)) {
        fail();
        return;
    }
    numbers->items[numbers->n++] = number;
}

static void assert_counts(const struct numbers *numbers)
{
    for (size_t i = 0; i < numbers->n; i++)
        assert_int_equal(numbers->items[i], i);
}

static void test_grows(_unused_ void **state)
{
    struct numbers numbers = { 0 };

    for (unsigned i = 0; i < 5000; i++)
        add(&numbers, i);
    assert_counts(&numbers);
    free(numbers.items);
}

/* Whatever it shrank to, and grew from there: what is written beyond its end is ASan's and valgrind's. */
static void test_shrinks_and_grows(_unused_ void **state)
{
    for (size_t left = 0; left < 70; left++) {
        struct numbers numbers = { 0 };

        for (unsigned i = 0; i < 70; i++)
            add(&numbers, i);
        numbers.n = left;
        for (size_t i = left; i < 300; i++)
            add(&numbers, (unsigned)i);
        assert_counts(&numbers);
        free(numbers.items);
    }
}

/* Nothing is lost when there is no memory. */
static void test_no_memory(_unused_ void **state)
{
    struct numbers numbers = { 0 };

#ifdef __SANITIZE_ADDRESS__
    skip(); /* ASan ends a program that asks for too much */
#endif
    add(&numbers, 0);
    assert_null(array_grow(numbers.items, (size_t)1 << 62, sizeof(*numbers.items)));
    assert_counts(&numbers);
    free(numbers.items);
}

static void test_texts(_unused_ void **state)
{
    struct texts texts = { 0 };

    for (size_t i = 0; i < 100; i++) {
        assert_int_equal(texts_take(&texts, strdup("text")), 0);
        assert_int_equal(texts.n, i + 1);
        assert_string_equal(texts.list[i], "text");
        assert_null(texts.list[i + 1]);
    }
    assert_true(texts_take(&texts, NULL) < 0);
    assert_int_equal(texts.n, 100);
    texts_done(&texts);
    assert_null(texts.list);
    texts_done(&texts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_grows),
        cmocka_unit_test(test_shrinks_and_grows),
        cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_texts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
