/* Questions to the login: is this the password of that user? A few are asked at a time, since systemd hangs
 * up on more; some more wait, none longer than the patience, and whoever asks from one place cannot take all
 * the places. Nor can many together who ask again as soon as they were answered: one of them gives way to
 * whoever did not. The password is kept until there is an answer, and no longer: it may have to be asked
 * again. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "webfront/logins/login-protocol.h"

enum {
    LOGINS_AT_A_TIME = 4, /* MaxConnections= of restarter-login.socket */
    LOGINS_WAITING = 32,  /* besides; of all these places one asker gets a third (common/places.h) */
    LOGINS_ASKER_SIZE = 64,
    LOGINS_PATIENCE_USEC = 15 * 1000 * 1000, /* of whoever has no reason for another one */
    LOGINS_BUSY_SEC = 2,                     /* after which to come back */
    /* Who is hung up on without a word within the first of these was one too many for systemd (somebody else
     * asks as well), or the login cannot be started, which looks the same: asked again, so many times. */
    LOGINS_HUNG_UP_MSEC = 2000,
    LOGINS_TRIES = 6,
    LOGINS_PAUSE_MSEC = 100, /* of all, after such a one; doubled with each in a row, up to … */
    LOGINS_PAUSE_MAX_MSEC = 800,
};

struct logins;
struct login; /* one question */

struct login_question {
    const char *user, *password; /* as they came, without a NUL in them; copied */
    const char *asker;           /* who shares places: where the client sits, without its port */
};

/* `result` is valid during the callback. */
typedef void (*login_done)(const struct login_result *result, void *userdata);

/* `path` is the login's socket, and the caller's for as long as the logins live. `patience_usec` is from the
 * question to the answer. 0 or a negative errno. */
int logins_new(sd_event *event, const char *path, uint64_t patience_usec, struct logins **ret);
/* After logins_stop(), if there were questions. Takes NULL. Returns NULL. */
struct logins *logins_free(struct logins *logins);

/* True when there is no place for a question of this asker's, and *ret what he is told. To be asked first:
 * who is told at once waits for nothing, however many there are of him. */
bool logins_refuse(struct logins *logins, const char *asker, struct login_result *ret);

/* `done` is called exactly once, always from the event loop and never from within this function, unless the
 * question is cancelled first. The question ends by itself after `done`. 0 or a negative errno (`done` is not
 * called then). */
int logins_ask(struct logins *logins, const struct login_question *question, login_done done, void *userdata,
               struct login **ret);

/* How many questions ended so, since the start. */
uint64_t logins_counted(const struct logins *logins, enum login_outcome outcome);

/* Whoever asked has left. The login may be at it still: until it has ended the question keeps its place,
 * without the password. Takes NULL. Returns NULL. */
struct login *login_cancel(struct login *login);

/* Gives up on all: each is answered as UNAVAILABLE, within this function. */
void logins_stop(struct logins *logins);
