/* How restartctl says that something did not come to pass: in sentences on standard error and, for who asked
 * for JSON, in one object on standard output, so that no script that reads JSON is left with nothing:
 *
 *   {"error":{"kind":"usage|refused|unavailable|failed|unknown","code":N,"message":TEXT,"exit_status":N}}
 *
 * kind is that of the exit status, code that of the refusal (common/refusal.h) or the fault, 0 for none, and
 * message the sentences, a blank between two. Whatever is said is cleaned (common/text.h): it may come from
 * outside. */
#pragma once

#include "common/rpc/json-layout.h"
#include "common/rpc/rpc.h"

/* What the process ends with. */
enum cli_exit {
    CLI_EXIT_OK = 0,
    CLI_EXIT_FAILED = 1,      /* the job ran and the unit is not up; or a check found something */
    CLI_EXIT_USAGE = 2,       /* the command line */
    CLI_EXIT_REFUSED = 3,     /* a lock said no; nothing was done */
    CLI_EXIT_UNAVAILABLE = 4, /* the broker cannot be reached; nothing was done */
    CLI_EXIT_UNKNOWN = 5,     /* passed on, outcome not learned */
    CLI_EXIT_CHANGES = 6,     /* a dry run: something would change */
    CLI_EXIT_STOPPED = 7,     /* it was asked to stop before the last unit, and all that was begun is done */
};

/* One end that is none that was hoped for. All zero: nothing was said. */
struct failure {
    int exit_status; /* enum cli_exit */
    int code;
    char *text; /* sentences, a line each; NULL: none, or out of memory */
};
void failure_done(struct failure *failure);

/* Adds a sentence. The exit status and the code are the last that was given; a code of 0 leaves the one
 * before. Returns the exit status. */
int failure_say(struct failure *failure, int exit_status, int code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* What stands behind "error" above; NULL when out of memory. */
xmlrpc_value *failure_value(const struct failure *failure);

/* The process's own failure. Each prints a sentence on standard error, keeps it for the object, and returns
 * the exit status; fail_self() prints "restartctl: " before it. */
int fail(int exit_status, const char *format, ...) __attribute__((format(printf, 2, 3)));
int fail_self(int exit_status, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same with all that another one says. */
int fail_as(const struct failure *failure);

/* Says what is wrong with the command line, points to --help, and returns CLI_EXIT_USAGE. */
int cli_usage_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same of the option at which getopt_long(), with ":" at the head of its letters, returned `c`: '?' or
 * ':'. */
int cli_usage_option(int c, char *const argv[]);

/* First thing of all: does anybody ask for JSON? Who makes a mistake before he comes to say so does, too. And
 * getopt() is to say nothing by itself. */
void fail_begin(int argc, char *const argv[]);
/* What a glance at the command line makes of it: JSON_OFF, unless some word looks like --json. */
enum json_layout fail_guess(void);
/* --json was read, and means that. */
void fail_layout(enum json_layout layout);
/* An answer in JSON is on standard output: nothing is added to it. */
void fail_answered(void);
/* Last thing of all, with the process's exit status: prints the object if one is owed. */
void fail_end(int exit_status);
