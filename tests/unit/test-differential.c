/* The broker's matcher and the rendered rule in a JavaScript engine are asked about the same names, verbs and
 * policies: they must never disagree. And whatever a policy file says, the rule it renders names no other
 * user, grants no start, and matches nothing outside its templates. DIFFERENTIAL= sets the number of names,
 * 30,000 if unset (a million takes twenty seconds), and with it that of random policies. */
#include "tests/unit/rule-engine.h"

#include "common/unit-name.h"
#include "policy/load.h"
#include "policy/pattern-tree.h"
#include "tests/unit/pattern-names.h"
#include "tests/unit/random.h"

static unsigned long setting(void)
{
    const char *value = getenv("DIFFERENTIAL");

    return value ? strtoul(value, NULL, 10) : 30000;
}

/* Every verb that PID 1 can put to polkit, and some words that it cannot. */
static const char *const VERBS[] = {
    "restart",   "try-restart", "reload", "reload-or-restart",     "reset-failed",
    "start",     "stop",        "kill",   "reload-or-try-restart", "clean",
    "freeze",    "thaw",        "ref",    "set-property",          "Restart",
    "restart\n", "constructor", ""
};

/* Patterns and policies made at random: an engine of its own for each makes them dear. */
static unsigned long n_random(void)
{
    return setting() < 100000 ? setting() / 10 : 10000;
}

#define GRANT(unit, instances, verbs)                                                                        \
    "[Grant]\nUnit=" unit "@.service\nInstances=" instances "\nVerbs=" verbs "\n"

#define PLAIN(unit, verbs) "[Grant]\nUnit=" unit ".service\nVerbs=" verbs "\n"

static const char *const POLICIES[] = {
    PLAIN("nginx", "restart"),
    PLAIN("a", "restart reload") PLAIN("aa", "try-restart restart") PLAIN("A", "restart"),
    PLAIN("a.service", "restart") PLAIN("a.b-c:d_e", "reload-or-restart restart"),
    PLAIN("a", "restart") GRANT("a", "a .service [0-9]+", "restart") PLAIN("b", "reload restart"),
    PLAIN("constructor", "restart") PLAIN("__proto__", "restart") PLAIN("length", "restart"),
    GRANT("example", "[0-9]{4}", "restart"),
    GRANT("a", ".*", "restart"),
    GRANT("a", ".+-.+", "restart"),
    GRANT("a", ".", "restart reload"),
    GRANT("a", "a|b|cd", "restart"),
    GRANT("a", "a|ab|abc|b", "restart"),
    GRANT("a", "(a|ab)(c|bcd)(d*)", "restart"),
    GRANT("a", "(a|ab)(bc|c)?x", "restart"),
    GRANT("a", "x y-[0-9]+ (z|zz){1,3}", "restart try-restart"),
    GRANT("web", "[a-z][a-z0-9-]{0,62}", "restart"),
    GRANT("web", "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", "restart"),
    GRANT("w", "(eu|us)-(west|north)-[0-9]{1,2}[.](prod|test)", "restart"),
    GRANT("ip", "([0-9]{1,3}[.]){3}[0-9]{1,3}", "restart"),
    GRANT("mac", "([A-Fa-f0-9]{2}:){5}[A-Fa-f0-9]{2}", "restart"),
    GRANT("uuid", "[a-f0-9]{8}(-[a-f0-9]{4}){3}-[a-f0-9]{12}", "restart"),
    GRANT("tty", "tty[0-9]{1,2} console ttyS[0-3]", "restart reload-or-restart"),
    GRANT("a", "[.]", "restart"),
    GRANT("a", "[.:_-]+", "restart"),
    GRANT("a", "[-a]{2,} [b-]{3}", "restart"),
    GRANT("a", "a-z A-Z", "restart"),
    GRANT("a", "a{255} b{245} c{244,}", "restart"),
    GRANT("a", "((a{2}|b{3}){2}c){1,2}", "restart"),
    GRANT("a", "(a?b?c)*d?", "restart"),
    GRANT("a", "(a*b){1,4}", "restart"),
    GRANT("a", "service .service x.service", "restart"),
    GRANT("service", "(.service)+", "restart"),
    GRANT("a.b-c:d_e", "0|1", "reload-or-restart"),
    GRANT("_", "_+", "restart"),
    GRANT("a", "[0-9]+", "restart") GRANT("a", "[a-z]+", "reload")
        GRANT("ab", "[A-Z]{1,3}", "try-restart restart") GRANT("aa", "x.?", "restart"),
    GRANT("a", "[0-9]{2}", "restart") GRANT("a", "[0-9]{1,3}", "restart reload"),
    GRANT("constructor", "constructor __proto__ length", "restart"),
    "# nothing at all\n",
};

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

