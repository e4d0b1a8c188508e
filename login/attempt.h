/* One attempt to log in, from its question to its answer. */
#pragma once

#include "login/way.h"

/* Reads the question from `in`, and answers at `out` (they may be the same socket). What is to be known
 * about it is written to standard error, for the journal. Returns the exit status of the process: that of one
 * that has answered, whatever it was, or of one that could not. */
int attempt_run(const struct way *way, int in, int out);
