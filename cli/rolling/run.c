/* One loop, in which one call is waited for at a time, and signals. */
#include "cli/rolling/run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-event.h>

#include "cli/shared/call.h"
#include "cli/shared/cli.h"
#include "cli/shared/press.h"
#include "cli/shared/why.h"
#include "common/cleanup.h"
#include "common/clock.h"

enum {
    LOOK_SEC = 2,    /* between two looks at a unit in its pause */
    TRY_SEC = 1,     /* between two questions of which the first was not answered, or too early */
    TRIES = 30,      /* such questions: a broker that is started anew is back by then */
    REFRESH_SEC = 1, /* of the line on a terminal */
};

#define NEVER UINT64_MAX
#define NOT_SEEN_AGAIN "It came back, and whether it stays was not waited for."
#define NOT_WAITED_FOR "What becomes of it was not waited for."

struct loop {
    struct rolling_run *run;
    struct rolling_plan *plan;
    sd_event *event;
    struct call_end end; /* of the last call */
    bool is_answered;
    uint64_t began_usec;  /* the unit was asked for */
    uint64_t pause_until; /* 0: no pause */
};

/* --- waiting --- */

/* Of the pause the second that has begun counts, too: it does not end at one more than nothing. */
static void show_moment(struct loop *loop)
{
    struct rolling_moment moment = { .is_pause = loop->pause_until > 0 };
    uint64_t now = clock_usec();

    if (!moment.is_pause)
        moment.seconds = (now - loop->began_usec) / USEC_PER_SEC;
    else if (loop->pause_until > now)
        moment.seconds = (loop->pause_until - now + USEC_PER_SEC - 1) / USEC_PER_SEC;
    rolling_show_moment(&loop->run->show, loop->plan, &moment);
}

static int turn(struct loop *loop, uint64_t until)
{
    uint64_t now = clock_usec(), left = until > now ? until - now : 0;

    show_moment(loop);
    if (loop->run->show.live && left > REFRESH_SEC * USEC_PER_SEC)
        left = REFRESH_SEC * USEC_PER_SEC;
    return sd_event_run(loop->event, until == NEVER && !loop->run->show.live ? NEVER : left);
}

/* Until the answer is there, or that time; or until nobody wants to wait. */
static int wait_for(struct loop *loop, const bool *is_answered, uint64_t until)
{
    const struct rolling_stop *stop = &loop->run->stop;
    int r = 0;

    while (r >= 0 && !(is_answered && *is_answered) && !stop->is_cut && clock_usec() < until) {
        r = turn(loop, until);
        if (stop->is_asked)
            rolling_plan_stop(loop->plan);
    }
    return r;
}

static void on_end(struct call_end *end, void *userdata)
{
    struct loop *loop = userdata;

    loop->end = *end;
    loop->is_answered = true;
}

/* Returns how it ended, which is in loop->end until the next call: an exit status. When nobody waited for the
 * end it is unknown. */
static int call(struct loop *loop, const struct wire_call *wire)
{
    int r;

    call_end_done(&loop->end);
    loop->is_answered = false;
    r = call_start(loop->event, loop->run->common->place, wire, 0, on_end, loop);
    if (r < 0)
        return failure_say(&loop->end.failure, CLI_EXIT_UNAVAILABLE, 0,
                           "The broker cannot be called: %s. Nothing was done.", strerror(-r));
    r = wait_for(loop, &loop->is_answered, NEVER);
    if (loop->is_answered)
        return loop->end.failure.exit_status;
    return failure_say(&loop->end.failure, CLI_EXIT_UNKNOWN, 0,
                       r < 0 ? "The answer cannot be waited for." : NOT_WAITED_FOR);
}

/* What was said of the last call, on one line; never NULL. */
static const char *last_words(struct loop *loop)
{
    char *text = loop->end.failure.text;

    for (char *c = text; c && *c; c++)
        if (*c == '\n')
            *c = c[1] ? ' ' : '\0';
    return text ? text : "";
}