/* A name that the policy may cover: of one of its grants, changed a little or not at all. */
static void make_name(const struct policy *policy, struct random *random, struct name *ret)
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

/* The broker's way from a name that was sent to a decision. */
static bool broker_says_yes(const struct policy *policy, const char *unit, const char *verb)
{
    struct unit_name name;

    return unit_name_parse(unit, &name) == 0 &&
           policy_match(policy, &name, verb_from_string(verb), NULL) == 0;
}

static void test_no_disagreement(_unused_ void **state)
{
    const size_t n_policies = sizeof(POLICIES) / sizeof(*POLICIES);
    unsigned long n_names = setting();
    unsigned long n_yes = 0, n_asked = 0;
    struct random random = random_new(5);

    for (size_t i = 0; i < n_policies; i++) {
        _cleanup_(policy_freep) struct policy *policy = policy_from(POLICIES[i]);
        _cleanup_(freep) char *rule = rule_text(policy);
        duk_context *engine = engine_new(rule);
        struct name name;

        for (unsigned long j = 0; j < n_names / n_policies + 1; j++) {
            size_t n_verbs = random_below(&random, 4) == 0 ? sizeof(VERBS) / sizeof(*VERBS) : 1;
            const char *verb;
            bool yes;

            make_name(policy, &random, &name);
            verb = VERBS[random_below(&random, n_verbs)];
            yes = broker_says_yes(policy, name.text, verb);
            if (engine_says_yes(engine, name.text, verb) != yes)
                fail_msg("the broker says %s, the rule the opposite: %s of \"%s\" by\n%s", yes ? "yes" : "no",
                         verb, name.text, POLICIES[i]);
            n_asked++;
            n_yes += yes;
        }
        duk_destroy_heap(engine);
    }
    print_message("%lu names, %lu of them granted: no disagreement\n", n_asked, n_yes);
    assert_in_range(n_yes, n_asked / 8, n_asked - n_asked / 8);
}

/* Patterns that nobody thought of are read alike, too. */
static void test_any_pattern(_unused_ void **state)
{
    unsigned long n_patterns = n_random(), n_taken = 0, n_yes = 0;
    struct random random = random_new(7);

    for (unsigned long i = 0; i < n_patterns; i++) {
        char pattern[64], text[128];
        _cleanup_(policy_freep) struct policy *policy = NULL;
        _cleanup_(policy_error_done) struct policy_error error = { 0 };
        struct name name;

        random_pattern(&random, pattern, sizeof(pattern));
        snprintf(text, sizeof(text), GRANT("a", "%s", "restart"), pattern);
        if (policy_load_text("f", text, strlen(text), &policy, &error) != 0)
            continue;
        _cleanup_(freep) char *rule = rule_text(policy);
        duk_context *engine = engine_new(rule);

        n_taken++;
        for (unsigned j = 0; j < 20; j++) {
            bool yes;

            make_name(policy, &random, &name);
            yes = broker_says_yes(policy, name.text, "restart");
            if (engine_says_yes(engine, name.text, "restart") != yes)
                fail_msg("the broker says %d, the rule the opposite: %s by %s", yes, name.text, pattern);
            n_yes += yes;
        }
        duk_destroy_heap(engine);
    }
    print_message("%lu patterns, %lu names granted\n", n_taken, n_yes);
    assert_in_range(n_yes, n_taken, 20 * n_taken);
}

