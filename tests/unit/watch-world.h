/* job-world.h with units that are watched after their jobs. */
#pragma once

#include "tests/unit/job-world.h"

/* LONGER is for what is to happen all within the watch, however slow the machine. */
enum { SHORT = 100 * 1000, LONG = 1000 * 1000, LONGER = 3000 * 1000 };

/* Watched for `own_usec`; the caller lets it be watched for `settle_usec`. */
struct caller *click_watched(struct world *w, unsigned i, uint64_t own_usec, uint64_t settle_usec);

/* The job ends well, with a new invocation of the unit. */
void job_done(struct world *w);

/* The unit is in this state, and PID 1 says so. */
void change(struct world *w, const char *active, const char *sub, const char *result);

/* Fails the test when he is not answered in ten seconds. */
void wait_until_told(struct world *w, const struct caller *c);

/* He was answered once, without a refusal, and with this verdict. */
void assert_verdict(const struct caller *c, enum verdict verdict);
