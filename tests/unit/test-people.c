/* Who may do what: each person against each grant, mistakes in each key, and whatever is made up at random
 * against a reader that does it the long way. */
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/load.h"
#include "policy/resolve.h"
#include "polkit/rules/rule.h"
#include "tests/unit/random.h"
#include "tests/unit/rule-engine.h"
#include "tests/unit/test.h"

#define N(array) (sizeof(array) / sizeof(*(array)))

/* "root", "" for nobody in particular, or a name and, behind colons, groups: "anna:ops:web". */
static struct person person_from(const char *text)
{
    struct person person = { .is_root = strcmp(text, "root") == 0 };
    char copy[256], *rest = copy, *word;

    (void)snprintf(copy, sizeof(copy), "%s", text);
    word = strsep(&rest, ":");
    if (*word)
        assert_int_equal(person_set(&person, word, PERSON_UID), 0);
    while (rest)
        assert_int_equal(person_add_group(&person, strsep(&rest, ":")), 0);
    return person;
}

static int ask(const struct policy *policy, const struct person *person, const char *unit, unsigned verb)
{
    struct unit_name name;

    assert_int_equal(unit_name_parse(unit, &name), 0);
    return policy_permits(policy, person, &name, verb, NULL);
}

#define UNIT(unit, more) "[Grant]\nUnit=" unit "\nVerbs=restart\n" more
#define TEMPLATE(instances, more) "[Grant]\nUnit=a@.service\nInstances=" instances "\nVerbs=restart\n" more

static const char *const PEOPLE[] = { "",    "root",       "anna",       "anna:ops", "bob:ops:web",
                                      "bob", "anna-maria", "anna@x.org", "a" };

/* A column for each of PEOPLE: '+' may, '-' may not. */
static void test_each_person_each_grant(_unused_ void **state)
{
    static const struct {
        const char *policy, *unit, *may;
    } CASES[] = {
        { "", "n.service", "---------" },
        { UNIT("n.service", ""), "n.service", "+++++++++" },
        { UNIT("n.service", "Users=*\n"), "n.service", "-++++++++" },
        { UNIT("n.service", "Groups=*\n"), "n.service", "-++++++++" },
        { UNIT("n.service", "Users=anna\n"), "n.service", "-+++-----" },
        { UNIT("n.service", "Users=bob anna\n"), "n.service", "-+++++---" },
        { UNIT("n.service", "Users=Anna\n"), "n.service", "-+-------" },
        { UNIT("n.service", "Users=nobody\n"), "n.service", "-+-------" },
        { UNIT("n.service", "Groups=ops\n"), "n.service", "-+-++----" },
        { UNIT("n.service", "Groups=web ops\n"), "n.service", "-+-++----" },
        { UNIT("n.service", "Groups=web\nUsers=anna\n"), "n.service", "-++++----" },
        { UNIT("n.service", "Groups=anna\n"), "n.service", "-+-------" },   /* no group of that name */
        { UNIT("n.service", "Users=ops web\n"), "n.service", "-+-------" }, /* nor a user */
        { UNIT("n.service", "Users=anna\n") UNIT("n.service", "Users=bob\n"), "n.service", "-+++++---" },
        { UNIT("n.service", "Users=anna\n") UNIT("n.service", ""), "n.service", "+++++++++" },
        { UNIT("n.service", "Users=anna@x.org anna-maria\n"), "n.service", "-+----++-" },
        { UNIT("n.service", "Users=anna\n"), "m.service", "---------" },
        /* The person's own instance. */
        { TEMPLATE("%u", ""), "a@anna.service", "-+++-----" },
        { TEMPLATE("%u", ""), "a@bob.service", "-+--++---" },
        { TEMPLATE("%u", ""), "a@a.service", "-+------+" },
        { TEMPLATE("%u", ""), "a@aa.service", "-+-------" },
        { TEMPLATE("%u", ""), "a@anna-maria.service", "---------" }, /* would have to be escaped */
        { TEMPLATE("%u", ""), "a@anna.x.org.service", "-+-------" },
        { TEMPLATE("%u", "Users=*\n"), "a@anna.service", "-+++-----" },
        { TEMPLATE("%u", "Users=bob\n"), "a@anna.service", "-+-------" },
        { TEMPLATE("%u", "Users=bob\n"), "a@bob.service", "-+--++---" },
        { TEMPLATE("%u-(blue|green)", ""), "a@anna-blue.service", "-+++-----" },
        { TEMPLATE("%u-(blue|green)", ""), "a@anna-red.service", "---------" },
        { TEMPLATE("(blue|green)-%u", ""), "a@green-anna.service", "-+++-----" },
        { TEMPLATE("x*%u", ""), "a@xxanna.service", "-+++-----" },
        { TEMPLATE(".%u.", ""), "a@aaa.service", "-+------+" },
        { TEMPLATE("a%u", ""), "a@aanna.service", "-+++-----" },
        { TEMPLATE("%ua", ""), "a@annaa.service", "-+++-----" },
        { TEMPLATE("%u shared", ""), "a@shared.service", "+++++++++" },
        { TEMPLATE("%u shared", ""), "a@bob.service", "-+--++---" },
        { TEMPLATE("[0-9]{4}", ""), "a@1234.service", "+++++++++" },
    };

    for (size_t i = 0; i < N(CASES); i++) {
        _cleanup_(policy_freep) struct policy *policy = policy_from(CASES[i].policy);

        for (size_t j = 0; j < N(PEOPLE); j++) {
            _cleanup_(person_done) struct person person = person_from(PEOPLE[j]);
            int r = ask(policy, &person, CASES[i].unit, VERB_RESTART);

            if ((r == 0) != (CASES[i].may[j] == '+'))
                fail_msg("'%s' and %s: %d, by\n%s", PEOPLE[j], CASES[i].unit, r, CASES[i].policy);
            assert_true(ask(policy, &person, CASES[i].unit, VERB_RELOAD) != 0);
        }
    }
}

