/* Who is next, and what those are told who have come in vain. Whoever has to wait for a connection that does
 * not come about is told the same at the same time: nobody waits for one failure after the other. */
#include "far/lanes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/clock.h"
#include "common/journal.h"
#include "common/ssh/ssh-session.h"
#include "far/lane.h"
#include "far/turned-away.h"
#include "far/ways.h"

enum { SAID_AGAIN_SEC = 60 /* the same trouble, in the journal */ };

struct lanes {
    sd_event *event; /* borrowed */
    struct lanes_settings settings;
    struct lane_events events;
    struct ways ways;
    struct lane *list[LANES_MAX]; /* whoever came first comes first */
    size_t n;
    bool stopping;
    char trouble[SECTION_WHY_SIZE]; /* what the journal was told last; "": all is well */
    uint64_t told_usec;
};

static void pump(struct lanes *lanes);

static void tell(struct lanes *lanes, const char *why)
{
    uint64_t now = clock_usec();

    if (strcmp(lanes->trouble, why) == 0 && now - lanes->told_usec < SAID_AGAIN_SEC * USEC_PER_SEC)
        return;
    journal_log(LOG_WARNING, "%s", why);
    (void)snprintf(lanes->trouble, sizeof(lanes->trouble), "%s", why);
    lanes->told_usec = now;
}

static void give_place(struct lanes *lanes, const struct lane *lane)
{
    if (lane_place(lane) >= 0)
        ways_give(&lanes->ways, lane_place(lane), lane_state(lane) == LANE_OPEN);
}

static void drop(struct lanes *lanes, struct lane *lane)
{
    size_t i = 0;

    while (lanes->list[i] != lane)
        i++;
    give_place(lanes, lane);
    lane_free(lane);
    lanes->n--;
    memmove(&lanes->list[i], &lanes->list[i + 1], (lanes->n - i) * sizeof(*lanes->list));
    lanes->settings.touched(lanes->settings.userdata);
}

static void turn_away(struct lanes *lanes, struct lane *lane, const char *why)
{
    give_place(lanes, lane);
    if (lane_turn_away(lane, why) < 0)
        drop(lanes, lane);
}

/* Backwards, since each may drop out of the list. */
static void turn_away_all(struct lanes *lanes, enum lane_state state, const char *why)
{
    for (size_t i = lanes->n; i-- > 0;)
        if (lane_state(lanes->list[i]) == state)
            turn_away(lanes, lanes->list[i], why);
}

static void on_spoke(void *userdata)
{
    pump(userdata);
}

static void on_opened(struct lane *lane, void *userdata)
{
    struct lanes *lanes = userdata;

    ways_opened(&lanes->ways, lane_place(lane));
    if (*lanes->trouble)
        journal_log(LOG_NOTICE, "%s is reached again.", lanes->settings.section->name);
    lanes->trouble[0] = '\0';
    pump(lanes);
}

static void on_failed(struct lane *lane, const char *why, void *userdata)
{
    struct lanes *lanes = userdata;
    char kept[SECTION_WHY_SIZE]; /* the session that says it goes with the lane */

    (void)snprintf(kept, sizeof(kept), "%s", why);
    tell(lanes, kept);
    turn_away(lanes, lane, kept);
    turn_away_all(lanes, LANE_QUEUED, kept);
}

static void on_waited(struct lane *lane, void *userdata)
{
    struct lanes *lanes = userdata;
    char why[SECTION_WHY_SIZE];

    (void)snprintf(why, sizeof(why), "%s was not asked: all %d places on the way to it are taken.",
                   lanes->settings.section->name, WAYS_MAX);
    tell(lanes, why);
    turn_away(lanes, lane, why);
}

static void on_over(struct lane *lane, void *userdata)
{
    struct lanes *lanes = userdata;
    const char *why = lane_why_ended(lane);

    if (*why)
        tell(lanes, why);
    drop(lanes, lane);
    pump(lanes);
}

