/* English, and short: somebody waits for it. */
#include "cli/rolling/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/verb.h"

char *rolling_line(const struct rolling_plan *plan, const struct rolling_moment *moment, char *ret,
                   size_t size)
{
    const char *unit = plan->units[plan->at].unit;
    const char *then = plan->is_asked_to_stop ? "; then it stops" : "";
    size_t number = plan->at + 1;

    if (moment->is_pause && moment->seconds == 0)
        (void)snprintf(ret, size, "%zu of %zu: %s came back, and is looked at%s", number, plan->n, unit,
                       then);
    else if (moment->is_pause)
        (void)snprintf(ret, size, "%zu of %zu: %s came back, and is watched for %" PRIu64 " s more%s", number,
                       plan->n, unit, moment->seconds, then);
    else
        (void)snprintf(ret, size, "%zu of %zu: %s is being %s, %" PRIu64 " s%s", number, plan->n, unit,
                       verb_done(plan->verb), moment->seconds, then);
    return ret;
}

/* A list of counts, of which those that are nothing are left out. */
static void count(FILE *out, const struct rolling_plan *plan, enum rolling_phase phase, const char *words)
{
    size_t n = rolling_plan_count(plan, phase);

    if (n > 0)
        (void)fprintf(out, ", %zu %s", n, words);
}

static void sum_to(FILE *out, const struct rolling_plan *plan)
{
    size_t done = rolling_plan_count(plan, ROLLING_DONE);

    (void)fprintf(out, "%zu of %zu %s %s and well", done, plan->n, done == 1 ? "is" : "are",
                  verb_done(plan->verb));
    count(out, plan, ROLLING_FAILED, "did not come back");
    count(out, plan, ROLLING_REFUSED, "refused");
    count(out, plan, ROLLING_LEFT, "left out");
    count(out, plan, ROLLING_UNDER_WAY, "unknown");
    count(out, plan, ROLLING_PAUSING, "not seen well");
    count(out, plan, ROLLING_WAITING, "not begun");
    (void)fputc('.', out);
}

/* Not a word that a shell would read as more than itself. */
static bool is_plain(const char *word)
{
    return *word &&
           strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@%_+=:,./-") ==
               strlen(word);
}

static void quote(FILE *out, const char *word)
{
    (void)fputc(' ', out);
    if (is_plain(word)) {
        (void)fputs(word, out);
        return;
    }
    (void)fputc('\'', out);
    for (; *word; word++) {
        if (*word == '\'')
            (void)fputs("'\\'", out);
        (void)fputc(*word, out);
    }
    (void)fputc('\'', out);
}

/* A path is a socket's. */
static void place_to(FILE *out, const char *place)
{
    if (!*place)
        return;
    (void)fputs(*place == '/' ? " --socket" : " --host", out);
    quote(out, place);
}

static void command_to(FILE *out, const struct rolling_plan *plan, const char *place, const char *option)
{
    (void)fputs("restartctl", out);
    place_to(out, place);
    (void)fprintf(out, " %s --rolling", verb_to_string(plan->verb));
    if (*option)
        quote(out, option);
    if (plan->max_failures > 0)
        (void)fprintf(out, " --max-failures=%u", plan->max_failures);
    if (plan->pause_sec != ROLLING_PAUSE_SEC)
        (void)fprintf(out, " --pause=%u", plan->pause_sec);
    for (size_t i = 0; i < plan->words.n; i++)
        quote(out, plan->words.list[i]);
}

static char *finish(FILE *out, char **text)
{
    bool failed = ferror(out);

    if (fclose(out) == 0 && !failed)
        return *text;
    free(*text);
    return NULL;
}

char *rolling_sum(const struct rolling_plan *plan)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        return NULL;
    sum_to(out, plan);
    return finish(out, &text);
}

char *rolling_command(const struct rolling_plan *plan, const char *place, const char *option)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        return NULL;
    command_to(out, plan, place, option);
    return finish(out, &text);
}
