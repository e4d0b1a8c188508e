/* Renders the polkit rule. The grants become tables at its top; everything below them is the same for every
 * policy. What is put in between quotes comes out of the closed alphabets of unit names, patterns and verbs,
 * so nothing in a policy can end a string and become code. */
#include "policy/paths.h"
#include "polkit/rules/rule.h"

#include <errno.h>

/* Lines of another language: each is one line of the rule. */
// clang-format off
static const char head[] =
    "// Which units the user \"" RULE_USER "\", and with it the restart button, may touch, and how.\n"
    "//\n"
    "// Rendered from /etc/restarter/policy.conf. You may tune the tables by hand, but the broker goes by the\n"
    "// policy file: where the two differ, only what both of them grant can be done.\n"
    "//\n"
    "// polkitd reads this file when it changes, and writes a mistake in it to its journal. Only names that\n"
    "// end in .rules count. Of all rules, in the order of their files' names, the first one that answers\n"
    "// decides: a file that sorts before this one can overrule it.\n"
    "//\n"
    "// The service is looked at as well as the user, where polkitd knows it: from version 124 on (Debian 13)\n"
    "// only " RULE_UNIT " is let do anything, and no other process of that user. An older polkitd\n"
    "// (Debian 12) cannot tell, and goes by the user alone. 'restartctl policy check' says which of the two\n"
    "// is in force here.\n"
    "(function () {\n"
    "    \"use strict\";\n"
    "\n"
    "    // The user that the broker runs as. Nobody else is affected by this file.\n"
    "    var USER = \"" RULE_USER "\";\n"
    "\n"
    "    // The service that it is. polkitd's word for whoever asks is null when that is part of no service.\n"
    "    var UNIT = \"" RULE_UNIT "\";\n"
    "\n"
    "    // The grants: what is not listed is denied.\n"
    "    //   unit       one unit, by its whole name; or a template: what stands before the '@', then\n"
    "    //              \"@.service\"\n"
    "    //   instances  of a template, and of nothing else: regular expressions; one must match the whole of\n"
    "    //              what stands behind the '@'. They are anchored below. No backslashes: write [0-9], not\n"
    "    //              \\d, and [.] for a dot.\n"
    "    //   verbs      out of VERBS\n"
    "    var GRANTS = [\n";

