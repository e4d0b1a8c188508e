/* All that happens later happens in turns: who has waited long enough is told so, and whoever can be asked
 * is. A turn comes as soon as anything has changed, and at the next time that anything is to happen.
 *
 * Many who ask on and on would take every place in the moment in which it is free, and somebody who asks once
 * would never find one. So where there is none, one of those who have just had an answer gives way to him. */
#include "webfront/logins/logins.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "common/cleanup.h"
#include "common/clock.h"
#include "common/places.h"
#include "webfront/logins/lately.h"
#include "webfront/logins/login-exchange.h"

/* Where a question is. */
enum stage {
    STAGE_REFUSED, /* its answer is known, and told in the next turn */
    STAGE_WAITING,
    STAGE_ASKED, /* the exchange is under way */
    STAGE_MAX,
};

struct login {
    TAILQ_ENTRY(login) link;
    struct logins *logins;
    enum stage stage;
    enum login_outcome refusal;
    login_done done; /* NULL: whoever asked has left */
    void *userdata;
    char asker[LOGINS_ASKER_SIZE], question[LOGIN_QUESTION_SIZE];
    size_t size;
    uint64_t until_usec, asked_usec;
    unsigned tries;
    bool again; /* whoever asks had an answer a moment ago */
    struct login_exchange *exchange;
};

TAILQ_HEAD(login_queue, login);

struct logins {
    sd_event *event;
    sd_event_source *turn;
    const char *path;
    uint64_t patience_usec, paused_until_usec;
    unsigned hung_up; /* in a row */
    struct login_queue queues[STAGE_MAX];
    unsigned n[STAGE_MAX];
    uint64_t counted[LOGIN_UNAVAILABLE + 1]; /* by outcome */
    struct lately lately;
};

/* --- one question --- */

static void enter(struct login *login, enum stage stage)
{
    login->stage = stage;
    login->logins->n[stage]++;
    TAILQ_INSERT_TAIL(&login->logins->queues[stage], login, link);
}

static void leave(struct login *login)
{
    login->logins->n[login->stage]--;
    TAILQ_REMOVE(&login->logins->queues[login->stage], login, link);
}

static void login_free(struct login *login)
{
    login_exchange_free(login->exchange);
    explicit_bzero(login->question, sizeof(login->question));
    free(login);
}

/* It is over, and so long it is too soon for another one. */
static void note_end(struct logins *logins, const char *asker, unsigned seconds)
{
    if (seconds < LOGINS_BUSY_SEC)
        seconds = LOGINS_BUSY_SEC;
    lately_note(&logins->lately, asker, clock_usec(), seconds * USEC_PER_SEC);
}

static void finish(struct login *login, const struct login_result *result)
{
    login->logins->counted[result->outcome]++;
    note_end(login->logins, login->asker, result->seconds);
    leave(login);
    if (login->done)
        login->done(result, login->userdata);
    login_free(login);
}

static void finish_without(struct login *login, enum login_outcome outcome)
{
    struct login_result result = { .outcome = outcome };

    if (outcome == LOGIN_BUSY || outcome == LOGIN_UNAVAILABLE)
        result.seconds = LOGINS_BUSY_SEC;
    finish(login, &result);
}

uint64_t logins_counted(const struct logins *logins, enum login_outcome outcome)
{
    return logins->counted[outcome];
}

/* --- turns --- */

static void arm(struct logins *logins, uint64_t usec)
{
    (void)sd_event_source_set_time(logins->turn, usec);
    (void)sd_event_source_set_enabled(logins->turn, SD_EVENT_ONESHOT);
}

static void pause_all(struct logins *logins)
{
    uint64_t msec = (uint64_t)LOGINS_PAUSE_MSEC << logins->hung_up;

    if (msec >= LOGINS_PAUSE_MAX_MSEC)
        msec = LOGINS_PAUSE_MAX_MSEC;
    else
        logins->hung_up++;
    logins->paused_until_usec = clock_usec() + msec * USEC_PER_MSEC;
}

/* Nobody has looked at it: it is the first to be asked when the pause is over. */
static void ask_again(struct login *login)
{
    struct logins *logins = login->logins;

    leave(login);
    login->stage = STAGE_WAITING;
    logins->n[STAGE_WAITING]++;
    TAILQ_INSERT_HEAD(&logins->queues[STAGE_WAITING], login, link);
    pause_all(logins);
}

