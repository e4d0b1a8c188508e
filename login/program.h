/* What the programs for logins have in common: all but the way. */
#pragma once

#include "login/way.h"

/* main() of one of them; returns its exit status. */
int program_run(const struct way *way, int argc, char *argv[]);