static const char tail[] =
    "    ];\n"
    "\n"
    "    // All that a grant can allow. Never add \"start\": from systemd 257 on, StartTransientUnit asks with\n"
    "    // it and a name of the caller's choice, and runs any command as root. Nor \"stop\": a button must not\n"
    "    // leave a service down.\n"
    "    var VERBS = [\"restart\", \"try-restart\", \"reload\", \"reload-or-restart\"];\n"
    "\n"
    "    // Nothing below needs tuning.\n"
    "\n"
    "    var ACTION = \"org.freedesktop.systemd1.manage-units\";\n"
    "    var NAME_MAX = 255;\n"
    "    var SUFFIX = \".service\";\n"
    "    var PREFIX = /^[A-Za-z0-9_][A-Za-z0-9:_.-]*@?$/;\n"
    "    var INSTANCE = /^[A-Za-z0-9:_.-]+$/;\n"
    "\n"
    "    function anchored(pattern) {\n"
    "        if (typeof pattern !== \"string\" || pattern === \"\" || pattern.indexOf(\"\\\\\") >= 0)\n"
    "            throw new Error(\"not a pattern: \" + pattern);\n"
    "        new RegExp(pattern); // alone, so that no stray parenthesis can undo the anchors\n"
    "        return new RegExp(\"^(?:\" + pattern + \")$\");\n"
    "    }\n"
    "\n"
    "    function compiled_plain(grant) {\n"
    "        if (grant.instances !== undefined)\n"
    "            throw new Error(\"only a template has instances: \" + grant.unit);\n"
    "        return { unit: grant.unit, verbs: grant.verbs };\n"
    "    }\n"
    "\n"
    "    function compiled(grant) {\n"
    "        var prefix = grant.unit.slice(0, -SUFFIX.length);\n"
    "        if (grant.unit !== prefix + SUFFIX || !PREFIX.test(prefix))\n"
    "            throw new Error(\"not a unit and not a template: \" + grant.unit);\n"
    "        if (!Array.isArray(grant.verbs))\n"
    "            throw new Error(\"verbs must be a list: \" + grant.unit);\n"
    "        if (prefix.slice(-1) !== \"@\")\n"
    "            return compiled_plain(grant);\n"
    "        if (!Array.isArray(grant.instances))\n"
    "            throw new Error(\"instances must be a list: \" + grant.unit);\n"
    "        return { prefix: prefix, instances: grant.instances.map(anchored), verbs: grant.verbs };\n"
    "    }\n"
    "\n"
    "    function covers(grant, unit, verb) {\n"
    "        if (grant.unit !== undefined)\n"
    "            return unit === grant.unit && grant.verbs.indexOf(verb) >= 0;\n"
    "        if (unit.slice(0, grant.prefix.length) !== grant.prefix)\n"
    "            return false;\n"
    "        if (unit.slice(-SUFFIX.length) !== SUFFIX)\n"
    "            return false;\n"
    "        var instance = unit.slice(grant.prefix.length, -SUFFIX.length);\n"
    "        if (!INSTANCE.test(instance) || grant.verbs.indexOf(verb) < 0)\n"
    "            return false;\n"
    "        return grant.instances.some(function (pattern) {\n"
    "            return pattern.test(instance);\n"
    "        });\n"
    "    }\n"
    "\n"
    "    // Undefined: this polkitd does not know services at all.\n"
    "    function is_broker(subject) {\n"
    "        return subject.system_unit === undefined || subject.system_unit === UNIT;\n"
    "    }\n"
    "\n"
    "    function permitted(action, subject) {\n"
    "        if (action.id !== ACTION || !is_broker(subject))\n"
    "            return false;\n"
    "        var unit = action.lookup(\"unit\"), verb = action.lookup(\"verb\");\n"
    "        if (typeof unit !== \"string\" || unit.length > NAME_MAX || VERBS.indexOf(verb) < 0)\n"
    "            return false;\n"
    "        return grants.some(function (grant) {\n"
    "            return covers(grant, unit, verb);\n"
    "        });\n"
    "    }\n"
    "\n"
    "    // A table that is broken grants nothing at all, and says so.\n"
    "    var grants = [];\n"
    "    try {\n"
    "        grants = GRANTS.map(compiled);\n"
    "    } catch (error) {\n"
    "        polkit.log(\"50-restarter.rules grants nothing: \" + error);\n"
    "    }\n"
    "\n"
    "    // For our user the answer is yes or no to every question, so that no later rule gives it more.\n"
    "    // For anybody else there is no answer.\n"
    "    polkit.addRule(function (action, subject) {\n"
    "        if (subject.user !== USER)\n"
    "            return polkit.Result.NOT_HANDLED;\n"
    "        try {\n"
    "            return permitted(action, subject) ? polkit.Result.YES : polkit.Result.NO;\n"
    "        } catch (error) {\n"
    "            return polkit.Result.NO;\n"
    "        }\n"
    "    });\n"
    "})();\n";
// clang-format on

/* `, "word"`, without the comma for the first. */
static void render_word(const char *word, bool first, FILE *out)
{
    fprintf(out, "%s\"%s\"", first ? "" : ", ", word);
}

static void render_instances(const struct grant *grant, FILE *out)
{
    fputs("            instances: [", out);
    for (size_t i = 0; i < grant->n_patterns; i++)
        render_word(grant->pattern_texts[i], i == 0, out);
    fputs("],\n", out);
}

static void render_grant(const struct grant *grant, FILE *out)
{
    bool first = true;

    fprintf(out, "        {\n            unit: \"%s\",\n", grant->unit);
    if (!grant_is_plain(grant))
        render_instances(grant, out);
    fputs("            verbs: [", out);
    for (unsigned verb = 1; verb & VERB_ALL; verb <<= 1)
        if (grant->verbs & verb) {
            render_word(verb_to_string(verb), first, out);
            first = false;
        }
    fputs("]\n        }", out);
}

int rule_render(const struct policy *policy, FILE *out)
{
    const char *between = "";

    fputs(head, out);
    for (size_t i = 0; i < policy->n_grants; i++) {
        if (policy->grants[i].verbs == 0)
            continue;
        fputs(between, out);
        render_grant(&policy->grants[i], out);
        between = ",\n";
    }
    fputs(*between ? "\n" : "", out);
    fputs(tail, out);

    return fflush(out) == EOF || ferror(out) ? -EIO : 0;
}
