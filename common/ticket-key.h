/* The key that signs tickets: random bytes, made at installation, which systemd hands to those who sign and
 * verify as the credential "ticket.key". */
#pragma once

#include "common/mistake.h"
#include "common/ticket.h"

#define TICKET_KEY_CREDENTIAL "ticket.key"

/* Read from the credential. 0; MISTAKE when it is not there or is not of TICKET_KEY_SIZE bytes; -ENOMEM. The
 * caller wipes it. */
int ticket_key_read(struct ticket_key *ret, struct mistake *mistake);
