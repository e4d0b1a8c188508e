/* Mistakes in each key that says for whom a grant is. */
#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "tests/unit/people.h"
#include "tests/unit/policy-text.h"
#include "tests/unit/test.h"

#define N(array) (sizeof(array) / sizeof(*(array)))

#define X16 "xxxxxxxxxxxxxxxx"
#define X64 X16 X16 X16 X16

static void test_names_in_each_key(_unused_ void **state)
{
    static const struct {
        const char *before, *key, *behind;
        unsigned line;
        bool everybody;
    } KEYS[] = {
        { "[Grant]\nUnit=n.service\nVerbs=restart\n", "Users", "", 4, true },
        { "[Grant]\nUnit=n.service\nVerbs=restart\n", "Groups", "", 4, true },
        { "[Grant]\n", "Users", "Unit=n.service\nVerbs=restart\n", 2, true },
        { "[Policy]\n", "Admins", "", 2, false },
        { "[Policy]\n", "Fronts", "", 2, false },
        { "[Policy]\n", "AdminGroups", "\n[Grant]\nUnit=n.service\nVerbs=restart\n", 2, false },
    };
    static const struct {
        const char *value, *error;
    } VALUES[] = {
        { "anna", NULL },
        { "anna bob\tcarl", NULL },
        { "a.b_c-d@e 0 _", NULL },
        { X64, NULL },
        { "", "is empty" },
        { X64 "x", "is no name" },
        { "anna,bob", "put spaces between names" },
        { "anna, bob", "put spaces between names" },
        { "anna anna", "anna is listed twice" },
        { "-anna", "is no name" },
        { ".anna", "is no name" },
        { "@ops", "is no name" },
        { "%ops", "is no name" },
        { "%u", "is no name" },
        { "an:na", "is no name" },
        { "\"anna\"", "is no name" },
        { "anna\\", "is no name" },
        { "anna$", "is no name" },
        { "!anna", "is no name" },
        { "an*", "is no name" },
        { "**", "is no name" },
        { "anna # who", "a comment stands on a line of its own" },
        { "anna;bob", "a comment stands on a line of its own" },
        { "ann\xc3\xa9", "only ASCII" },
    };

    for (size_t i = 0; i < N(KEYS); i++)
        for (size_t j = 0; j < N(VALUES); j++) {
            _cleanup_(freep) char *text = NULL, *error = NULL, *place = NULL;

            assert_true(asprintf(&text, "%s%s=%s\n%s", KEYS[i].before, KEYS[i].key, VALUES[j].value,
                                 KEYS[i].behind) > 0);
            assert_true(asprintf(&place, "f:%u: ", KEYS[i].line) > 0);
            error = load_error(text, strlen(text));
            if (VALUES[j].error ? strncmp(error, place, strlen(place)) != 0 || !strstr(error, VALUES[j].error)
                                : *error != '\0')
                fail_msg("\"%s\" in:\n%s", error, text);
        }
}

