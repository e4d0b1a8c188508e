/* policy check: whether the bus policy is in force, told by what the bus turns away. */
#include "cli/check/check.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "policy/paths.h"
#include "polkit/locks/bus-probe.h"
#include "polkit/locks/files.h"

#define MANAGER(m)                                                                                           \
    "org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager", m,          \
        PROBE_UNKNOWN

/* What the broker lives on. */
static const struct probe NEEDED[] = {
    { MANAGER("Subscribe") },
    { MANAGER("ListUnitsByPatterns") },
    { MANAGER("ListUnitFilesByPatterns") },
    { "org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.DBus.Properties", "Get",
      PROBE_UNKNOWN },
};

/* What it must not be able to send: a choice of the worst, one for each way around. */
static const struct probe FORBIDDEN[] = {
    { MANAGER("StartUnit") },
    { MANAGER("StopUnit") },
    { MANAGER("KillUnit") },
    { MANAGER("EnqueueUnitJob") },
    { MANAGER("StartTransientUnit") },
    { MANAGER("SetUnitProperties") },
    { MANAGER("EnableUnitFiles") },
    { MANAGER("Reload") },
    { MANAGER("PowerOff") },
    { MANAGER("ResetFailedUnit") },
    { "org.freedesktop.systemd1", "/org/freedesktop/systemd1/unit/dbus_2eservice",
      "org.freedesktop.systemd1.Unit", "Restart", PROBE_UNKNOWN },
    { "org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.DBus.Properties", "Set",
      PROBE_UNKNOWN },
    { "org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.DBus.Properties", "GetAll",
      PROBE_UNKNOWN },
    { "org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager", "Reboot",
      PROBE_UNKNOWN },
    { "org.freedesktop.PolicyKit1", "/org/freedesktop/PolicyKit1/Authority",
      "org.freedesktop.PolicyKit1.Authority", "CheckAuthorization", PROBE_UNKNOWN },
    { "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "ListNames", PROBE_UNKNOWN },
};

enum {
    N_NEEDED = sizeof(NEEDED) / sizeof(*NEEDED),
    N_FORBIDDEN = sizeof(FORBIDDEN) / sizeof(*FORBIDDEN),
    N_VERBS = 4,
    TEXT_SIZE = 1024,
};

struct probes {
    struct probe all[N_NEEDED + N_FORBIDDEN + N_VERBS];
    struct probe *needed, *forbidden, *verbs; /* in it */
};

static void fill(struct probes *probes)
{
    probes->needed = probes->all;
    probes->forbidden = probes->needed + N_NEEDED;
    probes->verbs = probes->forbidden + N_FORBIDDEN;
    memcpy(probes->needed, NEEDED, sizeof(NEEDED));
    memcpy(probes->forbidden, FORBIDDEN, sizeof(FORBIDDEN));
    for (unsigned i = 0; i < N_VERBS; i++)
        probes->verbs[i] = (struct probe)PROBE_MANAGER(verb_bus_member(1U << i));
}

/* "StopUnit, KillUnit" of those with that result. */
static size_t print_members(const struct probe *probes, size_t n, enum probe_result result, char *ret,
                            size_t size)
{
    size_t found = 0, used = 0;

    ret[0] = '\0';
    for (size_t i = 0; i < n; i++)
        if (probes[i].result == result && used < size) {
            used += (size_t)snprintf(ret + used, size - used, "%s%s", found ? ", " : "", probes[i].member);
            found++;
        }
    return found;
}

/* Which file an admin would look at, and where in it. */
static unsigned policy_line(const char *path)
{
    _cleanup_(freep) char *text = NULL;

    (void)file_read(path, &text);
    return line_of(text, "policy user=\"restarter\"");
}

static void report_not_in_force(struct check *check)
{
    if (access(BUS_PATH, F_OK) < 0)
        finding_add(
            &check->findings, FINDING, BUS_PATH, 0,
            "the bus policy is missing: a broker that was taken over could send anything that any user may; "
            "install the package again");
    else
        finding_add(
            &check->findings, FINDING, BUS_PATH, policy_line(BUS_PATH),
            "the bus has not loaded this policy; 'busctl call org.freedesktop.DBus /org/freedesktop/DBus "
            "org.freedesktop.DBus ReloadConfig' makes it");
}

/* False when the policy is not in force at all, and there is no more to say. */
static bool check_forbidden(struct check *check, const struct probes *probes)
{
    char members[TEXT_SIZE];
    size_t passed = print_members(probes->forbidden, N_FORBIDDEN, PROBE_PASSED, members, sizeof(members));

    if (passed > N_FORBIDDEN / 2) {
        report_not_in_force(check);
        return false;
    }
    if (passed > 0)
        finding_add(
            &check->findings, FINDING, BUS_PATH, policy_line(BUS_PATH),
            "excess privilege: the bus lets user %s send %s; look for a policy in /etc/dbus-1/system.d that "
            "allows it",
            check->broker.name, members);
    return true;
}

static void check_needed(struct check *check, const struct probes *probes)
{
    char members[TEXT_SIZE];

    if (print_members(probes->needed, N_NEEDED, PROBE_DENIED, members, sizeof(members)) > 0)
        finding_add(&check->findings, FINDING, BUS_PATH, policy_line(BUS_PATH),
                    "the broker cannot work: the bus does not let user %s send %s", check->broker.name,
                    members);
}

/* Verbs by the policy file, and messages by the bus. */
static void check_verb(struct check *check, unsigned verb, const struct probe *probe)
{
    const char *path = verb == VERB_RESTART ? BUS_PATH : BUS_VERBS_PATH;
    const struct grant *grant = NULL;

    for (size_t i = 0; check->policy && i < check->policy->n_grants && !grant; i++)
        if (check->policy->grants[i].verbs & verb)
            grant = &check->policy->grants[i];
    if (grant && probe->result == PROBE_DENIED)
        finding_add(&check->findings, FINDING, grant->file, grant->line,
                    "dead button: %s is granted here, but the bus does not let %s pass; %s",
                    verb_to_string(verb), probe->member,
                    verb == VERB_RESTART ? "look at " BUS_PATH
                                         : "'restartctl policy apply' makes " BUS_VERBS_PATH);
    if (check->policy && !grant && probe->result == PROBE_PASSED)
        finding_add(
            &check->findings, FINDING, path, policy_line(path),
            "excess privilege: the bus lets user %s send %s, and no grant asks for %s; 'restartctl policy "
            "apply' puts it right",
            check->broker.name, probe->member, verb_to_string(verb));
}

/* Of a connection's credentials: 1 when they have it. */
static int find_credential(sd_bus_message *reply, const char *wanted)
{
    const char *name;
    int found = 0, r = sd_bus_message_enter_container(reply, 'a', "{sv}");

    while (r >= 0 && !found && (r = sd_bus_message_enter_container(reply, 'e', "sv")) > 0) {
        r = sd_bus_message_read(reply, "s", &name);
        found = r >= 0 && strcmp(name, wanted) == 0;
        if (r >= 0)
            r = sd_bus_message_skip(reply, "v");
        if (r >= 0)
            r = sd_bus_message_exit_container(reply);
    }
    return r < 0 ? r : found;
}

/* Does the bus tell which process is at the other end, so that no other one can take its place? Returns 1, 0
 * or a negative errno. Our connection stands for the broker's: both are of the same kind. */
static int bus_tells_process(sd_bus *bus)
{
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
    const char *name;
    int r = sd_bus_get_unique_name(bus, &name);

    if (r >= 0)
        r = sd_bus_call_method(bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                               "GetConnectionCredentials", NULL, &reply, "s", name);
    return r < 0 ? r : find_credential(reply, "ProcessFD");
}

/* What polkitd was asked here came with a pidfd; what PID 1 asks is about a name on the bus. */
static void check_process_told(struct check *check)
{
    if (asker_knows_services(check->live.asker) && bus_tells_process(check->live.bus) == 0)
        finding_add(&check->findings, FINDING, RULE_PATH, 0,
                    "dead button: polkitd %s goes by the service that asks, and the bus does not tell it "
                    "which process that is (no ProcessFD, which wants dbus 1.15.8 and Linux 6.5): it knows "
                    "the service of nobody, and the rule lets nobody do anything",
                    asker_version(check->live.asker));
}

void check_bus(struct check *check)
{
    struct probes probes;
    int r;

    check_process_told(check);
    fill(&probes);
    r = bus_probe(&check->broker, probes.all, sizeof(probes.all) / sizeof(*probes.all));
    if (r < 0) {
        finding_add(&check->findings, FINDING, BUS_PATH, policy_line(BUS_PATH),
                    "the broker cannot work: user %s cannot connect to the system bus", check->broker.name);
        return;
    }
    if (!check_forbidden(check, &probes))
        return;
    check_needed(check, &probes);
    for (unsigned i = 0; i < N_VERBS; i++)
        check_verb(check, 1U << i, &probes.verbs[i]);
}