/* A name without anybody who vouches for it, and groups without a name, are nobody. */
static void test_half_known(_unused_ void **state)
{
    _cleanup_(policy_freep) struct policy *policy =
        policy_from(UNIT("n.service", "Users=*\n") UNIT("m.service", "Groups=ops\n") TEMPLATE("%u", ""));
    struct person named = { .name = "anna" }, vouched = { .known = PERSON_UID };

    for (struct person *person = &named; person; person = person == &named ? &vouched : NULL) {
        assert_int_equal(person_add_group(person, "ops"), 0);
        assert_int_equal(ask(policy, person, "n.service", VERB_RESTART), POLICY_E_NO_PERSON);
        assert_int_equal(ask(policy, person, "m.service", VERB_RESTART), POLICY_E_NO_PERSON);
        assert_int_equal(ask(policy, person, "a@anna.service", VERB_RESTART), POLICY_E_NO_PERSON);
        person_done(person);
    }
}

static void test_nearest_miss(_unused_ void **state)
{
    _cleanup_(policy_freep) struct policy *policy =
        policy_from(TEMPLATE("[0-9]+", "") TEMPLATE("%u", "Users=anna\n") UNIT("n.service", "Users=anna\n"));
    static const struct {
        const char *unit;
        unsigned verb;
        int outcome;
    } CASES[] = {
        { "a@1.service", VERB_RESTART, 0 },
        { "a@1.service", VERB_RELOAD, POLICY_E_NO_VERB },
        { "a@anna.service", VERB_RESTART, POLICY_E_NO_PERSON },
        { "a@anna.service", VERB_RELOAD, POLICY_E_NO_VERB },
        { "a@-.service", VERB_RESTART, POLICY_E_NO_INSTANCE },
        { "n.service", VERB_RESTART, POLICY_E_NO_PERSON },
        { "m.service", VERB_RESTART, POLICY_E_NO_UNIT },
    };

    for (size_t i = 0; i < N(CASES); i++)
        assert_int_equal(ask(policy, &(struct person){ 0 }, CASES[i].unit, CASES[i].verb), CASES[i].outcome);
}

/* An id alone means a template that is for him: what is for others does not even take part. */
static void test_default(_unused_ void **state)
{
    _cleanup_(policy_freep) struct policy *policy =
        policy_from("[Grant]\nUnit=a@.service\nInstances=x\nVerbs=restart\nUsers=anna\nDefault=yes\n"
                    "[Grant]\nUnit=b@.service\nInstances=x\nVerbs=restart\nUsers=bob\n");
    static const struct {
        const char *person, *unit;
        int outcome;
    } CASES[] = {
        { "anna", "a@x.service", 0 },     { "bob", "b@x.service", 0 },         { "root", "a@x.service", 0 },
        { "", "", RESOLVE_E_NO_DEFAULT }, { "eve", "", RESOLVE_E_NO_DEFAULT },
    };

    for (size_t i = 0; i < N(CASES); i++) {
        struct person person = person_from(CASES[i].person);
        struct resolution resolution;

        assert_int_equal(policy_resolve(policy, &person, "x", VERB_RESTART, &resolution), CASES[i].outcome);
        assert_string_equal(resolution.name.unit, CASES[i].unit);
    }
}

