/* Connection, matches, Subscribe, and all of it again when the bus or PID 1 went away. */
#include "broker/systemd/systemd.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "broker/systemd/look-rate.h"
#include "broker/systemd/unit-signals.h"
#include "common/cleanup.h"
#include "common/clock.h"
#include "common/journal.h"

DEFINE_CLEANUP(struct systemd *, systemd_free);

#define DBUS_SERVICE "org.freedesktop.DBus"
#define DBUS_PATH "/org/freedesktop/DBus"
#define SYSTEM_BUS_ADDRESS "unix:path=/run/dbus/system_bus_socket"

enum {
    BACKOFF_MIN_USEC = 100 * 1000,
    BACKOFF_MAX_USEC = 2000 * 1000,
    BUS_PRIORITY = SD_EVENT_PRIORITY_NORMAL - 10,
    NAME_SIZE = 256, /* of a bus name, with its NUL: D-Bus' own limit */
};

enum owner {
    OWNER_ASKED, /* nobody says that PID 1 is not there */
    OWNER_KNOWN,
    OWNER_GONE,
};

struct systemd {
    sd_event *event;
    struct systemd_listeners listeners;
    struct systemd_queue queue;
    struct look_rate look_rate;
    struct unit_signals unit_signals;
    sd_bus *bus;
    sd_event_source *retry;
    uint64_t backoff_usec;
    enum owner owner;
    char owner_name[NAME_SIZE];
    bool lost, subscribed, complained;
};

sd_bus *systemd_bus(const struct systemd *s)
{
    return s->queue.bus;
}

bool systemd_is_subscribed(const struct systemd *s)
{
    return s->subscribed && systemd_bus(s);
}

bool systemd_is_sender(const struct systemd *s, sd_bus_message *m)
{
    const char *sender = sd_bus_message_get_sender(m);

    return s->owner == OWNER_KNOWN && sender && strcmp(sender, s->owner_name) == 0;
}

struct systemd_queue *systemd_queue(struct systemd *s)
{
    return &s->queue;
}

struct look_rate *systemd_look_rate(struct systemd *s)
{
    return &s->look_rate;
}

/* Whoever changes one of these tells the queue. */
static void note_reachable(struct systemd *s)
{
    s->queue.bus = s->lost || s->owner == OWNER_GONE ? NULL : s->bus;
}

static void set_subscribed(struct systemd *s, bool subscribed)
{
    s->subscribed = subscribed;
    unit_signals_set_subscribed(&s->unit_signals, subscribed);
}

static bool is_sender(sd_bus_message *m, void *userdata)
{
    return systemd_is_sender(userdata, m);
}

/* --- who listens --- */

void systemd_listen(struct systemd *s, struct systemd_listener *listener)
{
    TAILQ_INSERT_TAIL(&s->listeners, listener, link);
}

void systemd_listen_end(struct systemd *s, struct systemd_listener *listener)
{
    TAILQ_REMOVE(&s->listeners, listener, link);
}

/* --- losing the connection --- */

static void schedule_retry(struct systemd *s)
{
    (void)sd_event_source_set_time_relative(s->retry, s->backoff_usec);
    (void)sd_event_source_set_enabled(s->retry, SD_EVENT_ONESHOT);
    s->backoff_usec *= 2;
    if (s->backoff_usec > BACKOFF_MAX_USEC)
        s->backoff_usec = BACKOFF_MAX_USEC;
}

/* The bus object itself goes only when the next one is made: this may be called from within it. */
static void lose(struct systemd *s, const char *why)
{
    if (s->lost)
        return;
    s->lost = true;
    s->subscribed = false;
    note_reachable(s);
    unit_signals_end(&s->unit_signals);
    if (!s->complained)
        journal_log(LOG_WARNING, "No connection to systemd (%s); trying again until there is one.", why);
    s->complained = true;
    schedule_retry(s);
    systemd_queue_drop(&s->queue);
    listeners_lost(&s->listeners);
}

static int on_disconnected(_unused_ sd_bus_message *m, void *userdata, _unused_ sd_bus_error *error)
{
    lose(userdata, "the system bus closed the connection");
    return 0;
}

/* --- who is PID 1 on this bus --- */

