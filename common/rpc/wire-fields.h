/* Structs of plain members to and from XML-RPC's structs, by tables. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/rpc/rpc.h"

enum wire_type {
    WIRE_STRING, /* const char * */
    WIRE_INT,    /* int */
    WIRE_COUNT,  /* uint64_t, never negative; clamped to what XML-RPC's int can carry */
    WIRE_BOOL,   /* bool */
    WIRE_VERBS,  /* unsigned, flags of common/verb.h: their words, as behind Verbs= in the policy file */
};

enum {
    WIRE_NEEDED = 1, /* it makes no sense without it */
    WIRE_SPARSE = 2, /* left out when it is "" or 0 */
    WIRE_SAID = 4,   /* a string: left out when it is NULL; "" says something */
};

struct wire_field {
    const char *name;
    size_t offset;
    enum wire_type type;
    unsigned flags;
};

/* A row: the member has the name that it has on the wire, and its C type says the rest. */
#define WIRE_FIELD(struct_type, member, flag_bits)                                                             \
    {                                                                                                          \
        .name = #member, .offset = offsetof(struct_type, member), .flags = (flag_bits),                      \
        .type = _Generic(((struct_type *)0)->member, const char *                                            \
                         : WIRE_STRING, int                                                                  \
                         : WIRE_INT, uint64_t                                                                \
                         : WIRE_COUNT, bool \
 : WIRE_BOOL, unsigned \
 : WIRE_VERBS), \
    }

/* Adds the members of `from` to the struct. */
void wire_fields_add(const struct wire_field fields[], size_t n, const void *from, struct rpc_struct *s);

/* Bytes of XML that they take there, with what is around a struct in an array: never less. */
size_t wire_fields_size(const struct wire_field fields[], size_t n, const void *from);

/* Fills the members of `to`, which is all zero. False when one has another type or is missing; `to` may be
 * half full then, and is to be freed as on success. */
bool wire_fields_read(const struct wire_field fields[], size_t n, xmlrpc_value *value, void *to);

/* Frees the strings. */
void wire_fields_free(const struct wire_field fields[], size_t n, void *of);
