/* The instances the broker tells of (restarter.list), as the page shows them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <xmlrpc-c/base.h>

struct instance {
    char *unit, *description, *load_state, *active_state, *sub_state;
    bool enabled;
};

struct listing {
    bool policy_ok;
    char *policy_error;   /* "" when policy_ok */
    bool policy_in_force; /* though it is not ok: the last good one is */
    bool truncated;       /* the broker knows more than it tells */
    struct instance *items;
    size_t n;
};

enum {
    LISTING_E_SHAPE = 1, /* the value is not what restarter.list promises */
    LISTING_MAX = 1000,  /* more than the broker sends; the rest is left out, and truncated says so */
};

/* 0, LISTING_E_SHAPE or -ENOMEM; on 0 the caller frees what is inside with listing_done(). */
int listing_read(xmlrpc_value *value, struct listing *ret);
void listing_done(struct listing *listing);
