/* What is said of a press by who asks for it by its word (restarter.outcome). */
#pragma once

#include <stdint.h>

#include "broker/outcome/outcome.h"

/* It is being carried out since then, or waits for its turn. */
void sentence_under_way(struct outcome *outcome, uint64_t usec);
void sentence_waits(struct outcome *outcome, uint64_t usec);
/* There is none of that word, or not any more, or not for who asks. */
void sentence_no_press(struct outcome *outcome);