static struct lane *first(struct lanes *lanes, enum lane_state state)
{
    for (size_t i = 0; i < lanes->n; i++)
        if (lane_state(lanes->list[i]) == state)
            return lanes->list[i];
    return NULL;
}

static int open_one(struct lanes *lanes, struct lane *lane, int place)
{
    const struct section *section = lanes->settings.section;

    return lane_open(lane, place,
                     &(struct ssh_request){
                         .name = section->name,
                         .host = section->host,
                         .port = section->port,
                         .options = ways_options(place, lanes->settings.secrets),
                         .program = lanes->settings.program,
                         .timeout_usec = SSH_GREETING_USEC,
                     });
}

/* Places are given out as long as somebody waits and there is one. */
static void pump(struct lanes *lanes)
{
    struct lane *lane;
    int place;

    if (*lanes->settings.section->why) {
        turn_away_all(lanes, LANE_QUEUED, lanes->settings.section->why);
        return;
    }
    while ((lane = first(lanes, LANE_QUEUED)) && (place = ways_take(&lanes->ways)) >= 0) {
        if (open_one(lanes, lane, place) >= 0)
            continue;
        ways_give(&lanes->ways, place, false);
        drop(lanes, lane);
    }
}

/* False when all are at something: then whoever comes is told so at once. */
static bool make_room(struct lanes *lanes)
{
    struct lane *lane;

    if (lanes->n < LANES_MAX)
        return true;
    lane = first(lanes, LANE_TURNED_AWAY);
    if (!lane)
        lane = first(lanes, LANE_SILENT);
    if (lane)
        drop(lanes, lane);
    return lane != NULL;
}

void lanes_take(struct lanes *lanes, int fd)
{
    _cleanup_(closep) int taken = fd;
    struct lane *lane = NULL;

    if (lanes->stopping || !make_room(lanes)) {
        turned_away_at_once(taken, "There are too many calls to that machine already. Nothing was done.");
        return;
    }
    if (lane_new(lanes->event, TAKE_FD(taken), &lanes->events, &lane) < 0)
        return;
    lanes->list[lanes->n++] = lane;
    lanes->settings.touched(lanes->settings.userdata);
}

void lanes_stop(struct lanes *lanes)
{
    static const char WHY[] = "restarter-far is about to end. Nothing was done.";

    lanes->stopping = true;
    /* What a silent one says may be there, and not be seen yet: hung up on, it would not know what became of
     * it. */
    turn_away_all(lanes, LANE_SILENT, WHY);
    turn_away_all(lanes, LANE_QUEUED, WHY);
    turn_away_all(lanes, LANE_OPENING, WHY);
    for (size_t i = lanes->n; i-- > 0;)
        if (lane_state(lanes->list[i]) == LANE_OPEN && !lane_owes(lanes->list[i]))
            drop(lanes, lanes->list[i]);
}

size_t lanes_n(const struct lanes *lanes)
{
    return lanes->n;
}

size_t lanes_n_open(const struct lanes *lanes)
{
    size_t n = 0;

    for (size_t i = 0; i < lanes->n; i++)
        n += lane_state(lanes->list[i]) == LANE_OPEN;
    return n;
}

int lanes_new(sd_event *event, const struct lanes_settings *settings, struct lanes **ret)
{
    struct lanes *lanes = calloc(1, sizeof(*lanes));

    if (!lanes)
        return -ENOMEM;
    lanes->event = event;
    lanes->settings = *settings;
    lanes->events = (struct lane_events){
        .spoke = on_spoke,
        .opened = on_opened,
        .failed = on_failed,
        .waited = on_waited,
        .over = on_over,
        .userdata = lanes,
    };
    *ret = lanes;
    return 0;
}

struct lanes *lanes_free(struct lanes *lanes)
{
    if (!lanes)
        return NULL;
    for (size_t i = 0; i < lanes->n; i++)
        lane_free(lanes->list[i]);
    free(lanes);
    return NULL;
}
