/* The environment, which is systemd's to fill: usually from /etc/default/restarter. */
#include "webfront/settings.h"

#include <stdlib.h>
#include <unistd.h>

#include "common/doors.h"
#include "common/patience.h"

void settings_read(struct settings *ret)
{
    const char *broker = getenv("BROKER_SOCKET");

    *ret = (struct settings){
        .broker_socket = broker && *broker ? broker : DOOR_WEB_PATH,
        .allowed_hosts = getenv("ALLOWED_HOSTS"),
        .patience_usec = patience_call_usec(),
    };
    if (gethostname(ret->machine, sizeof(ret->machine) - 1) < 0)
        ret->machine[0] = '\0';
}
