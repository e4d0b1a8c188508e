/* The messages themselves: the closed list of what the broker ever sends to PID 1, which is the list that the
 * bus policy lets pass. */
#include "broker/systemd-call.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/queue.h>

#include "broker/clock.h"
#include "common/cleanup.h"
#include "common/text.h"

/* A stopped polkitd costs PID 1 25 s before it answers; a read is answered at once, or PID 1 is reloading. */
#define RESTART_USEC (60 * USEC_PER_SEC)
#define READ_USEC (10 * USEC_PER_SEC)

/* dbus-daemon lets a connection wait for 128 answers at once and refuses what goes beyond. The rest waits
 * here. */
enum { SENT_MAX = 100 };

struct systemd_call {
    TAILQ_ENTRY(systemd_call) link; /* of those that wait, then of those that were sent */
    struct systemd *systemd;
    sd_bus_message *message; /* while it waits */
    sd_bus_slot *slot;       /* once it was sent, until it is answered */
    uint64_t timeout_usec;
    systemd_answered answered;
    void *userdata;
};

static void fail(struct systemd_call *call, enum bus_fault fault)
{
    call->answered(&(struct systemd_answer){ .fault = fault }, call->userdata);
}

static void stop_waiting(struct systemd_call *call)
{
    TAILQ_REMOVE(&systemd_queue(call->systemd)->waiting, call, link);
    call->message = sd_bus_message_unref(call->message);
}

static void end_sent(struct systemd_call *call)
{
    struct systemd_queue *queue = systemd_queue(call->systemd);

    TAILQ_REMOVE(&queue->sent, call, link);
    queue->n_sent--;
    call->slot = sd_bus_slot_unref(call->slot);
}

static int on_reply(sd_bus_message *m, void *userdata, sd_bus_error *error);

/* The call waits no longer, whatever the outcome. */
static int call_send(struct systemd_call *call)
{
    struct systemd_queue *queue = systemd_queue(call->systemd);
    sd_bus *bus = systemd_bus(call->systemd);
    int r = bus ? sd_bus_call_async(bus, &call->slot, call->message, on_reply, call, call->timeout_usec)
                : -ENOTCONN;

    stop_waiting(call);
    if (r < 0)
        return r;
    TAILQ_INSERT_TAIL(&queue->sent, call, link);
    queue->n_sent++;
    return 0;
}

static void send_next(struct systemd *systemd)
{
    struct systemd_queue *queue = systemd_queue(systemd);
    struct systemd_call *call;

    while (queue->n_sent < SENT_MAX && (call = TAILQ_FIRST(&queue->waiting)))
        if (call_send(call) < 0)
            fail(call, BUS_FAULT_NOT_THERE);
}

static int on_reply(sd_bus_message *m, void *userdata, _unused_ sd_bus_error *error)
{
    const sd_bus_error *e = sd_bus_message_get_error(m);
    struct systemd_answer answer = { .message = m };
    struct systemd_call *call = userdata;
    struct systemd *systemd = call->systemd;

    if (e) {
        answer.message = NULL;
        answer.fault = bus_fault_from_error(e->name, sd_bus_message_get_sender(m));
        (void)text_clean(e->message, answer.text, sizeof(answer.text));
    }
    end_sent(call);
    call->answered(&answer, call->userdata);
    send_next(systemd);
    return 0;
}

static int new_message(struct systemd *systemd, const char *path, const char *interface, const char *member,
                       sd_bus_message **ret)
{
    sd_bus *bus = systemd_bus(systemd);

    if (!bus)
        return -ENOTCONN;
    return sd_bus_message_new_method_call(bus, ret, SYSTEMD_SERVICE, path, interface, member);
}

static int send_message(struct systemd *systemd, sd_bus_message *m, uint64_t timeout_usec,
                        systemd_answered answered, void *userdata, struct systemd_call **ret)
{
    struct systemd_call *call = calloc(1, sizeof(*call));
    int r = 0;

    if (!call)
        return -ENOMEM;
    *call = (struct systemd_call){
        .systemd = systemd,
        .message = sd_bus_message_ref(m),
        .timeout_usec = timeout_usec,
        .answered = answered,
        .userdata = userdata,
    };
    TAILQ_INSERT_TAIL(&systemd_queue(systemd)->waiting, call, link);
    if (systemd_queue(systemd)->n_sent < SENT_MAX)
        r = call_send(call);
    if (r < 0) {
        free(call);
        return r;
    }
    *ret = call;
    return 0;
}

int systemd_call_restart(struct systemd *systemd, const char *unit, systemd_answered answered, void *userdata,
                         struct systemd_call **ret)
{
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;
    int r;

    r = new_message(systemd, SYSTEMD_PATH, SYSTEMD_MANAGER, "RestartUnit", &m);
    /* The mode: polkit never sees it, so this is the one place where it stands. */
    if (r >= 0)
        r = sd_bus_message_append(m, "ss", unit, "replace");
    return r >= 0 ? send_message(systemd, m, RESTART_USEC, answered, userdata, ret) : r;
}

int systemd_call_get(struct systemd *systemd, const char *path, const char *interface, const char *property,
                     systemd_answered answered, void *userdata, struct systemd_call **ret)
{
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;
    int r;

    r = new_message(systemd, path, "org.freedesktop.DBus.Properties", "Get", &m);
    if (r >= 0)
        r = sd_bus_message_append(m, "ss", interface, property);
    return r >= 0 ? send_message(systemd, m, READ_USEC, answered, userdata, ret) : r;
}

static int call_list(struct systemd *systemd, const char *member, char **patterns, systemd_answered answered,
                     void *userdata, struct systemd_call **ret)
{
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;
    int r;

    r = new_message(systemd, SYSTEMD_PATH, SYSTEMD_MANAGER, member, &m);
    if (r >= 0)
        r = sd_bus_message_append_strv(m, NULL);
    if (r >= 0)
        r = sd_bus_message_append_strv(m, patterns);
    return r >= 0 ? send_message(systemd, m, READ_USEC, answered, userdata, ret) : r;
}

int systemd_call_list_units(struct systemd *systemd, char **patterns, systemd_answered answered,
                            void *userdata, struct systemd_call **ret)
{
    return call_list(systemd, "ListUnitsByPatterns", patterns, answered, userdata, ret);
}

int systemd_call_list_unit_files(struct systemd *systemd, char **patterns, systemd_answered answered,
                                 void *userdata, struct systemd_call **ret)
{
    return call_list(systemd, "ListUnitFilesByPatterns", patterns, answered, userdata, ret);
}

void systemd_calls_drop(struct systemd *systemd)
{
    struct systemd_queue *queue = systemd_queue(systemd);
    struct systemd_call *call;

    while ((call = TAILQ_FIRST(&queue->waiting))) {
        stop_waiting(call);
        fail(call, BUS_FAULT_NOT_THERE);
    }
    while ((call = TAILQ_FIRST(&queue->sent))) {
        end_sent(call);
        fail(call, BUS_FAULT_NO_REPLY);
    }
}

struct systemd_call *systemd_call_free(struct systemd_call *call)
{
    if (!call)
        return NULL;
    if (call->message)
        stop_waiting(call);
    if (call->slot)
        end_sent(call);
    free(call);
    return NULL;
}
