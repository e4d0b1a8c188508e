/* The units there are, as far as the policy covers them, kept: read from systemd once, and then kept true by
 * what it tells of their changes. What may have been missed makes it doubtful, and it is read again for
 * whoever asks after that. While changes are not heard at all, it is good for a moment at most. */
#pragma once

#include <stdint.h>

#include "broker/systemd/bus-fault.h"
#include "broker/table/instance.h"

struct policy_in_force;
struct systemd;
struct table;

enum {
    TABLE_KEEP_MSEC =
        250, /* while changes are not heard: for as long as it took to read, and so long at most */
    /* Files that somebody put there without a word to systemd are seen after so long at the latest. */
    TABLE_FILES_MSEC = 10 * 1000,
};

/* None may ask the table for anything from within but `changed`, which is told of what others told. */
struct table_callbacks {
    /* table_read() came to its end: read, or a fault, with `text` as in struct systemd_answer. */
    void (*was_read)(enum bus_fault fault, const char *text, void *userdata);
    /* table_ask() did. */
    void (*asked)(void *userdata);
    /* Something is another way than it was told, or may be. */
    void (*changed)(void *userdata);
    void *userdata;
};

/* Both handles are borrowed. */
int table_new(struct systemd *systemd, const struct policy_in_force *policy,
              const struct table_callbacks *callbacks, struct table **ret);
/* Takes NULL. Returns NULL. */
struct table *table_free(struct table *table);

/* How old a table somebody may be told from who asks now: good for table_serves(). */
uint64_t table_since(struct table *table);
/* Whether it is as new as that. */
bool table_serves(const struct table *table, uint64_t since);
/* Whatever was told until now is in it, and so will be what is told from now on. */
bool table_is_followed(const struct table *table);
/* It is being read, or systemd is being asked about what is in it. */
bool table_is_busy(const struct table *table);

/* Must not be busy. The callback comes once, perhaps at once. */
void table_read(struct table *table);
/* What is there, settled. What is wanted of it may be marked; see instance.h. Valid until it is read anew. */
struct instances *table_instances(struct table *table);
/* Another number than before: the rows are others, or stand elsewhere. */
uint64_t table_shape(const struct table *table);
/* Asks for what is wanted and not known. Must not be busy. The callback comes once, perhaps at once. */
void table_ask(struct table *table);

/* The policy is another one: nothing of it is good any more. */
void table_forget(struct table *table);
/* Gives up on what is under way. */
void table_stop(struct table *table);
