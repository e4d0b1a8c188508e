/* Read, kept, or recalled. */
#include "common/web-in-force.h"

#include <errno.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/credential.h"
#include "common/journal.h"
#include "common/last-good.h"
#include "common/trusted-file.h"

#define KEPT "webfront.conf"
/* What systemd passes where it finds no file, by SetCredential= of the unit: no text of settings. */
#define NO_FILE "#"

static void take(struct web_in_force *web, const struct web_settings *settings)
{
    web->known = true;
    web->settings = *settings;
}

static int recall(struct web_in_force *web)
{
    _cleanup_(freep) char *text = NULL;
    struct web_settings settings;
    struct mistake mistake;
    size_t size = 0;
    int r = last_good_recall(KEPT, WEB_SETTINGS_SIZE_MAX, &text, &size);

    if (text)
        r = web_settings_read(KEPT, text, size, &settings, &mistake);
    if (r == 0 && text)
        take(web, &settings);
    return r < 0 ? r : 0;
}

static int keep_last(struct web_in_force *web)
{
    int r = web->known ? 0 : recall(web);

    if (!web->known)
        web_settings_default(&web->settings);
    journal_log(LOG_ERR, "The settings of the web are broken, and %s: %s",
                web->known ? "the last good ones stay in force"
                           : "nobody is let in by way of the web until they are mended",
                web->mistake.text);
    return r < 0 ? r : MISTAKE;
}

static int take_text(struct web_in_force *web, const char *file, const char *text, size_t size)
{
    struct web_settings settings;
    int r = web_settings_read(file, text, size, &settings, &web->mistake);

    if (r != 0)
        return r;
    take(web, &settings);
    r = last_good_keep(KEPT, text, size);
    if (r < 0 && r != -ENOENT)
        journal_log(LOG_WARNING, "The settings of the web cannot be kept for the next start: %s",
                    strerror(-r));
    return 0;
}

int web_in_force_read(struct web_in_force *web, const char *path, uid_t owner)
{
    _cleanup_(freep) char *text = NULL;
    size_t size = 0;
    int r;

    web->mistake.text[0] = '\0';
    r = trusted_read_path(path, owner, WEB_SETTINGS_SIZE_MAX, &text, &size, &web->mistake);
    if (r == 0)
        r = take_text(web, path, text, size);
    return r > 0 ? keep_last(web) : r;
}

static int read_credential(struct credential *ret, struct mistake *mistake)
{
    int r = credential_read(WEB_SETTINGS_CREDENTIAL, WEB_SETTINGS_SIZE_MAX, ret, mistake);

    if (r == 0 && strcmp(ret->data, NO_FILE) == 0)
        r = mistake_set(mistake, WEB_SETTINGS_PATH, 0, "there is no such file, or systemd cannot read it");
    return r;
}

int web_in_force_read_credential(struct web_in_force *web)
{
    _cleanup_(credential_done) struct credential file = { .data = NULL };
    int r;

    web->mistake.text[0] = '\0';
    r = read_credential(&file, &web->mistake);
    if (r == 0)
        r = take_text(web, WEB_SETTINGS_PATH, file.data, file.size);
    return r > 0 ? keep_last(web) : r;
}

int web_settings_read_credential(struct web_settings *ret, struct mistake *mistake)
{
    _cleanup_(credential_done) struct credential file = { .data = NULL };
    int r = read_credential(&file, mistake);

    return r == 0 ? web_settings_read(WEB_SETTINGS_PATH, file.data, file.size, ret, mistake) : r;
}

int web_settings_load(const char *path, uid_t owner, struct web_settings *ret, struct mistake *mistake)
{
    _cleanup_(freep) char *text = NULL;
    size_t size = 0;
    int r = trusted_read_path(path, owner, WEB_SETTINGS_SIZE_MAX, &text, &size, mistake);

    return r == 0 ? web_settings_read(path, text, size, ret, mistake) : r;
}
