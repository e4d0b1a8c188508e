/* Patterns: what is in the common ground, and what is refused with which words. */
#include "policy/pattern.h"

#include <string.h>

#include "common/cleanup.h"
#include "tests/unit/test.h"

#define A50 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define A250 A50 A50 A50 A50 A50

static void test_matches(_unused_ void **state)
{
    static const struct {
        const char *pattern;
        const char *yes[8], *no[8];
    } CASES[] = {
        { "[0-9]{4}",
          { "0000", "0042", "9999" },
          { "", "000", "00000", "000a", "0000\n", "\n0000", " 0000" } },
        { "a", { "a" }, { "", "aa", "A", "b" } },
        { "web", { "web" }, { "we", "webb", "xweb", "web.service" } },
        { "a|bc", { "a", "bc" }, { "ac", "abc", "b", "c" } },
        { "a|b|c", { "a", "b", "c" }, { "ab", "d" } },
        { "(a|b)c", { "ac", "bc" }, { "a", "c", "abc" } },
        { "a.c", { "abc", "a.c", "a-c", "a_c", "a:c", "a0c" }, { "ac", "abbc" } },
        { "[.]", { "." }, { "a", ".." } },
        { "[a.]+", { "a.a" }, { "ab" } },
        { "[:]x", { ":x" }, { "x" } },
        { "a-b", { "a-b" }, { "ab" } },
        { "[a-]+", { "a-a", "-" }, { "b" } },
        { "[-a]+", { "a-a", "-" }, { "b" } },
        { "[a-c-]", { "a", "b", "c", "-" }, { "d" } },
        { "[a-cx0-3]+", { "abcx0123" }, { "4", "d" } },
        { "ab?c", { "ac", "abc" }, { "abbc" } },
        { "ab*c", { "ac", "abbbc" }, { "bc" } },
        { "ab+c", { "abc", "abbc" }, { "ac" } },
        { "a{2}", { "aa" }, { "a", "aaa" } },
        { "a{2,}", { "aa", "aaaaa" }, { "a" } },
        { "a{2,3}", { "aa", "aaa" }, { "a", "aaaa" } },
        { "a{0,2}b", { "b", "aab" }, { "aaab" } },
        { "a{1}", { "a" }, { "aa" } },
        { "a{255}", { NULL }, { "a" } },
        { "(ab){2}", { "abab" }, { "ab", "ababab" } },
        { "((a|b){2}-){1,2}x", { "ab-x", "ba-aa-x" }, { "x", "ab-ab-ab-x", "abx" } },
        { "[a-z]+(-[a-z]+){0,9}", { "a", "a-b", "web-server-x" }, { "-a", "a--b", "a-" } },
        { "(((((((a)))))))", { "a" }, { "" } },
        { "eu-(west|north)-[0-9]{1,2}[.]prod",
          { "eu-west-1.prod", "eu-north-12.prod" },
          { "eu-west-1xprod", "eu-west-.prod" } },
        { "tty[0-9]|console", { "tty1", "console" }, { "tty1console", "ttyconsole", "tty" } },
        { "A-Z", { "A-Z" }, { "B" } },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        _cleanup_(pattern_freep) struct pattern *pattern = NULL;
        struct pattern_error error;

        if (pattern_new(CASES[i].pattern, &pattern, &error) != 0)
            fail_msg("%s: %zu: %s", CASES[i].pattern, error.offset, error.message);
        for (size_t j = 0; j < 8 && CASES[i].yes[j]; j++)
            if (!pattern_match(pattern, CASES[i].yes[j]))
                fail_msg("%s does not match %s", CASES[i].pattern, CASES[i].yes[j]);
        for (size_t j = 0; j < 8 && CASES[i].no[j]; j++)
            if (pattern_match(pattern, CASES[i].no[j]))
                fail_msg("%s matches %s", CASES[i].pattern, CASES[i].no[j]);
    }
}

