/* A checked pattern as an automaton (Glushkov's): one state for each character or class in the pattern with
 * its repeats written out, and the states that can follow it. Matching follows all of them at once, in a set
 * of bits, so its time is bounded and it needs no memory at all. The C library's matcher would not do here:
 * it keeps every set of states that it ever came across, and names that strangers send made it grow to 190
 * MB. The tests hold this matcher against the C library's and against polkitd's engine. */
#include "policy/pattern.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "policy/pattern-cost.h"
#include "policy/pattern-tree.h"

#define WORDS (PATTERN_SIZE_MAX / 64)

/* A set of states. */
struct states {
    uint64_t bits[WORDS];
};

struct state {
    struct charset set;   /* the characters that lead into it */
    struct states follow; /* what can come next */
};

struct pattern {
    unsigned steps;
    unsigned n_states, n_words; /* of the states, and of the part of each set that is used */
    bool nullable;              /* the empty name matches */
    struct states first, last;
    struct state states[];
};

/* What a part of the pattern looks like from outside. */
struct part {
    struct states first, last;
    bool nullable;
};

static struct part build(struct pattern *pattern, const struct node *node);

static void states_merge(struct states *states, const struct states *other)
{
    for (unsigned i = 0; i < WORDS; i++)
        states->bits[i] |= other->bits[i];
}

static void connect(struct pattern *pattern, const struct states *from, const struct states *to)
{
    for (unsigned i = 0; i < pattern->n_states; i++)
        if (from->bits[i / 64] >> i % 64 & 1)
            states_merge(&pattern->states[i].follow, to);
}

/* `next` behind `part`. */
static void append(struct pattern *pattern, struct part *part, const struct part *next)
{
    connect(pattern, &part->last, &next->first);
    if (part->nullable)
        states_merge(&part->first, &next->first);
    if (!next->nullable)
        part->last = (struct states){ 0 };
    states_merge(&part->last, &next->last);
    part->nullable = part->nullable && next->nullable;
}

static struct part build_set(struct pattern *pattern, const struct node *node)
{
    unsigned i = pattern->n_states++;
    struct part part = { 0 };

    pattern->states[i] = (struct state){ .set = node->set };
    part.first.bits[i / 64] |= UINT64_C(1) << i % 64;
    part.last = part.first;
    return part;
}

static struct part build_concat(struct pattern *pattern, const struct node *node)
{
    struct part all = { .nullable = true };

    for (const struct node *child = node->child; child; child = child->next) {
        struct part part = build(pattern, child);

        append(pattern, &all, &part);
    }
    return all;
}

static struct part build_alternation(struct pattern *pattern, const struct node *node)
{
    struct part all = { .nullable = false };

    for (const struct node *child = node->child; child; child = child->next) {
        struct part part = build(pattern, child);

        states_merge(&all.first, &part.first);
        states_merge(&all.last, &part.last);
        all.nullable = all.nullable || part.nullable;
    }
    return all;
}

/* Writes the repeats out: so many that must be, then such that may be; without an upper bound the last one
 * loops. */
static struct part build_repeat(struct pattern *pattern, const struct node *node)
{
    struct part all = { .nullable = true };
    unsigned n_copies = node_copies(node);

    for (unsigned i = 0; i < n_copies; i++) {
        struct part part = build(pattern, node->child);

        if (node->max == REPEAT_UNBOUNDED && i + 1 == n_copies)
            connect(pattern, &part.last, &part.first);
        part.nullable = i >= node->min;
        append(pattern, &all, &part);
    }
    return all;
}

static struct part build(struct pattern *pattern, const struct node *node)
{
    switch (node->kind) {
    case NODE_CONCAT:
        return build_concat(pattern, node);
    case NODE_ALTERNATE:
        return build_alternation(pattern, node);
    case NODE_REPEAT:
        return build_repeat(pattern, node);
    case NODE_SET:
        break;
    }
    return build_set(pattern, node);
}

static struct pattern *compile(const struct tree *tree)
{
    struct pattern *pattern = calloc(1, sizeof(*pattern) + node_size(tree->root) * sizeof(struct state));
    struct part whole;

    if (!pattern)
        return NULL;
    whole = build(pattern, tree->root);
    pattern->first = whole.first;
    pattern->last = whole.last;
    pattern->nullable = whole.nullable;
    pattern->n_words = (pattern->n_states + 63) / 64;
    pattern->steps = tree_steps(tree);
    return pattern;
}

int pattern_new(const char *text, struct pattern **ret, struct pattern_error *ret_error)
{
    _cleanup_(freep) struct tree *tree = NULL;
    struct pattern *pattern;
    int r;

    tree = malloc(sizeof(*tree));
    if (!tree)
        return -ENOMEM;
    r = tree_read(text, tree, ret_error);
    if (r)
        return r;
    r = tree_check(tree, ret_error);
    if (r)
        return r;
    pattern = compile(tree);
    if (!pattern)
        return -ENOMEM;

    *ret = pattern;
    return 0;
}

void pattern_free(struct pattern *pattern)
{
    free(pattern);
}

unsigned pattern_steps(const struct pattern *pattern)
{
    return pattern->steps;
}

/* Follows every state that can come and that the character leads into: *states becomes those, *can_come what
 * can come after them. False when there is none. */
static bool advance(const struct pattern *pattern, char c, struct states *states, struct states *can_come)
{
    struct states from = *can_come;
    bool any = false;

    *states = *can_come = (struct states){ 0 };
    for (unsigned word = 0; word < pattern->n_words; word++)
        for (uint64_t rest = from.bits[word]; rest != 0; rest &= rest - 1) {
            unsigned bit = (unsigned)__builtin_ctzll(rest);
            const struct state *state = &pattern->states[word * 64 + bit];

            if (!charset_has(&state->set, c))
                continue;
            any = true;
            states->bits[word] |= UINT64_C(1) << bit;
            for (unsigned i = 0; i < pattern->n_words; i++)
                can_come->bits[i] |= state->follow.bits[i];
        }
    return any;
}

bool pattern_match(const struct pattern *pattern, const char *instance)
{
    struct states can_come = pattern->first, states = { 0 };

    if (!*instance)
        return pattern->nullable;
    for (; *instance; instance++)
        if (!advance(pattern, *instance, &states, &can_come))
            return false;
    for (unsigned i = 0; i < pattern->n_words; i++)
        if (states.bits[i] & pattern->last.bits[i])
            return true;
    return false;
}
