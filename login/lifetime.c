/* There is no last good one here, as the daemons have it: a session that lasts longer than somebody has just
 * set is worse than a login that waits until the file is mended. */
#include "login/lifetime.h"

#include <stdlib.h>
#include <time.h>

#include "common/web-in-force.h"

static int read_environment(unsigned *ret, struct mistake *mistake)
{
    const char *setting = getenv("TICKET_LIFETIME_SEC");
    unsigned long seconds;
    char *end = NULL;

    if (!setting)
        return 0;
    seconds = strtoul(setting, &end, 10);
    if (*end != '\0' || seconds < WEB_LIFETIME_MIN_SEC || seconds > WEB_LIFETIME_MAX_SEC)
        return mistake_set(mistake, "TICKET_LIFETIME_SEC", 0, "this setting is not a number from %d to %d",
                           WEB_LIFETIME_MIN_SEC, WEB_LIFETIME_MAX_SEC);
    *ret = (unsigned)seconds;
    return 0;
}

int lifetime_read(struct ticket *ticket, struct mistake *mistake)
{
    struct web_settings settings;
    int r = web_settings_read_credential(&settings, mistake);

    if (r == 0 && !(settings.written & WEB_KEY_LIFETIME))
        r = read_environment(&settings.lifetime_sec, mistake);
    if (r != 0)
        return r;
    ticket->issued = (uint64_t)time(NULL);
    ticket->expires = ticket->issued + web_idle_end_sec(&settings);
    return 0;
}
