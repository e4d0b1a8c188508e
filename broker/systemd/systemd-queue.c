/* First come, first sent. */
#include "broker/systemd/systemd-queue.h"

#include <errno.h>
#include <stdlib.h>

#include "common/cleanup.h"
#include "common/text.h"

enum { SENT_MAX = 100 };

struct systemd_call {
    TAILQ_ENTRY(systemd_call) link; /* of those that wait, then of those that were sent */
    struct systemd_queue *queue;
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
    TAILQ_REMOVE(&call->queue->waiting, call, link);
    call->message = sd_bus_message_unref(call->message);
}

static void end_sent(struct systemd_call *call)
{
    struct systemd_queue *queue = call->queue;

    TAILQ_REMOVE(&queue->sent, call, link);
    queue->n_sent--;
    call->slot = sd_bus_slot_unref(call->slot);
}

static int on_reply(sd_bus_message *m, void *userdata, sd_bus_error *error);

/* The call waits no longer, whatever the outcome. */
static int call_send(struct systemd_call *call)
{
    struct systemd_queue *queue = call->queue;
    sd_bus *bus = queue->bus;
    int r = bus ? sd_bus_call_async(bus, &call->slot, call->message, on_reply, call, call->timeout_usec)
                : -ENOTCONN;

    stop_waiting(call);
    if (r < 0)
        return r;
    TAILQ_INSERT_TAIL(&queue->sent, call, link);
    queue->n_sent++;
    return 0;
}

static void send_next(struct systemd_queue *queue)
{
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
    struct systemd_queue *queue = call->queue;

    if (e) {
        answer.message = NULL;
        answer.fault = bus_fault_from_error(e->name, sd_bus_message_get_sender(m));
        (void)text_clean(e->message, answer.text, sizeof(answer.text));
    }
    end_sent(call);
    call->answered(&answer, call->userdata);
    send_next(queue);
    return 0;
}

void systemd_queue_init(struct systemd_queue *queue)
{
    *queue = (struct systemd_queue){ 0 };
    TAILQ_INIT(&queue->sent);
    TAILQ_INIT(&queue->waiting);
}

int systemd_queue_send(struct systemd_queue *queue, sd_bus_message *m, uint64_t timeout_usec,
                       systemd_answered answered, void *userdata, struct systemd_call **ret)
{
    _cleanup_(freep) struct systemd_call *call = calloc(1, sizeof(*call));
    int r = 0;

    if (!call)
        return -ENOMEM;
    *call = (struct systemd_call){
        .queue = queue,
        .message = sd_bus_message_ref(m),
        .timeout_usec = timeout_usec,
        .answered = answered,
        .userdata = userdata,
    };
    TAILQ_INSERT_TAIL(&queue->waiting, call, link);
    if (queue->n_sent < SENT_MAX)
        r = call_send(call);
    if (r < 0)
        return r;
    *ret = TAKE_PTR(call);
    return 0;
}

void systemd_queue_drop(struct systemd_queue *queue)
{
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
