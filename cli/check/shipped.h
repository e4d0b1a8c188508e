/* Our units, and what of their settings the locks are made of, as shipped. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* NULL ends each. The daemons are among the units, and among the services, which include those that need not
 * be in use. */
extern const char *const SHIPPED_UNITS[];
extern const char *const SHIPPED_DAEMONS[];
extern const char *const SHIPPED_SERVICES[];

enum shipped_rule {
    SHIPPED_SAME,   /* this very text */
    SHIPPED_EITHER, /* one of several, with '|' between them */
    SHIPPED_WITHIN, /* no other words than these; fewer are fine */
    SHIPPED_HAS,    /* all of these words; more are fine */
    SHIPPED_BEGINS, /* this text, and whatever follows it */
    SHIPPED_PATHS,  /* of all words that are paths, no others than these */
    SHIPPED_FILTER, /* a list of what is allowed, without these */
    SHIPPED_LACKS,  /* no word that begins with this */
};

struct shipped {
    const char *unit;      /* NULL: all services, but those with a row of their own for the key */
    const char *interface; /* "Service", "Socket" */
    const char *key;       /* in unit files, and for the bus */
    enum shipped_rule rule;
    unsigned lock;     /* that is weaker without it */
    const char *value; /* as property_text() has it */
};
extern const struct shipped SHIPPED[];
extern const size_t N_SHIPPED;

/* What `systemd-analyze security --threshold=` is told, in tenths of what it prints: the exposure as shipped.
 */
struct shipped_exposure {
    const char *unit;
    unsigned tenths;
};
extern const struct shipped_exposure SHIPPED_EXPOSURE[];
extern const size_t N_SHIPPED_EXPOSURE;

/* The unit's own row for the key; NULL: it has none. */
const struct shipped *shipped_own(const char *unit, const char *key);

bool shipped_fits(const struct shipped *shipped, const char *text);
