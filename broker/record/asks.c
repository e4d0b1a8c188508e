/* A list of those that run and wait. A step is taken by the event loop, not by whoever asks. */
#include "broker/record/asks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "broker/record/exchange.h"
#include "common/array.h"
#include "common/clock.h"
#include "common/turn.h"

struct ask {
    TAILQ_ENTRY(ask) link;
    struct asks *asks;
    ask_done done;
    void *userdata;
    char *question;
    enum record_kind kind; /* of the lines that are expected */
    size_t max;            /* how many */
    unsigned tries;
    struct exchange *exchange;         /* NULL: it waits its turn, or for another try */
    sd_event_source *deadline, *again; /* again: it does not wait its turn, but for that moment */
    struct ask_answer answer;
    bool ended; /* the last line was there */
};

TAILQ_HEAD(ask_list, ask);

struct asks {
    sd_event *event;
    const char *path;
    uint64_t patience_usec;
    struct ask_list list;
    sd_event_source *turn; /* armed while there may be something to begin */
};

static const size_t MAX[ERRAND_KINDS] = {
    [ERRAND_LINES] = ERRAND_LINES_MAX,
    [ERRAND_HISTORY] = ERRAND_HISTORY_MAX,
    [ERRAND_DAY] = ERRAND_DAY_MAX,
    [ERRAND_LATEST] = ERRAND_LATEST_MAX,
};

static bool runs(const struct ask *ask)
{
    return ask->exchange || ask->again;
}

static unsigned count(const struct asks *asks, bool running)
{
    const struct ask *ask;
    unsigned n = 0;

    TAILQ_FOREACH(ask, &asks->list, link)
        n += runs(ask) == running;
    return n;
}

static void take_turn(struct asks *asks)
{
    turn_take(asks->turn);
}

static void forget_lines(struct ask *ask)
{
    for (size_t i = 0; i < ask->answer.n; i++)
        record_line_done(&ask->answer.lines[i]);
    ask->answer.n = 0;
    ask->ended = false;
}

struct ask *ask_free(struct ask *ask)
{
    if (!ask)
        return NULL;
    TAILQ_REMOVE(&ask->asks->list, ask, link);
    take_turn(ask->asks);
    exchange_free(ask->exchange);
    sd_event_source_disable_unref(ask->deadline);
    sd_event_source_disable_unref(ask->again);
    forget_lines(ask);
    free(ask->answer.lines);
    free(ask->question);
    free(ask);
    return NULL;
}

static void finish(struct ask *ask, enum ask_end end)
{
    if (end != ASK_FOUND)
        forget_lines(ask);
    ask->answer.end = end;
    ask->done(&ask->answer, ask->userdata);
    ask_free(ask);
}

/* --- the answer --- */

static bool take_item(struct ask *ask, struct record_line *line)
{
    if (ask->answer.n == ask->max || !ARRAY_ROOM(ask->answer.lines, ask->answer.n))
        return false;
    ask->answer.lines[ask->answer.n++] = *line;
    line->kind = RECORD_NONE;
    return true;
}

static void take_end(struct ask *ask, const struct record_line *line)
{
    bool found = line->kind == RECORD_END;

    ask->ended = true;
    ask->answer.more = found && line->end.more;
    ask->answer.end = found                                         ? ASK_FOUND
                      : strcmp(line->refusal.error, "refused") == 0 ? ASK_REFUSED
                                                                    : ASK_UNAVAILABLE;
}

/* What was read is not believed: it is a line of the kind that was asked for, or the end, and then nothing.
 */
static bool take(struct ask *ask, struct record_line *line)
{
    if (ask->ended)
        return false;
    if (line->kind == ask->kind)
        return take_item(ask, line);
    if (line->kind != RECORD_END && (line->kind != RECORD_REFUSAL || ask->answer.n > 0))
        return false;
    take_end(ask, line);
    return true;
}

static bool on_line(const char *text, void *userdata)
{
    struct record_line line = { .kind = RECORD_NONE };
    bool taken = record_line_parse(text, &line) && take(userdata, &line);

    if (line.kind != RECORD_NONE)
        record_line_done(&line);
    return taken;
}

static int on_again(_unused_ sd_event_source *source, _unused_ uint64_t usec, void *userdata);