/* --- what is written down --- */

static int save(struct loop *loop, struct store_why *why)
{
    _cleanup_(freep) char *text = rolling_record_write(loop->plan, loop->run->place);

    if (text)
        return rolling_store_write(loop->run->store, text, why);
    (void)snprintf(why->text, sizeof(why->text), "there is no memory left");
    return STORE_E_UNFIT;
}

/* Where it stands already what would happen next, a file that cannot be written stops nothing. */
static void save_what_was(struct loop *loop)
{
    struct store_why why = { .pid = 0 };

    (void)save(loop, &why);
}

/* --- the steps --- */

static const struct rolling_unit *here(const struct loop *loop)
{
    return &loop->plan->units[loop->plan->at];
}

/* Nothing was done for lack of it, and one is for all of them. Who gives none is not asked at each. */
static void ask_for_reason(struct loop *loop)
{
    struct rolling_run *run = loop->run;
    int r;

    rolling_plan_again(loop->plan);
    save_what_was(loop);
    rolling_show_clear(&run->show);
    rolling_stop_let_go();
    r = reason_ask(loop->plan->verb, here(loop)->unit, run->reason);
    rolling_stop_hold();
    if (r == CLI_EXIT_OK)
        return;
    loop->plan->max_failures = 0;
    rolling_plan_refused(loop->plan, "No reason was given.");
}

static void note_end(struct loop *loop, int status)
{
    if (status == CLI_EXIT_OK)
        rolling_plan_answered(loop->plan, &loop->end.answer.restart);
    else if (loop->end.reason_wanted && !*loop->run->reason && reason_can_ask())
        ask_for_reason(loop);
    else if (status == CLI_EXIT_REFUSED)
        rolling_plan_refused(loop->plan, last_words(loop));
    else if (status == CLI_EXIT_UNAVAILABLE)
        rolling_plan_not_reached(loop->plan, last_words(loop));
    else
        rolling_plan_unknown(loop->plan, last_words(loop));
}

static int prepare(struct loop *loop, struct wire_call *wire, struct store_why *why)
{
    char press[PRESS_SIZE];

    if (press_make(press) < 0) {
        (void)snprintf(why->text, sizeof(why->text), "there is no random number");
        return STORE_E_UNFIT;
    }
    rolling_plan_begin(loop->plan, press);
    *wire = (struct wire_call){ .method = wire_method_of_verb(loop->plan->verb), .unit = here(loop)->unit };
    (void)snprintf(wire->press, sizeof(wire->press), "%s", press);
    (void)snprintf(wire->reason, sizeof(wire->reason), "%s", loop->run->reason);
    return save(loop, why);
}

static void begin(struct loop *loop)
{
    _cleanup_(freep) char *message = NULL;
    struct store_why why = { .pid = 0 };
    struct wire_call wire;

    loop->began_usec = clock_usec();
    if (prepare(loop, &wire, &why) == 0) {
        note_end(loop, call(loop, &wire));
        return;
    }
    if (asprintf(&message, "Nothing was %s: it cannot be written down how far this is: %s.",
                 verb_done(loop->plan->verb), why.text) < 0)
        message = NULL;
    rolling_plan_not_reached(loop->plan, message ? message : why.text);
}

/* Nobody can tell. Only who has said so beforehand has it done once more, or left. */
static void lose(struct loop *loop)
{
    enum rolling_lost lost = loop->run->stop.is_cut ? ROLLING_LOST_STOP : loop->run->lost;

    loop->run->lost = ROLLING_LOST_STOP;
    rolling_plan_unknown(loop->plan, last_words(loop));
    if (lost == ROLLING_LOST_AGAIN)
        rolling_plan_again(loop->plan);
    if (lost == ROLLING_LOST_SKIP)
        rolling_plan_leave(loop->plan);
}