static void hear_nothing(struct login *login)
{
    uint64_t took = clock_usec() - login->asked_usec;

    if (login->done && took < LOGINS_HUNG_UP_MSEC * USEC_PER_MSEC && login->tries < LOGINS_TRIES)
        ask_again(login);
    else
        finish_without(login, LOGIN_UNAVAILABLE);
}

static void on_exchanged(enum login_exchange_end end, const char *bytes, size_t size, void *userdata)
{
    struct login *login = userdata;
    struct logins *logins = login->logins;
    struct login_result result;

    login->exchange = NULL;
    arm(logins, 0);
    if (end == LOGIN_EXCHANGE_SILENT) {
        hear_nothing(login);
        return;
    }
    logins->hung_up = 0;
    login_answer_read(bytes, end == LOGIN_EXCHANGE_ANSWERED ? size : 0, &result);
    finish(login, &result);
    explicit_bzero(&result, sizeof(result));
}

static void ask(struct login *login)
{
    struct logins *logins = login->logins;
    int r;

    leave(login);
    enter(login, STAGE_ASKED);
    login->tries++;
    login->asked_usec = clock_usec();
    r = login_exchange_start(logins->event, logins->path, login->question, login->size, on_exchanged, login,
                             &login->exchange);
    if (r == -EAGAIN)
        hear_nothing(login);
    else if (r < 0)
        finish_without(login, LOGIN_UNAVAILABLE);
}

static struct login *find_overdue(const struct logins *logins, uint64_t now_usec)
{
    struct login *login;

    for (int stage = STAGE_WAITING; stage < STAGE_MAX; stage++)
        TAILQ_FOREACH(login, &logins->queues[stage], link)
            if (login->until_usec <= now_usec)
                return login;
    return NULL;
}

/* The next one that has been waited for in vain, with what it is told: that it was not looked at, or that
 * nobody knows. */
static bool end_overdue(const struct logins *logins)
{
    struct login *login = find_overdue(logins, clock_usec());

    if (login)
        finish_without(login, login->tries > 0 ? LOGIN_UNAVAILABLE : LOGIN_BUSY);
    return login;
}

static bool may_ask(const struct logins *logins)
{
    return logins->n[STAGE_WAITING] > 0 && logins->n[STAGE_ASKED] < LOGINS_AT_A_TIME &&
           logins->paused_until_usec <= clock_usec();
}

static uint64_t next_turn(const struct logins *logins)
{
    uint64_t next = logins->n[STAGE_REFUSED] > 0 ? 0 : UINT64_MAX;
    const struct login *login;

    if (next > 0 && logins->n[STAGE_WAITING] > 0 && logins->n[STAGE_ASKED] < LOGINS_AT_A_TIME)
        next = logins->paused_until_usec;
    for (int stage = STAGE_WAITING; stage < STAGE_MAX; stage++)
        TAILQ_FOREACH(login, &logins->queues[stage], link)
            if (login->until_usec < next)
                next = login->until_usec;
    return next;
}

static int on_turn(_unused_ sd_event_source *source, _unused_ uint64_t usec, void *userdata)
{
    struct logins *logins = userdata;
    struct login *login;
    uint64_t next;

    while ((login = TAILQ_FIRST(&logins->queues[STAGE_REFUSED])))
        finish_without(login, login->refusal);
    while (end_overdue(logins))
        ;
    while (may_ask(logins))
        ask(TAILQ_FIRST(&logins->queues[STAGE_WAITING]));
    next = next_turn(logins);
    if (next != UINT64_MAX)
        arm(logins, next);
    return 0;
}

/* --- from outside --- */

static unsigned count_asker(const struct logins *logins, const char *asker)
{
    const struct login *login;
    unsigned n = 0;

    for (int stage = STAGE_WAITING; stage < STAGE_MAX; stage++)
        TAILQ_FOREACH(login, &logins->queues[stage], link)
            n += strcmp(login->asker, asker) == 0;
    return n;
}

static bool is_full(const struct logins *logins, const char *asker, unsigned given)
{
    unsigned taken = logins->n[STAGE_WAITING] + logins->n[STAGE_ASKED] - given;

    return places_full(LOGINS_AT_A_TIME + LOGINS_WAITING, taken, count_asker(logins, asker));
}

