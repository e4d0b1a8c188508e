/* Reads a pattern into a tree (recursive descent over the grammar in pattern.h). Whatever POSIX and
 * ECMAScript could read differently, or an admin could mean differently from both, is refused with the place
 * and a sentence. */
#include "polkit/pattern-tree.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/unit-name.h"

struct reader {
    const char *text;
    const char *at;
    unsigned depth; /* groups we are in */
    struct tree *tree;
    struct pattern_error *error;
};

static int read_alternation(struct reader *reader, struct node **ret);

__attribute__((format(printf, 3, 4))) static int fail(struct reader *reader, const char *at,
                                                      const char *format, ...)
{
    va_list arguments;

    reader->error->offset = (size_t)(at - reader->text);
    va_start(arguments, format);
    vsnprintf(reader->error->message, sizeof(reader->error->message), format, arguments);
    va_end(arguments);
    return PATTERN_E_INVALID;
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
static int fail_literal(struct reader *reader, const char *at)
{
    if (*at == '\\')
        return fail(reader, at, "a backslash is read differently by the two matchers; write a dot as [.]");
    if (*at > ' ' && *at <= '~')
        return fail(reader, at, "'%c' cannot occur in an instance name (A-Z a-z 0-9 : _ . -)", *at);
    return fail(reader, at, "byte 0x%02x cannot occur in an instance name", (unsigned char)*at);
}

/* One that may have been meant to do something here. */
static int fail_character(struct reader *reader, const char *at)
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

static int fail_class_member(struct reader *reader, const char *at)
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

/* One member of a class: "a" or "a-z". A '-' means itself only at either end. */
static int read_class_member(struct reader *reader, const char *begin, const char *end, struct charset *set)
{
    const char *at = reader->at;

    if (*at == '-' && at != begin && at + 1 != end)
        return fail(reader, at, "a '-' that means itself stands first or last in its class");
    if (!is_literal(*at))
        return fail_class_member(reader, at);
    if (at + 1 == end || at[1] != '-' || at + 2 == end) {
        charset_add(set, *at);
        reader->at = at + 1;
        return 0;
    }

    if (!range_valid(at[0], at[2]))
        return fail(reader, at, "'%c-%c' is not a range upwards within 0-9, A-Z or a-z", at[0],
                    at[2] > ' ' && at[2] <= '~' ? at[2] : '?');
    for (char c = at[0]; c <= at[2]; c++)
        charset_add(set, c);
    reader->at = at + 3;
    return 0;
}

static int read_class(struct reader *reader, struct node **ret)
{
    const char *begin = reader->at + 1;
    const char *end = strchr(begin, ']');
    struct node *node = add_node(reader, NODE_SET, reader->at);
    int r;

    if (!end)
        return fail(reader, reader->at, "'[' without a closing ']'");
    if (end == begin)
        return fail(reader, reader->at, "an empty class, or one that begins with ']'");
    if (end - begin >= 2 && *begin == end[-1] && strchr(":.=", *begin))
        return fail(reader, reader->at, "[%c%c] is a named class, which is not in the common ground", *begin,
                    *begin);

    for (reader->at = begin; reader->at < end;) {
        r = read_class_member(reader, begin, end, &node->set);
        if (r)
            return r;
    }
    reader->at = end + 1;
    *ret = node;
    return 0;
}

static int read_group(struct reader *reader, struct node **ret)
{
    const char *begin = reader->at;
    int r;

    if (begin[1] == '?')
        return fail(reader, begin, "'(?' is not in the common ground; a plain '(' groups");
    if (reader->depth == PATTERN_DEPTH_MAX)
        return fail(reader, begin, "groups are nested more than %d deep", PATTERN_DEPTH_MAX);

    reader->at++;
    reader->depth++;
    r = read_alternation(reader, ret);
    if (r)
        return r;
    reader->depth--;

    if (*reader->at != ')')
        return fail(reader, begin, "'(' without a closing ')'");
    reader->at++;
    return 0;
}

static int read_atom(struct reader *reader, struct node **ret)
{
    const char *at = reader->at;

    if (*at == '[')
        return read_class(reader, ret);
    if (*at == '(')
        return read_group(reader, ret);
    if (!is_literal(*at)) /* the dot is one, too: it can occur in an instance name */
        return fail_character(reader, at);

    *ret = add_node(reader, NODE_SET, at);
    for (char c = ' '; c <= '~'; c++)
        if (c == *at || (*at == '.' && is_literal(c)))
            charset_add(&(*ret)->set, c);
    reader->at++;
    return 0;
}

/* A decimal number of one to three digits. */
static int read_bound(struct reader *reader, const char *open, unsigned *ret)
{
    size_t n_digits = strspn(reader->at, "0123456789");
    unsigned value = 0;

    if (n_digits == 0)
        return fail(reader, open, "a bound is written {n}, {n,} or {n,m}");
    if (n_digits > 1 && *reader->at == '0')
        return fail(reader, open, "a bound is written without leading zeros");
    for (size_t i = 0; i < n_digits && value <= PATTERN_BOUND_MAX; i++)
        value = value * 10 + (unsigned)(reader->at[i] - '0');
    if (value > PATTERN_BOUND_MAX)
        return fail(reader, open, "a bound is at most %d", PATTERN_BOUND_MAX);

    reader->at += n_digits;
    *ret = value;
    return 0;
}

static int read_bounds(struct reader *reader, unsigned *ret_min, unsigned *ret_max)
{
    const char *open = reader->at++;
    int r;

    r = read_bound(reader, open, ret_min);
    if (r)
        return r;

    *ret_max = *ret_min;
    if (*reader->at == ',') {
        reader->at++;
        *ret_max = REPEAT_UNBOUNDED;
        if (*reader->at != '}') {
            r = read_bound(reader, open, ret_max);
            if (r)
                return r;
        }
    }
    if (*reader->at != '}')
        return fail(reader, open, "a bound is written {n}, {n,} or {n,m}");
    if (*ret_max == 0 || *ret_max < *ret_min)
        return fail(reader, open, "a bound {n,m} that no number of repeats satisfies");
    reader->at++;
    return 0;
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

static int read_repeat(struct reader *reader, struct node *atom, struct node **ret)
{
    const char *at = reader->at;
    struct node *repeat = add_node(reader, NODE_REPEAT, at);
    int r;

    repeat->child = atom;
    repeat->min = *at == '+' ? 1 : 0;
    repeat->max = *at == '?' ? 1 : REPEAT_UNBOUNDED;
    if (*at == '{') {
        r = read_bounds(reader, &repeat->min, &repeat->max);
        if (r)
            return r;
    } else
        reader->at++;

    if (*reader->at && strchr("?*+{", *reader->at))
        return fail(reader, reader->at, "'%c' right after a repeat is read differently by the two matchers",
                    *reader->at);
    if (node_nullable(atom))
        return fail(reader, at, "'%c' repeats something that can be empty", *at);
    if (repeat->max == REPEAT_UNBOUNDED && has_unbounded(atom))
        return fail(reader, at,
                    "'%c' repeats a repeat without an upper bound; give one of them a bound {n,m}", *at);
    *ret = repeat;
    return 0;
}

static int read_piece(struct reader *reader, struct node **ret)
{
    struct node *atom;
    int r;

    r = read_atom(reader, &atom);
    if (r)
        return r;
    if (*reader->at && strchr("?*+{", *reader->at))
        return read_repeat(reader, atom, ret);
    *ret = atom;
    return 0;
}

static int read_branch(struct reader *reader, struct node **ret)
{
    struct node *branch = add_node(reader, NODE_CONCAT, reader->at);
    struct node **end = &branch->child;
    int r;

    if (*reader->at == '\0' || *reader->at == '|' || (*reader->at == ')' && reader->depth > 0))
        return fail(reader, reader->at, "an empty pattern, group or alternative");

    while (*reader->at != '\0' && *reader->at != '|' && (*reader->at != ')' || reader->depth == 0)) {
        r = read_piece(reader, end);
        if (r)
            return r;
        end = &(*end)->next;
    }
    *ret = branch;
    return 0;
}

static int read_alternation(struct reader *reader, struct node **ret)
{
    struct node *alternation = add_node(reader, NODE_ALTERNATE, reader->at);
    struct node **end = &alternation->child;
    unsigned n_nullable = 0;
    int r;

    for (;;) {
        r = read_branch(reader, end);
        if (r)
            return r;
        n_nullable += node_nullable(*end);
        if (n_nullable > 1)
            return fail(reader, reader->text + (*end)->offset, "two alternatives that can both be empty");
        end = &(*end)->next;
        if (*reader->at != '|')
            break;
        reader->at++;
    }
    *ret = alternation;
    return 0;
}

int tree_read(const char *text, struct tree *ret, struct pattern_error *ret_error)
{
    struct reader reader = { .text = text, .at = text, .tree = ret, .error = ret_error };
    struct node *root;
    int r;

    ret->n_nodes = 0;
    if (strnlen(text, PATTERN_LENGTH_MAX + 1) > PATTERN_LENGTH_MAX)
        return fail(&reader, text, "a pattern has at most %d characters", PATTERN_LENGTH_MAX);
    r = read_alternation(&reader, &root);
    if (r)
        return r;

    ret->root = root;
    return 0;
}
