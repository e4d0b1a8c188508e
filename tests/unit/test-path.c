/* What stands for the star of an address is what was meant, and escapes count once. */
#include "webfront/requests/path.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/test.h"

#define ONE "/api/instances/*"
#define VERB "/api/instances/*/restart"

static void test_matches(void **state)
{
    static const struct {
        const char *path, *pattern;
        bool matches;
    } CASES[] = {
        { "/", "/", true },
        { "/a", "/", false },
        { "", "/", false },
        { "/api/instances", ONE, false },
        { "/api/instances/", ONE, false },
        { "/api/instances/a", ONE, true },
        { "/api/instances/a/", ONE, false },
        { "/api/instances/a/restart", ONE, false },
        { "/api/instances/a/restart", VERB, true },
        { "/api/instances//restart", VERB, false },
        { "/api/instances/a/restarts", VERB, false },
        { "/api/instances/a/Restart", VERB, false },
        { "/api/instances/a%2Frestart", VERB, false },
        { "/api/instances/*", ONE, true },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++)
        if (path_matches(CASES[i].path, CASES[i].pattern) != CASES[i].matches)
            fail_msg("%s and %s", CASES[i].path, CASES[i].pattern);
}

static void test_star(void **state)
{
    static const struct {
        const char *path, *pattern, *star; /* NULL: refused */
    } CASES[] = {
        { "/api/instances/a@b.service", ONE, "a@b.service" },
        { "/api/instances/a%40b.service", ONE, "a@b.service" },
        { "/api/instances/a%40b%2eservice/restart", VERB, "a@b.service" },
        { "/api/instances/a%2Eb", ONE, "a.b" },
        { "/api/instances/a%2540b", ONE, "a%40b" }, /* once, and never again */
        { "/api/instances/a%2Fb", ONE, "a/b" },     /* which no name is */
        { "/api/instances/a+b", ONE, "a+b" },
        { "/api/instances/a%", ONE, NULL },
        { "/api/instances/a%4", ONE, NULL },
        { "/api/instances/a%4/restart", VERB, NULL },
        { "/api/instances/a%g0", ONE, NULL },
        { "/api/instances/a%0g", ONE, NULL },
        { "/api/instances/a%00b", ONE, NULL },
        { "/api/instances/a%0ab", ONE, NULL },
        { "/api/instances/a%20b", ONE, NULL },
        { "/api/instances/a%7fb", ONE, NULL },
        { "/api/instances/a%c3%a9", ONE, NULL },
        { "/api/instances/", ONE, NULL },
        { "/api/instances", "/api/instances", NULL },
    };
    char star[PATH_STAR_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        const char *wanted = CASES[i].star;

        (void)stpcpy(star, "as before");
        assert_int_equal(path_star(CASES[i].path, CASES[i].pattern, star), wanted != NULL);
        assert_string_equal(star, wanted ? wanted : "as before");
    }
}

static void test_length(void **state)
{
    char path[1024] = "/api/instances/", star[PATH_STAR_SIZE];
    char *at = path + strlen(path);

    (void)state;
    for (size_t i = 0; i < PATH_STAR_SIZE - 1; i++)
        at = stpcpy(at, "%61");
    assert_true(path_star(path, ONE, star));
    assert_int_equal(strlen(star), PATH_STAR_SIZE - 1);
    (void)stpcpy(at, "a");
    assert_false(path_star(path, ONE, star));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_matches),
        cmocka_unit_test(test_star),
        cmocka_unit_test(test_length),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