static void test_admins(_unused_ void **state)
{
    _cleanup_(policy_freep) struct policy *policy =
        policy_from("[Policy]\nAdmins=anna\nAdminGroups=ops wheel\n" UNIT(
            "n.service", "Users=eve\n") "[Policy]\nAdmins=carl anna\n");
    static const struct {
        const char *person;
        bool admin;
    } CASES[] = { { "", false },    { "root", true },    { "anna", true },
                  { "bob", false }, { "bob:ops", true }, { "bob:web", false },
                  { "carl", true }, { "ops", false },    { "eve", false } };

    for (size_t i = 0; i < N(CASES); i++) {
        _cleanup_(person_done) struct person person = person_from(CASES[i].person);
        struct resolution resolution;
        bool sees = CASES[i].admin || strcmp(CASES[i].person, "eve") == 0;

        assert_int_equal(policy_is_admin(policy, &person), CASES[i].admin);
        assert_int_equal(policy_is_admin(NULL, &person), person.is_root);
        /* They see it, and may not do it. */
        assert_int_equal(policy_resolve(policy, &person, "n.service", 0, &resolution) == 0, sees);
        assert_int_equal(policy_resolve(policy, &person, "n.service", VERB_RESTART, &resolution) == 0,
                         person.is_root || strcmp(CASES[i].person, "eve") == 0);
    }
}

/* --- mistakes --- */

static char *load_error(const char *text)
{
    _cleanup_(policy_freep) struct policy *policy = NULL;
    _cleanup_(policy_error_done) struct policy_error error = { 0 };
    int r = policy_load_text("f", text, strlen(text), &policy, &error);

    return r ? policy_error_format(&error) : strdup("");
}

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
            error = load_error(text);
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
        { "[Policy]\n", "f:1: this [Policy] has neither Admins=" },
        { "[Policy]\n" UNIT("n.service", ""), "f:1: this [Policy] has neither Admins=" },
        { "[Policy]\nAdmins=anna\nAdmins=bob\n", "f:3: Admins= is given twice in one [Policy]" },
        { "[Policy]\nUsers=anna\n", "f:2: Users= belongs into a section [Grant]" },
        { "[Policy]\nFoo=anna\n", "f:2: unknown key Foo=; there are Admins= and AdminGroups=" },
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
        _cleanup_(freep) char *error = load_error(CASES[i].text);

        if (strncmp(error, CASES[i].error, strlen(CASES[i].error)) != 0 || (*error && !*CASES[i].error))
            fail_msg("\"%s\" in:\n%s", error, CASES[i].text);
    }
}

/* polkit knows no people: the rule is what anybody may, and can be read back also where several may the same.
 */
static void test_rule(_unused_ void **state)
{
    static const char TEXT[] = TEMPLATE("%u x-%u", "Users=anna\n") TEMPLATE("%u", "Groups=ops\n")
        UNIT("n.service", "Users=anna\n") UNIT("n.service", "Users=bob\n");
    _cleanup_(policy_freep) struct policy *policy = policy_from(TEXT), *again = NULL;
    _cleanup_(freep) char *rule = rule_text(policy);
    static const struct {
        const char *unit;
        bool yes;
    } CASES[] = { { "a@anna.service", true },    { "a@bob.service", true },      { "a@x-eve.service", true },
                  { "a@-.service", false },      { "a@a:b.service", false },     { "a@.service", false },
                  { "n.service", true },         { "a@x-a-b.service", false },   { "a@_.service", true },
                  { "a@" X64 ".service", true }, { "a@" X64 "x.service", false } };
    duk_context *engine = engine_new(rule);

    assert_null(strstr(rule, "anna"));
    assert_null(strstr(rule, "%"));
    for (size_t i = 0; i < N(CASES); i++)
        if (engine_says_yes(engine, CASES[i].unit, "restart") != CASES[i].yes)
            fail_msg("%s", CASES[i].unit);
    duk_destroy_heap(engine);
    assert_int_equal(rule_read(rule, &again), 0);
    assert_int_equal(again->n_grants, 4);
}

/* --- at random --- */

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
            yes = ask(policy, &person, unit, verb) == 0;
            if (yes != long_way(text, &person, instance, verb))
                fail_msg("'%s', %s of %s: %d, by\n%s", person.name, verb_to_string(verb), unit, yes, text);
            n_yes += yes;
            if (yes)
                assert_true(engine_says_yes(engine, unit, verb_to_string(verb)));
            if (yes)
                assert_int_equal(ask(policy, &(struct person){ .is_root = true }, unit, verb), 0);
        }
        duk_destroy_heap(engine);
    }
    print_message("%u policies, %u yes\n", n_taken, n_yes);
    assert_in_range(n_yes, n_taken, 19 * n_taken);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_person_each_grant),
        cmocka_unit_test(test_half_known),
        cmocka_unit_test(test_nearest_miss),
        cmocka_unit_test(test_default),
        cmocka_unit_test(test_admins),
        cmocka_unit_test(test_names_in_each_key),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_rule),
        cmocka_unit_test(test_random),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
