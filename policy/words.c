/* A person under stress reads them: first what became of the unit, then why, then what to do. */
#include "policy/words.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/text.h"
#include "policy/carrier.h"
#include "policy/paths.h"

/* Begins with what did not happen. */
static void __attribute__((format(printf, 2, 3))) say(const struct words *words, const char *format, ...)
{
    int used = snprintf(words->text, words->size, "Nothing was %s: ", verb_done(words->verb));
    va_list ap;

    if (used < 0 || (size_t)used >= words->size)
        return;
    va_start(ap, format);
    /* clang 14's analyzer loses sight of va_start() here.
     * NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized) */
    (void)vsnprintf(words->text + used, words->size - (size_t)used, format, ap);
    va_end(ap);
}

/* Goes on with what is for admins alone: files, lines, and what would open it. */
static void __attribute__((format(printf, 2, 3)))
tell_admins(const struct words *words, const char *format, ...)
{
    size_t used = strlen(words->text);
    va_list ap;

    if (words->admins_from)
        *words->admins_from = (unsigned)used;
    va_start(ap, format);
    /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): as in say() */
    (void)vsnprintf(words->text + used, words->size - used, format, ap);
    va_end(ap);
}

void words_policy_file(const struct words *words, const char *error)
{
    say(words, "the policy file is broken, and nothing is granted until it is mended.");
    tell_admins(words, " %s", error);
}

void words_no_default(const struct words *words, const char *policy_path)
{
    say(words,
        "an id alone does not say which unit is meant. Give the whole name, like example@1234.service or "
        "nginx.service.");
    tell_admins(words, " No grant in %s is marked Default=yes.", policy_path);
}

/* To admins: how near the policy comes. */
static void tell_nearest(const struct words *words, int miss, const struct grant *nearest,
                         const struct unit_name *name, const char *policy_path)
{
    const char *unit = unit_name_is_plain(name) ? name->unit : name->template;

    if (miss == POLICY_E_NO_INSTANCE && nearest)
        tell_admins(
            words,
            " It covers %s only for the instances %.100s, which '%.60s' is not. Instances= at %s:%u would "
            "open it.",
            unit, nearest->instances, name->instance, nearest->file, nearest->line);
    else if (miss == POLICY_E_NO_VERB && nearest)
        tell_admins(words, " It covers %s, but not the verb %s for it. Verbs= at %s:%u would open it.",
                    name->unit, verb_to_string(words->verb), nearest->file, nearest->line);
    else if (miss == POLICY_E_NO_PERSON && nearest)
        tell_admins(words, " It lets others. Users= or Groups= at %s:%u would open it.", nearest->file,
                    nearest->line);
    else
        tell_admins(words, " It grants nothing for %s. A [Grant] section with Unit=%s in %s would open it.",
                    unit, unit, policy_path);
}

/* What there is, and for whom, is nobody's business who may not: to him all of that is one sentence. */
void words_no_grant(const struct words *words, int miss, const struct grant *nearest,
                    const struct unit_name *name, const char *policy_path)
{
    const char *unit = unit_name_is_plain(name) ? name->unit : name->template;
    const struct carrier *carrier = carrier_find(unit);

    if (carrier) {
        say(words, "the policy file grants nothing for %s, and cannot: it %s.", unit, carrier->why);
        return;
    }
    say(words, "the policy file does not let you %s %s.", verb_to_string(words->verb), name->unit);
    tell_nearest(words, miss, nearest, name, policy_path);
}

void words_carrier(const struct words *words, const char *unit, const char *also)
{
    const struct carrier *carrier = carrier_find(also);

    say(words,
        "%s is the same unit as %s, which no policy can grant: it %s. Only an admin can, on the machine "
        "itself.",
        unit, also, carrier ? carrier->why : "carries the restart button");
}

void words_alias(const struct words *words, const char *unit, const char *own_name)
{
    char text[UNIT_NAME_SIZE];

    (void)text_clean(own_name, text, sizeof(text));
    say(words, "%s is only another name of a unit. Ask for it by its own name.", unit);
    tell_admins(words, " That is %s, and the policy file has to cover it.", text);
}

void words_by_dependency(const struct words *words, const char *unit)
{
    say(words,
        "%s is started or stopped for other units only, as RefuseManualStart= or RefuseManualStop= in its "
        "unit file says.",
        unit);
    tell_admins(words, " 'systemctl cat %s' shows them.", unit);
}

void words_load_state(const struct words *words, const char *unit, const char *load_state)
{
    if (strcmp(load_state, "not-found") == 0)
        say(words, "systemd has no unit %s; no unit file for it is installed.", unit);
    else if (strcmp(load_state, "masked") == 0)
        say(words, "%s is masked.", unit);
    else
        say(words, "systemd could not load %s (%s).", unit, load_state);
    if (strcmp(load_state, "masked") == 0)
        tell_admins(words, " 'systemctl unmask' would open it.");
    else if (strcmp(load_state, "not-found") != 0)
        tell_admins(words, " 'systemctl status %s' says why.", unit);
}

void words_stopped(const struct words *words, const char *unit, const char *grant)
{
    say(words, "%s is stopped and not enabled, so a %s would start it. An admin can.", unit,
        verb_to_string(words->verb));
    tell_admins(words, " StartStopped=yes at %s would allow it.", grant);
}

void words_not_running(const struct words *words, const char *unit, const char *active_state)
{
    say(words, "%s does not run (%s), and a reload starts nothing. A restart would.", unit, active_state);
}

void words_no_reload(const struct words *words, const char *unit)
{
    say(words,
        "%s cannot be reloaded; its unit file has no ExecReload=. The verb reload-or-restart restarts such a "
        "unit.",
        unit);
}

void words_bus(const struct words *words)
{
    say(words, "the bus policy does not let the broker's %s pass.", verb_bus_member(words->verb));
    tell_admins(words, " It is in %s.", words->verb == VERB_RESTART ? BUS_PATH : BUS_VERBS_PATH);
}

void words_rule(const struct words *words, const char *unit)
{
    say(words, "the polkit rule does not let user %s %s %s.", RULE_USER, verb_to_string(words->verb), unit);
    tell_admins(words, " The rule is %s, rendered from the policy file.", RULE_PATH);
}
