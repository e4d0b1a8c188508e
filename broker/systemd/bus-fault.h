/* What an error on the bus means for the caller: who said no, or whether anybody can know what happened. Told
 * by the error's name and by its sender, which nobody on the bus can forge. */
#pragma once

enum bus_fault {
    BUS_FAULT_NONE = 0,
    BUS_FAULT_RULE,          /* PID 1 asked polkit, and the answer was no */
    BUS_FAULT_POLICY,        /* the bus did not pass the message on: its policy says no */
    BUS_FAULT_STALLED,       /* PID 1 waited for polkit's answer in vain; nothing was done */
    BUS_FAULT_NO_UNIT,       /* there is no such unit */
    BUS_FAULT_NO_OBJECT,     /* what was asked about does not exist, or exists no more */
    BUS_FAULT_BY_DEPENDENCY, /* it is started or stopped for other units only */
    BUS_FAULT_SYSTEMD,       /* PID 1 said no for a reason of its own */
    BUS_FAULT_NOT_THERE,     /* nobody took the message; nothing was done */
    BUS_FAULT_TOO_OFTEN,     /* not asked at all: see look-rate.h */
    BUS_FAULT_NO_REPLY,      /* it was sent and no answer came; anything may have happened */
};

/* `name` as "org.freedesktop.DBus.Error.AccessDenied"; `sender` as sd_bus_message_get_sender() gives it, NULL
 * for an error that sd-bus made up itself. */
enum bus_fault bus_fault_from_error(const char *name, const char *sender);
