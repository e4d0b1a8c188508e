/* Who asks, as a number that tells one from another: all that the broker is told of them. A digest, so that
 * looking for a ticket among those of others takes equally long however alike they are. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/person.h"
#include "common/rpc/rpc-client.h"

enum { CALLER_KEY_SIZE = 32 }; /* SHA-256 */

/* Nobody in particular: neither a ticket nor a name that is vouched for. */
bool caller_is_nobody(const struct rpc_client_caller *caller);
/* All zero for nobody in particular. Where they sit does not count. */
void caller_key(const struct rpc_client_caller *caller, uint8_t ret[static CALLER_KEY_SIZE]);
/* What they go by: the name that is vouched for, or the one in the ticket, which is true when the ticket is.
 * "" for nobody in particular, and for a ticket that cannot be read. */
void caller_name(const struct rpc_client_caller *caller, char ret[static PERSON_NAME_SIZE]);
