/* The policy file's text, line by line. libinih splits it into keys and values; but each line passes a screen
 * of our own first, since inih takes much on trust: it cuts long lines and names, joins indented lines to the
 * one before, takes ':' for '=', drops what follows a ';' or a ']', and does not tell repeated sections
 * apart. What the screen lets through leaves it no choice, and so the versions of inih no room to differ. */
#include "policy/parse.h"

#include <errno.h>
#include <ini.h>
#include <string.h>

#include "policy/keys.h"

#define WHITESPACE " \t"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

struct parser {
    struct policy *policy;
    struct policy_error *error;
    const char *file;
    const char *next, *end; /* the text that is still to be read */
    unsigned line;          /* number of the line in inih's hands */
    struct grant *grant;    /* the [Grant] we are in, or NULL */
    bool in_policy;         /* in a [Policy], which begins in `section_line` */
    unsigned section_line;
    unsigned keys; /* that the section had so far */
    unsigned instances_line, default_line;
    int r; /* first thing that went wrong, or 0 */
};

static int fail_byte(const struct parser *parser, unsigned char byte)
{
    if (byte == 0)
        return policy_fail(parser->error, parser->file, parser->line,
                           "has a NUL byte: this is not a text file");
    if (byte == '\r')
        return policy_fail(parser->error, parser->file, parser->line,
                           "has a carriage return: lines must end the Unix way");
    if (byte > 0x7e && parser->line == 1)
        return policy_fail(parser->error, parser->file, parser->line,
                           "has byte 0x%02x, maybe a byte order mark; only ASCII is allowed", byte);
    return policy_fail(parser->error, parser->file, parser->line, "has byte 0x%02x; only ASCII is allowed",
                       byte);
}

static int screen_bytes(const struct parser *parser, const char *line, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((line[i] < ' ' && line[i] != '\t') || line[i] > '~')
            return fail_byte(parser, (unsigned char)line[i]);
    return 0;
}

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
                       "this [Policy] has neither Admins= nor AdminGroups=");
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
    parser->grant->line = parser->line;
    parser->grant->file = strdup(parser->file);
    return parser->grant->file ? 0 : -ENOMEM;
}

static int begin_section(struct parser *parser, const char *line)
{
    int r = end_section(parser);

    if (r)
        return r;
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

/* A line that is neither blank nor a comment. */
static int screen_line(struct parser *parser, const char *line)
{
    size_t key_length = strspn(line, LETTERS);

    if (strpbrk(line, ";#"))
        return policy_fail(parser->error, parser->file, parser->line,
                           "a comment stands on a line of its own");
    if (line[0] == '[')
        return begin_section(parser, line);
    if (key_length == 0 || line[key_length + strspn(line + key_length, WHITESPACE)] != '=')
        return policy_fail(parser->error, parser->file, parser->line,
                           "is not Key=value, [Grant], [Policy], or a comment that begins with '#' or ';'");
    return 0;
}

/* Takes the next line off the text: without its newline and the white space around it. */
static const char *next_line(struct parser *parser, size_t *ret_length)
{
    const char *line = parser->next;
    const char *newline = memchr(line, '\n', (size_t)(parser->end - line));
    const char *end = newline ? newline : parser->end;

    parser->next = newline ? newline + 1 : parser->end;
    parser->line++;
    parser->r = screen_bytes(parser, line, (size_t)(end - line));

    while (line < end && strchr(WHITESPACE, *line))
        line++;
    while (line < end && strchr(WHITESPACE, end[-1]))
        end--;
    *ret_length = (size_t)(end - line);
    return line;
}

/* inih asks for the next line. Comments reach it as blank lines, so that it can still count. */
static char *read_line(char *buffer, int buffer_size, void *userdata)
{
    struct parser *parser = userdata;
    const char *line;
    size_t length;

    if (parser->r || parser->next == parser->end)
        return NULL;
    line = next_line(parser, &length);
    if (parser->r)
        return NULL;
    if (length == 0 || *line == '#' || *line == ';')
        length = 0;
    if (length > POLICY_LINE_MAX || length + 3 > (size_t)buffer_size) {
        parser->r = policy_fail(parser->error, parser->file, parser->line,
                                "is longer than %d characters; use more patterns in another [Grant]",
                                POLICY_LINE_MAX);
        return NULL;
    }

    memcpy(buffer, line, length);
    buffer[length] = '\0';
    if (length > 0)
        parser->r = screen_line(parser, buffer);
    if (parser->r)
        return NULL;
    memcpy(buffer + length, "\n", 2);
    return buffer;
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
                       parser->in_policy ? "unknown key %s=; there are Admins= and AdminGroups="
                                         : "unknown key %s=; there are Unit=, Instances=, Verbs=, Users=, "
                                           "Groups=, StartStopped=, Default=, Cooldown= and Settle=",
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

static int set_key(struct parser *parser, const char *name, const char *value)
{
    unsigned key = key_from_string(name);

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

/* inih hands over what it read. A build of it may announce sections, too, with no name. */
static int take_value(void *userdata, _unused_ const char *section, const char *name, const char *value)
{
    struct parser *parser = userdata;

    if (name && !parser->r)
        parser->r = set_key(parser, name, value ? value : "");
    return parser->r == 0;
}

int policy_parse(struct policy *policy, const char *file, const char *text, size_t size,
                 struct policy_error *error)
{
    struct parser parser = {
        .policy = policy,
        .error = error,
        .file = file,
        .next = text,
        .end = text + size,
    };
    int r;

    r = ini_parse_stream(read_line, &parser, take_value, &parser);
    if (parser.r)
        return parser.r;
    if (r == -2)
        return -ENOMEM;
    if (r != 0) /* the screen lets nothing through that could make inih say so */
        return policy_fail(error, file, parser.line, "is not understood");
    return end_section(&parser);
}
