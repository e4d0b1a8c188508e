/* The questions put to the polkitd that runs, as PID 1 puts them when the broker calls it: whether the broker
 * may do that to this unit, and whether another process of its user may. Needs root. Everything here waits
 * for its answers. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-bus.h>

#include "common/cleanup.h"
#include "polkit/ask/subject.h"

/* Every verb that PID 1 names in such a question, of systemd 252 to 257. Of "reset-failed" and the like there
 * is a text that goes with it, for the dialogue nobody will see; rules can look at it. */
struct ask_verb {
    const char *word;
    const char *message;
};
extern const struct ask_verb ASK_VERBS[];
extern const size_t ASK_N_VERBS; /* at most 32 */
/* Its place in ASK_VERBS, or -1. */
int ask_verb_find(const char *word);

#define ASK_MANAGE_UNITS "org.freedesktop.systemd1.manage-units"

enum ask_answer {
    ASK_NO,
    ASK_CHALLENGE, /* only after a password was given, which nobody can give a daemon: a no. Our rule never
                      says it */
    ASK_YES,
};

struct ask_question {
    const char *action;
    const char *unit; /* NULL: the question is about no unit */
    int verb;         /* of ASK_VERBS; unused without a unit */
    enum ask_answer answer;
};

struct asker;

/* Connects to the bus. Returns 0, or a negative errno: -ESRCH: there is no user of that name. */
int asker_new(const char *user, struct asker **ret);
struct asker *asker_free(struct asker *asker);
DEFINE_CLEANUP(struct asker *, asker_free);

/* Fills in the answers. Returns 0 or a negative errno: polkitd cannot be asked, and asker_error() says why.
 *
 * Where polkitd knows services, whom it is asked about is the broker that runs; one that rests is woken, and
 * -ENOTCONN is returned when none can be found. Elsewhere any process of the user is as good, and it is a
 * child of ours. */
int asker_ask(struct asker *asker, struct ask_question *questions, size_t n);
/* The same about a process of that user which is not the broker. Where polkitd does not know services the
 * answers are the same. */
int asker_ask_stranger(struct asker *asker, struct ask_question *questions, size_t n);
const char *asker_error(const struct asker *asker);
/* Questions asked so far. */
size_t asker_asked(const struct asker *asker);

/* All actions that polkitd knows, as a list that ends with NULL, the caller's to free with strv_free(); NULL
 * when there are none. */
int asker_actions(struct asker *asker, char ***ret);

/* polkitd's version as it says it ("126"); "" when it does not. */
const char *asker_version(struct asker *asker);
/* Does it tell rules which service asks? Of one that says no version it is not known: false. */
bool asker_knows_services(struct asker *asker);
/* Who it is. */
int asker_polkitd(struct asker *asker, uid_t *ret_uid, pid_t *ret_pid);

/* polkitd says when it has read its rules again. asker_watch() begins to listen; asker_wait() waits for at
 * most `usec` and returns 1 when it was heard (since the last time it returned 1), 0 when not, or a negative
 * errno. */
int asker_watch(struct asker *asker);
int asker_wait(struct asker *asker, uint64_t usec);
