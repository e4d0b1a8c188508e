/* Who may do what, of whatever is made up at random, against a reader that does it the long way. */
#include <regex.h>
#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "policy/load.h"
#include "tests/unit/people.h"
#include "tests/unit/policy-text.h"
#include "tests/unit/random.h"
#include "tests/unit/rule-engine.h"
#include "tests/unit/test.h"

#define N(array) (sizeof(array) / sizeof(*(array)))

static const char *const NAMES[] = { "a", "b", "ab", "a.b", "a-b", "a@b", "_" };

static const char *const PATTERNS[] = { "%u",   "a%u", "%ub",    "[ab]%u", "%u.*", "(a|b)%u", "%u[.]b",
                                        "a*%u", "a|b", "[ab.]+", "a.b",    "%u-x", ".%u",     "_" };

static const char *const INSTANCES[] = { "a",   "b", "ab",  "aa",   "aab", "a.b", "ab.b",
                                         "a-b", "_", "a-x", "ab-x", "ba",  "x" };

#define PICK(random, array) ((array)[random_below(random, N(array))])

static void print_names(struct random *random, const char *key, FILE *out)
{
    size_t first = random_below(random, N(NAMES)), n = random_below(random, 3);

    if (random_below(random, 3) > 0)
        return;
    (void)fprintf(out, "%s=", key);
    for (size_t i = 0; i <= n; i++)
        (void)fprintf(out, "%s ", NAMES[(first + i) % N(NAMES)]);
    (void)fprintf(out, "\n");
}

static char *random_policy(struct random *random)
{
    char *text = NULL;
    size_t size, n = 1 + random_below(random, 3);
    FILE *out = open_memstream(&text, &size);

    for (size_t i = 0; i < n; i++) {
        (void)fprintf(out, "[Grant]\nUnit=a@.service\nVerbs=%s\nInstances=%s\n",
                      random_below(random, 2) ? "restart" : "reload restart", PICK(random, PATTERNS));
        if (random_below(random, 6) == 0) {
            (void)fprintf(out, "Users=*\n");
            continue;
        }
        print_names(random, "Users", out);
        print_names(random, "Groups", out);
    }
    (void)fclose(out);
    return text;
}

static struct person random_person(struct random *random)
{
    struct person person = { 0 };

    if (random_below(random, 5) == 0)
        return person;
    (void)person_set(&person, PICK(random, NAMES), PERSON_UID);
    for (size_t i = random_below(random, 3); i > 0; i--)
        (void)person_add_group(&person, PICK(random, NAMES));
    return person;
}

static bool in_list(const char *text, const char *key, const char *name)
{
    const char *line = strstr(text, key), *end = line ? strchr(line, '\n') : NULL;
    size_t length = strlen(name);

    for (const char *at = line; at && (at = strstr(at, name)) && at < end; at++)
        if ((at[-1] == ' ' || at[-1] == '=') && (at[length] == ' ' || at[length] == '\n'))
            return true;
    return false;
}

static bool long_way_for(const char *text, const struct person *person)
{
    if (!strstr(text, "Users=") && !strstr(text, "Groups="))
        return true;
    if (person->known == PERSON_NOBODY)
        return false;
    if (strstr(text, "Users=*") || in_list(text, "Users=", person->name))
        return true;
    for (size_t i = 0; i < person->n_groups; i++)
        if (in_list(text, "Groups=", person->groups[i]))
            return true;
    return false;
}

/* The pattern with the person's name written into it, to the C library. */
static bool long_way_matches(const char *text, const struct person *person, const char *instance)
{
    char pattern[64], expression[256] = "^(";
    regex_t regex;
    bool yes;

    (void)sscanf(strstr(text, "Instances=") + strlen("Instances="), "%63s", pattern);
    for (const char *c = pattern; *c; c++) {
        size_t used = strlen(expression);

        if (strncmp(c, "%u", 2) != 0) {
            (void)snprintf(expression + used, sizeof(expression) - used, "%c", *c);
            continue;
        }
        if (person->known == PERSON_NOBODY || strpbrk(person->name, "-@"))
            return false;
        for (const char *n = person->name; *n; n++, used = strlen(expression))
            (void)snprintf(expression + used, sizeof(expression) - used, "[%c]", *n);
        c++;
    }
    (void)strcat(expression, ")$");
    assert_int_equal(regcomp(&regex, expression, REG_EXTENDED | REG_NOSUB), 0);
    yes = regexec(&regex, instance, 0, NULL, 0) == 0;
    regfree(&regex);
    return yes;
}

static bool long_way(const char *text, const struct person *person, const char *instance, unsigned verb)
{
    for (const char *at = text, *next; at; at = next) {
        _cleanup_(freep) char *section = NULL;
        const char *verbs;

        next = strstr(at + 1, "[Grant]");
        section = next ? strndup(at, (size_t)(next - at)) : strdup(at);
        verbs = strstr(section, "Verbs=");
        if ((verb == VERB_RESTART || strncmp(verbs, "Verbs=reload", 12) == 0) &&
            long_way_for(section, person) && long_way_matches(section, person, instance))
            return true;
    }
    return false;
}

/* Also: whoever may do it, polkit does not stop it, and root may; and nobody has what is for people. */
static void test_random(_unused_ void **state)
{
    unsigned rounds = random_rounds(2000), n_yes = 0, n_taken = 0;
    struct random random = random_new(9);

    for (unsigned i = 0; i < rounds; i++) {
        _cleanup_(freep) char *text = random_policy(&random), *rule = NULL;
        _cleanup_(policy_freep) struct policy *policy = NULL;
        _cleanup_(policy_error_done) struct policy_error error = { 0 };
        duk_context *engine;

        if (policy_load_text("f", text, strlen(text), &policy, &error) != 0)
            continue;
        n_taken++;
        rule = rule_text(policy);
        engine = engine_new(rule);
        for (unsigned j = 0; j < 20; j++) {
            _cleanup_(person_done) struct person person = random_person(&random);
            unsigned verb = random_below(&random, 2) ? VERB_RESTART : VERB_RELOAD;
            const char *instance = PICK(&random, INSTANCES);
            char unit[64];
            bool yes;

            (void)snprintf(unit, sizeof(unit), "a@%s.service", instance);
            yes = ask_as(policy, &person, unit, verb) == 0;
            if (yes != long_way(text, &person, instance, verb))
                fail_msg("'%s', %s of %s: %d, by\n%s", person.name, verb_to_string(verb), unit, yes, text);
            n_yes += yes;
            if (yes)
                assert_true(engine_says_yes(engine, unit, verb_to_string(verb)));
            if (yes)
                assert_int_equal(ask_as(policy, &(struct person){ .is_root = true }, unit, verb), 0);
        }
        duk_destroy_heap(engine);
    }
    print_message("%u policies, %u yes\n", n_taken, n_yes);
    assert_in_range(n_yes, n_taken, 19 * n_taken);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
