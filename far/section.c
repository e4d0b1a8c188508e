/* Looked at once, at the start: what is put right is seen by the next one. */
#include "far/section.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/credential.h"
#include "common/machines/machines-read.h"
#include "common/text.h"

#define UNREACHED "%s cannot be reached: "

enum { SECRET_MAX = 64 * 1024 };

static void find(const struct machines *machines, struct section *section)
{
    const struct machine *machine = machines_find(machines, section->name);

    if (!machine)
        (void)snprintf(section->why, sizeof(section->why),
                       UNREACHED MACHINES_PATH " has no section [Machine %s]. Write one, or: systemctl "
                                               "disable --now restarter-far@%s.socket",
                       section->name, section->name, section->name);
    else if (machine->via != MACHINE_VIA_SSH)
        (void)snprintf(section->why, sizeof(section->why),
                       UNREACHED "its section in " MACHINES_PATH
                                 " says Via=socket, so something else is to listen at its "
                                 "socket: systemctl disable --now restarter-far@%s.socket",
                       section->name, section->name);
    else {
        (void)snprintf(section->host, sizeof(section->host), "%s", machine->host);
        section->port = machine->port;
    }
}

static int read_machines(const char *path, uid_t owner, struct section *section)
{
    struct machines machines = { 0 };
    struct mistake mistake;
    int r = machines_load(path, owner, &machines, &mistake);

    if (r == 0)
        find(&machines, section);
    else if (r == MISTAKE)
        (void)snprintf(section->why, sizeof(section->why), UNREACHED "%s", section->name, mistake.text);
    machines_done(&machines);
    return r < 0 ? r : 0;
}

/* Where the file is not there, systemd gives a '#' in its place: see restarter-far@.service. */
static int look_at(const char *credential, const char *file, const char *how, struct section *section)
{
    struct credential found = { 0 };
    struct mistake mistake;
    int r = credential_read(credential, SECRET_MAX, &found, &mistake);

    if (r == MISTAKE)
        (void)snprintf(section->why, sizeof(section->why), UNREACHED "%s", section->name, mistake.text);
    else if (r == 0 && strspn(found.data, "# \n") == found.size)
        (void)snprintf(section->why, sizeof(section->why),
                       UNREACHED "/etc/restarter/far/%s.%s is missing, or empty. %s", section->name,
                       section->name, file, how);
    credential_done(&found);
    return r < 0 ? r : 0;
}

int section_read(const char *machines_path, uid_t owner, const char *name, struct section *ret)
{
    struct section section = { .why = "" };
    int r;

    (void)text_clean(name, section.name, sizeof(section.name));
    r = read_machines(machines_path, owner, &section);
    if (r >= 0 && !*section.why)
        r = look_at("key", "key", "It is the private key that is let in there; ssh-keygen makes one.",
                    &section);
    if (r >= 0 && !*section.why)
        r = look_at("known_hosts", "known_hosts",
                    "It has that machine's host key, as known_hosts(5) has it: compare what ssh-keyscan "
                    "prints with what its admin names.",
                    &section);
    if (r < 0)
        return r;
    *ret = section;
    return 0;
}
