/* restartctl log: who asked for what, and what came of it; one line a decision. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/shared/cli.h"
#include "cli/shared/json.h"
#include "cli/shared/pager.h"
#include "cli/shared/record.h"
#include "cli/shared/since.h"
#include "common/cleanup.h"
#include "common/text.h"

enum { CELL_SIZE = 512, COLUMNS = 6, WIDTH_MAX = 48 };

struct log_options {
    struct record_question question;
    enum json_layout json;
    bool limited; /* by --lines= */
};

/* --- the question --- */

static int take_user(const char *text, struct record_question *question)
{
    if (!person_name_valid(text))
        return cli_usage_error("--user=%s is no person's name", text);
    (void)stpcpy(question->user, text);
    return CLI_EXIT_OK;
}

/* With or without ".service". */
static int take_unit(const char *text, struct record_question *question)
{
    char whole[UNIT_NAME_SIZE + sizeof(".service")];
    struct unit_name name;

    (void)snprintf(whole, sizeof(whole), "%.*s.service", UNIT_NAME_SIZE - 1, text);
    if (unit_name_parse(text, &name) != 0 && unit_name_parse(whole, &name) != 0)
        return cli_usage_error("--unit=%s is not the name of a service, such as example@1234.service", text);
    (void)stpcpy(question->unit, name.unit);
    return CLI_EXIT_OK;
}

static int take_since(const char *text, struct record_question *question)
{
    if (!since_parse(text, time(NULL), &question->since_usec))
        return cli_usage_error("--since=%s is not understood; it takes " SINCE_USAGE, text);
    return CLI_EXIT_OK;
}

static int take_lines(const char *text, struct record_question *question)
{
    char *end = NULL;
    long lines;

    errno = 0;
    lines = strtol(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || lines < 1 || lines > RECORD_ENTRIES_MAX)
        return cli_usage_error("--lines=%s is not a number from 1 to %d", text, RECORD_ENTRIES_MAX);
    question->entries = (unsigned)lines;
    return CLI_EXIT_OK;
}

static int parse_option(int c, char *argv[], struct log_options *options)
{
    switch (c) {
    case 'j':
        return json_option(optarg, &options->json);
    case 'P':
        pager_never();
        return CLI_EXIT_OK;
    case 'n':
        options->limited = true;
        return take_lines(optarg, &options->question);
    case 'S':
        return take_since(optarg, &options->question);
    case 'u':
        return take_user(optarg, &options->question);
    case 'U':
        return take_unit(optarg, &options->question);
    default:
        return cli_usage_option(c, argv);
    }
}

static int parse_options(int argc, char *argv[], struct log_options *options)
{
    static char program[] = "restartctl"; /* who complains */
    static const struct option OPTIONS[] = {
        { "json", optional_argument, NULL, 'j' },
        { "lines", required_argument, NULL, 'n' },
        { "since", required_argument, NULL, 'S' },
        { "unit", required_argument, NULL, 'U' },
        { "user", required_argument, NULL, 'u' },
        { "no-pager", no_argument, NULL, 'P' },
        { NULL, 0, NULL, 0 },
    };
    int r = CLI_EXIT_OK;

    argv[0] = program;
    optind = 0; /* glibc: begin anew, with these arguments */
    for (int c; r == CLI_EXIT_OK && (c = getopt_long(argc, argv, ":jn:S:u:", OPTIONS, NULL)) >= 0;)
        r = parse_option(c, argv, options);
    if (r == CLI_EXIT_OK && optind < argc)
        return cli_usage_error("log takes no argument; --unit= and --user= choose");
    return r;
}

/* --- the answer, in columns --- */

struct row {
    char cells[COLUMNS][CELL_SIZE];
};

/* In the reader's own zone. */
static void write_time(const char *utc, char ret[static CELL_SIZE])
{
    struct tm tm = { 0 };
    time_t seconds;

    (void)text_clean(utc, ret, CELL_SIZE);
    if (!strptime(utc, "%Y-%m-%dT%H:%M:%S", &tm))
        return;
    seconds = timegm(&tm);
    if (localtime_r(&seconds, &tm))
        (void)strftime(ret, CELL_SIZE, "%Y-%m-%d %H:%M:%S", &tm);
}

/* Where somebody sits, who is behind a front; else the door. */
static const char *origin(const struct record_entry *e)
{
    static const char FOR[] = ", for ", HTTP[] = "http ";
    const char *at = strstr(e->from, FOR);

    if (at)
        return at + strlen(FOR);
    if (strncmp(e->from, HTTP, strlen(HTTP)) == 0)
        return e->from + strlen(HTTP);
    return e->door;
}

