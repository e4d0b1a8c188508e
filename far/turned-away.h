/* Somebody whose call did not leave this machine is told so: HTTP 503, a sentence, and when to come back. */
#pragma once

#include <systemd/sd-event.h>

enum {
    TURNED_AWAY_RETRY_SEC = 10,
    TURNED_AWAY_USEC = 5 * 1000 * 1000, /* for whoever still speaks, or does not read */
};

struct turned_away;

typedef void (*turned_away_ended)(void *userdata);

/* Answers with `why`, a whole sentence, and stays until the other side has read it: what it had sent is
 * thrown away, for a socket that is closed with bytes in it takes the answer along. Takes the descriptor
 * over, in any case. 0 or a negative errno. */
int turned_away_new(sd_event *event, int fd, const char *why, turned_away_ended ended, void *userdata,
                    struct turned_away **ret);
/* Takes NULL. Returns NULL. */
struct turned_away *turned_away_free(struct turned_away *away);

/* The same for whom there is no room to wait; the descriptor stays the caller's. What the other side was
 * about to say may hide the answer from it. */
void turned_away_at_once(int fd, const char *why);
