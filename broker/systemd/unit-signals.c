/* Matches, and the signals as a struct of ours. */
#include "broker/systemd/unit-signals.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "broker/systemd/systemd-names.h"
#include "common/cleanup.h"
#include "common/clock.h"
#include "common/journal.h"
#include "common/unit-name.h"

#define UNIT_PATH SYSTEMD_PATH "/unit"
#define UNIT_INTERFACE "org.freedesktop.systemd1.Unit"
#define SERVICE_INTERFACE "org.freedesktop.systemd1.Service"
#define PATH_SUFFIX "_2eservice" /* ".service", as object paths have it */

#define MATCH_CHANGED(interface)                                                                             \
    "type='signal',sender='" SYSTEMD_SERVICE "',path_namespace='" UNIT_PATH                                  \
    "',interface='org.freedesktop.DBus.Properties',member='PropertiesChanged',arg0='" interface "'"
#define MATCH_MANAGER(member)                                                                                \
    "type='signal',sender='" SYSTEMD_SERVICE "',path='" SYSTEMD_PATH "',interface='" SYSTEMD_MANAGER         \
    "',member='" member "'"

/* --- whether all is heard --- */

static void set_heard(struct unit_signals *s, bool heard)
{
    if (s->heard == heard)
        return;
    s->heard = heard;
    s->complained = s->complained && !heard;
    listeners_units_heard(s->listeners, heard);
}

static void check_heard(struct unit_signals *s)
{
    set_heard(s, s->bus && s->is_subscribed && s->n_taken == UNIT_SIGNALS_MATCHES);
}

static void drop_matches(struct unit_signals *s)
{
    for (size_t i = 0; i < UNIT_SIGNALS_MATCHES; i++)
        s->slots[i] = sd_bus_slot_unref(s->slots[i]);
    s->n_taken = 0;
    check_heard(s);
}

static void listen_later(struct unit_signals *s)
{
    drop_matches(s);
    (void)sd_event_source_set_time_relative(s->listen, UNIT_SIGNALS_DEAF_MSEC * USEC_PER_MSEC);
    (void)sd_event_source_set_enabled(s->listen, SD_EVENT_ONESHOT);
}

/* False: they are not listened to any more. */
static bool count(struct unit_signals *s)
{
    uint64_t now_usec = clock_usec();

    if (now_usec >= s->since_usec + USEC_PER_SEC) {
        s->since_usec = now_usec;
        s->n = 0;
    }
    if (s->n++ < s->max)
        return true;
    if (!s->braked)
        journal_log(LOG_INFO,
                    "More than %u changes of units in a second: they are not followed for a moment.", s->max);
    s->braked = true;
    listen_later(s);
    return false;
}

/* --- what they say --- */

static int read_job(sd_bus_message *m, struct unit_change *change)
{
    int r = sd_bus_message_read(m, "v", "(uo)", &change->job, NULL);

    if (r >= 0)
        change->has_job = true;
    return r;
}

static int read_value(sd_bus_message *m, const char *name, struct unit_change *change)
{
    if (strcmp(name, "ActiveState") == 0)
        return sd_bus_message_read(m, "v", "s", &change->active_state);
    if (strcmp(name, "SubState") == 0)
        return sd_bus_message_read(m, "v", "s", &change->sub_state);
    if (strcmp(name, "StateChangeTimestamp") == 0)
        return sd_bus_message_read(m, "v", "t", &change->since_usec);
    if (strcmp(name, "Result") == 0)
        return sd_bus_message_read(m, "v", "s", &change->result);
    if (strcmp(name, "Job") == 0)
        return read_job(m, change);
    return sd_bus_message_skip(m, "v");
}

/* The message stands at an entry of its array. */
static int read_entry(sd_bus_message *m, struct unit_change *change)
{
    const char *name = NULL;
    int r = sd_bus_message_read(m, "s", &name);

    if (r >= 0)
        r = read_value(m, name, change);
    return r >= 0 ? sd_bus_message_exit_container(m) : r;
}

static int read_changes(sd_bus_message *m, struct unit_change *change)
{
    int r = sd_bus_message_skip(m, "s");

    if (r >= 0)
        r = sd_bus_message_enter_container(m, 'a', "{sv}");
    while (r >= 0) {
        r = sd_bus_message_enter_container(m, 'e', "sv");
        if (r == 0)
            return 0;
        if (r > 0)
            r = read_entry(m, change);
    }
    return r;
}

/* Nothing but services of our grammar can be granted. */
static bool is_service(const char *path)
{
    size_t length = strlen(path);

    return length > strlen(PATH_SUFFIX) && strcmp(path + length - strlen(PATH_SUFFIX), PATH_SUFFIX) == 0;
}

