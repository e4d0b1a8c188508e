/* An ssh that was asked for a session, and what came of it. The ssh is a script: liar.h. */
#pragma once

#include <systemd/sd-event.h>

#include "common/ssh/ssh-session.h"

/* What a script says that is a bridge. */
#define BRIDGE_GREETS "printf 'restarter-bridge 1\\n'\n"

struct opened_ssh {
    sd_event *event; /* the loop that it lives on */
    unsigned calls;  /* how often it was told what came of it */
    int fd;          /* the way there; -1: none */
    char why[SSH_WHY_SIZE];
};

/* Returns when it was told once. What the request leaves out is far@web1's, and as patient as the product is.
 * The session lives on in *ret. */
void open_ssh(struct ssh_request request, struct opened_ssh *opened, struct ssh_session **ret);
/* Frees the session, and all that came with it. */
void close_ssh(struct opened_ssh *opened, struct ssh_session *session);
