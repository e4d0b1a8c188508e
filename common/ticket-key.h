/* The key that signs tickets: random bytes, made when logins are turned on, which systemd hands to those who
 * sign and verify as the credential "ticket.key"; and the boot, which is in the key that is signed with. So
 * no ticket outlasts the boot, as what is remembered of those that were signed out does not either. */
#pragma once

#include "common/mistake.h"
#include "common/ticket.h"

#define TICKET_KEY_CREDENTIAL "ticket.key"

/* The setting that units pass (Environment=RESTARTER_BOOT=%b): 32 digits, hexadecimal. */
#define TICKET_KEY_BOOT "RESTARTER_BOOT"

/* HMAC-SHA256 of "restarter boot " and those digits, under the credential. 0; MISTAKE when that is not there
 * or is not of TICKET_KEY_SIZE bytes, or no boot is named; -ENOMEM. The caller wipes it. */
int ticket_key_read(struct ticket_key *ret, struct mistake *mistake);
