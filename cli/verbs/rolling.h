/* restart and the other verbs, one unit after the other. */
#pragma once

struct cli_options;

/* As cli_restart(). */
int cli_rolling(const struct cli_options *options, unsigned verb, int argc, char *argv[]);
