/* Who waits, and what he is told: asked of the feed at each of its ticks. */
#include "broker/calls/method-changes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "broker/calls/audit.h"
#include "broker/calls/request.h"
#include "broker/calls/tickets.h"
#include "broker/live/feed.h"
#include "common/cleanup.h"
#include "common/clock.h"
#include "policy/in-force.h"

/* Answers that are shared at one tick, each by those who may the same and know the same. */
enum { KEPT_MAX = 16 };

/* Somebody who waits. */
struct watch {
    TAILQ_ENTRY(watch) link;
    struct watches *watches;
    struct request *request;
    sd_event_source *timer;
    bool is_lost; /* nobody knows how far he is: he is to look at everything */
    uint64_t since;
    char cursor[WIRE_CURSOR_MAX + 1]; /* as he sent it */
};

TAILQ_HEAD(watch_list, watch);

struct kept {
    struct policy_view view;
    bool is_front;
    uint64_t since;
    struct http_shared *response; /* NULL: there is no news for them */
};

struct watches {
    sd_event *event;
    struct feed *feed;
    struct watch_list list;
    struct kept kept[KEPT_MAX];
    size_t n_kept;
};

/* --- answers --- */

static struct wire_answer told(const char *cursor, bool whole, const struct wire_names *units)
{
    return (struct wire_answer){ .kind = WIRE_CHANGES,
                                 .changes = { .cursor = cursor, .whole = whole, .units = *units } };
}

static void answer_whole(struct feed *feed, struct request *request)
{
    const struct feed_reader reader = request_reader(request);
    char cursor[CURSOR_SIZE];
    struct wire_answer answer;

    feed_cursor(feed, &reader, feed_place(feed), cursor);
    answer = told(cursor, true, &(struct wire_names){ .n = 0 });
    request_answer(request, &answer, 0);
}

static struct wire_answer told_news(struct feed_news *news)
{
    return told(news->cursor, news->whole, &(struct wire_names){ .items = news->units, .n = news->n });
}

static void answer_news(struct request *request, struct feed_news *news)
{
    const struct wire_answer answer = told_news(news);

    request_answer(request, &answer, 0);
}

/* NULL when out of memory. */
static struct http_shared *response_of(struct feed_news *news)
{
    const struct wire_answer answer = told_news(news);

    return http_shared_new(request_response(wire_answer_encode(&answer)));
}

/* Takes it off the list; its request is the caller's to answer. */
static struct request *watch_end(struct watch *watch)
{
    struct request *request = watch->request;

    TAILQ_REMOVE(&watch->watches->list, watch, link);
    sd_event_source_disable_unref(watch->timer);
    free(watch);
    return request;
}

static void refuse_login(struct request *request, int login)
{
    struct outcome outcome = { 0 };

    sentence_login(&outcome, (enum login)login);
    audit_read(request->services->audit, request, &outcome);
    request_refuse(request, &outcome);
}

/* His login may have come to its end while he waited. False: he was told so. */
static bool is_still_let_in(struct watch *watch)
{
    const struct request *request = watch->request;
    const struct ticket ticket = request_ticket(request);
    int login = ticket.issued > 0 ? tickets_judge(request->services->tickets, &ticket) : LOGIN_GOOD;

    if (login == LOGIN_GOOD)
        return true;
    refuse_login(watch_end(watch), login);
    return false;
}

/* Nothing happened, or nobody can know. */
static void answer_in_vain(struct watch *watch)
{
    char cursor[WIRE_CURSOR_MAX + 1];
    const struct wire_answer answer = told(cursor, false, &(struct wire_names){ .n = 0 });
    struct feed *feed = watch->watches->feed;
    bool is_lost = watch->is_lost;

    memcpy(cursor, watch->cursor, sizeof(cursor));
    if (is_lost)
        answer_whole(feed, watch_end(watch));
    else
        request_answer(watch_end(watch), &answer, 0);
}

static void end_in_vain(struct watch *watch)
{
    if (is_still_let_in(watch))
        answer_in_vain(watch);
}

/* --- at a tick --- */

static void forget_kept(struct watches *w)
{
    while (w->n_kept > 0)
        http_shared_unref(w->kept[--w->n_kept].response);
}

static const struct kept *find_kept(const struct watches *w, const struct kept *like)
{
    for (size_t i = 0; i < w->n_kept; i++)
        if (w->kept[i].since == like->since && w->kept[i].is_front == like->is_front &&
            policy_view_same(&w->kept[i].view, &like->view))
            return &w->kept[i];
    return NULL;
}

