/* The table of errors. Three may answer a method call: PID 1 (a unique name as sender), the bus driver, and
 * sd-bus itself for a time that was up or a connection that is gone. */
#include "broker/systemd/bus-fault.h"

#include <stdbool.h>
#include <string.h>

#define DBUS_ERROR "org.freedesktop.DBus.Error."

static const struct error_row {
    const char *name;
    enum bus_fault from_systemd;
    enum bus_fault from_bus;
} ERRORS[] = {
    { DBUS_ERROR "AccessDenied", BUS_FAULT_RULE, BUS_FAULT_POLICY },
    /* Debian 12's systemd asks interactively whatever the message says, and then says this for a plain no. */
    { DBUS_ERROR "InteractiveAuthorizationRequired", BUS_FAULT_RULE, BUS_FAULT_POLICY },
    { DBUS_ERROR "NoReply", BUS_FAULT_STALLED, BUS_FAULT_NO_REPLY },
    { DBUS_ERROR "Timeout", BUS_FAULT_STALLED, BUS_FAULT_NO_REPLY },
    { DBUS_ERROR "TimedOut", BUS_FAULT_STALLED, BUS_FAULT_NO_REPLY },
    { DBUS_ERROR "Disconnected", BUS_FAULT_STALLED, BUS_FAULT_NO_REPLY },
    { DBUS_ERROR "UnknownObject", BUS_FAULT_NO_OBJECT, BUS_FAULT_NOT_THERE },
    { "org.freedesktop.systemd1.NoSuchUnit", BUS_FAULT_NO_UNIT, BUS_FAULT_NOT_THERE },
    { "org.freedesktop.systemd1.OnlyByDependency", BUS_FAULT_BY_DEPENDENCY, BUS_FAULT_NOT_THERE },
};

static enum bus_fault fallback(const char *name, bool from_systemd)
{
    static const char POLKIT[] = "org.freedesktop.PolicyKit1.";

    if (!from_systemd)
        return BUS_FAULT_NOT_THERE;
    return strncmp(name, POLKIT, sizeof(POLKIT) - 1) == 0 ? BUS_FAULT_RULE : BUS_FAULT_SYSTEMD;
}

enum bus_fault bus_fault_from_error(const char *name, const char *sender)
{
    bool from_systemd = sender && sender[0] == ':';

    if (!name)
        return BUS_FAULT_NO_REPLY;
    for (size_t i = 0; i < sizeof(ERRORS) / sizeof(*ERRORS); i++)
        if (strcmp(name, ERRORS[i].name) == 0)
            return from_systemd ? ERRORS[i].from_systemd : ERRORS[i].from_bus;
    return fallback(name, from_systemd);
}
