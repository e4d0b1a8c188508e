/* A pattern as a tree, read by recursive descent. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/pattern-limits.h"

/* A set of ASCII characters. */
struct charset {
    uint64_t bits[2];
};

static inline bool charset_has(const struct charset *set, char c)
{
    return (unsigned char)c < 128 && (set->bits[(unsigned char)c / 64] >> (unsigned char)c % 64 & 1) != 0;
}

static inline void charset_add(struct charset *set, char c)
{
    if ((unsigned char)c < 128)
        set->bits[(unsigned char)c / 64] |= UINT64_C(1) << (unsigned char)c % 64;
}

static inline void charset_merge(struct charset *set, const struct charset *other)
{
    set->bits[0] |= other->bits[0];
    set->bits[1] |= other->bits[1];
}

static inline bool charset_overlaps(const struct charset *a, const struct charset *b)
{
    return (a->bits[0] & b->bits[0]) != 0 || (a->bits[1] & b->bits[1]) != 0;
}

enum node_kind {
    NODE_SET,       /* one character out of a set: a literal, a class or the dot */
    NODE_CONCAT,    /* children one after the other; at least one */
    NODE_ALTERNATE, /* one of the children; at least one */
    NODE_REPEAT,    /* its one child, min to max times; the child never matches the empty string */
};

#define REPEAT_UNBOUNDED (PATTERN_BOUND_MAX + 1U)

struct node {
    enum node_kind kind;
    struct charset set;
    unsigned min, max;
    struct node *child; /* the first one */
    struct node *next;  /* the next child of the same parent */
    size_t offset;      /* where in the text it begins, for errors */
};

struct tree {
    const struct node *root;
    struct node
        nodes[4 * PATTERN_LENGTH_MAX + 8]; /* every character adds at most a branch, a piece and a repeat */
    size_t n_nodes;
};

/* 0 or PATTERN_E_INVALID. Only the form is checked. */
int tree_read(const char *text, struct tree *ret, struct pattern_error *ret_error);

/* Can the node match the empty string? */
bool node_nullable(const struct node *node);
