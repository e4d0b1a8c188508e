/* Who asks waits for a turn, in which as many are answered as there is time for, and until what systemd had
 * told before he asked is heard; whose rows are not known in all that is told of them waits once more, for
 * systemd's answers about them. */
#include "broker/calls/list.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <time.h>

#include "broker/calls/audit.h"
#include "broker/calls/list-kept.h"
#include "broker/calls/request.h"
#include "broker/live/feed.h"
#include "broker/outcome/sentence.h"
#include "broker/record/recents.h"
#include "broker/systemd/echo.h"
#include "broker/table/rows.h"
#include "broker/table/sights.h"
#include "broker/table/table.h"
#include "common/cleanup.h"
#include "common/clock.h"
#include "policy/in-force.h"

DEFINE_CLEANUP(struct lister *, lister_free);

enum {
    TURN_USEC = 5 * 1000, /* and then it is others' */
    /* Others come first; but who never let the broker rest keep nobody from a turn for longer than this, so
     * that a tenth of its time is for lists. */
    TURN_PATIENCE_USEC = 50 * 1000,
    TURN_PRIORITY = SD_EVENT_PRIORITY_NORMAL + 10,
};

/* What people are told of a mistake in the policy file who need not know where it is. */
#define MISTAKE "The journal of restarter-broker.service says where the mistake in the policy file is."

/* Somebody who waits. */
struct asker {
    TAILQ_ENTRY(asker) link;
    struct request *request;
    struct wire_list_options options;
    uint64_t since; /* table_since(), when he asked */
    uint64_t echo;  /* echo_next(), the same */
    uint64_t place; /* feed_place(), the same */
    bool looked_up; /* systemd was asked about his rows */
};

TAILQ_HEAD(asker_list, asker);

struct lister {
    const struct policy_in_force *policy;
    struct recents *recents;
    struct table *table;
    struct feed *feed;
    struct echo *echo;
    uint64_t reading; /* the table is: it stands for that echo */
    uint64_t place;   /* in the feed, when the table was read */
    struct sights sights;
    sd_event_source *turn, *patience;
    struct asker_list waiting;    /* for their turn, in the order in which they came */
    struct asker_list to_look_up; /* for systemd to be asked about their rows */
    struct asker_list looking_up; /* which it is */
    struct list_kept kept;
};

/* --- the answer --- */

static struct wire_answer describe(const struct lister *l, const struct asker *asker,
                                   const struct selection *selection, const struct rows *rows,
                                   const char *cursor)
{
    const struct policy_in_force *policy = l->policy;
    bool is_admin = policy_is_admin(policy->policy, &asker->request->person);

    return (struct wire_answer){
        .kind = WIRE_LIST,
        .list = {
            .policy_ok = !policy->error,
            .policy_error = policy->error && !is_admin ? MISTAKE : policy->error,
            .machine = asker->request->services->machine,
            .policy_in_force = policy->policy != NULL,
            .truncated = table_instances(l->table)->truncated || selection->first + rows->n < selection->n,
            .failed = selection->counts[UNIT_GROUP_FAILED],
            .restarting = selection->counts[UNIT_GROUP_RESTARTING],
            .running = selection->counts[UNIT_GROUP_RUNNING],
            .stopped = selection->counts[UNIT_GROUP_STOPPED],
            .exited = selection->exited,
            .matching = selection->n,
            .offset = (uint64_t)asker->options.offset,
            .cursor = cursor,
            .admin = is_admin,
            .instances = rows->items,
            .n_instances = rows->n,
        },
    };
}

/* What is told there was in the table: it was read since, or followed. */
static uint64_t place_of(const struct lister *l, const struct asker *asker)
{
    return table_is_followed(l->table) || asker->place < l->place ? asker->place : l->place;
}

/* The caller's; NULL when out of memory. */
static xmlrpc_mem_block *encode(struct lister *l, const struct asker *asker, const uint8_t *sight,
                                const struct selection *selection)
{
    const struct feed_reader reader = request_reader(asker->request);
    const struct rows_view view = { l->policy->policy, reader.person, sight, l->recents };
    _cleanup_(rows_forget) struct rows rows = { .items = NULL };
    char cursor[CURSOR_SIZE];
    struct wire_answer answer;

    if (rows_make(&view, table_instances(l->table), selection, &rows) < 0)
        return NULL;
    feed_cursor(l->feed, &reader, place_of(l, asker), cursor);
    answer = describe(l, asker, selection, &rows, cursor);
    return wire_answer_encode(&answer);
}

