/* Renders the additional bus policy. Files in /etc/dbus-1/system.d are read after those in /usr/share, and
 * the last rule that fits decides, so that what is allowed or denied here stands against the shipped policy,
 * which lets RestartUnit pass and no other verb. */
#include "polkit/rules/bus-policy.h"

#include <errno.h>

#include "policy/paths.h"

static unsigned verbs_of(const struct policy *policy)
{
    unsigned verbs = 0;

    for (size_t i = 0; i < policy->n_grants; i++)
        verbs |= policy->grants[i].verbs;
    return verbs;
}

bool bus_policy_needed(const struct policy *policy)
{
    return verbs_of(policy) != VERB_RESTART;
}

static void render_verb(const char *what, unsigned verb, FILE *out)
{
    (void)fprintf(out,
                  "    <%s send_destination=\"org.freedesktop.systemd1\" "
                  "send_path=\"/org/freedesktop/systemd1\"\n"
                  "           send_interface=\"org.freedesktop.systemd1.Manager\" send_member=\"%s\"/>\n",
                  what, verb_bus_member(verb));
}

int bus_policy_render(const struct policy *policy, FILE *out)
{
    unsigned verbs = verbs_of(policy);

    (void)fputs(
        "<!-- The messages of the verbs that the policy file grants beside restart, or in its place. Which units "
        "they may\n"
        "     name is the polkit rule's to say. Tell the bus of a change: busctl call org.freedesktop.DBus\n"
        "     /org/freedesktop/DBus org.freedesktop.DBus ReloadConfig -->\n"
        "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN\"\n"
        " \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n"
        "<busconfig>\n"
        "  <policy user=\"" RULE_USER "\">\n",
        out);
    if (!(verbs & VERB_RESTART))
        render_verb("deny", VERB_RESTART, out);
    for (unsigned verb = VERB_RESTART << 1; verb & VERB_ALL; verb <<= 1)
        if (verbs & verb)
            render_verb("allow", verb, out);
    (void)fputs("  </policy>\n</busconfig>\n", out);
    return fflush(out) == EOF || ferror(out) ? -EIO : 0;
}
