/* Probes of the bus policy, sent from a child that is the user it is about. */
#include "polkit/locks/bus-probe.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <systemd/sd-bus.h>

#include "common/cleanup.h"

enum { ANSWER_USEC = 5 * 1000000 };

struct work {
    const struct probe *probes;
    enum probe_result *results; /* in memory that is shared with the parent */
    size_t n;
};

/* The bus speaks for itself; nobody else can send by that name. */
static bool bus_says_no(sd_bus_message *reply)
{
    const char *sender = sd_bus_message_get_sender(reply);

    return sd_bus_message_is_method_error(reply, SD_BUS_ERROR_ACCESS_DENIED) && sender &&
           strcmp(sender, "org.freedesktop.DBus") == 0;
}

/* sd_bus_call() would hand over the error without its sender. */
static int on_reply(sd_bus_message *reply, void *userdata, _unused_ sd_bus_error *ret_error)
{
    enum probe_result *result = userdata;

    if (bus_says_no(reply))
        *result = PROBE_DENIED;
    else if (sd_bus_message_is_method_error(reply, SD_BUS_ERROR_SERVICE_UNKNOWN) ||
             sd_bus_message_is_method_error(reply, SD_BUS_ERROR_NAME_HAS_NO_OWNER))
        *result = PROBE_NOBODY;
    else if (!sd_bus_message_is_method_error(reply, SD_BUS_ERROR_NO_REPLY))
        *result = PROBE_PASSED;
    return 0;
}

static int send_probe(sd_bus *bus, const struct probe *probe, enum probe_result *result)
{
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
    int r = sd_bus_message_new_method_call(bus, &call, probe->destination, probe->path, probe->interface,
                                           probe->member);

    if (r >= 0)
        r = sd_bus_message_set_auto_start(call, 0);
    if (r >= 0)
        r = sd_bus_message_append(call, "y", 0);
    return r < 0 ? r : sd_bus_call_async(bus, NULL, call, on_reply, result, ANSWER_USEC);
}

static int wait_for(sd_bus *bus, const enum probe_result *result)
{
    int r = 0;

    while (r >= 0 && *result == PROBE_UNKNOWN) {
        r = sd_bus_process(bus, NULL);
        if (r == 0)
            r = sd_bus_wait(bus, ANSWER_USEC);
        if (r == 0)
            break;
    }
    return r;
}

/* Somebody who may not even say hello is denied everything. */
static int probe_all(void *userdata)
{
    const struct work *work = userdata;
    sd_bus *bus = NULL;
    int r = sd_bus_open_system(&bus);

    for (size_t i = 0; i < work->n && r >= 0; i++) {
        r = send_probe(bus, &work->probes[i], &work->results[i]);
        if (r >= 0)
            r = wait_for(bus, &work->results[i]);
    }
    return r < 0 ? 1 : 0;
}

int bus_probe(const struct account *account, struct probe *probes, size_t n)
{
    size_t size = (n + 1) * sizeof(enum probe_result);
    struct work work = { .probes = probes, .n = n };
    int r;

    work.results = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (work.results == MAP_FAILED)
        return -errno;
    r = account_do(account, probe_all, &work);
    for (size_t i = 0; i < n; i++)
        probes[i].result = work.results[i];
    (void)munmap(work.results, size);
    return r > 0 ? -ECONNREFUSED : r;
}
