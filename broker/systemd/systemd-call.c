/* The messages themselves: the closed list of what the broker ever sends to PID 1, which is the list that the
 * bus policy lets pass. */
#include "broker/systemd/systemd-call.h"

#include <errno.h>

#include "common/cleanup.h"
#include "common/clock.h"

/* A stopped polkitd costs PID 1 25 s before it answers; a read is answered at once, or PID 1 is reloading. */
#define JOB_USEC (60 * USEC_PER_SEC)
#define READ_USEC (10 * USEC_PER_SEC)

static int new_message(struct systemd *systemd, const char *path, const char *interface, const char *member,
                       sd_bus_message **ret)
{
    sd_bus *bus = systemd_bus(systemd);

    if (!bus)
        return -ENOTCONN;
    return sd_bus_message_new_method_call(bus, ret, SYSTEMD_SERVICE, path, interface, member);
}

int systemd_call_unit(struct systemd *systemd, const char *member, const char *unit,
                      systemd_answered answered, void *userdata, struct systemd_call **ret)
{
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;
    int r;

    r = new_message(systemd, SYSTEMD_PATH, SYSTEMD_MANAGER, member, &m);
    /* The mode: polkit never sees it, so this is the one place where it stands. */
    if (r >= 0)
        r = sd_bus_message_append(m, "ss", unit, "replace");
    return r >= 0 ? systemd_queue_send(systemd_queue(systemd), m, JOB_USEC, answered, userdata, ret) : r;
}

int systemd_call_get(struct systemd *systemd, const char *path, const char *interface, const char *property,
                     systemd_answered answered, void *userdata, struct systemd_call **ret)
{
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;
    int r;

    r = new_message(systemd, path, "org.freedesktop.DBus.Properties", "Get", &m);
    if (r >= 0)
        r = sd_bus_message_append(m, "ss", interface, property);
    return r >= 0 ? systemd_queue_send(systemd_queue(systemd), m, READ_USEC, answered, userdata, ret) : r;
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
    return r >= 0 ? systemd_queue_send(systemd_queue(systemd), m, READ_USEC, answered, userdata, ret) : r;
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
