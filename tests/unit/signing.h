/* Signs any bytes as if they were a ticket's body, right or wrong: what only a holder of the key could do. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "common/ticket.h"

enum { SIGNING_BODY_MAX = 4096, SIGNING_TEXT_SIZE = 2 * SIGNING_BODY_MAX };

/* In base64url, without padding; `ret` has room for four bytes in place of three. */
void signing_encode(const uint8_t *data, size_t size, char *ret);

/* "TEXT.MAC" for any text of less than half of what there is room for. */
void signing_sign(const struct ticket_key *key, const char *text, char ret[static SIGNING_TEXT_SIZE]);

/* The whole text for a body of at most SIGNING_BODY_MAX bytes. */
void signing_body(const struct ticket_key *key, const void *body, size_t size,
                  char ret[static SIGNING_TEXT_SIZE]);
