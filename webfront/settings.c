/* The credential that systemd makes of webfront.conf, and the environment, which is systemd's to fill, too:
 * usually from /etc/default/restarter. */
#include "webfront/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/credential.h"
#include "common/doors.h"
#include "common/host-name.h"
#include "common/journal.h"
#include "common/machines/machines-read.h"
#include "common/patience.h"
#include "common/web-times.h"

#define MACHINES_CREDENTIAL "machines.conf"

static const char *allowed_hosts(const struct web_settings *web)
{
    return web->written & WEB_KEY_ALLOWED_HOSTS ? web->allowed_hosts : getenv("ALLOWED_HOSTS");
}

/* A web front behind a proxy knows people by the proxy's word. */
static const char *login_socket(const struct settings *settings)
{
    const char *socket = getenv("LOGIN_SOCKET");

    if (settings->is_proxys || settings->web.settings.login == WEB_LOGIN_NONE)
        return NULL;
    if (socket && *socket)
        return socket;
    return settings->web.settings.login == WEB_LOGIN_PAM ? LOGIN_PAM_SOCKET_PATH : LOGIN_SOCKET_PATH;
}

/* As systemd makes it of machines.conf. Where it does not, the unit is another one than ours, or a test's. */
static bool has_machines(void)
{
    const char *directory = getenv("CREDENTIALS_DIRECTORY");
    _cleanup_(freep) char *path = NULL;

    return directory && asprintf(&path, "%s/" MACHINES_CREDENTIAL, directory) >= 0 && access(path, F_OK) == 0;
}

/* With a mistake in it nobody knows which machines there are: then there is this one. */
static int read_machines(struct machines *ret)
{
    _cleanup_(credential_done) struct credential file = { .data = NULL };
    struct mistake mistake = { .text = "" };
    int r = has_machines() ? credential_read(MACHINES_CREDENTIAL, MACHINES_SIZE_MAX, &file, &mistake) : 0;

    if (r == 0 && file.data)
        r = machines_read(MACHINES_PATH, file.data, file.size, ret, &mistake);
    if (r > 0)
        journal_log(LOG_ERR, "The page shows this machine alone: %s", mistake.text);
    return r < 0 ? r : 0;
}

int settings_read(bool is_proxys, struct settings *ret)
{
    const char *broker = getenv("BROKER_SOCKET"), *far = getenv("FAR_SOCKETS");
    int r;

    if (!broker || !*broker)
        broker = is_proxys ? DOOR_WEB_PROXY_PATH : DOOR_WEB_PATH;
    *ret = (struct settings){ .is_proxys = is_proxys, .broker_socket = broker };
    ret->far_directory = far && *far ? far : FAR_DIRECTORY_OF_FRONTS;
    r = web_in_force_read_credential(&ret->web);
    if (r >= 0)
        r = read_machines(&ret->machines);
    ret->allowed_hosts = allowed_hosts(&ret->web.settings);
    ret->patience_usec = patience_call_usec(web_job_usec(&ret->web.settings));
    ret->login_socket = login_socket(ret);
    host_name(ret->machine);
    return r < 0 ? r : 0;
}

void settings_done(struct settings *settings)
{
    machines_done(&settings->machines);
}
