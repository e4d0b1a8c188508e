/* A connection to the broker of another machine: ssh is started, and `restartctl bridge` there has said that
 * the broker is at its other end. Until then nothing was sent, so where that fails nothing was done. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "common/ssh/ssh-why.h"

/* For the greeting, from the start of ssh on; where a person is asked, who has to find it first. */
#define SSH_GREETING_USEC (30 * UINT64_C(1000000))
#define SSH_ASKING_USEC (120 * UINT64_C(1000000))

/* All borrowed, for as long as the call lasts. */
struct ssh_request {
    const char *name;           /* of the machine, for sentences; NULL: the host */
    const char *host;           /* valid as of common/machines/machine-host.h */
    unsigned port;              /* 0: as ssh knows it */
    const char *const *options; /* words of ssh's, before those that are always there; ends with NULL */
    const char *program;        /* NULL: ssh, looked for in PATH */
    uint64_t timeout_usec;      /* until the greeting is there */
    bool asks;                  /* ssh may ask at the terminal for what it wants to know */
};

struct ssh_session;

/* Once, from the event loop, unless the session is freed before. `fd` is connected with the broker, does not
 * block, and is the receiver's to close; or it is -1, and `why` is a whole sentence. */
typedef void (*ssh_session_ready)(int fd, const char *why, void *userdata);

/* 0 or a negative errno; that ssh cannot be started is no error, but heard by `ready`. */
int ssh_session_new(sd_event *event, const struct ssh_request *request, ssh_session_ready ready,
                    void *userdata, struct ssh_session **ret);

/* Why the connection ended, when it has ended: another sentence, or "" when nothing is known. */
void ssh_session_why_ended(struct ssh_session *session, char ret[static SSH_WHY_SIZE]);

/* Ends ssh, which the connection does not outlive. Takes NULL. Returns NULL. */
struct ssh_session *ssh_session_free(struct ssh_session *session);
