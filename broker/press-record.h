/* A press as bytes, for the broker's memory. */
#pragma once

#include "broker/memory.h"
#include "broker/press.h"

enum { PRESS_BYTES_MAX = MEMORY_RECORD_MAX };

/* False when it does not fit. The record points into `bytes`. */
bool press_record_write(const struct press *press, uint8_t bytes[static PRESS_BYTES_MAX],
                        struct memory_record *ret);

/* False when one cannot know whose press it was. Of one whose job was not over, whose unit was still being
 * watched, or whose record is spoilt, the outcome is unknown. */
bool press_record_read(const struct memory_record *record, struct press *ret);
