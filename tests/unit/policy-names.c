#include "tests/unit/policy-names.h"

#include <stdlib.h>
#include <string.h>

#include "policy/pattern-tree.h"
#include "tests/unit/test.h"

unsigned long differential_setting(void)
{
    const char *value = getenv("DIFFERENTIAL");

    return value ? strtoul(value, NULL, 10) : 30000;
}

unsigned long differential_policies(void)
{
    return differential_setting() < 100000 ? differential_setting() / 10 : 10000;
}

const char *random_verb(struct random *random)
{
    static const char *const VERBS[] = {
        "restart",   "try-restart", "reload", "reload-or-restart",     "reset-failed",
        "start",     "stop",        "kill",   "reload-or-try-restart", "clean",
        "freeze",    "thaw",        "ref",    "set-property",          "Restart",
        "restart\n", "constructor", ""
    };

    return VERBS[random_below(random, sizeof(VERBS) / sizeof(*VERBS))];
}

/* A match of one of the grant's patterns. */
static void make_instance(const struct grant *grant, struct random *random, struct name *ret)
{
    static const char *const PREFIXES[] = { "a", "b", "ssh", "", "example", "A", "aa", "user" };
    static const char *const SUFFIXES[] = { ".socket", ".service.service", ".Service",
                                            "",        ".service\n",       ".target" };
    static struct tree tree;
    struct pattern_error error;

    assert_int_equal(tree_read(grant->pattern_texts[random_below(random, grant->n_patterns)], &tree, &error),
                     0);
    if (random_below(random, 16) == 0)
        name_add_string(ret, PREFIXES[random_below(random, sizeof(PREFIXES) / sizeof(*PREFIXES))]);
    else
        for (const char *p = grant->unit; *p != '@'; p++)
            name_add(ret, *p);
    name_add(ret, '@');
    name_add_match(ret, tree.root, random);
    if (random_below(random, 16) == 0)
        name_add_string(ret, SUFFIXES[random_below(random, sizeof(SUFFIXES) / sizeof(*SUFFIXES))]);
    else
        name_add_string(ret, ".service");
}

/* The plain unit itself, or what looks like it. */
static void make_plain(const struct grant *grant, struct random *random, struct name *ret)
{
    static const char *const BEFORE[] = { "a", "x", ".", "@", "-", " ", "nginx@", "\n" };
    static const char *const BEHIND[] = { "@.service", "@x.service", ".service", "2.service",
                                          "\n",        " ",          ".socket",  "x" };

    if (random_below(random, 8) == 0)
        name_add_string(ret, BEFORE[random_below(random, sizeof(BEFORE) / sizeof(*BEFORE))]);
    name_add_string(ret, grant->unit);
    if (random_below(random, 8) == 0)
        ret->length -= strlen(".service");
    if (random_below(random, 8) == 0)
        name_add_string(ret, BEHIND[random_below(random, sizeof(BEHIND) / sizeof(*BEHIND))]);
    ret->text[ret->length] = '\0';
}

void make_name(const struct policy *policy, struct random *random, struct name *ret)
{
    const struct grant *grant;

    *ret = (struct name){ .length = 0 };
    if (policy->n_grants == 0) {
        name_add_string(ret, random_below(random, 2) == 0 ? "example@0001.service" : "nginx.service");
        return;
    }
    grant = &policy->grants[random_below(random, policy->n_grants)];
    if (grant_is_plain(grant))
        make_plain(grant, random, ret);
    else
        make_instance(grant, random, ret);

    if (random_below(random, 2) == 0)
        for (size_t n = 1 + random_below(random, 3); n > 0; n--)
            name_mutate(ret, random);
}