static void test_mistakes(_unused_ void **state)
{
    static const struct {
        const char *text, *error;
    } CASES[] = {
        { UNIT("n.service", "Users=*\n"), "" },
        { UNIT("n.service", "Users=* anna\n"), "f:4: Users=: * is everybody" },
        { UNIT("n.service", "Users=anna *\n"), "f:4: Users=: * is everybody" },
        { UNIT("n.service", "Users=* *\n"), "f:4: * is said twice" },
        { UNIT("n.service", "Users=*\nGroups=*\n"), "f:5: * is said twice" },
        { UNIT("n.service", "Users=*\nGroups=ops\n"), "f:5: Groups=: * is everybody" },
        { UNIT("n.service", "Groups=ops\nUsers=*\n"), "f:5: Users=: * is everybody" },
        { UNIT("n.service", "Users=anna\nUsers=bob\n"), "f:5: Users= is given twice in one [Grant]" },
        { "[Policy]\nAdmins=*\n", "f:2: Admins=: * would be everybody" },
        { "[Policy]\n", "f:1: this [Policy] has none of Admins=, AdminGroups= and Fronts=" },
        { "[Policy]\n" UNIT("n.service", ""), "f:1: this [Policy] has none of Admins=" },
        { "[Policy]\nAdmins=anna\nAdmins=bob\n", "f:3: Admins= is given twice in one [Policy]" },
        { "[Policy]\nUsers=anna\n", "f:2: Users= belongs into a section [Grant]" },
        { "[Policy]\nFoo=anna\n", "f:2: unknown key Foo=; there are Admins=, AdminGroups= and Fronts=" },
        { "[Policy]\nFronts=*\n", "f:2: Fronts=: * would be everybody who is known; name them" },
        { "[Policy]\nFronts=far far\n", "f:2: Fronts=: far is listed twice" },
        { "[Policy]\nFronts=a,b\n", "f:2: Fronts=: put spaces between names, not commas" },
        { "[Policy]\nFronts=-far\n", "f:2: Fronts=: '-far' is no name" },
        { "[Policy]\nFronts=\n", "f:2: Fronts= is empty" },
        { UNIT("n.service", "Fronts=far\n"), "f:4: Fronts= belongs into a section [Policy]" },
        { UNIT("n.service", "Admins=anna\n"), "f:4: Admins= belongs into a section [Policy]" },
        { "Users=anna\n", "f:1: Users= stands before the first [Grant]" },
        { "[policy]\n", "f:1: unknown section [policy]; there are only [Grant] and [Policy]" },
        /* The same for the same people is said twice, whatever their order. */
        { UNIT("n.service", "Users=anna\n") UNIT("n.service", "Users=bob\n"), "" },
        { UNIT("n.service", "Users=anna\n") UNIT("n.service", "Groups=anna\n"), "" },
        { UNIT("n.service", "Users=anna\n") UNIT("n.service", ""), "" },
        { UNIT("n.service", "Users=anna bob\n") UNIT("n.service", "Users=bob anna\n"),
          "f:5: n.service is granted already in f:1" },
        { UNIT("n.service", "Users=*\n") UNIT("n.service", "Users=*\n"),
          "f:5: n.service is granted already in f:1" },
        /* %u */
        { TEMPLATE("%u", ""), "" },
        { TEMPLATE("x-%u", ""), "" },
        { TEMPLATE("x-%u-(a|b) %u.+", ""), "" },
        { TEMPLATE("%u%u", ""),
          "f:3: Instances=: pattern \"%u%u\", character 1: %u can stand in a pattern once" },
        { TEMPLATE("a|%u", ""), "f:3: Instances=: pattern \"a|%u\", character 3: %u stands by itself" },
        { TEMPLATE("%u|a", ""), "f:3: Instances=: pattern \"%u|a\", character 1: %u stands by itself" },
        { TEMPLATE("a|b%u", ""), "f:3: Instances=: pattern \"a|b%u\", character 4: %u stands by itself" },
        { TEMPLATE("(%u)", ""), "f:3: Instances=: pattern \"(%u)\", character 2: %u stands by itself" },
        { TEMPLATE("(%u|a)", ""), "f:3: Instances=: pattern \"(%u|a)\", character 2: %u stands by itself" },
        { TEMPLATE("[%u]", ""), "f:3: Instances=: pattern \"[%u]\", character 1: '['" },
        { TEMPLATE("%u+", ""), "f:3: Instances=: pattern \"%u+\", character 3: nothing stands before '+'" },
        { TEMPLATE("%u{2}", ""), "f:3: Instances=: pattern \"%u{2}\", character 3: nothing stands" },
        { TEMPLATE("%", ""), "f:3: Instances=: pattern \"%\", character 1: '%' cannot occur" },
        { TEMPLATE("%U", ""), "f:3: Instances=: pattern \"%U\", character 1: '%' cannot occur" },
        { TEMPLATE("%i", ""), "f:3: Instances=: pattern \"%i\", character 1: '%' cannot occur" },
        { TEMPLATE("%%u", ""), "f:3: Instances=: pattern \"%%u\", character 1: '%' cannot occur" },
        { TEMPLATE("%u a%u b%u c%u d%u e%u", ""),
          "f:3: Instances= is longer than 190 characters once each %u" },
        { TEMPLATE("%u %u", ""), "f:1: Instances= has the pattern" },
        { "[Grant]\nUnit=%u.service\nVerbs=restart\n", "f:2: Unit=%u.service is neither" },
    };

    for (size_t i = 0; i < N(CASES); i++) {
        _cleanup_(freep) char *error = load_error(CASES[i].text, strlen(CASES[i].text));

        if (strncmp(error, CASES[i].error, strlen(CASES[i].error)) != 0 || (*error && !*CASES[i].error))
            fail_msg("\"%s\" in:\n%s", error, CASES[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_in_each_key),
        cmocka_unit_test(test_mistakes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