/* The last one of those who wait and came too soon, of whose question nobody knows yet. */
static struct login *find_giver(const struct logins *logins)
{
    struct login *login;

    TAILQ_FOREACH_REVERSE(login, &logins->queues[STAGE_WAITING], login_queue, link)
        if (login->again && login->tries == 0)
            return login;
    return NULL;
}

/* True when there is a place, or *ret_giver gives his away. */
static bool find_place(const struct logins *logins, const char *asker, struct login **ret_giver)
{
    bool full = is_full(logins, asker, 0);

    *ret_giver = NULL;
    if (full && !lately_has(&logins->lately, asker, clock_usec()) && !is_full(logins, asker, 1))
        *ret_giver = find_giver(logins);
    return !full || *ret_giver;
}

static void give_place_away(struct login *giver)
{
    leave(giver);
    giver->refusal = LOGIN_BUSY;
    enter(giver, STAGE_REFUSED);
}

/* Where a question goes that has just come. */
static enum stage choose_stage(struct login *login)
{
    struct login *giver = NULL;

    login->refusal = login->size == 0 ? LOGIN_WRONG : LOGIN_BUSY;
    if (login->size == 0 || !find_place(login->logins, login->asker, &giver))
        return STAGE_REFUSED;
    if (giver)
        give_place_away(giver);
    return STAGE_WAITING;
}

bool logins_refuse(struct logins *logins, const char *asker, struct login_result *ret)
{
    struct login *giver;

    if (find_place(logins, asker, &giver))
        return false;
    *ret = (struct login_result){ .outcome = LOGIN_BUSY, .seconds = LOGINS_BUSY_SEC };
    logins->counted[LOGIN_BUSY]++;
    note_end(logins, asker, LOGINS_BUSY_SEC);
    return true;
}

int logins_ask(struct logins *logins, const struct login_question *question, login_done done, void *userdata,
               struct login **ret)
{
    struct login *login = calloc(1, sizeof(*login));

    if (!login)
        return -ENOMEM;
    login->logins = logins;
    login->done = done;
    login->userdata = userdata;
    login->until_usec = clock_usec() + logins->patience_usec;
    (void)snprintf(login->asker, sizeof(login->asker), "%s", question->asker);
    login->again = lately_has(&logins->lately, login->asker, clock_usec());
    login->size = login_question_write(question->user, question->password, login->question);
    enter(login, choose_stage(login));
    arm(logins, 0);
    *ret = login;
    return 0;
}

struct login *login_cancel(struct login *login)
{
    if (!login)
        return NULL;
    note_end(login->logins, login->asker, 0);
    login->done = NULL;
    explicit_bzero(login->question, sizeof(login->question));
    if (login->stage != STAGE_ASKED) {
        leave(login);
        login_free(login);
    }
    return NULL;
}

void logins_stop(struct logins *logins)
{
    struct login *login;

    for (int stage = 0; stage < STAGE_MAX; stage++)
        while ((login = TAILQ_FIRST(&logins->queues[stage])))
            finish_without(login, LOGIN_UNAVAILABLE);
}

DEFINE_CLEANUP(struct logins *, logins_free);

int logins_new(sd_event *event, const char *path, uint64_t patience_usec, struct logins **ret)
{
    _cleanup_(logins_freep) struct logins *logins = calloc(1, sizeof(*logins));
    int r;

    if (!logins)
        return -ENOMEM;
    for (int stage = 0; stage < STAGE_MAX; stage++)
        TAILQ_INIT(&logins->queues[stage]);
    logins->event = sd_event_ref(event);
    logins->path = path;
    logins->patience_usec = patience_usec;
    r = lately_begin(&logins->lately);
    if (r >= 0)
        r = sd_event_add_time(event, &logins->turn, CLOCK_MONOTONIC, 0, 1, on_turn, logins);
    if (r >= 0)
        r = sd_event_source_set_enabled(logins->turn, SD_EVENT_OFF);
    if (r < 0)
        return r;
    *ret = TAKE_PTR(logins);
    return 0;
}

struct logins *logins_free(struct logins *logins)
{
    if (!logins)
        return NULL;
    for (int stage = 0; stage < STAGE_MAX; stage++)
        assert(TAILQ_EMPTY(&logins->queues[stage]));
    sd_event_source_disable_unref(logins->turn);
    sd_event_unref(logins->event);
    free(logins);
    return NULL;
}
