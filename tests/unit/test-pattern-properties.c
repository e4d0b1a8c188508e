/* What holds for every pattern, shown by many made at random: our matcher and the C library's agree, and no
 * name makes a backtracking matcher take more steps than was promised. SEED= starts another series. */
#include "policy/pattern.h"

#include <regex.h>
#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "policy/pattern-tree.h"
#include "tests/unit/pattern-names.h"
#include "tests/unit/test.h"

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
    unsigned n_taken = 0, n_matched = 0, rounds = random_rounds(30000);

    for (unsigned i = 0; i < rounds; i++) {
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
    assert_in_range(n_taken, rounds / 10, rounds);
    assert_in_range(n_matched, n_taken, 12 * n_taken);
}

/* Bytes that have nothing to do with patterns. */
static void test_junk(_unused_ void **state)
{
    struct random random = random_new(3);
    char bytes[256] = "";

    for (int i = 0; i < 255; i++)
        bytes[i] = (char)(i + 1);
    for (unsigned i = 0; i < random_rounds(100000); i++) {
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
        cmocka_unit_test(test_properties),
        cmocka_unit_test(test_junk),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
