/* Names made out of the tree of a pattern, and small changes to them. */
#include "polkit/ask/sample.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "policy/pattern-tree.h"

enum {
    CHANGED_SIZE =
        UNIT_NAME_SIZE + 16, /* a changed name may be longer than any unit's, and is left out then */
    MORE_REPEATS = 3,        /* beyond the least, where a repeat has no end or a far one */
};

struct sample {
    char *text;
    size_t length;
    unsigned variant;
    uint32_t noise; /* for the mixtures: a generator whose quality does not matter */
};

static uint32_t next_noise(struct sample *sample)
{
    sample->noise = sample->noise * 1664525 + 1013904223;
    return sample->noise >> 8;
}

/* One of 0 to n - 1; 0 for nothing to choose from. */
static unsigned choose(struct sample *sample, unsigned n)
{
    if (n == 0)
        return 0;
    return sample->variant == 0 ? 0 : sample->variant == 1 ? n - 1 : next_noise(sample) % n;
}

static void add_member(struct sample *sample, const struct charset *set)
{
    char members[128];
    unsigned n = 0;

    for (char c = ' ' + 1; c < 0x7f; c++)
        if (charset_has(set, c) && unit_instance_valid((const char[]){ c, '\0' }))
            members[n++] = c;
    if (n > 0 && sample->length + 1 < UNIT_NAME_SIZE)
        sample->text[sample->length++] = members[choose(sample, n)];
    sample->text[sample->length] = '\0';
}

static void add_match(struct sample *sample, const struct node *node);

static void add_alternative(struct sample *sample, const struct node *node)
{
    const struct node *child;
    unsigned n = 0;

    for (child = node->child; child; child = child->next)
        n++;
    n = choose(sample, n);
    for (child = node->child; child && n > 0; child = child->next)
        n--;
    add_match(sample, child);
}

static void add_repeats(struct sample *sample, const struct node *node)
{
    unsigned more = node->max - node->min < MORE_REPEATS ? node->max - node->min : MORE_REPEATS;
    unsigned times = node->min + choose(sample, more + 1);

    for (; times > 0 && sample->length + 1 < UNIT_NAME_SIZE; times--)
        add_match(sample, node->child);
}

static void add_match(struct sample *sample, const struct node *node)
{
    if (!node)
        return;
    switch (node->kind) {
    case NODE_SET:
        add_member(sample, &node->set);
        break;
    case NODE_CONCAT:
        for (const struct node *child = node->child; child; child = child->next)
            add_match(sample, child);
        break;
    case NODE_ALTERNATE:
        add_alternative(sample, node);
        break;
    case NODE_REPEAT:
        add_repeats(sample, node);
        break;
    }
}

bool sample_instance(const char *pattern, unsigned variant, char ret[static UNIT_NAME_SIZE])
{
    struct sample sample = { .text = ret, .variant = variant, .noise = variant };
    struct pattern_error error;
    struct tree tree;

    ret[0] = '\0';
    if (tree_read(pattern, &tree, &error) != 0)
        return false;
    add_match(&sample, tree.root);
    return unit_instance_valid(ret);
}

bool sample_covered(const struct policy *policy, const char *unit)
{
    struct unit_name name;
    int r;

    if (unit_name_parse(unit, &name) != 0)
        return false;
    r = policy_match(policy, &name, VERB_RESTART, NULL);
    return r == 0 || r == POLICY_E_NO_VERB;
}

/* What near misses are put together from. */
struct parts {
    const char *prefix, *instance;
    size_t prefix_length, length;
};

/* Of the same kind, and never the same. */
static char other_than(char c)
{
    if (c >= '0' && c <= '9')
        return c == '9' ? '0' : (char)(c + 1);
    return c == 'x' ? 'y' : 'x';
}

static char other_case(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ? (char)(c ^ 0x20) : other_than(c);
}

/* P the prefix, Q without its last character; I the instance, H without its last character, T without its
 * first; O and C another character in place of the instance's last: of the same kind, in the other case. */
static const char *const CHANGES[] = {
    "P@IO.service",        "P@OI.service",     "P@xI.service", "P@Ix.service",
    "P@H.service",         "P@T.service",      "P@HO.service", "P@HC.service",
    "P@Hx.service",        "P@H_.service",     "P@-I.service", "P@I-I.service",
    "P@I\\x0a.service",    "P@I\\x2f.service", "P@.service",   "xP@I.service",
    "Px@I.service",        "P-x@I.service",    "Q@I.service",  "P.service",
    "P@I.socket",          "P@I.timer",        "P@I.mount",    "P@I.target",
    "P@I.service.service", "P@P@I.service",    NULL,
};

/* The same for a plain unit, whose prefix is taken for the instance as well; F its first character in the
 * other case. */
static const char *const PLAIN_CHANGES[] = {
    "I2.service",
    "IO.service",
    "OI.service",
    "xI.service",
    "Ix.service",
    "I-x.service",
    "H.service",
    "HO.service",
    "HC.service",
    "FT.service",
    "T.service",
    "I@.service",
    "I@x.service",
    "I@I.service",
    "@I.service",
    "I.service.service",
    "I.socket",
    "I.timer",
    "I.mount",
    "I.target",
    "I\\x0a.service",
    "I\\x2f.service",
    "-I.service",
    "I_.service",
    "I",
    "I..service",
    NULL,
};

static void add_text(char *ret, const char *text, size_t length)
{
    size_t used = strlen(ret);

    (void)snprintf(ret + used, CHANGED_SIZE - used, "%.*s", (int)length, text);
}

static void add_part(const struct parts *parts, const char *letter, char *ret)
{
    const char last = parts->instance[parts->length - 1], other = other_than(last),
               other_cased = other_case(last), first_cased = other_case(parts->instance[0]);

    switch (*letter) {
    case 'P':
        return add_text(ret, parts->prefix, parts->prefix_length);
    case 'Q':
        return add_text(ret, parts->prefix, parts->prefix_length - 1);
    case 'I':
        return add_text(ret, parts->instance, parts->length);
    case 'H':
        return add_text(ret, parts->instance, parts->length - 1);
    case 'T':
        return add_text(ret, parts->instance + 1, parts->length - 1);
    case 'O':
        return add_text(ret, &other, 1);
    case 'F':
        return add_text(ret, &first_cased, 1);
    case 'C':
        return add_text(ret, &other_cased, 1);
    default:
        add_text(ret, letter, 1);
    }
}

int sample_near_misses(const struct policy *policy, const struct unit_name *name, sample_found found,
                       void *userdata)
{
    bool plain = unit_name_is_plain(name);
    struct parts parts = {
        .prefix = name->unit,
        .prefix_length = strcspn(name->unit, "@"),
        .instance = name->instance,
        .length = strlen(name->instance),
    };
    char changed[CHANGED_SIZE];
    int r;

    if (plain) {
        parts.prefix_length = strlen(name->unit) - strlen(UNIT_NAME_SUFFIX);
        parts.instance = parts.prefix;
        parts.length = parts.prefix_length;
    }
    for (const char *const *change = plain ? PLAIN_CHANGES : CHANGES; *change; change++) {
        changed[0] = '\0';
        for (const char *letter = *change; *letter; letter++)
            add_part(&parts, letter, changed);
        if (strlen(changed) >= UNIT_NAME_SIZE || changed[0] == '@' || sample_covered(policy, changed))
            continue;
        r = found(changed, userdata);
        if (r != 0)
            return r;
    }
    return 0;
}