/* --- who waits --- */

static void end(struct asker *asker, struct http_shared *response)
{
    request_answer_shared(asker->request, response);
    free(asker);
}

static void refuse_all(struct asker_list *list, const struct outcome *outcome)
{
    struct asker *asker;

    while ((asker = TAILQ_FIRST(list))) {
        TAILQ_REMOVE(list, asker, link);
        audit_read(asker->request->services->audit, asker->request, outcome);
        request_refuse(asker->request, outcome);
        free(asker);
    }
}

static void take_a_turn(struct lister *l)
{
    int enabled = SD_EVENT_OFF;

    if (sd_event_source_get_enabled(l->turn, &enabled) > 0)
        return;
    (void)sd_event_source_set_enabled(l->turn, SD_EVENT_ONESHOT);
    (void)sd_event_source_set_time_relative(l->patience, TURN_PATIENCE_USEC);
    (void)sd_event_source_set_enabled(l->patience, SD_EVENT_ONESHOT);
}

/* Takes the block over; NULL stands for out of memory. What is part of another call is not shared. */
static void answer(struct lister *l, struct asker *asker, const struct list_question *question,
                   xmlrpc_mem_block *block)
{
    struct http_shared *response;

    if (asker->request->part) {
        request_answer_block(asker->request, block);
        free(asker);
        return;
    }
    response = http_shared_new(request_response(block));
    if (response)
        list_kept_add(&l->kept, question, response);
    end(asker, response);
    http_shared_unref(response);
}

/* Answers, or has systemd asked about the rows first. */
static void serve(struct lister *l, struct asker *asker)
{
    struct instances *instances = table_instances(l->table);
    _cleanup_(selection_done) struct selection selection = { 0 };
    const struct feed_reader reader = request_reader(asker->request);
    struct list_question question;
    struct http_shared *kept;
    const uint8_t *sight;

    list_question_make(l->policy->policy, &reader, &asker->options, &question);
    question.revision = recents_revision(l->recents);
    kept = asker->request->part ? NULL : list_kept_find(&l->kept, &question);
    if (kept) {
        end(asker, kept);
        return;
    }
    sight =
        sights_get(&l->sights, l->policy->policy, &asker->request->person, instances, table_shape(l->table));
    if (!sight || selection_make(instances, sight, l->recents, &asker->options, &selection) < 0) {
        request_no_memory(asker->request);
        free(asker);
    } else if (!asker->looked_up && selection_want(&selection, instances)) {
        asker->looked_up = true;
        TAILQ_INSERT_TAIL(&l->to_look_up, asker, link);
    } else {
        answer(l, asker, &question, encode(l, asker, sight, &selection));
    }
}

/* --- turns --- */

/* What changes others are told of before they ask is in it: it was read since, or has heard of them. */
static bool is_for(const struct lister *l, const struct asker *asker)
{
    return !table_is_followed(l->table) || echo_is_heard(l->echo, asker->echo);
}

static void serve_some(struct lister *l)
{
    uint64_t until_usec = clock_usec() + TURN_USEC;
    struct asker *asker;

    while ((asker = TAILQ_FIRST(&l->waiting)) && table_serves(l->table, asker->since) && is_for(l, asker)) {
        TAILQ_REMOVE(&l->waiting, asker, link);
        serve(l, asker);
        if (clock_usec() >= until_usec)
            break;
    }
}

/* One thing at a time: what is asked about is in the table as it is. */
static void go_on(struct lister *l)
{
    const struct asker *first = TAILQ_FIRST(&l->waiting);
    bool is_new_enough = first && table_serves(l->table, first->since);

    if (is_new_enough && is_for(l, first)) {
        take_a_turn(l);
        return;
    }
    if (is_new_enough)
        echo_send(l->echo);
    if (table_is_busy(l->table))
        return;
    if (!TAILQ_EMPTY(&l->to_look_up)) {
        TAILQ_CONCAT(&l->looking_up, &l->to_look_up, link);
        table_ask(l->table);
    } else if (first && !is_new_enough) {
        l->place = feed_place(l->feed);
        l->reading = echo_stand_in(l->echo);
        table_read(l->table);
    }
}

