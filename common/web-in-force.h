/* The settings of the web that a program goes by: those of the last file that was good, also of one that an
 * earlier process of this service read (last-good.h). Where there is none, nobody may be let in by way of the
 * web: not to know whether a login is needed is not to need none. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "common/mistake.h"
#include "common/web-settings.h"

struct web_in_force {
    /* There is a good file, or was one. The settings are the defaults otherwise, and only good for what lets
     * nobody in. */
    bool known;
    struct web_settings settings;
    struct mistake mistake; /* of the last reading; "": it was good */
};

/* A file without Login= is no good one after one that had people log in: not to say so any more is a mistake,
 * and no way to let everybody in. Login=none is.
 *
 * From the file, an absolute path, which belongs to `owner` or root, or from the credential that systemd made
 * of it. 0; MISTAKE, which is in the journal then, and `settings` is what is gone by all the same; or
 * -ENOMEM. */
int web_in_force_read(struct web_in_force *web, const char *path, uid_t owner);
int web_in_force_read_credential(struct web_in_force *web);

/* What is there now, and nothing that was: in the file, or in the credential. 0, MISTAKE or -ENOMEM. */
int web_settings_load(const char *path, uid_t owner, struct web_settings *ret, struct mistake *mistake);
int web_settings_read_credential(struct web_settings *ret, struct mistake *mistake);
