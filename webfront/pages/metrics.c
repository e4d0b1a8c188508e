/* A family after the other. Numbers of the broker's come as texts, since they may pass an int. */
#include "webfront/pages/metrics.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/refusal.h"
#include "common/unit-name.h"
#include "common/verb.h"

enum { WORD_MAX = 32, BOUNDS_MAX = 32 };

static void family(FILE *out, const char *name, const char *type, const char *help)
{
    (void)fprintf(out, "# HELP restarter_%s %s\n# TYPE restarter_%s %s\n", name, help, name, type);
}

static void gauge(FILE *out, const char *name, const char *help, uint64_t value)
{
    family(out, name, "gauge", help);
    (void)fprintf(out, "restarter_%s %" PRIu64 "\n", name, value);
}

/* --- what the broker told --- */

/* The next number of a list, behind which it moves; false at its end, and for whatever is none. */
static bool next_number(const char **at, uint64_t *ret)
{
    char *end;

    if (**at < '0' || **at > '9')
        return false;
    *ret = strtoull(*at, &end, 10);
    if (*end != ' ' && *end != '\0')
        return false;
    *at = end + (*end == ' ');
    return true;
}

static bool next_word(const char **at, char ret[static WORD_MAX])
{
    size_t length = strspn(*at, "abcdefghijklmnopqrstuvwxyz-");

    if (length == 0 || length >= WORD_MAX || ((*at)[length] != ' ' && (*at)[length] != '\0'))
        return false;
    memcpy(ret, *at, length);
    ret[length] = '\0';
    *at += length + ((*at)[length] == ' ');
    return true;
}

/* Such a name needs no escaping as a label. */
static bool is_sound(const struct wire_counter *counter)
{
    struct unit_name name;

    return verb_from_string(counter->verb) != 0 &&
           (unit_template_check(counter->unit) == 0 || unit_name_parse(counter->unit, &name) == 0);
}

static void restarts_of(FILE *out, const struct wire_metrics *broker, const struct wire_counter *counter)
{
    const char *words = broker->results, *numbers = counter->results;
    char word[WORD_MAX];
    uint64_t n;

    while (next_word(&words, word) && next_number(&numbers, &n))
        if (n > 0)
            (void)fprintf(out,
                          "restarter_restarts_total{template=\"%s\",verb=\"%s\",result=\"%s\"} %" PRIu64 "\n",
                          counter->unit, counter->verb, word, n);
}

static void print_seconds(FILE *out, uint64_t msec)
{
    (void)fprintf(out, "%" PRIu64 ".%03" PRIu64, msec / 1000, msec % 1000);
}

static void bucket(FILE *out, const struct wire_counter *counter, const uint64_t *bound_msec, uint64_t sum)
{
    (void)fprintf(out, "restarter_restart_duration_seconds_bucket{template=\"%s\",verb=\"%s\",le=\"",
                  counter->unit, counter->verb);
    if (bound_msec)
        print_seconds(out, *bound_msec);
    else
        (void)fputs("+Inf", out);
    (void)fprintf(out, "\"} %" PRIu64 "\n", sum);
}

static void durations_of(FILE *out, const struct wire_metrics *broker, const struct wire_counter *counter)
{
    const char *bounds = broker->bounds, *numbers = counter->durations, *total = counter->milliseconds;
    uint64_t bound, n, sum = 0, msec = 0;

    for (int i = 0; i < BOUNDS_MAX && next_number(&bounds, &bound) && next_number(&numbers, &n); i++)
        bucket(out, counter, &bound, sum += n);
    if (next_number(&numbers, &n))
        sum += n;
    bucket(out, counter, NULL, sum);
    (void)next_number(&total, &msec);
    (void)fprintf(out, "restarter_restart_duration_seconds_sum{template=\"%s\",verb=\"%s\"} ", counter->unit,
                  counter->verb);
    print_seconds(out, msec);
    (void)fprintf(out,
                  "\nrestarter_restart_duration_seconds_count{template=\"%s\",verb=\"%s\"} %" PRIu64 "\n",
                  counter->unit, counter->verb, sum);
}

static void each_counter(FILE *out, const struct wire_metrics *broker,
                         void (*print)(FILE *, const struct wire_metrics *, const struct wire_counter *))
{
    for (size_t i = 0; i < broker->n_counters; i++)
        if (is_sound(&broker->counters[i]))
            print(out, broker, &broker->counters[i]);
}