/* A policy file that nobody would write: lines of all sorts, some of them broken. */
static void make_policy(struct random *random, char *ret, size_t size)
{
    static const char *const LINES[] = {
        "Unit=a@.service",
        "Unit=b@.service",
        "Unit=root@.service",
        "Unit=a\"b@.service",
        "Unit=a@.service\"",
        "Unit=*@.service",
        "Unit=@.service",
        "Unit=.*@.service",
        "Unit=a@b.service",
        "Unit=a.service",
        "Unit=dbus.service",
        "Unit=restarter-broker.service",
        "Unit=a.service\", verbs: [\"start",
        "Unit=start@.service",
        "Unit=restarter@.service",
        "Unit=a\\@.service",
        "Instances=[0-9]{4}",
        "Instances=.*",
        "Instances=.+ x",
        "Instances=\"]}); polkit.addRule(function(){})",
        "Instances=x)|(.*",
        "Instances=a|b",
        "Instances=[a-z]+",
        "Instances=.*@.*",
        "Instances=\\w+",
        "Instances=x\"], verbs: [\"start",
        "Instances=root",
        "Instances=start",
        "Instances=//",
        "Instances=*/",
        "Verbs=restart",
        "Verbs=restart reload",
        "Verbs=start",
        "Verbs=restart start",
        "Verbs=reset-failed",
        "Verbs=\"start\"",
        "Verbs=restart\", \"start",
        "Verbs=stop",
        "Verbs=try-restart reload-or-restart",
        "StartStopped=yes",
        "Default=yes",
        "Cooldown=5",
        "User=root",
        "Users=root",
        "USER=root",
        "var USER = \"root\";",
        "# restarter\";",
        "// comment",
        "[Grant]",
        "[User]",
        "*/",
        "",
        "\\",
    };
    static const unsigned first_of[] = { 0, 16, 30, 39 }; /* Unit=, Instances=, Verbs=, the rest */
    const size_t n_lines = sizeof(LINES) / sizeof(*LINES);
    size_t n_grants = random_below(random, 4);

    *ret = '\0';
    for (size_t i = 0; i < n_grants; i++) {
        bool plain = random_below(random, 4) == 0;

        strcat(ret, plain ? "[Grant]\nUnit=nginx.service\n" : "[Grant]\n");
        for (size_t j = plain ? 2 : 0; j < 3; j++) {
            size_t n = random_below(random, 2) == 0 ? 1 : first_of[j + 1] - first_of[j];

            strcat(strcat(ret, LINES[first_of[j] + random_below(random, n)]), "\n");
        }
        while (random_below(random, 4) == 0 && strlen(ret) + 100 < size)
            strcat(strcat(ret, LINES[first_of[3] + random_below(random, n_lines - first_of[3])]), "\n");
    }
    for (size_t n = strlen(ret); n > 0 && random_below(random, 3) == 0;)
        ret[random_below(random, n)] = random_char(random, "\"'\\/{}[]()|=;#\n@.x0 ");
}

/* Is the rest of the line from `at` on a list of quoted words out of the characters? */
static bool is_word_list(const char *at, const char *characters)
{
    do {
        if (*at++ != '"')
            return false;
        at += strspn(at, characters);
        if (*at++ != '"')
            return false;
        if (strncmp(at, ", ", 2) != 0)
            break;
        at += 2;
    } while (true);
    return strncmp(at, "]", 1) == 0;
}

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/* Every line that is the policy's doing has one of six forms. */
static bool is_table_line(const char *line)
{
    static const char unit[] = "            unit: \"", instances[] = "            instances: [",
                      verbs[] = "            verbs: [";

    if (strncmp(line, unit, strlen(unit)) == 0) {
        line += strlen(unit);
        line += strspn(line, LETTERS "0123456789:_.-");
        line += *line == '@' ? strlen("@.service") : 0;
        return strcmp(line, "\",") == 0 &&
               strncmp(line - strlen(".service"), ".service", strlen(".service")) == 0;
    }
    if (strncmp(line, instances, strlen(instances)) == 0)
        return is_word_list(line + strlen(instances), LETTERS "0123456789:_.-[](){}|*+?,") &&
               strcmp(strrchr(line, '"'), "\"],") == 0;
    if (strncmp(line, verbs, strlen(verbs)) == 0)
        return is_word_list(line + strlen(verbs), LETTERS "-") && !strstr(line, "\"start\"") &&
               !strstr(line, "\"stop\"") && strcmp(strrchr(line, '"'), "\"]") == 0;
    return strcmp(line, "        {") == 0 || strcmp(line, "        }") == 0 ||
           strcmp(line, "        },") == 0;
}

