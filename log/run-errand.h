/* An errand of the broker's: whether the person that it is for may know, by the policy file, and then what
 * the journal has. The broker is believed who the person is, and nothing else. */
#pragma once

#include "common/record/errand.h"
#include "log/found.h"

enum {
    ERRAND_RUN_REFUSED = 1,
    ERRAND_RUN_NO_POLICY, /* the file has a mistake, or is not to be trusted: nobody is told anything */
};

/* 0 with what was found, also when that is nothing; ERRAND_RUN_…; -ENOMEDIUM when there is no journal that
 * can be read, or another negative errno. */
int errand_run(const struct errand *errand, const char *policy_path, struct found *ret);