static void begin_turn(struct lister *l)
{
    (void)sd_event_source_set_enabled(l->turn, SD_EVENT_OFF);
    (void)sd_event_source_set_enabled(l->patience, SD_EVENT_OFF);
    serve_some(l);
    go_on(l);
}

static int on_turn(_unused_ sd_event_source *source, void *userdata)
{
    begin_turn(userdata);
    return 0;
}

static int on_patience(_unused_ sd_event_source *source, _unused_ uint64_t usec, void *userdata)
{
    begin_turn(userdata);
    return 0;
}

/* --- what the table says --- */

static void on_read(enum bus_fault fault, const char *text, void *userdata)
{
    struct outcome outcome = { .unit = "the instances" };
    struct lister *l = userdata;

    list_kept_forget(&l->kept);
    echo_note_heard(l->echo, l->reading);
    if (fault != BUS_FAULT_NONE) {
        sentence_not_read(&outcome, fault, text);
        refuse_all(&l->waiting, &outcome);
    }
    take_a_turn(l);
}

/* Those are the next. */
static void on_asked(void *userdata)
{
    struct lister *l = userdata;

    TAILQ_CONCAT(&l->looking_up, &l->waiting, link);
    TAILQ_CONCAT(&l->waiting, &l->looking_up, link);
    take_a_turn(l);
}

static void on_heard(void *userdata)
{
    struct lister *l = userdata;

    if (!TAILQ_EMPTY(&l->waiting))
        take_a_turn(l);
}

static void on_changed(void *userdata)
{
    struct lister *l = userdata;

    list_kept_forget(&l->kept);
}

/* --- asking --- */

void lister_ask(struct lister *l, struct request *request, const struct wire_list_options *options)
{
    struct asker *asker = calloc(1, sizeof(*asker));

    if (!asker) {
        request_no_memory(request);
        return;
    }
    recents_wake(l->recents);
    asker->request = request;
    asker->options = *options;
    asker->since = table_since(l->table);
    asker->echo = echo_next(l->echo);
    asker->place = feed_place(l->feed);
    TAILQ_INSERT_TAIL(&l->waiting, asker, link);
    take_a_turn(l);
}

void lister_forget(struct lister *l)
{
    sights_forget(&l->sights);
    table_forget(l->table);
}

/* --- the lister --- */

void lister_stop(struct lister *l)
{
    struct outcome outcome = { 0 };

    sentence_stopping_before(&outcome);
    table_stop(l->table);
    refuse_all(&l->looking_up, &outcome);
    refuse_all(&l->to_look_up, &outcome);
    refuse_all(&l->waiting, &outcome);
}

static int new_turn(sd_event *event, struct lister *l)
{
    int r;

    r = sd_event_add_defer(event, &l->turn, on_turn, l);
    if (r >= 0)
        r = sd_event_source_set_enabled(l->turn, SD_EVENT_OFF);
    if (r >= 0)
        r = sd_event_source_set_priority(l->turn, TURN_PRIORITY);
    if (r >= 0)
        r = sd_event_add_time_relative(event, &l->patience, CLOCK_MONOTONIC, 0, 1000, on_patience, l);
    return r >= 0 ? sd_event_source_set_enabled(l->patience, SD_EVENT_OFF) : r;
}

int lister_new(sd_event *event, const struct lister_setup *setup, struct lister **ret)
{
    _cleanup_(lister_freep) struct lister *l = calloc(1, sizeof(*l));
    int r;

    if (!l)
        return -ENOMEM;
    l->policy = setup->policy;
    l->recents = setup->recents;
    l->feed = setup->feed;
    TAILQ_INIT(&l->waiting);
    TAILQ_INIT(&l->to_look_up);
    TAILQ_INIT(&l->looking_up);
    r = new_turn(event, l);
    if (r >= 0)
        r = table_new(setup->systemd, setup->policy,
                      &(struct table_callbacks){ on_read, on_asked, on_changed, l }, &l->table);
    if (r >= 0)
        r = echo_new(event, setup->systemd, on_heard, l, &l->echo);
    if (r < 0)
        return r;
    *ret = TAKE_PTR(l);
    return 0;
}

struct lister *lister_free(struct lister *l)
{
    if (!l)
        return NULL;
    echo_free(l->echo);
    table_free(l->table);
    sd_event_source_disable_unref(l->turn);
    sd_event_source_disable_unref(l->patience);
    sights_forget(&l->sights);
    list_kept_forget(&l->kept);
    free(l);
    return NULL;
}