static void brokers(FILE *out, const struct wire_metrics *broker)
{
    gauge(out, "policy_ok", "Whether the policy file is sound.", broker->policy_ok);
    gauge(out, "policy_in_force", "Whether a policy is in force: that file's, or the last good one.",
          broker->policy_in_force);
    gauge(out, "jobs", "Jobs of systemd that the broker waits for.", broker->jobs);
    family(out, "restarts_total", "counter",
           "Jobs that were asked of systemd, by template or plain unit, verb, and what became of the unit.");
    each_counter(out, broker, restarts_of);
    family(out, "restart_duration_seconds", "histogram", "How long these jobs took, where that is known.");
    each_counter(out, broker, durations_of);
}

/* --- refusals, of both --- */

static void refusal(FILE *out, const char *by, int code, uint64_t n)
{
    (void)fprintf(out, "restarter_refusals_total{by=\"%s\",lock=\"%s\",refusal=\"%s\"} %" PRIu64 "\n", by,
                  refusal_to_lock(code), refusal_to_string(code), n);
}

static void refusals(FILE *out, const struct metrics_front *front, const struct wire_metrics *broker)
{
    const char *numbers = broker ? broker->refusals : "";
    uint64_t n;

    family(out, "refusals_total", "counter", "Requests that were refused, by who refused them, and by lock.");
    for (int code = 1; refusal_to_string(code) && next_number(&numbers, &n); code++)
        refusal(out, "broker", code, n);
    for (int code = 1; code < METRICS_REFUSALS && refusal_to_string(code); code++)
        if (front->refusals[code] > 0)
            refusal(out, "webfront", code, front->refusals[code]);
}

/* --- what the front knows --- */

static void fronts(FILE *out, const struct metrics_front *front)
{
    static const char *const LOGINS[METRICS_LOGINS] = { "passed", "wrong", "later", "busy", "unavailable" };

    family(out, "logins_total", "counter", "Passwords that came to this web front, by what the login said.");
    for (int i = 0; i < METRICS_LOGINS; i++)
        (void)fprintf(out, "restarter_logins_total{outcome=\"%s\"} %" PRIu64 "\n", LOGINS[i],
                      front->logins[i]);
    family(out, "http_requests_total", "counter", "Requests that this web front has answered, by class.");
    for (int i = 1; i < METRICS_CLASSES; i++)
        (void)fprintf(out, "restarter_http_requests_total{code=\"%dxx\"} %" PRIu64 "\n", i + 1,
                      front->answered[i]);
    gauge(out, "http_connections", "Connections to this web front that are open.", front->connections);
    gauge(out, "open_pages", "Pages that are open and follow what happens.", front->open_pages);
    gauge(out, "webfront_start_time_seconds",
          "When this web front was started; its own counters begin there.", front->start);
}

/* --- other machines --- */

/* Their names need no escaping as labels. */
static void machine_ends(FILE *out, const struct metrics_machine *machine)
{
    static const char *const ENDS[METRICS_ENDS] = { "up", "failed", "refused", "unknown", "left" };

    for (int i = 0; i < METRICS_ENDS; i++)
        (void)fprintf(out, "restarter_machine_restarts_total{machine=\"%s\",outcome=\"%s\"} %" PRIu64 "\n",
                      machine->name, ENDS[i], machine->ended[i]);
}

/* What nobody has asked has not been silent. */
static void machine_silence(FILE *out, const struct metrics_machine *machine)
{
    if (machine->asked)
        (void)fprintf(out, "restarter_machine_silent_seconds{machine=\"%s\"} %" PRIu64 "\n", machine->name,
                      machine->silent_sec);
}

static void each_machine(FILE *out, const struct metrics_front *front,
                         void (*print)(FILE *, const struct metrics_machine *))
{
    for (size_t i = 0; i < front->n_machines; i++)
        print(out, &front->machines[i]);
}

static void machines(FILE *out, const struct metrics_front *front)
{
    if (front->n_machines == 0)
        return;
    family(out, "machine_restarts_total", "counter",
           "Presses that this web front has sent to another machine, by what became of them.");
    each_machine(out, front, machine_ends);
    family(out, "machine_silent_seconds", "gauge",
           "For how long another machine has not answered this web front; 0 when it did the last time.");
    each_machine(out, front, machine_silence);
}

char *metrics_text(const struct metrics_front *front, const struct wire_metrics *broker, size_t *ret_size)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, ret_size);

    if (!out)
        return NULL;
    gauge(out, "broker_up", "Whether the broker answers; without it nothing can be restarted.",
          broker != NULL);
    if (broker)
        brokers(out, broker);
    refusals(out, front, broker);
    fronts(out, front);
    machines(out, front);
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}