/* Outside of its table the rule is the very text that an empty policy renders; inside of it nothing but lines
 * of those forms. So no policy file can make the rule name another user, grant start or end a string. */
static void check_text(const char *rule, const char *empty)
{
    const char *table = strstr(empty, "    ];\n"), *end = rule + strlen(rule) - strlen(table);
    size_t head = (size_t)(table - empty);
    _cleanup_(freep) char *lines = NULL;
    char *line, *rest;

    assert_true(strlen(rule) >= strlen(empty));
    assert_memory_equal(rule, empty, head);
    assert_string_equal(end, table);
    lines = strndup(rule + head, (size_t)(end - rule) - head);
    rest = lines;
    while ((line = strtok_r(rest, "\n", &rest)))
        if (!is_table_line(line))
            fail_msg("the rule has the line: %s", line);
}

/* What the engine then says is no more than the text promises. */
static void check_answers(const struct policy *policy, duk_context *engine, struct random *random)
{
    static const char *const USERS[] = { "root",       "",       "restarter ",
                                         "restarterx", "nobody", "restarter-webfront" };
    struct unit_name parsed;
    struct name name;

    for (unsigned i = 0; i < 20; i++) {
        const char *verb = VERBS[random_below(random, sizeof(VERBS) / sizeof(*VERBS))];
        bool known = false;

        make_name(policy, random, &name);
        assert_string_equal(engine_ask(engine, USERS[random_below(random, sizeof(USERS) / sizeof(*USERS))],
                                       MANAGE_UNITS, name.text, verb),
                            "not handled");
        assert_false(engine_says_yes(engine, name.text, "start"));
        assert_false(engine_says_yes(engine, name.text, "stop"));
        if (!engine_says_yes(engine, name.text, verb))
            continue;
        assert_int_equal(unit_name_parse(name.text, &parsed), 0);
        for (size_t j = 0; j < policy->n_grants; j++)
            known = known || strcmp(policy->grants[j].unit,
                                    unit_name_is_plain(&parsed) ? parsed.unit : parsed.template) == 0;
        if (!known)
            fail_msg("%s is neither granted nor of a granted template", name.text);
    }
}

static void test_no_policy_renders_more(_unused_ void **state)
{
    _cleanup_(policy_freep) struct policy *nothing = policy_from("");
    _cleanup_(freep) char *empty = rule_text(nothing);
    struct random random = random_new(6);
    unsigned long n_policies = n_random(), n_taken = 0;

    for (unsigned long i = 0; i < n_policies; i++) {
        _cleanup_(policy_freep) struct policy *policy = NULL;
        _cleanup_(policy_error_done) struct policy_error error = { 0 };
        _cleanup_(freep) char *rule = NULL;
        char text[4096];
        duk_context *engine;

        make_policy(&random, text, sizeof(text));
        if (policy_load_text("f", text, strlen(text), &policy, &error) != 0)
            continue;
        n_taken += policy->n_grants > 0;
        rule = rule_text(policy);
        check_text(rule, empty);
        engine = engine_new(rule);
        check_answers(policy, engine, &random);
        duk_destroy_heap(engine);
    }
    print_message("%lu policy files, %lu of them valid with a grant\n", n_policies, n_taken);
    assert_in_range(n_taken, n_policies / 50, n_policies);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_disagreement),
        cmocka_unit_test(test_any_pattern),
        cmocka_unit_test(test_no_policy_renders_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