static int on_subscribed(sd_bus_message *m, void *userdata, _unused_ sd_bus_error *error)
{
    const sd_bus_error *e = sd_bus_message_get_error(m);
    struct systemd *s = userdata;

    set_subscribed(s, !e || strcmp(e->name, "org.freedesktop.systemd1.AlreadySubscribed") == 0);
    if (e && !s->subscribed)
        journal_log(LOG_WARNING, "systemd does not take Subscribe: %s", e->message);
    return 0;
}

static int subscribe(struct systemd *s)
{
    return sd_bus_call_method_async(s->bus, NULL, SYSTEMD_SERVICE, SYSTEMD_PATH, SYSTEMD_MANAGER, "Subscribe",
                                    on_subscribed, s, NULL);
}

static void set_owner(struct systemd *s, const char *name)
{
    s->owner = name[0] == '\0' ? OWNER_GONE : OWNER_KNOWN;
    (void)snprintf(s->owner_name, sizeof(s->owner_name), "%s", name);
    note_reachable(s);
}

static int on_owner(sd_bus_message *m, void *userdata, _unused_ sd_bus_error *error)
{
    const sd_bus_error *e = sd_bus_message_get_error(m);
    struct systemd *s = userdata;
    const char *name = "";

    if (e && strcmp(e->name, "org.freedesktop.DBus.Error.NameHasNoOwner") != 0) {
        lose(s, e->message);
        return 0;
    }
    if (!e && sd_bus_message_read(m, "s", &name) < 0)
        return 0;
    set_owner(s, name);
    if (s->complained && s->owner == OWNER_KNOWN)
        journal_log(LOG_NOTICE, "Connected to systemd.");
    s->complained = s->complained && s->owner != OWNER_KNOWN;
    s->backoff_usec = BACKOFF_MIN_USEC;
    return 0;
}

/* PID 1 was executed anew: it comes back under another unique name. */
static int on_owner_changed(sd_bus_message *m, void *userdata, _unused_ sd_bus_error *error)
{
    const char *name = NULL, *before = NULL, *after = NULL, *sender = sd_bus_message_get_sender(m);
    struct systemd *s = userdata;

    if (!sender || strcmp(sender, DBUS_SERVICE) != 0 ||
        sd_bus_message_read(m, "sss", &name, &before, &after) < 0 || strcmp(name, SYSTEMD_SERVICE) != 0)
        return 0;
    set_owner(s, after);
    set_subscribed(s, false);
    if (s->owner == OWNER_KNOWN && subscribe(s) < 0)
        lose(s, "out of memory");
    else
        listeners_reloaded(&s->listeners, s->owner == OWNER_KNOWN);
    return 0;
}

/* --- signals --- */

static int on_job_removed(sd_bus_message *m, void *userdata, _unused_ sd_bus_error *error)
{
    const char *path = NULL, *unit = NULL, *result = NULL;
    struct systemd *s = userdata;
    uint32_t id = 0;

    if (systemd_is_sender(s, m) && sd_bus_message_read(m, "uoss", &id, &path, &unit, &result) >= 0)
        listeners_job_removed(&s->listeners, path, result);
    return 0;
}

static int on_reloading(sd_bus_message *m, void *userdata, _unused_ sd_bus_error *error)
{
    struct systemd *s = userdata;
    int active = 0;

    if (!systemd_is_sender(s, m) || sd_bus_message_read(m, "b", &active) < 0)
        return 0;
    /* Costs nothing where PID 1 remembers who subscribed, and says so. */
    if (!active)
        (void)subscribe(s);
    listeners_reloaded(&s->listeners, !active);
    return 0;
}

static int on_unit_files_changed(sd_bus_message *m, void *userdata, _unused_ sd_bus_error *error)
{
    struct systemd *s = userdata;

    if (systemd_is_sender(s, m))
        listeners_unit_files_changed(&s->listeners);
    return 0;
}

/* Without its matches the broker would wait for jobs in vain: rather no connection, and another try. */
static int on_match_added(sd_bus_message *m, void *userdata, _unused_ sd_bus_error *error)
{
    const sd_bus_error *e = sd_bus_message_get_error(m);

    if (e)
        lose(userdata, e->message);
    return 1;
}

/* --- the connection --- */

static int match_manager(struct systemd *s, const char *member, sd_bus_message_handler_t handler)
{
    return sd_bus_match_signal_async(s->bus, NULL, SYSTEMD_SERVICE, SYSTEMD_PATH, SYSTEMD_MANAGER, member,
                                     handler, on_match_added, s);
}