static void write_end(const struct record_entry *e, char ret[static CELL_SIZE])
{
    char text[CELL_SIZE];

    if (strcmp(e->decision, "refused") == 0)
        (void)snprintf(text, sizeof(text), *e->lock ? "refused (%.200s)" : "refused", e->lock);
    else if (strcmp(e->decision, "unknown") == 0)
        (void)snprintf(text, sizeof(text), "unknown");
    else
        (void)snprintf(text, sizeof(text), "%.200s",
                       *e->verdict  ? e->verdict
                       : *e->result ? e->result
                                    : e->decision);
    (void)text_clean(text, ret, CELL_SIZE);
}

static const char *or_dash(const char *text)
{
    return *text ? text : "-";
}

/* The last column says what no other does: why; that nobody asked, since it is how a watch ended whose
 * callers had gone; or the whole sentence of what is no request for a verb. */
static const char *words(const struct record_entry *e)
{
    if (*e->reason)
        return e->reason;
    if (!*e->verb || !*e->decision)
        return e->message;
    return *e->verdict && !*e->from ? "at the end of the watch" : "";
}

/* And by whom he was named, who was named by the page of another machine. */
static void write_who(const struct record_entry *e, char ret[static CELL_SIZE])
{
    (void)snprintf(ret, CELL_SIZE, "%s%s%s", or_dash(e->user), *e->via ? " via " : "", e->via);
    (void)text_clean(ret, ret, CELL_SIZE);
}

/* Of which machine, where the page of this one asked another. */
static void write_unit(const struct record_entry *e, char ret[static CELL_SIZE])
{
    (void)snprintf(ret, CELL_SIZE, "%s%s%s", or_dash(e->unit), *e->machine ? " on " : "", e->machine);
    (void)text_clean(ret, ret, CELL_SIZE);
}

static void make_row(const struct record_entry *e, struct row *row)
{
    write_time(e->time, row->cells[0]);
    write_who(e, row->cells[1]);
    (void)text_clean(or_dash(origin(e)), row->cells[2], CELL_SIZE);
    (void)text_clean(or_dash(e->verb), row->cells[3], CELL_SIZE);
    write_unit(e, row->cells[4]);
    write_end(e, row->cells[5]);
}

/* Columns as they show: a character of several bytes is one. */
static int width(const char *text)
{
    uint32_t code;
    int n = 0;

    while (*text) {
        size_t length = text_character(text, &code);

        text += length > 0 ? length : 1;
        n++;
    }
    return n;
}

static void measure(const struct record *record, int widths[static COLUMNS])
{
    for (size_t i = 0; i < record->n; i++) {
        struct row row = { .cells = { "" } };

        make_row(&record->answers[i].entry, &row);
        for (size_t c = 0; c < COLUMNS; c++)
            if (width(row.cells[c]) > widths[c])
                widths[c] = width(row.cells[c]) < WIDTH_MAX ? width(row.cells[c]) : WIDTH_MAX;
    }
}

static void print_row(FILE *out, const struct record_entry *e, const int widths[static COLUMNS])
{
    struct row row = { .cells = { "" } };
    int owed = 0; /* blanks, if anything follows */

    make_row(e, &row);
    for (size_t c = 0; c < COLUMNS; c++) {
        (void)fprintf(out, "%*s%s", owed, "", row.cells[c]);
        owed = (widths[c] > width(row.cells[c]) ? widths[c] - width(row.cells[c]) : 0) + 2;
    }
    if (*words(e)) {
        (void)fprintf(out, "%*s", owed, "");
        text_print(out, words(e));
    }
    (void)fputc('\n', out);
}

static void print_rows(const struct record *record)
{
    int widths[COLUMNS] = { 0 };
    FILE *out = pager_begin();

    measure(record, widths);
    for (size_t i = 0; i < record->n; i++)
        print_row(out, &record->answers[i].entry, widths);
    pager_end(out);
}

/* An object for each decision, one after the other, as journalctl prints them. */
static void print_json(const struct record *record, enum json_layout layout)
{
    for (size_t i = 0; i < record->n; i++) {
        _cleanup_(freep) char *json = json_layout(record->answers[i].json, layout);

        json_print_text(json);
    }
}

/* Who has said how many has got what he wanted. */
static void tell_more(const struct record *record, bool limited)
{
    if (record->n == 0)
        (void)fputs("Nothing of that kind is in the record.\n", stderr);
    else if (record->end.more && !limited)
        (void)fprintf(stderr, "Only the newest %zu are shown; --lines= and --since= choose.\n", record->n);
}

int cli_log(const struct cli_options *common, int argc, char *argv[])
{
    struct log_options options = { .question.entries = RECORD_ENTRIES_DEFAULT, .json = common->json };
    _cleanup_(record_done) struct record record = { .n = 0 };
    /* What stands before the arguments is the verb. */
    int r = parse_options(argc + 1, argv - 1, &options);

    if (r == CLI_EXIT_OK)
        r = record_ask(&options.question, &record);
    if (r != CLI_EXIT_OK)
        return r;
    if (options.json)
        print_json(&record, options.json);
    else if (record.n > 0)
        print_rows(&record);
    (void)fflush(stdout);
    tell_more(&record, options.limited);
    return CLI_EXIT_OK;
}
