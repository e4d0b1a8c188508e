/* Whatever a policy file says, the rule it renders names no other user, grants no start, and matches nothing
 * but its plain units and its templates' instances. */
#include <string.h>

#include "common/cleanup.h"
#include "common/unit-name.h"
#include "policy/load.h"
#include "tests/unit/policy-names.h"
#include "tests/unit/policy-text.h"
#include "tests/unit/rule-engine.h"
#include "tests/unit/test.h"

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
        const char *verb = random_verb(random);
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
    unsigned long n_policies = differential_policies(), n_taken = 0;

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
        cmocka_unit_test(test_no_policy_renders_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
