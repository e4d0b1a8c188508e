/* What was said is kept until the end, when it is known whether anything else stands on standard output. */
#include "cli/shared/fail.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/text.h"

DEFINE_CLEANUP(xmlrpc_value *, xmlrpc_DECREF);

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

static const char *const KINDS[] = {
    [CLI_EXIT_FAILED] = "failed",           [CLI_EXIT_USAGE] = "usage",     [CLI_EXIT_REFUSED] = "refused",
    [CLI_EXIT_UNAVAILABLE] = "unavailable", [CLI_EXIT_UNKNOWN] = "unknown",
};

static struct state {
    struct failure failure;
    enum json_layout guessed; /* by a glance at the command line */
    enum json_layout asked;   /* as it was read */
    bool answered;
} state;

/* --- one failure --- */

void failure_done(struct failure *failure)
{
    free(failure->text);
    *failure = (struct failure){ 0 };
}

/* Takes the line, which may be NULL. */
static int add_line(struct failure *failure, int exit_status, int code, char *line)
{
    _cleanup_(freep) char *owned = line, *both = NULL;

    failure->exit_status = exit_status;
    failure->code = code != 0 ? code : failure->code;
    if (!owned)
        return exit_status;
    if (failure->text && asprintf(&both, "%s\n%s", failure->text, owned) < 0) {
        both = NULL;
        return exit_status;
    }
    free(failure->text);
    failure->text = both ? TAKE_PTR(both) : TAKE_PTR(owned);
    return exit_status;
}

/* A line, cleaned; NULL when out of memory. */
static char *format_line(const char *format, va_list ap) __attribute__((format(printf, 1, 0)));
static char *format_line(const char *format, va_list ap)
{
    _cleanup_(freep) char *text = text_vformat(format, ap);

    return text ? text_clean_copy(text) : NULL;
}

int failure_say(struct failure *failure, int exit_status, int code, const char *format, ...)
{
    va_list ap;
    char *line;

    va_start(ap, format);
    line = format_line(format, ap);
    va_end(ap);
    return add_line(failure, exit_status, code, line);
}

static const char *kind_of(int exit_status)
{
    size_t at = (size_t)exit_status;

    return at < sizeof(KINDS) / sizeof(*KINDS) && KINDS[at] ? KINDS[at] : KINDS[CLI_EXIT_UNKNOWN];
}

xmlrpc_value *failure_value(const struct failure *failure)
{
    _cleanup_(freep) char *message = strdup(failure->text ? failure->text : "");
    struct rpc_struct s = rpc_struct_begin();

    for (char *at = message ? strchr(message, '\n') : NULL; at; at = strchr(at, '\n'))
        *at = ' ';
    rpc_struct_string(&s, "kind", kind_of(failure->exit_status));
    rpc_struct_int(&s, "code", failure->code);
    rpc_struct_string(&s, "message", message ? message : "");
    rpc_struct_int(&s, "exit_status", failure->exit_status);
    return rpc_struct_end(&s);
}

/* --- the process's own --- */

static int say(int exit_status, const char *prefix, char *line)
{
    (void)fprintf(stderr, "%s%s\n", prefix, line ? line : "out of memory");
    return add_line(&state.failure, exit_status, 0, line);
}

int fail(int exit_status, const char *format, ...)
{
    va_list ap;
    char *line;

    va_start(ap, format);
    line = format_line(format, ap);
    va_end(ap);
    return say(exit_status, "", line);
}

int fail_self(int exit_status, const char *format, ...)
{
    va_list ap;
    char *line;

    va_start(ap, format);
    line = format_line(format, ap);
    va_end(ap);
    return say(exit_status, "restartctl: ", line);
}

int fail_as(const struct failure *failure)
{
    (void)fprintf(stderr, "%s\n", failure->text ? failure->text : "out of memory");
    return add_line(&state.failure, failure->exit_status, failure->code,
                    failure->text ? strdup(failure->text) : NULL);
}

/* --- the command line --- */

int cli_usage_error(const char *format, ...)
{
    va_list ap;
    char *line;

    va_start(ap, format);
    line = format_line(format, ap);
    va_end(ap);
    (void)say(CLI_EXIT_USAGE, "restartctl: ", line);
    (void)fputs("Try 'restartctl --help'.\n", stderr);
    return CLI_EXIT_USAGE;
}

static int usage_of_word(int c, const char *word)
{
    int length = (int)strcspn(word, "=");

    if (c == ':')
        return cli_usage_error("option '%s' needs a value", word);
    if (optopt != 0)
        return cli_usage_error("option '%.*s' takes no value", length, word);
    return cli_usage_error("'%s' is no option, or the beginning of several", word);
}

int cli_usage_option(int c, char *const argv[])
{
    const char *word = argv[optind - 1];

    if (strncmp(word, "--", 2) == 0)
        return usage_of_word(c, word);
    return c == ':' ? cli_usage_error("option '-%c' needs a value", optopt)
                    : cli_usage_error("there is no option '-%c'", optopt);
}

static bool is_cluster_with_j(const char *word)
{
    return word[0] == '-' && strchr(word, 'j') && word[1 + strspn(word + 1, LETTERS)] == '\0';
}

/* Not exact, since only who knows all options knows which words are values of others; and needed only where
 * the command line is none. */
static void guess(const char *word)
{
    static const char LONG[] = "--json=";
    enum json_layout layout;

    if (is_cluster_with_j(word) || strcmp(word, "--json") == 0)
        state.guessed = JSON_PRETTY;
    else if (strncmp(word, LONG, strlen(LONG)) == 0 && json_layout_from_string(word + strlen(LONG), &layout))
        state.guessed = layout;
}

void fail_begin(int argc, char *const argv[])
{
    opterr = 0;
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        guess(argv[i]);
}

/* --- the end --- */

enum json_layout fail_guess(void)
{
    return state.guessed;
}

void fail_layout(enum json_layout layout)
{
    state.asked = layout;
}

void fail_answered(void)
{
    state.answered = true;
}

static void print(const struct failure *failure, enum json_layout layout)
{
    struct rpc_struct s = rpc_struct_begin();
    _cleanup_(xmlrpc_DECREFp) xmlrpc_value *value = NULL;
    _cleanup_(freep) char *json = NULL;

    rpc_struct_value(&s, "error", failure_value(failure));
    value = rpc_struct_end(&s);
    json = value ? rpc_value_to_json(value, layout) : NULL;
    (void)puts(json ? json : "null");
}

void fail_end(int exit_status)
{
    enum json_layout layout = exit_status == CLI_EXIT_USAGE ? state.guessed : state.asked;

    state.failure.exit_status = exit_status;
    if (exit_status != CLI_EXIT_OK && exit_status != CLI_EXIT_CHANGES && !state.answered &&
        layout != JSON_OFF)
        print(&state.failure, layout);
    failure_done(&state.failure);
}
