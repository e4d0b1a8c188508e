/* The decisions in the journal of this machine, by the fields that journald sets itself: whoever writes
 * entries that look the same, with our identifier or our fields, is not one of our services, and is not
 * found. */
#pragma once

#include "common/record/question.h"
#include "log/found.h"

enum { SEARCH_PATIENCE_SEC = 10 };

/* 0, also when nothing is found; -ENOMEDIUM when there is no journal that can be read, or another negative
 * errno. */
int record_search(const struct record_question *question, struct found *ret);
