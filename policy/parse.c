/* The sections of the policy file, and what each must have. */
#include "policy/parse.h"

#include <errno.h>
#include <string.h>

#include "common/key-file.h"
#include "policy/keys.h"

struct parser {
    struct policy *policy;
    struct policy_error *error;
    const char *file;
    unsigned line;       /* that is being read */
    struct grant *grant; /* the [Grant] we are in, or NULL */
    bool in_policy;      /* in a [Policy], which begins in `section_line` */
    unsigned section_line;
    unsigned keys; /* that the section had so far */
    unsigned instances_line, default_line;
};

static int fail_missing(const struct parser *parser, unsigned key)
{
    return policy_fail(parser->error, parser->file, parser->grant->line,
                       "this [Grant] has no %s=", key_to_string(key));
}

/* A template says of which instances. */
static int check_template(const struct parser *parser, const struct grant *grant)
{
    if (!grant_is_plain(grant))
        return 0;
    return policy_fail(
        parser->error, parser->file, grant->line,
        "this [Grant] has no Instances=, to say which instances of the template %s it is about", grant->unit);
}

/* One unit has none to say. */
static int check_plain(const struct parser *parser, const struct grant *grant)
{
    if (!grant_is_plain(grant))
        return policy_fail(
            parser->error, parser->file, parser->instances_line,
            "Unit=%s is one unit and has no instances: take Instances= away, or name a template, "
            "which has an '@' right before .service",
            grant->unit);
    if (grant->is_default)
        return policy_fail(
            parser->error, parser->file, parser->default_line,
            "Default=yes is for templates: an id alone means an instance, and Unit=%s has none", grant->unit);
    return 0;
}

static int end_policy(struct parser *parser)
{
    parser->in_policy = false;
    if (parser->keys & KEYS_POLICY)
        return 0;
    return policy_fail(parser->error, parser->file, parser->section_line,
                       "this [Policy] has none of Admins=, AdminGroups= and Fronts=");
}

/* The section that ends here must be whole. */
static int end_section(struct parser *parser)
{
    const struct grant *grant = parser->grant;
    int r;

    if (parser->in_policy)
        return end_policy(parser);
    if (!grant)
        return 0;
    if (!(parser->keys & KEY_UNIT))
        return fail_missing(parser, KEY_UNIT);
    r = strchr(grant->unit, '@') ? check_template(parser, grant) : check_plain(parser, grant);
    if (r)
        return r;
    if (!(parser->keys & KEY_VERBS))
        return fail_missing(parser, KEY_VERBS);
    parser->grant = NULL;
    return policy_check_last(parser->policy, parser->error);
}

static int begin_grant(struct parser *parser)
{
    struct policy *policy = parser->policy;

    if (policy->n_grants == POLICY_GRANTS_MAX)
        return policy_fail(parser->error, parser->file, parser->line, "there are more than %d grants",
                           POLICY_GRANTS_MAX);
    parser->grant = &policy->grants[policy->n_grants++];
    parser->grant->settle_usec = POLICY_SETTLE_BY_TYPE;
    parser->grant->confirm = true;
    parser->grant->line = parser->line;
    parser->grant->file = strdup(parser->file);
    return parser->grant->file ? 0 : -ENOMEM;
}

static int begin_section(const char *line, unsigned number, void *userdata)
{
    struct parser *parser = userdata;
    int r = end_section(parser);

    if (r)
        return r;
    parser->line = number;
    parser->keys = 0;
    parser->section_line = parser->line;
    parser->in_policy = strcmp(line, "[Policy]") == 0;
    if (parser->in_policy)
        return 0;
    if (strcmp(line, "[Grant]") == 0)
        return begin_grant(parser);
    return policy_fail(parser->error, parser->file, parser->line,
                       "unknown section %s; there are only [Grant] and [Policy]", line);
}

static int fail_key(const struct parser *parser, const char *name)
{
    if (!parser->grant && !parser->in_policy)
        return policy_fail(parser->error, parser->file, parser->line, "%s= stands before the first [Grant]",
                           name);
    if (key_from_string(name))
        return policy_fail(parser->error, parser->file, parser->line, "%s= belongs into a section [%s]", name,
                           parser->in_policy ? "Grant" : "Policy");
    return policy_fail(parser->error, parser->file, parser->line,
                       parser->in_policy ? "unknown key %s=; there are Admins=, AdminGroups= and Fronts="
                                         : "unknown key %s=; there are Unit=, Instances=, Verbs=, Users=, "
                                           "Groups=, StartStopped=, Default=, Cooldown=, Settle=, "
                                           "Reason=, Logs= and Confirm=",
                       name);
}

static int keep_key(struct parser *parser, unsigned key, const char *value)
{
    if (parser->in_policy)
        return policy_set(parser->policy, parser->file, key, value, parser->line, parser->error);
    if (key == KEY_INSTANCES)
        parser->instances_line = parser->line;
    if (key == KEY_DEFAULT)
        parser->default_line = parser->line;
    return grant_set(parser->grant, key, value, parser->line, parser->error);
}

static int set_key(const char *name, const char *value, unsigned number, void *userdata)
{
    struct parser *parser = userdata;
    unsigned key = key_from_string(name);

    parser->line = number;
    if ((!parser->grant && !parser->in_policy) || !key || parser->in_policy != !!(key & KEYS_POLICY))
        return fail_key(parser, name);
    if (parser->keys & key)
        return policy_fail(parser->error, parser->file, parser->line, "%s= is given twice in one [%s]", name,
                           parser->in_policy ? "Policy" : "Grant");
    if (!*value)
        return policy_fail(parser->error, parser->file, parser->line, "%s= is empty", name);

    parser->keys |= key;
    return keep_key(parser, key, value);
}

static int refuse_line(unsigned number, const char *why, void *userdata)
{
    const struct parser *parser = userdata;

    return policy_fail(parser->error, parser->file, number, "%s", why);
}

int policy_parse(struct policy *policy, const char *file, const char *text, size_t size,
                 struct policy_error *error)
{
    static const struct key_file FILE_OF_GRANTS = {
        .sections = "[Grant], [Policy]",
        .too_long = "use more patterns in another [Grant]",
        .section = begin_section,
        .key = set_key,
        .refuse = refuse_line,
    };
    struct parser parser = { .policy = policy, .error = error, .file = file };
    int r = key_file_read(&FILE_OF_GRANTS, text, size, &parser);

    return r != 0 ? r : end_section(&parser);
}
