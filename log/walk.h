/* Through the journal of this machine, from its newest entry backward, for a bounded time. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-journal.h>

/* Bytes of a field that are read at most, with its name. What is longer is cut. 0; -ENOMEDIUM when there is
 * no journal that can be read, or another negative errno. */
int walk_open(size_t field_size, sd_journal **ret);

/* What narrows it down, added by sd_journal_add_match(): "NAME=VALUE". 0 or a negative errno. */
int walk_match(sd_journal *journal, const char *name, const char *value);
int walk_match_any(sd_journal *journal, const char *const texts[], size_t n);

/* At an entry: 0 goes on; 1: it was one too many, and there is more; 2: none that follows counts; or a
 * negative errno. */
enum { WALK_ON, WALK_MORE, WALK_END };
typedef int (*walk_at)(sd_journal *journal, void *userdata);

/* From before `until_usec` (CLOCK_REALTIME; 0: from the end). *ret_more: there are older ones, or time was
 * up. 0 or a negative errno. */
int walk_back(sd_journal *journal, uint64_t until_usec, uint64_t patience_usec, walk_at at, void *userdata,
              bool *ret_more);
