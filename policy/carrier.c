/* The table. Not in it, on purpose: systemd-logind, systemd-udevd, resolvers, the network and the like. To
 * restart them may hurt, which is the admin's to weigh; but the click arrives without them (PID 1 and polkitd
 * ask none of them about a system service), and its answer is the truth. */
#include "policy/carrier.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define BUS "carries every question to systemd and to polkitd, this restart's own among them"
#define POLKIT "decides whether a restart may be, and cannot be asked while it is restarted itself"
#define JOURNAL "writes down who restarted what, and must not lose it on anybody's click"
#define OURS "is part of the restart button: it would cut off its own answer"
#define SHELL "stops what runs, or opens a root shell, in place of restarting anything"
#define MACHINE "would take the machine down, and all of its units"
#define INITRD "would leave this system for another one, at a time that is over"

static const struct carrier CARRIERS[] = {
    { "dbus.service", BUS },
    { "dbus-broker.service", BUS },
    { "messagebus.service", BUS },
    { "dbus-org.freedesktop.systemd1.service", BUS },
    { "polkit.service", POLKIT },
    { "polkitd.service", POLKIT },
    { "dbus-org.freedesktop.PolicyKit1.service", POLKIT },
    { "systemd-journald.service", JOURNAL },
    { "systemd-journald@.service", JOURNAL },
    { "restarter-*", OURS },
    { "emergency.service", SHELL },
    { "rescue.service", SHELL },
    { "debug-shell.service", SHELL },
    { "systemd-halt.service", MACHINE },
    { "systemd-poweroff.service", MACHINE },
    { "systemd-reboot.service", MACHINE },
    { "systemd-soft-reboot.service", MACHINE },
    { "systemd-kexec.service", MACHINE },
    { "systemd-exit.service", MACHINE },
    { "systemd-suspend.service", MACHINE },
    { "systemd-hibernate.service", MACHINE },
    { "systemd-hybrid-sleep.service", MACHINE },
    { "systemd-suspend-then-hibernate.service", MACHINE },
    /* By their SuccessAction= or FailureAction=. */
    { "systemd-storagetm.service", MACHINE },
    { "systemd-battery-check.service", MACHINE },
    { "system-update-cleanup.service", MACHINE },
    { "initrd-*", INITRD },
};

static bool is_of(const struct carrier *carrier, const char *name)
{
    size_t length = strcspn(carrier->name, "*");

    return strncmp(name, carrier->name, length) == 0 &&
           (carrier->name[length] == '*' || name[length] == '\0');
}

/* An instance is carried by its template's row. */
static bool is_instance_of(const struct carrier *carrier, const char *name)
{
    size_t length = strcspn(carrier->name, "@");

    return carrier->name[length] == '@' && strncmp(name, carrier->name, length + 1) == 0;
}

const struct carrier *carrier_find(const char *name)
{
    for (size_t i = 0; i < sizeof(CARRIERS) / sizeof(*CARRIERS); i++)
        if (is_of(&CARRIERS[i], name) || is_instance_of(&CARRIERS[i], name))
            return &CARRIERS[i];
    return NULL;
}