static void test_refused(_unused_ void **state)
{
    static const struct {
        const char *pattern;
        size_t offset;
        const char *words; /* that the sentence has */
    } CASES[] = {
        { "", 0, "empty" },
        { "a|", 2, "empty" },
        { "|a", 0, "empty" },
        { "a||b", 2, "empty" },
        { "()", 1, "empty" },
        { "(a|)", 3, "empty" },
        { "(|a)", 1, "empty" },
        { "[0-9]\\{4}", 5, "backslash" },
        { "\\d", 0, "backslash" },
        { "a\\.b", 1, "write a dot as [.]" },
        { "^a", 0, "always matched whole" },
        { "a$", 1, "always matched whole" },
        { "a^b", 1, "always matched whole" },
        { "(?:a)", 0, "'(?'" },
        { "(?=a)b", 0, "'(?'" },
        { "(?i)a", 0, "'(?'" },
        { "*a", 0, "nothing stands before '*'" },
        { "+", 0, "nothing stands before '+'" },
        { "?", 0, "nothing stands before '?'" },
        { "(*a)", 1, "nothing stands before '*'" },
        { "a|*b", 2, "nothing stands before '*'" },
        { "{4}", 0, "nothing stands before '{'" },
        { "a**", 2, "right after a repeat" },
        { "a*?", 2, "right after a repeat" },
        { "a+?", 2, "right after a repeat" },
        { "a??", 2, "right after a repeat" },
        { "a++", 2, "right after a repeat" },
        { "a{2}{3}", 4, "right after a repeat" },
        { "a{2}?", 4, "right after a repeat" },
        { "(a", 0, "without a closing ')'" },
        { "(a|b", 0, "without a closing ')'" },
        { "((a)", 0, "without a closing ')'" },
        { "a)", 1, "without an opening '('" },
        { ")", 0, "without an opening '('" },
        { "a)|(b", 1, "without an opening '('" },
        { "]", 0, "without an opening '['" },
        { "a]", 1, "without an opening '['" },
        { "}", 0, "without an opening '{'" },
        { "a}", 1, "without an opening '{'" },
        { "[", 0, "without a closing ']'" },
        { "[a", 0, "without a closing ']'" },
        { "[]", 0, "empty class" },
        { "[]a]", 0, "begins with ']'" },
        { "[^a]", 1, "negated" },
        { "[a^]", 2, "negated" },
        { "[[:digit:]]", 1, "named classes" },
        { "[a[b]", 2, "named classes" },
        { "[:digit:]", 0, "[::] is a named class" },
        { "[.a.]", 0, "[..] is a named class" },
        { "[=a=]", 0, "[==] is a named class" },
        { "[a-c-e]", 4, "first or last" },
        { "[+--]", 1, "cannot occur" },
        { "[--0]", 1, "not a range" },
        { "[a--]", 1, "not a range" },
        { "[z-a]", 1, "not a range" },
        { "[a-Z]", 1, "not a range" },
        { "[A-z]", 1, "not a range" },
        { "[0-z]", 1, "not a range" },
        { "[9-0]", 1, "not a range" },
        { "[.-z]", 1, "not a range" },
        { "[a\\]", 2, "backslash" },
        { "[a b]", 2, "byte 0x20" },
        { "[a/b]", 2, "'/' cannot occur" },
        { "a{", 1, "{n}" },
        { "a{}", 1, "{n}" },
        { "a{,3}", 1, "{n}" },
        { "a{x}", 1, "{n}" },
        { "a{1", 1, "{n}" },
        { "a{1,", 1, "{n}" },
        { "a{1,2", 1, "{n}" },
        { "a{1,2,3}", 1, "{n}" },
        { "a{ 1}", 1, "{n}" },
        { "a{-1}", 1, "{n}" },
        { "a{04}", 1, "leading zeros" },
        { "a{256}", 1, "at most 255" },
        { "a{1,256}", 1, "at most 255" },
        { "a{99999999999999999999}", 1, "at most 255" },
        { "a{0}", 1, "no number of repeats" },
        { "a{0,0}", 1, "no number of repeats" },
        { "a{3,2}", 1, "no number of repeats" },
        { "(a*)*", 4, "can be empty" },
        { "(a?)+", 4, "can be empty" },
        { "(a*){2}", 4, "can be empty" },
        { "(a|b?)*", 6, "can be empty" },
        { "(a*|b*)c", 4, "both be empty" },
        { "(a+)+", 4, "without an upper bound" },
        { "(a+b)*", 5, "without an upper bound" },
        { "(a{2,}b){2,}", 8, "without an upper bound" },
        { "((a+)b){1,}", 7, "without an upper bound" },
        { "(((((((((a)))))))))", 8, "nested" },
        { "a b", 1, "byte 0x20" },
        { "a\tb", 1, "byte 0x09" },
        { "a\nb", 1, "byte 0x0a" },
        { "a\x7f", 1, "byte 0x7f" },
        { "\xc3\xa9", 0, "byte 0xc3" },
        { "a/b", 1, "'/' cannot occur" },
        { "a@b", 1, "'@' cannot occur" },
        { "a,b", 1, "',' cannot occur" },
        { "a\"b", 1, "'\"' cannot occur" },
        { "a'b", 1, "''' cannot occur" },
        { "%i", 0, "'%' cannot occur" },
        { A250 "aaaaaaa", 0, "at most 256" },
        { "([a-z]{30}){30}", 0, "too large" },
        { "((a{9}){9}){9}", 0, "too large" },
        { "(a{255}b{255}){2}", 0, "too large" },
        { "(((a{255}){255}){255}){255}", 0, "too large" },
        { "((((((((a{255}){255}){255}){255}){255}){255}){255}){255})", 0, "too large" },
        { "(a|a){20}b", 0, "too ambiguous" },
        { "(a|ab|b){30}c", 0, "too ambiguous" },
        { ".*.*.*x", 0, "too ambiguous" },
        { "[a-z]+[a-z]+[a-z]+[a-z]+0", 0, "too ambiguous" },
        { "a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?aaaaaaaaaaaaaaaaaaaa", 0, "too ambiguous" },
        { "a{0,50}a{0,50}a{0,50}a{0,50}b", 0, "too ambiguous" },
        { "(a|b|ab)*c", 0, "too ambiguous" },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        struct pattern *pattern = NULL;
        struct pattern_error error = { 0 };

        if (pattern_new(CASES[i].pattern, &pattern, &error) != PATTERN_E_INVALID)
            fail_msg("%s is taken", CASES[i].pattern);
        assert_null(pattern);
        if (error.offset != CASES[i].offset || !strstr(error.message, CASES[i].words))
            fail_msg("%s: %zu: %s", CASES[i].pattern, error.offset, error.message);
    }
}

/* Ambiguous, but not more than polkitd can bear. */
static void test_not_too_ambiguous(_unused_ void **state)
{
    static const char *const CASES[] = {
        ".*-.*",
        "[a-z0-9-]+-[0-9]+",
        "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?",
        "(web|worker|wiki)-(eu|us|asia)-[0-9]{1,3}",
        "([0-9]{1,3}[.]){3}[0-9]{1,3}",
        "(web|worker){1,3}",
        "[a-z]+(-[a-z]+){0,9}",
        "([A-Fa-f0-9]{2}:){5}[A-Fa-f0-9]{2}",
        "[a-f0-9]{8}(-[a-f0-9]{4}){3}-[a-f0-9]{12}",
        A250,
        "a{255}",
        "[a-z]{1,255}[0-9]{1,255}",
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        _cleanup_(pattern_freep) struct pattern *pattern = NULL;
        struct pattern_error error;

        if (pattern_new(CASES[i], &pattern, &error) != 0)
            fail_msg("%s: %zu: %s", CASES[i], error.offset, error.message);
        assert_in_range(pattern_steps(pattern), 1, PATTERN_STEPS_MAX);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_matches),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_not_too_ambiguous),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
