/* What matching a pattern may cost. Our own matcher is an automaton, whose size is that of the pattern with
 * its repeats written out; polkitd's engine backtracks, and a careless pattern lets a name that almost
 * matches keep polkitd busy for everybody. Both are bounded here, over the tree, for every name at once. */
#include "policy/pattern-cost.h"

#include <stdint.h>
#include <stdio.h>

#define STEPS_CEILING (UINT64_C(4) * PATTERN_STEPS_MAX)

/* What backtracking into a node can come to, for any name and any place in it. */
struct cost {
    uint64_t ways;  /* how often what stands behind it is tried anew */
    uint64_t steps; /* how many characters are looked at inside of it */
};

/* What stands behind a node. */
struct follow {
    struct charset set; /* the characters it can begin with */
    uint64_t dead; /* how many characters or classes are tried before it is clear that it begins with none */
};

static struct cost cost_of(const struct node *node, const struct follow *follow);

/* Small enough that two of them can be multiplied. */
static uint64_t saturate(uint64_t value)
{
    return value < STEPS_CEILING ? value : STEPS_CEILING;
}

/* Adds what a node can begin with to what can follow. */
static void add_first(const struct node *node, struct follow *follow)
{
    if (node->kind == NODE_SET) {
        charset_merge(&follow->set, &node->set);
        follow->dead++;
        return;
    }
    for (const struct node *child = node->child; child; child = child->next) {
        add_first(child, follow);
        if (node->kind == NODE_CONCAT && !node_nullable(child))
            break;
    }
}

static struct follow first_of(const struct node *node)
{
    struct follow first = { .dead = 0 };

    add_first(node, &first);
    return first;
}

static void follow_merge(struct follow *follow, const struct follow *other)
{
    charset_merge(&follow->set, &other->set);
    follow->dead += other->dead;
}

/* What a run of siblings can begin with, given what can follow the last of them. */
static struct follow first_of_siblings(const struct node *node, const struct follow *behind)
{
    struct follow follow = { .dead = 0 };

    for (; node; node = node->next) {
        add_first(node, &follow);
        if (!node_nullable(node))
            return follow;
    }
    follow_merge(&follow, behind);
    return follow;
}

unsigned node_copies(const struct node *node)
{
    if (node->max != REPEAT_UNBOUNDED)
        return node->max;
    return node->min > 0 ? node->min : 1;
}

unsigned node_size(const struct node *node)
{
    uint64_t size = node->kind == NODE_SET ? 1 : 0;
    unsigned times = node->kind == NODE_REPEAT ? node_copies(node) : 1;

    for (const struct node *child = node->child; child; child = child->next)
        size += (uint64_t)times * node_size(child);
    return size <= PATTERN_SIZE_MAX ? (unsigned)size : PATTERN_SIZE_MAX + 1U;
}

static struct cost cost_of_concat(const struct node *node, const struct follow *follow)
{
    struct cost sum = { .ways = 1 };

    for (const struct node *child = node->child; child; child = child->next) {
        struct follow next = first_of_siblings(child->next, follow);
        struct cost cost = cost_of(child, &next);

        sum.steps = saturate(sum.steps + sum.ways * cost.steps);
        sum.ways = saturate(sum.ways * cost.ways);
    }
    return sum;
}

/* Alternatives that begin with different characters never get into each other's way: only one of them leads
 * on. */
static struct cost cost_of_alternation(const struct node *node, const struct follow *follow)
{
    struct charset seen = { 0 };
    struct cost sum = { 0 };
    uint64_t most = 0;
    bool disjoint = true;

    for (const struct node *child = node->child; child; child = child->next) {
        struct cost cost = cost_of(child, follow);
        struct follow first = first_of(child);

        if (node_nullable(child)) {
            follow_merge(&first, follow);
            cost.steps += follow->dead;
        }
        disjoint = disjoint && !charset_overlaps(&seen, &first.set);
        charset_merge(&seen, &first.set);
        most = cost.ways > most ? cost.ways : most;
        sum.ways = saturate(sum.ways + cost.ways);
        sum.steps = saturate(sum.steps + cost.steps);
    }
    if (disjoint)
        sum.ways = most;
    return sum;
}

/* A repeat whose end can be told by the next character is left in one way only; otherwise after each round.
 */
static struct cost cost_of_repeat(const struct node *node, const struct follow *follow)
{
    unsigned max = node->max == REPEAT_UNBOUNDED ? PATTERN_INSTANCE_MAX : node->max;
    struct follow first = first_of(node->child), next = *follow;
    struct cost sum = { 0 }, body;
    uint64_t rounds = 1; /* ways to get through that many rounds */

    if (max > 1)
        follow_merge(&next, &first);
    body = cost_of(node->child, &next);

    for (unsigned i = 0; i <= max; i++) {
        if (i >= node->min) {
            sum.ways = saturate(sum.ways + rounds);
            sum.steps = saturate(sum.steps + rounds * follow->dead);
        }
        sum.steps = saturate(sum.steps + rounds * body.steps);
        rounds = saturate(rounds * body.ways);
    }
    if (body.ways == 1 && !charset_overlaps(&first.set, &follow->set))
        sum.ways = 1;
    return sum;
}

static struct cost cost_of(const struct node *node, const struct follow *follow)
{
    switch (node->kind) {
    case NODE_CONCAT:
        return cost_of_concat(node, follow);
    case NODE_ALTERNATE:
        return cost_of_alternation(node, follow);
    case NODE_REPEAT:
        return cost_of_repeat(node, follow);
    case NODE_SET:
        break;
    }
    return (struct cost){ .ways = 1, .steps = 1 };
}

unsigned tree_steps(const struct tree *tree)
{
    static const struct follow nothing;

    return (unsigned)cost_of(tree->root, &nothing).steps;
}

int tree_check(const struct tree *tree, struct pattern_error *ret_error)
{
    ret_error->offset = 0;
    if (node_size(tree->root) > PATTERN_SIZE_MAX) {
        snprintf(ret_error->message, sizeof(ret_error->message),
                 "too large: with its repeats written out it has more than %d characters", PATTERN_SIZE_MAX);
        return PATTERN_E_INVALID;
    }
    if (tree_steps(tree) > PATTERN_STEPS_MAX) {
        snprintf(ret_error->message, sizeof(ret_error->message),
                 "too ambiguous: a name that almost matches could keep polkitd busy; use bounds {n,m} or "
                 "fewer repeats");
        return PATTERN_E_INVALID;
    }
    return 0;
}
