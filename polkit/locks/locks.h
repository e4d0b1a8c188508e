/* The six locks between a browser and PID 1, each asked whether it would stop one verb on one unit. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "policy/resolve.h"
#include "polkit/ask/ask.h"
#include "polkit/ask/account.h"

enum { LOCKS = 6, LOCK_TEXT_SIZE = 1024 };

struct lock {
    const char *name;
    bool open;
    bool unknown; /* not open as far as is known, because another lock keeps it from being asked */
    char text[LOCK_TEXT_SIZE]; /* a sentence: why it is shut and what would open it, or what it lets pass */
};

struct question {
    const char *id; /* as it was typed */
    unsigned verb;
    sd_bus *bus;
    struct asker *asker;
    struct account broker;
    const char *policy_path;
    struct person person;         /* who would ask: root for "anybody at all" */
    struct policy *policy;        /* NULL: the file is broken */
    char *policy_error;           /* "FILE:LINE: message" then */
    struct resolution resolution; /* of the id, and its outcome: see policy/resolve.h */
    int resolved;
};

/* Fills in the resolution. */
void question_resolve(struct question *question);

void lock_web_front(const struct question *question, struct lock *lock);
void lock_sockets(const struct question *question, struct lock *lock);
void lock_broker(const struct question *question, struct lock *lock);
void lock_bus_policy(const struct question *question, struct lock *lock);
void lock_rule(const struct question *question, struct lock *lock);
void lock_sandbox(const struct question *question, struct lock *lock);

/* For their parts: writes the sentence and the verdict. */
void lock_set(struct lock *lock, bool open, const char *format, ...) __attribute__((format(printf, 3, 4)));
