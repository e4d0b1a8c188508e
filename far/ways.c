/* Places, eight to a master. */
#include "far/ways.h"

#include <limits.h>
#include <stdio.h>

enum { WORD_SIZE = PATH_MAX + 32 };

int ways_take(struct ways *ways)
{
    for (int place = 0; place < WAYS_MAX && ways->first == 0; place++) {
        if (ways->taken[place])
            continue;
        ways->taken[place] = true;
        if (ways->n_open[place / WAYS_SESSIONS] == 0)
            ways->first = place + 1;
        return place;
    }
    return -1;
}

void ways_opened(struct ways *ways, int place)
{
    ways->n_open[place / WAYS_SESSIONS]++;
    if (ways->first == place + 1)
        ways->first = 0;
}

void ways_give(struct ways *ways, int place, bool was_open)
{
    ways->taken[place] = false;
    if (was_open)
        ways->n_open[place / WAYS_SESSIONS]--;
    if (ways->first == place + 1)
        ways->first = 0;
}

/* Who is asked for a key that is not in known_hosts, or for a password, is nobody: it fails. The wire is
 * looked at every five seconds, so that a machine that has gone silent is known to be gone after fifteen. */
const char *const *ways_options(int place, const char *secrets)
{
    static char key[WORD_SIZE], hosts[WORD_SIZE], path[sizeof("-oControlPath=master-") + 12];
    static const char *const OPTIONS[] = { "-Fnone",
                                           key,
                                           hosts,
                                           path,
                                           "-oGlobalKnownHostsFile=none",
                                           "-oStrictHostKeyChecking=yes",
                                           "-oUpdateHostKeys=no",
                                           "-oIdentitiesOnly=yes",
                                           "-oIdentityAgent=none",
                                           "-oPreferredAuthentications=publickey",
                                           "-oControlMaster=auto",
                                           "-oControlPersist=60",
                                           "-oServerAliveInterval=5",
                                           "-oServerAliveCountMax=3",
                                           "-oEscapeChar=none",
                                           NULL };

    (void)snprintf(key, sizeof(key), "-oIdentityFile=%s/key", secrets);
    (void)snprintf(hosts, sizeof(hosts), "-oUserKnownHostsFile=%s/known_hosts", secrets);
    (void)snprintf(path, sizeof(path), "-oControlPath=master-%d", place / WAYS_SESSIONS);
    return OPTIONS;
}
