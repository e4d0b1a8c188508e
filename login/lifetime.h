/* For how long whoever passes is logged in. */
#pragma once

#include "common/mistake.h"
#include "common/ticket.h"

/* From now on, into the ticket: SessionLifetimeSec= of webfront.conf, a credential, or TICKET_LIFETIME_SEC=
 * of the environment where that says nothing; and SessionIdleSec=, if that is less. 0, MISTAKE or -ENOMEM. */
int lifetime_read(struct ticket *ticket, struct mistake *mistake);
