/* Answers as JSON for programs. */
#pragma once

#include <stddef.h>

#include "common/rpc/wire.h"

/* JSON text that ends with a newline, the caller's to free; NULL when out of memory. */
char *json_text(const struct wire_answer *answer, size_t *ret_size);
