/* machines.conf: what is taken keeps to its limits, and nothing of it is what ssh would take for an option.
 */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "common/cleanup.h"
#include "common/machines/machines-read.h"

static int read_file(const uint8_t *data, size_t size, struct machines *ret)
{
    struct mistake mistake;

    return machines_read("machines.conf", (const char *)data, size, ret, &mistake);
}

bool fuzz_passes(const uint8_t *data, size_t size)
{
    _cleanup_(machines_done) struct machines machines = { .list = NULL };

    return read_file(data, size, &machines) == 0 && machines.n > 0;
}

static void check_machine(const struct machines *machines, const struct machine *machine)
{
    FUZZ_ASSERT(machine_name_valid(machine->name));
    FUZZ_ASSERT(machines_find(machines, machine->name) == machine);
    FUZZ_ASSERT(!machines_group(machines, machine->name));
    FUZZ_ASSERT((machine->via == MACHINE_VIA_SSH) == (machine->host[0] != '\0'));
    FUZZ_ASSERT(machine->via == MACHINE_VIA_SSH ||
                (machine->via == MACHINE_VIA_SOCKET && machine->port == 0));
    FUZZ_ASSERT(machine->host[0] == '\0' || machine_host_valid(machine->host));
    FUZZ_ASSERT(machine->port <= 65535);
}

static void check_group(const struct machines *machines, const struct machine_group *group)
{
    FUZZ_ASSERT(machine_name_valid(group->name));
    FUZZ_ASSERT(machines_group(machines, group->name) == group);
    FUZZ_ASSERT(group->n_members > 0 && group->n_members <= machines->n);
    for (size_t i = 0; i < group->n_members; i++) {
        FUZZ_ASSERT(group->members[i] < machines->n);
        FUZZ_ASSERT(!memchr(group->members, group->members[i], i));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    _cleanup_(machines_done) struct machines machines = { .list = NULL };

    if (read_file(data, size, &machines) != 0)
        return 0;
    FUZZ_ASSERT(machines.n <= MACHINES_MAX && machines.n_groups <= MACHINES_MAX);
    for (size_t i = 0; i < machines.n; i++)
        check_machine(&machines, &machines.list[i]);
    for (size_t i = 0; i < machines.n_groups; i++)
        check_group(&machines, &machines.groups[i]);
    return 0;
}
