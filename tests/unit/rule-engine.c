#include "tests/unit/rule-engine.h"

#include <stdio.h>
#include <string.h>

#include "policy/load.h"
#include "policy/paths.h"
#include "polkit/rules/rule.h"
#include "tests/unit/test.h"

/* As much of polkitd's own init.js as rules can see. */
static const char ENGINE_POLKIT[] = "var polkit = {\n"
                                    "    rules: [], logged: '',\n"
                                    "    Result: { NO: 'no', YES: 'yes', AUTH_SELF: 'auth_self', AUTH_ADMIN: "
                                    "'auth_admin', NOT_HANDLED: null },\n"
                                    "    addRule: function (rule) { this.rules.push(rule); },\n"
                                    "    log: function (message) { this.logged += message + '\\n'; }\n"
                                    "};\n"
                                    "function Action() {\n"
                                    "    this.lookup = function (name) { return this['_detail_' + name]; };\n"
                                    "}\n"
                                    "var who = {};\n"
                                    "function ask(user, id, unit, verb) {\n"
                                    "    var action = new Action(), i, answer;\n"
                                    "    who.user = user; who.groups = [];\n"
                                    "    action.id = id;\n"
                                    "    action._detail_unit = unit;\n"
                                    "    action._detail_verb = verb;\n"
                                    "    for (i = 0; i < polkit.rules.length; i++) {\n"
                                    "        answer = polkit.rules[i](action, who);\n"
                                    "        if (answer) return answer;\n"
                                    "    }\n"
                                    "    return 'not handled';\n"
                                    "}\n";

duk_context *engine_new(const char *rule)
{
    duk_context *engine = duk_create_heap_default();

    assert_non_null(engine);
    if (duk_peval_string(engine, ENGINE_POLKIT) != 0)
        fail_msg("%s", duk_safe_to_string(engine, -1));
    duk_pop(engine);
    if (duk_peval_string(engine, rule) != 0)
        fail_msg("%s in:\n%s", duk_safe_to_string(engine, -1), rule);
    duk_pop(engine);
    return engine;
}

void engine_subject(duk_context *engine, const char *subject)
{
    (void)duk_push_sprintf(engine, "who = %s;", subject);
    duk_eval_noresult(engine);
}

const char *engine_ask(duk_context *engine, const char *user, const char *action, const char *unit,
                       const char *verb)
{
    duk_set_top(engine, 0);
    duk_get_global_string(engine, "ask");
    duk_push_string(engine, user);
    duk_push_string(engine, action);
    unit ? (void)duk_push_string(engine, unit) : duk_push_undefined(engine);
    verb ? (void)duk_push_string(engine, verb) : duk_push_undefined(engine);
    (void)duk_pcall(engine, 4);
    return duk_safe_to_string(engine, -1);
}

bool engine_says_yes(duk_context *engine, const char *unit, const char *verb)
{
    const char *answer = engine_ask(engine, RULE_USER, MANAGE_UNITS, unit, verb);

    if (strcmp(answer, "yes") != 0 && strcmp(answer, "no") != 0)
        fail_msg("answered %s for %s of %s", answer, verb, unit);
    return strcmp(answer, "yes") == 0;
}

char *rule_text(const struct policy *policy)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    assert_int_equal(rule_render(policy, out), 0);
    assert_int_equal(fclose(out), 0);
    return text;
}