static int add_matches(struct systemd *s)
{
    int r;

    r = sd_bus_match_signal_async(s->bus, NULL, "org.freedesktop.DBus.Local", NULL,
                                  "org.freedesktop.DBus.Local", "Disconnected", on_disconnected, NULL, s);
    if (r >= 0)
        r = sd_bus_add_match_async(s->bus, NULL,
                                   "type='signal',sender='" DBUS_SERVICE "',path='" DBUS_PATH
                                   "',interface='" DBUS_SERVICE
                                   "',member='NameOwnerChanged',arg0='" SYSTEMD_SERVICE "'",
                                   on_owner_changed, on_match_added, s);
    if (r >= 0)
        r = sd_bus_call_method_async(s->bus, NULL, DBUS_SERVICE, DBUS_PATH, DBUS_SERVICE, "GetNameOwner",
                                     on_owner, s, "s", SYSTEMD_SERVICE);
    if (r >= 0)
        r = match_manager(s, "JobRemoved", on_job_removed);
    if (r >= 0)
        r = match_manager(s, "Reloading", on_reloading);
    if (r >= 0)
        r = match_manager(s, "UnitFilesChanged", on_unit_files_changed);
    if (r >= 0)
        unit_signals_begin(&s->unit_signals, s->bus);
    return r >= 0 ? subscribe(s) : r;
}

static int open_bus(struct systemd *s)
{
    const char *address = secure_getenv("DBUS_SYSTEM_BUS_ADDRESS");
    int r;

    r = sd_bus_new(&s->bus);
    if (r >= 0)
        r = sd_bus_set_address(s->bus, address ? address : SYSTEM_BUS_ADDRESS);
    if (r >= 0)
        r = sd_bus_set_bus_client(s->bus, true);
    if (r >= 0)
        r = sd_bus_negotiate_fds(s->bus, false);
    if (r >= 0)
        r = sd_bus_start(s->bus);
    /* What PID 1 has told comes before any timer: whoever was kept from the processor for a while must not
     * say that nothing happened in that time. */
    if (r >= 0)
        r = sd_bus_attach_event(s->bus, s->event, BUS_PRIORITY);
    return r >= 0 ? add_matches(s) : r;
}

static void close_bus(struct systemd *s)
{
    unit_signals_end(&s->unit_signals);
    if (s->bus) {
        (void)sd_bus_detach_event(s->bus);
        sd_bus_close(s->bus);
        s->bus = sd_bus_unref(s->bus);
    }
}

static int on_retry(_unused_ sd_event_source *source, _unused_ uint64_t usec, void *userdata)
{
    struct systemd *s = userdata;
    int r;

    close_bus(s);
    s->lost = s->subscribed = false;
    s->owner = OWNER_ASKED;
    r = open_bus(s);
    note_reachable(s);
    /* Out of memory too: an error returned from here would end the timer, and with it every further try. */
    if (r < 0)
        lose(s, strerror(-r));
    return 0;
}

int systemd_new(sd_event *event, struct systemd **ret)
{
    _cleanup_(systemd_freep) struct systemd *s = calloc(1, sizeof(*s));
    int r;

    if (!s)
        return -ENOMEM;
    TAILQ_INIT(&s->listeners);
    s->event = sd_event_ref(event);
    s->backoff_usec = BACKOFF_MIN_USEC;
    s->lost = true;
    systemd_queue_init(&s->queue);
    r = sd_event_add_time_relative(event, &s->retry, CLOCK_MONOTONIC, 0, 1, on_retry, s);
    if (r >= 0)
        r = sd_event_source_set_enabled(s->retry, SD_EVENT_OFF);
    if (r >= 0)
        r = unit_signals_init(&s->unit_signals, event, &s->listeners, is_sender, s);
    if (r < 0)
        return r;
    *ret = TAKE_PTR(s);
    return 0;
}

int systemd_start(struct systemd *s)
{
    return on_retry(s->retry, 0, s);
}

struct systemd *systemd_free(struct systemd *s)
{
    if (!s)
        return NULL;
    close_bus(s);
    unit_signals_done(&s->unit_signals);
    sd_event_source_disable_unref(s->retry);
    sd_event_unref(s->event);
    free(s);
    return NULL;
}
