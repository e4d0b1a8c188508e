/* Reads a pattern into a tree (recursive descent over the grammar in pattern.h). Whatever POSIX and
 * ECMAScript could read differently, or an admin could mean differently from both, is refused with the place
 * and a sentence. */
#include "policy/pattern-tree.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/unit-name.h"

bool node_nullable(const struct node *node)
{
    switch (node->kind) {
    case NODE_CONCAT:
        for (const struct node *child = node->child; child; child = child->next)
            if (!node_nullable(child))
                return false;
        return true;
    case NODE_ALTERNATE:
        for (const struct node *child = node->child; child; child = child->next)
            if (node_nullable(child))
                return true;
        return false;
    case NODE_REPEAT:
        return node->min == 0;
    case NODE_SET:
        break;
    }
    return false;
}

struct reader {
    const char *text;
    const char *at;
    unsigned depth; /* groups we are in */
    struct tree *tree;
    struct pattern_error *error;
};

static struct node *read_alternation(struct reader *reader);

/* Records the error. Every reader below returns what this returns when something is wrong: nothing. */
__attribute__((format(printf, 3, 4))) static void *fail(const struct reader *reader, const char *at,
                                                        const char *format, ...)
{
    va_list arguments;

    reader->error->offset = (size_t)(at - reader->text);
    va_start(arguments, format);
    vsnprintf(reader->error->message, sizeof(reader->error->message), format, arguments);
    va_end(arguments);
    return NULL;
}

static struct node *add_node(struct reader *reader, enum node_kind kind, const char *at)
{
    struct node *node = &reader->tree->nodes[reader->tree->n_nodes++];

    *node = (struct node){ .kind = kind, .offset = (size_t)(at - reader->text) };
    return node;
}

static bool is_literal(char c)
{
    return unit_instance_valid((const char[]){ c, '\0' });
}

/* A character that could not stand for itself anywhere. */
static void *fail_literal(const struct reader *reader, const char *at)
{
    if (*at == '\\')
        return fail(reader, at, "a backslash is read differently by the two matchers; write a dot as [.]");
    if (*at > ' ' && *at <= '~')
        return fail(reader, at, "'%c' cannot occur in an instance name (A-Z a-z 0-9 : _ . -)", *at);
    return fail(reader, at, "byte 0x%02x cannot occur in an instance name", (unsigned char)*at);
}

/* One that may have been meant to do something here. */
static void *fail_character(const struct reader *reader, const char *at)
{
    switch (*at) {
    case '^':
    case '$':
        return fail(reader, at, "'%c' is not needed: a pattern is always matched whole", *at);
    case '?':
    case '*':
    case '+':
    case '{':
        return fail(reader, at, "nothing stands before '%c' that it could repeat", *at);
    case ']':
    case '}':
        return fail(reader, at, "'%c' without an opening '%c'", *at, *at == ']' ? '[' : '{');
    case ')':
        return fail(reader, at, "')' without an opening '('");
    default:
        return fail_literal(reader, at);
    }
}

static void *fail_class_member(const struct reader *reader, const char *at)
{
    if (*at == '[')
        return fail(reader, at, "'[' inside a class: named classes are not in the common ground");
    if (*at == '^')
        return fail(reader, at, "a negated class; list the characters that are allowed instead");
    return fail_literal(reader, at);
}

/* Ranges stay within one of these runs, whose order no locale and no engine disputes. */
static bool range_valid(char from, char to)
{
    static const char runs[][2] = { { '0', '9' }, { 'A', 'Z' }, { 'a', 'z' } };

    for (size_t i = 0; i < sizeof(runs) / sizeof(*runs); i++)
        if (from >= runs[i][0] && from <= to && to <= runs[i][1])
            return true;
    return false;
}

/* One member of a class, "a" or "a-z", and where the next one begins. A '-' means itself only at either end.
 */
static const char *read_class_member(const struct reader *reader, const char *at, const char *begin,
                                     const char *end, struct charset *set)
{
    if (*at == '-' && at != begin && at + 1 != end)
        return fail(reader, at, "a '-' that means itself stands first or last in its class");
    if (!is_literal(*at))
        return fail_class_member(reader, at);

    if (at + 1 == end || at[1] != '-' || at + 2 == end) {
        charset_add(set, *at);
        return at + 1;
    }

    if (!range_valid(at[0], at[2]))
        return fail(reader, at, "'%c-%c' is not a range upwards within 0-9, A-Z or a-z", at[0],
                    at[2] > ' ' && at[2] <= '~' ? at[2] : '?');
    for (char c = at[0]; c != at[2]; c++)
        charset_add(set, c);
    charset_add(set, at[2]);
    return at + 3;
}

static struct node *read_class(struct reader *reader)
{
    const char *open = reader->at, *begin = open + 1, *at = begin;
    const char *end = strchr(begin, ']');
    struct node *node = add_node(reader, NODE_SET, open);

    if (!end)
        return fail(reader, open, "'[' without a closing ']'");
    if (end == begin)
        return fail(reader, open, "an empty class, or one that begins with ']'");
    if (end - begin >= 2 && *begin == end[-1] && strchr(":.=", *begin))
        return fail(reader, open, "[%c%c] is a named class, which is not in the common ground", *begin,
                    *begin);

    while (at < end) {
        at = read_class_member(reader, at, begin, end, &node->set);
        if (!at)
            return NULL;
    }
    reader->at = end + 1;
    return node;
}

static struct node *read_group(struct reader *reader)
{
    const char *open = reader->at;
    struct node *node;

    if (open[1] == '?')
        return fail(reader, open, "'(?' is not in the common ground; a plain '(' groups");
    if (reader->depth == PATTERN_DEPTH_MAX)
        return fail(reader, open, "groups are nested more than %d deep", PATTERN_DEPTH_MAX);

