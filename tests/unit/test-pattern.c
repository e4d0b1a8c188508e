/* Patterns: what is in the common ground and what is refused with which words; that our matcher and the C
 * library's agree; and that no name makes a backtracking matcher take more steps than was promised. */
#include "polkit/pattern.h"

#include <regex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "common/cleanup.h"
#include "polkit/pattern-tree.h"
#include "tests/unit/pattern-names.h"

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

/* A backtracking matcher that never finds the end, as for a name whose last character is wrong: it tries
 * every way there is, and counts. */
struct behind {
    const struct node
        *node; /* what is to be matched next: the siblings from here on; NULL: go on with `after` */
    const struct node *repeat;
    unsigned round;
    const struct behind *after;
};

static uint64_t n_steps;

static void try_siblings(const struct node *node, const char *text, const struct behind *after);

static void go_on(const char *text, const struct behind *behind)
{
    const struct node *repeat = behind ? behind->repeat : NULL;
    struct behind again;

    if (!behind || n_steps > UINT64_C(2) * PATTERN_STEPS_MAX)
        return;
    if (!repeat) {
        try_siblings(behind->node, text, behind->after);
        return;
    }
    again = (struct behind){ .repeat = repeat, .round = behind->round + 1, .after = behind->after };
    if (repeat->max == REPEAT_UNBOUNDED || behind->round < repeat->max) {
        struct behind body = again;

        switch (repeat->child->kind) {
        case NODE_SET:
            n_steps++;
            if (*text && charset_has(&repeat->child->set, *text))
                go_on(text + 1, &body);
            break;
        default:
            for (const struct node *branch = repeat->child->child; branch; branch = branch->next)
                try_siblings(branch->child, text, &body);
        }
    }
    if (behind->round >= repeat->min)
        go_on(text, behind->after);
}

static void try_siblings(const struct node *node, const char *text, const struct behind *after)
{
    struct behind behind;

    if (!node) {
        go_on(text, after);
        return;
    }
    behind = (struct behind){ .node = node->next, .after = after };
    switch (node->kind) {
    case NODE_SET:
        n_steps++;
        if (*text && charset_has(&node->set, *text))
            go_on(text + 1, &behind);
        break;
    case NODE_CONCAT:
        try_siblings(node->child, text, &behind);
        break;
    case NODE_ALTERNATE:
        for (const struct node *branch = node->child; branch; branch = branch->next)
            try_siblings(branch->child, text, &behind);
        break;
    case NODE_REPEAT:
        go_on(text, &(struct behind){ .repeat = node, .round = 0, .after = &behind });
    }
}

static uint64_t count_steps(const struct tree *tree, const char *text)
{
    n_steps = 0;
    try_siblings(tree->root, text, NULL);
    return n_steps;
}

/* A few characters over and over, since that is what ambiguity lives on. */
static void random_text(struct random *random, const struct tree *tree, struct name *ret)
{
    *ret = (struct name){ .length = 0 };
    if (random_below(random, 2) == 0) {
        name_add_match(ret, tree->root, random);
        for (size_t i = random_below(random, 3); i > 0; i--)
            name_mutate(ret, random);
        return;
    }
    for (size_t n = random_below(random, random_below(random, 4) == 0 ? PATTERN_INSTANCE_MAX + 1 : 12); n > 0;
         n--)
        name_add(ret, random_char(random, random_below(random, 30) == 0 ? "abc-.0" : "a"));
}

static bool library_matches(const char *pattern, const char *name)
{
    char anchored[PATTERN_LENGTH_MAX + sizeof("^()$")];
    regex_t regex;
    int r;

    snprintf(anchored, sizeof(anchored), "^(%s)$", pattern);
    assert_int_equal(regcomp(&regex, anchored, REG_EXTENDED | REG_NOSUB), 0);
    r = regexec(&regex, name, 0, NULL, 0);
    regfree(&regex);
    return r == 0;
}

/* One name against a pattern: the promise of steps is kept, and the matchers agree. */
static bool check_name(const char *text, const struct tree *tree, const struct pattern *pattern,
                       const char *name)
{
    bool matches = pattern_match(pattern, name);

    if (count_steps(tree, name) > pattern_steps(pattern))
        fail_msg("%s takes %llu steps for %s, more than %u", text, (unsigned long long)n_steps, name,
                 pattern_steps(pattern));
    if (unit_instance_valid(name) && matches != library_matches(text, name))
        fail_msg("%s and %s: we say %d, the C library the opposite", text, name, matches);
    return matches;
}

/* Some thousand patterns that nobody thought of. */
static void test_properties(_unused_ void **state)
{
    struct random random = random_new(2);
    static struct tree tree;
    unsigned n_taken = 0, n_matched = 0;

    for (unsigned i = 0; i < 30000; i++) {
        _cleanup_(pattern_freep) struct pattern *pattern = NULL;
        struct pattern_error error;
        char text[64];

        random_pattern(&random, text, sizeof(text));
        if (pattern_new(text, &pattern, &error) != 0) {
            assert_in_range(error.offset, 0, strlen(text));
            assert_in_range(strlen(error.message), 10, sizeof(error.message) - 1);
            continue;
        }
        n_taken++;
        assert_int_equal(tree_read(text, &tree, &error), 0);
        for (unsigned j = 0; j < 12; j++) {
            struct name name;

            random_text(&random, &tree, &name);
            if (name.length <= PATTERN_INSTANCE_MAX)
                n_matched += check_name(text, &tree, pattern, name.text);
        }
    }
    assert_in_range(n_taken, 3000, 30000);
    assert_in_range(n_matched, n_taken, 12 * n_taken);
}

/* Bytes that have nothing to do with patterns. */
static void test_junk(_unused_ void **state)
{
    struct random random = random_new(3);
    char bytes[256] = "";

    for (int i = 0; i < 255; i++)
        bytes[i] = (char)(i + 1);
    for (unsigned i = 0; i < 100000; i++) {
        _cleanup_(pattern_freep) struct pattern *pattern = NULL;
        struct pattern_error error;
        char text[300] = "";
        size_t n = random_below(&random, i % 100 == 0 ? 299 : 12);

        for (size_t j = 0; j < n; j++)
            text[j] = random_char(&random, i % 2 == 0 ? "[](){}|*+?.-,0129ab^$:=\\" : bytes);
        (void)pattern_new(text, &pattern, &error);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_matches),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_not_too_ambiguous),
        cmocka_unit_test(test_properties),
        cmocka_unit_test(test_junk),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
