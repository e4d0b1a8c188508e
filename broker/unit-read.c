/* A bundle of calls, one for each property. Measured on Debian 12: thirteen of them (there is one more now)
 * are answered in 0.35 ms, the two GetAll that would bring the same in 0.6 ms, since systemd has some 300
 * properties of a service to put together. */
#include "broker/unit-read.h"

#include <errno.h>
#include <stdlib.h>

#include "common/cleanup.h"

struct property_read {
    struct unit_read *read;
    const struct unit_property *property;
    struct systemd_call *call;
};

struct unit_read {
    struct property_read reads[UNIT_PROPERTIES];
    unsigned n_pending;
    struct unit_state *target;
    unit_read_done done;
    void *userdata;
};

static void drop_calls(struct unit_read *read)
{
    for (size_t i = 0; i < UNIT_PROPERTIES; i++)
        read->reads[i].call = systemd_call_free(read->reads[i].call);
}

/* The first fault ends it all. */
static void on_answer(const struct systemd_answer *answer, void *userdata)
{
    struct property_read *one = userdata;
    struct unit_read *read = one->read;

    one->call = systemd_call_free(one->call);
    if (answer->fault != BUS_FAULT_NONE) {
        drop_calls(read);
        read->done(answer->fault, answer->text, read->userdata);
    } else if (unit_state_read_variant(read->target, one->property, answer->message) < 0) {
        drop_calls(read);
        read->done(BUS_FAULT_SYSTEMD, "its answer is not what was asked for", read->userdata);
    } else if (--read->n_pending == 0) {
        read->done(BUS_FAULT_NONE, "", read->userdata);
    }
}

static int send_calls(struct unit_read *read, struct systemd *systemd, const char *path)
{
    int r;

    for (size_t i = 0; i < UNIT_PROPERTIES; i++) {
        struct property_read *one = &read->reads[i];

        one->read = read;
        one->property = &UNIT_PROPERTY_TABLE[i];
        r = systemd_call_get(systemd, path, one->property->interface, one->property->name, on_answer, one,
                             &one->call);
        if (r < 0)
            return r;
        read->n_pending++;
    }
    return 0;
}

int unit_read_new(struct systemd *systemd, const char *path, struct unit_state *target, unit_read_done done,
                  void *userdata, struct unit_read **ret)
{
    struct unit_read *read = calloc(1, sizeof(*read));
    int r;

    if (!read)
        return -ENOMEM;
    read->target = target;
    read->done = done;
    read->userdata = userdata;
    r = send_calls(read, systemd, path);
    if (r < 0) {
        unit_read_free(read);
        return r;
    }
    *ret = read;
    return 0;
}

struct unit_read *unit_read_free(struct unit_read *read)
{
    if (!read)
        return NULL;
    drop_calls(read);
    free(read);
    return NULL;
}

char *unit_read_path(const char *unit)
{
    char *path = NULL;

    return sd_bus_path_encode(SYSTEMD_PATH "/unit", unit, &path) < 0 ? NULL : path;
}