/* A question is not a restart: it may be asked again. Returns the last exit status. */
static int ask_until_answered(struct loop *loop, const struct wire_call *wire)
{
    int status = call(loop, wire);

    for (int i = 1; i < TRIES && status == CLI_EXIT_UNAVAILABLE && !loop->run->stop.is_cut; i++) {
        (void)wait_for(loop, NULL, clock_usec() + TRY_SEC * USEC_PER_SEC);
        status = call(loop, wire);
    }
    return status;
}

static void ask(struct loop *loop)
{
    struct wire_call wire = { .method = &WIRE_METHODS[WIRE_METHOD_OUTCOME] };

    (void)snprintf(wire.press, sizeof(wire.press), "%s", here(loop)->press);
    if (ask_until_answered(loop, &wire) != CLI_EXIT_OK) {
        lose(loop);
        return;
    }
    rolling_plan_answered(loop->plan, &loop->end.answer.restart);
    if (here(loop)->phase == ROLLING_UNDER_WAY)
        (void)wait_for(loop, NULL, clock_usec() + TRY_SEC * USEC_PER_SEC);
    if (here(loop)->phase == ROLLING_UNDER_WAY && loop->run->stop.is_cut)
        rolling_plan_unknown(loop->plan, NOT_WAITED_FOR);
}

/* Once, or until it is known. NULL, with *ret_seen set, when it is well. */
static const char *look_once(struct loop *loop, bool *ret_seen)
{
    const struct wire_call wire = { .method = &WIRE_METHODS[WIRE_METHOD_STATUS], .unit = here(loop)->unit };

    *ret_seen = ask_until_answered(loop, &wire) == CLI_EXIT_OK;
    return *ret_seen ? rolling_look(here(loop), &loop->end.answer.status) : NULL;
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* A fall is told when it is seen, and not only at the pause's end. */
static void look(struct loop *loop)
{
    const char *why = NULL;
    bool is_seen = true, is_over = false;

    save_what_was(loop);
    loop->pause_until = clock_usec() + loop->plan->pause_sec * USEC_PER_SEC;
    while (is_seen && !why && !is_over) {
        (void)wait_for(loop, NULL, earlier(clock_usec() + LOOK_SEC * USEC_PER_SEC, loop->pause_until));
        is_over = clock_usec() >= loop->pause_until;
        is_seen = !loop->run->stop.is_cut;
        if (is_seen)
            why = look_once(loop, &is_seen);
    }
    loop->pause_until = 0;
    if (why)
        rolling_plan_fell(loop->plan, why);
    else if (is_seen)
        rolling_plan_stayed(loop->plan);
    else
        rolling_plan_unknown(loop->plan, loop->run->stop.is_cut ? NOT_SEEN_AGAIN : last_words(loop));
}

static void do_step(struct loop *loop, enum rolling_step step)
{
    size_t at = loop->plan->at;

    if (step == ROLLING_STEP_BEGIN)
        begin(loop);
    else if (step == ROLLING_STEP_ASK)
        ask(loop);
    else
        look(loop);
    if (rolling_plan_is_told(loop->plan, at))
        rolling_show_unit(&loop->run->show, loop->plan, at);
}

static void go(struct loop *loop)
{
    enum rolling_step step;

    while ((step = rolling_plan_next(loop->plan)) != ROLLING_STEP_NONE)
        do_step(loop, step);
    rolling_show_clear(&loop->run->show);
    save_what_was(loop);
}

int rolling_run(struct rolling_run *run)
{
    _cleanup_(sd_event_unrefp) sd_event *event = NULL;
    struct loop loop = { .run = run, .plan = run->plan, .began_usec = clock_usec() };
    int r = sd_event_new(&event);

    loop.event = event;
    if (r >= 0)
        r = rolling_stop_watch(&run->stop, event);
    if (r < 0)
        return r;
    go(&loop);
    call_end_done(&loop.end);
    return 0;
}
