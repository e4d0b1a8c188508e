/* The policy as the broker holds it: loaded whole or not at all, then only asked. */
#include "policy/policy.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/pattern.h"

struct policy *policy_new(void)
{
    _cleanup_(policy_freep) struct policy *policy = NULL;

    policy = calloc(1, sizeof(*policy));
    if (!policy)
        return NULL;
    policy->grants = calloc(POLICY_GRANTS_MAX, sizeof(*policy->grants));
    return policy->grants ? TAKE_PTR(policy) : NULL;
}

static void grant_done(struct grant *grant)
{
    for (size_t i = 0; i < grant->n_patterns; i++) {
        pattern_free(grant->patterns[i]);
        free(grant->pattern_texts[i]);
    }
    free(grant->patterns);
    free(grant->pattern_texts);
    free(grant->instances);
    free(grant->unit);
    free(grant->file);
}

void policy_free(struct policy *policy)
{
    if (!policy)
        return;
    for (size_t i = 0; i < policy->n_grants; i++)
        grant_done(&policy->grants[i]);
    free(policy->grants);
    free(policy->source);
    free(policy);
}

static void make_printable(char *text)
{
    for (; *text; text++)
        if (*text < ' ' || *text > '~')
            *text = '?';
}

int policy_fail(struct policy_error *error, const char *file, unsigned line, const char *format, ...)
{
    _cleanup_(freep) char *name = NULL, *message = NULL;
    va_list arguments;
    int r;

    va_start(arguments, format);
    r = vasprintf(&message, format, arguments);
    va_end(arguments);
    if (r < 0) {
        message = NULL;
        return -ENOMEM;
    }
    name = strdup(file);
    if (!name)
        return -ENOMEM;

    make_printable(message);
    make_printable(name);
    *error = (struct policy_error){ .file = TAKE_PTR(name), .line = line, .message = TAKE_PTR(message) };
    return POLICY_E_INVALID;
}

void policy_error_done(struct policy_error *error)
{
    free(error->file);
    free(error->message);
    *error = (struct policy_error){ 0 };
}

char *policy_error_format(const struct policy_error *error)
{
    char *text;
    int r;

    if (error->line > 0)
        r = asprintf(&text, "%s:%u: %s", error->file, error->line, error->message);
    else
        r = asprintf(&text, "%s: %s", error->file, error->message);
    return r < 0 ? NULL : text;
}

static bool grant_covers(const struct grant *grant, const char *instance)
{
    for (size_t i = 0; i < grant->n_patterns; i++)
        if (pattern_match(grant->patterns[i], instance))
            return true;
    return false;
}

/* How near one grant comes: 0 or an outcome. */
static int grant_match(const struct grant *grant, const struct unit_name *name, unsigned verb)
{
    bool plain = grant_is_plain(grant);

    if (strcmp(grant->unit, plain ? name->unit : name->template) != 0)
        return POLICY_E_NO_UNIT;
    if (!plain && !grant_covers(grant, name->instance))
        return POLICY_E_NO_INSTANCE;
    return verb_to_string(verb) && (grant->verbs & verb) ? 0 : POLICY_E_NO_VERB;
}

int policy_match(const struct policy *policy, const struct unit_name *name, unsigned verb,
                 const struct grant **ret_grant)
{
    const struct grant *nearest = NULL;
    int r, outcome = POLICY_E_NO_UNIT;

    for (size_t i = 0; i < policy->n_grants && outcome != 0; i++) {
        r = grant_match(&policy->grants[i], name, verb);
        if (r == 0 || r > outcome) {
            nearest = &policy->grants[i];
            outcome = r;
        }
    }
    if (ret_grant)
        *ret_grant = nearest;
    return outcome;
}

unsigned policy_verbs(const struct policy *policy, const struct unit_name *name)
{
    unsigned verbs = 0;

    for (unsigned verb = 1; verb & VERB_ALL; verb <<= 1)
        if (policy_match(policy, name, verb, NULL) == 0)
            verbs |= verb;
    return verbs;
}

void grant_unit_pattern(const struct grant *grant, char ret[static GRANT_PATTERN_SIZE])
{
    size_t prefix = strlen(grant->unit) - strlen(UNIT_NAME_SUFFIX);

    (void)snprintf(ret, GRANT_PATTERN_SIZE, "%.*s%s%s", (int)prefix, grant->unit,
                   grant_is_plain(grant) ? "" : "*", UNIT_NAME_SUFFIX);
}

const struct grant *policy_default(const struct policy *policy)
{
    const struct grant *first = NULL, *end = policy->grants + policy->n_grants;
    bool several = false;

    for (const struct grant *grant = policy->grants; grant < end; grant++) {
        if (grant->is_default)
            return grant;
        if (grant_is_plain(grant))
            continue;
        first = first ? first : grant;
        several = several || strcmp(grant->unit, first->unit) != 0;
    }
    return several ? NULL : first;
}
