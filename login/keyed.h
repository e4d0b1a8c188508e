/* A number for a text that is always the same on this machine, and that nobody without the key foresees. */
#pragma once

#include <stdint.h>

#include "common/ticket.h"

/* `purpose` tells what it is for, so that one such number tells nothing about another. */
uint64_t keyed_number(const struct ticket_key *key, const char *purpose, const char *text);
