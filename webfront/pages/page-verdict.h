/* The outcome in a few words. */
#pragma once

#include "webfront/pages/outcome.h"

enum { PAGE_VERDICT_SIZE = 96 };

/* A few words that are not too many for a row of the list. */
void page_verdict_words(const struct outcome *outcome, char ret[static PAGE_VERDICT_SIZE]);
/* One word for style and script: succeeded, watching, failed, refused, unknown. */
const char *page_verdict_name(const struct outcome *outcome);