/* What is news to him, the caller's to unref; NULL: nothing is. -ENOMEM or 0. */
static int news_for(struct watches *w, const struct watch *watch, struct http_shared **ret)
{
    const struct feed_reader reader = request_reader(watch->request);
    struct kept like = { .is_front = reader.is_front, .since = watch->since };
    const struct kept *kept;
    struct feed_news news;

    policy_view(watch->request->services->policy->policy, reader.person, &like.view);
    kept = find_kept(w, &like);
    if (!kept) {
        if (feed_news(w->feed, &reader, watch->since, &news) && !(like.response = response_of(&news)))
            return -ENOMEM;
        if (w->n_kept == KEPT_MAX)
            forget_kept(w);
        w->kept[w->n_kept] = like;
        kept = &w->kept[w->n_kept++];
    }
    *ret = kept->response ? http_shared_ref(kept->response) : NULL;
    return 0;
}

static void look(struct watches *w, struct watch *watch)
{
    struct http_shared *response = NULL;

    if (watch->is_lost) {
        end_in_vain(watch);
        return;
    }
    if (news_for(w, watch, &response) < 0) {
        request_no_memory(watch_end(watch));
        return;
    }
    if (response && is_still_let_in(watch))
        request_answer_shared(watch_end(watch), response);
    http_shared_unref(response);
}

static void on_ticked(void *userdata)
{
    struct watches *w = userdata;
    struct watch *watch, *next;

    for (watch = TAILQ_FIRST(&w->list); watch; watch = next) {
        next = TAILQ_NEXT(watch, link);
        look(w, watch);
    }
    forget_kept(w);
}

/* --- who comes and goes --- */

static int on_timer(_unused_ sd_event_source *source, _unused_ uint64_t usec, void *userdata)
{
    end_in_vain(userdata);
    return 0;
}

/* To nobody. */
static void on_gone(void *userdata)
{
    answer_in_vain(userdata);
}

static int arm(struct watch *watch, sd_event *event, int seconds)
{
    return sd_event_add_time_relative(event, &watch->timer, CLOCK_MONOTONIC, (uint64_t)seconds * USEC_PER_SEC,
                                      0, on_timer, watch);
}

static void begin(struct watches *w, const struct watch *like, struct request *request, int seconds)
{
    struct watch *watch = calloc(1, sizeof(*watch));

    if (!watch) {
        request_no_memory(request);
        return;
    }
    *watch = *like;
    watch->request = request;
    TAILQ_INSERT_TAIL(&w->list, watch, link);
    if (arm(watch, w->event, seconds) < 0) {
        request_no_memory(watch_end(watch));
        return;
    }
    request_on_gone(request, on_gone, watch);
}

void method_changes(struct request *request, const struct wire_call *call)
{
    struct watches *w = request->services->watches;
    const struct feed_reader reader = request_reader(request);
    struct watch watch = { .watches = w };
    struct feed_news news;

    memcpy(watch.cursor, call->cursor, sizeof(watch.cursor));
    watch.is_lost = !feed_find(w->feed, call->cursor, &watch.since);
    if (watch.is_lost && (call->seconds == 0 || feed_hears(w->feed)))
        answer_whole(w->feed, request);
    else if (!watch.is_lost && feed_news(w->feed, &reader, watch.since, &news))
        answer_news(request, &news);
    else
        begin(w, &watch, request, call->seconds);
}

/* --- all of them --- */

void watches_check(struct watches *w)
{
    struct watch *watch, *next;

    for (watch = TAILQ_FIRST(&w->list); watch; watch = next) {
        next = TAILQ_NEXT(watch, link);
        (void)is_still_let_in(watch);
    }
}

void watches_stop(struct watches *w)
{
    struct watch *watch;

    while ((watch = TAILQ_FIRST(&w->list)))
        end_in_vain(watch);
}

int watches_new(sd_event *event, struct feed *feed, struct watches **ret)
{
    struct watches *w = calloc(1, sizeof(*w));

    if (!w)
        return -ENOMEM;
    w->event = sd_event_ref(event);
    w->feed = feed;
    TAILQ_INIT(&w->list);
    feed_on_tick(feed, on_ticked, w);
    *ret = w;
    return 0;
}

struct watches *watches_free(struct watches *w)
{
    if (!w)
        return NULL;
    feed_on_tick(w->feed, NULL, NULL);
    sd_event_unref(w->event);
    free(w);
    return NULL;
}