static void tell(struct unit_signals *s, const char *path, const struct unit_change *change)
{
    _cleanup_(freep) char *unit = NULL;
    struct unit_name name;

    if (sd_bus_path_decode(path, UNIT_PATH, &unit) > 0 && unit_name_parse(unit, &name) == 0)
        listeners_unit_changed(s->listeners, unit, change);
}

static int on_changed(sd_bus_message *m, void *userdata, _unused_ sd_bus_error *error)
{
    struct unit_change change = { .kind = UNIT_CHANGED };
    const char *path = sd_bus_message_get_path(m);
    struct unit_signals *s = userdata;

    if (!s->is_pid1(m, s->userdata) || !count(s) || !is_service(path))
        return 0;
    if (read_changes(m, &change) >= 0)
        tell(s, path, &change);
    return 0;
}

static int read_loaded(struct unit_signals *s, sd_bus_message *m, struct unit_change change)
{
    const char *unit = NULL, *path = NULL;

    if (s->is_pid1(m, s->userdata) && count(s) && sd_bus_message_read(m, "so", &unit, &path) >= 0 &&
        is_service(path))
        tell(s, path, &change);
    return 0;
}

static int on_new(sd_bus_message *m, void *userdata, _unused_ sd_bus_error *error)
{
    return read_loaded(userdata, m, (struct unit_change){ .kind = UNIT_LOADED });
}

static int on_removed(sd_bus_message *m, void *userdata, _unused_ sd_bus_error *error)
{
    return read_loaded(userdata, m, (struct unit_change){ .kind = UNIT_UNLOADED });
}

/* --- the matches --- */

static int on_match_added(sd_bus_message *m, void *userdata, _unused_ sd_bus_error *error)
{
    const sd_bus_error *e = sd_bus_message_get_error(m);
    struct unit_signals *s = userdata;

    if (!e) {
        s->n_taken++;
        check_heard(s);
        return 1;
    }
    if (!s->complained)
        journal_log(LOG_INFO, "Changes of units cannot be followed: %s", e->message);
    s->complained = true;
    listen_later(s);
    return 1;
}

static int add_matches(struct unit_signals *s)
{
    static const struct {
        const char *rule;
        sd_bus_message_handler_t told;
    } MATCHES[UNIT_SIGNALS_MATCHES] = {
        { MATCH_CHANGED(SERVICE_INTERFACE), on_changed },
        { MATCH_CHANGED(UNIT_INTERFACE), on_changed },
        { MATCH_MANAGER("UnitNew"), on_new },
        { MATCH_MANAGER("UnitRemoved"), on_removed },
    };
    int r = 0;

    for (size_t i = 0; i < UNIT_SIGNALS_MATCHES && r >= 0; i++)
        r = sd_bus_add_match_async(s->bus, &s->slots[i], MATCHES[i].rule, MATCHES[i].told, on_match_added, s);
    return r;
}

static int on_listen(_unused_ sd_event_source *source, _unused_ uint64_t usec, void *userdata)
{
    struct unit_signals *s = userdata;

    if (s->bus && add_matches(s) < 0)
        listen_later(s);
    return 0;
}

void unit_signals_begin(struct unit_signals *s, sd_bus *bus)
{
    if (!listeners_want_units(s->listeners))
        return;
    s->bus = bus;
    (void)on_listen(s->listen, 0, s);
}

void unit_signals_end(struct unit_signals *s)
{
    (void)sd_event_source_set_enabled(s->listen, SD_EVENT_OFF);
    s->bus = NULL;
    s->is_subscribed = false;
    drop_matches(s);
}

void unit_signals_set_subscribed(struct unit_signals *s, bool subscribed)
{
    s->is_subscribed = subscribed;
    check_heard(s);
}

int unit_signals_init(struct unit_signals *s, sd_event *event, const struct systemd_listeners *listeners,
                      bool (*is_pid1)(sd_bus_message *m, void *userdata), void *userdata)
{
    int r;

    *s = (struct unit_signals){
        .listeners = listeners,
        .is_pid1 = is_pid1,
        .userdata = userdata,
        .max = UNIT_SIGNALS_MAX,
    };
    r = sd_event_add_time_relative(event, &s->listen, CLOCK_MONOTONIC, 0, 1, on_listen, s);
    return r >= 0 ? sd_event_source_set_enabled(s->listen, SD_EVENT_OFF) : r;
}

void unit_signals_done(struct unit_signals *s)
{
    for (size_t i = 0; i < UNIT_SIGNALS_MATCHES; i++)
        s->slots[i] = sd_bus_slot_unref(s->slots[i]);
    s->listen = sd_event_source_disable_unref(s->listen);
}