    reader->at++;
    reader->depth++;
    node = read_alternation(reader);
    if (!node)
        return NULL;
    reader->depth--;

    if (*reader->at != ')')
        return fail(reader, open, "'(' without a closing ')'");
    reader->at++;
    return node;
}

static struct node *read_atom(struct reader *reader)
{
    const char *at = reader->at;
    struct node *node;

    if (*at == '[')
        return read_class(reader);
    if (*at == '(')
        return read_group(reader);
    if (!is_literal(*at)) /* the dot is one, too: it can occur in an instance name */
        return fail_character(reader, at);

    node = add_node(reader, NODE_SET, at);
    for (int c = ' '; c <= '~'; c++)
        if (c == *at || (*at == '.' && is_literal((char)c)))
            charset_add(&node->set, (char)c);
    reader->at++;
    return node;
}

/* A decimal number of one to three digits, and what stands behind it. */
static const char *read_bound(const struct reader *reader, const char *at, unsigned *ret)
{
    size_t n_digits = strspn(at, "0123456789");
    unsigned value = 0;

    if (n_digits == 0)
        return fail(reader, reader->at, "a bound is written {n}, {n,} or {n,m}");
    if (n_digits > 1 && *at == '0')
        return fail(reader, reader->at, "a bound is written without leading zeros");
    for (size_t i = 0; i < n_digits && value <= PATTERN_BOUND_MAX; i++)
        value = value * 10 + (unsigned)(at[i] - '0');
    if (value > PATTERN_BOUND_MAX)
        return fail(reader, reader->at, "a bound is at most %d", PATTERN_BOUND_MAX);

    *ret = value;
    return at + n_digits;
}

/* "{n}", "{n,}" or "{n,m}", and what stands behind it. */
static const char *read_bounds(const struct reader *reader, struct node *repeat)
{
    const char *at = read_bound(reader, reader->at + 1, &repeat->min);

    if (!at)
        return NULL;
    repeat->max = repeat->min;
    if (*at == ',' && at[1] == '}') {
        repeat->max = REPEAT_UNBOUNDED;
        at++;
    } else if (*at == ',')
        at = read_bound(reader, at + 1, &repeat->max);
    if (!at)
        return NULL;
    if (*at != '}')
        return fail(reader, reader->at, "a bound is written {n}, {n,} or {n,m}");
    if (repeat->max == 0 || repeat->max < repeat->min)
        return fail(reader, reader->at, "a bound {n,m} that no number of repeats satisfies");
    return at + 1;
}

static bool has_unbounded(const struct node *node)
{
    if (node->kind == NODE_REPEAT && node->max == REPEAT_UNBOUNDED)
        return true;
    for (const struct node *child = node->child; child; child = child->next)
        if (has_unbounded(child))
            return true;
    return false;
}

static struct node *read_repeat(struct reader *reader, struct node *atom)
{
    const char *at = reader->at, *behind = at + 1;
    struct node *repeat = add_node(reader, NODE_REPEAT, at);

    repeat->child = atom;
    repeat->min = *at == '+' ? 1 : 0;
    repeat->max = *at == '?' ? 1 : REPEAT_UNBOUNDED;
    if (*at == '{')
        behind = read_bounds(reader, repeat);
    if (!behind)
        return NULL;

    if (*behind && strchr("?*+{", *behind))
        return fail(reader, behind, "'%c' right after a repeat is read differently by the two matchers",
                    *behind);
    if (node_nullable(atom))
        return fail(reader, at, "'%c' repeats something that can be empty", *at);
    if (repeat->max == REPEAT_UNBOUNDED && has_unbounded(atom))
        return fail(reader, at,
                    "'%c' repeats a repeat without an upper bound; give one of them a bound {n,m}", *at);
    reader->at = behind;
    return repeat;
}

static struct node *read_piece(struct reader *reader)
{
    struct node *atom = read_atom(reader);

    return atom && *reader->at && strchr("?*+{", *reader->at) ? read_repeat(reader, atom) : atom;
}

static bool at_end_of_branch(const struct reader *reader)
{
    return *reader->at == '\0' || *reader->at == '|' || (*reader->at == ')' && reader->depth > 0);
}

static struct node *read_branch(struct reader *reader)
{
    struct node *branch = add_node(reader, NODE_CONCAT, reader->at);
    struct node **end = &branch->child;

    if (at_end_of_branch(reader))
        return fail(reader, reader->at, "an empty pattern, group or alternative");

    for (; !at_end_of_branch(reader); end = &(*end)->next) {
        *end = read_piece(reader);
        if (!*end)
            return NULL;
    }
    return branch;
}

static struct node *read_alternation(struct reader *reader)
{
    struct node *alternation = add_node(reader, NODE_ALTERNATE, reader->at);
    struct node **end = &alternation->child;
    bool nullable = false;

    for (;; reader->at++) {
        *end = read_branch(reader);
        if (!*end)
            return NULL;
        if (nullable && node_nullable(*end))
            return fail(reader, reader->text + (*end)->offset, "two alternatives that can both be empty");
        nullable = nullable || node_nullable(*end);
        end = &(*end)->next;
        if (*reader->at != '|')
            return alternation;
    }
}

int tree_read(const char *text, struct tree *ret, struct pattern_error *ret_error)
{
    struct reader reader = { .text = text, .at = text, .tree = ret, .error = ret_error };

    ret->n_nodes = 0;
    if (strnlen(text, PATTERN_LENGTH_MAX + 1) > PATTERN_LENGTH_MAX)
        ret->root = fail(&reader, text, "a pattern has at most %d characters", PATTERN_LENGTH_MAX);
    else
        ret->root = read_alternation(&reader);
    return ret->root ? 0 : PATTERN_E_INVALID;
}