/* Hung up on: all places were taken. */
static void try_again(struct ask *ask)
{
    if (ask->tries >= ASKS_TRIES ||
        sd_event_add_time_relative(ask->asks->event, &ask->again, CLOCK_MONOTONIC,
                                   ASKS_AGAIN_MSEC * USEC_PER_MSEC, 1, on_again, ask) < 0)
        finish(ask, ASK_UNAVAILABLE);
}

static void on_end(enum exchange_end end, void *userdata)
{
    struct ask *ask = userdata;

    ask->exchange = NULL;
    if (end == EXCHANGE_SILENT)
        try_again(ask);
    else
        finish(ask, end == EXCHANGE_ANSWERED && ask->ended ? ask->answer.end : ASK_UNAVAILABLE);
}

/* --- the asking --- */

static void start(struct ask *ask)
{
    const struct exchange_callbacks callbacks = { .line = on_line, .done = on_end, .userdata = ask };
    int r;

    ask->tries++;
    r = exchange_start(ask->asks->event, ask->asks->path, ask->question, &callbacks, &ask->exchange);
    if (r == -EAGAIN)
        try_again(ask);
    else if (r < 0)
        finish(ask, ASK_UNAVAILABLE);
}

static int on_again(_unused_ sd_event_source *source, _unused_ uint64_t usec, void *userdata)
{
    struct ask *ask = userdata;

    ask->again = sd_event_source_disable_unref(ask->again);
    start(ask);
    return 0;
}

static int on_deadline(_unused_ sd_event_source *source, _unused_ uint64_t usec, void *userdata)
{
    finish(userdata, ASK_UNAVAILABLE);
    return 0;
}

static struct ask *find_waiting(const struct asks *asks)
{
    struct ask *ask;

    TAILQ_FOREACH(ask, &asks->list, link)
        if (!runs(ask))
            return ask;
    return NULL;
}

static int on_turn(_unused_ sd_event_source *source, _unused_ uint64_t usec, void *userdata)
{
    struct asks *asks = userdata;
    struct ask *ask;

    while (count(asks, true) < ASKS_AT_ONCE && (ask = find_waiting(asks)))
        start(ask);
    return 0;
}

static struct ask *ask_new(struct asks *asks, const struct errand *errand)
{
    struct ask *ask = calloc(1, sizeof(*ask));
    char question[ERRAND_SIZE];

    if (!ask)
        return NULL;
    ask->asks = asks;
    ask->kind = errand->kind == ERRAND_LINES ? RECORD_TEXT : RECORD_ENTRY;
    ask->max = MAX[errand->kind];
    if (errand_write(errand, question) == 0)
        ask->question = strdup(question);
    TAILQ_INSERT_TAIL(&asks->list, ask, link);
    return ask->question ? ask : ask_free(ask);
}

int asks_begin(struct asks *asks, const struct errand *errand, ask_done done, void *userdata,
               struct ask **ret)
{
    struct ask *ask = count(asks, false) < ASKS_WAITING ? ask_new(asks, errand) : NULL;
    int r;

    if (!ask)
        return count(asks, false) < ASKS_WAITING ? -ENOMEM : -EBUSY;
    ask->done = done;
    ask->userdata = userdata;
    r = sd_event_add_time_relative(asks->event, &ask->deadline, CLOCK_MONOTONIC, asks->patience_usec, 1,
                                   on_deadline, ask);
    if (r < 0) {
        ask_free(ask);
        return r;
    }
    take_turn(asks);
    *ret = ask;
    return 0;
}

/* --- all of them --- */

void asks_stop(struct asks *asks)
{
    struct ask *ask;

    while ((ask = TAILQ_FIRST(&asks->list)))
        finish(ask, ASK_UNAVAILABLE);
}

int asks_new(sd_event *event, const char *path, uint64_t patience_usec, struct asks **ret)
{
    _cleanup_(asks_freep) struct asks *asks = calloc(1, sizeof(*asks));
    int r;

    if (!asks)
        return -ENOMEM;
    asks->event = event;
    asks->path = path;
    asks->patience_usec = patience_usec;
    TAILQ_INIT(&asks->list);
    r = turn_new(event, on_turn, asks, &asks->turn);
    if (r < 0)
        return r;
    *ret = TAKE_PTR(asks);
    return 0;
}

struct asks *asks_free(struct asks *asks)
{
    if (!asks)
        return NULL;
    sd_event_source_disable_unref(asks->turn);
    free(asks);
    return NULL;
}
