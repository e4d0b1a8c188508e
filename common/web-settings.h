/* What the admin has set for the web: /etc/restarter/webfront.conf, its one section [Web]. The web fronts,
 * the broker and the login go by it, each for its own part; the broker enforces Login=. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/key-file.h"
#include "common/mistake.h"

#define WEB_SETTINGS_PATH "/etc/restarter/webfront.conf"
#define WEB_SETTINGS_CREDENTIAL "webfront.conf" /* LoadCredential= of who does not see /etc */

enum {
    WEB_SETTINGS_SIZE_MAX = 16 * 1024, /* of the file */
    WEB_HEADER_SIZE = 64,              /* of a header's name, with its NUL */
    WEB_HOSTS_SIZE = KEY_FILE_LINE_MAX + 1,
    WEB_LIFETIME_SEC = 12 * 3600, /* the defaults, and what may be set instead */
    WEB_LIFETIME_MIN_SEC = 60,
    WEB_LIFETIME_MAX_SEC = 30 * 24 * 3600,
    WEB_IDLE_SEC = 2 * 3600,
    WEB_IDLE_EXIT_MAX_SEC = 24 * 3600,
};

enum web_login {
    WEB_LOGIN_NONE,     /* whoever comes from this machine is nobody in particular, and is let in */
    WEB_LOGIN_PASSWORD, /* restarter-login.socket */
    WEB_LOGIN_PAM,      /* restarter-login-pam.socket */
};

/* Keys that were written, as flags: the others have their default in the struct, and for some of them the
 * environment (/etc/default/restarter) may say another one. */
enum web_key {
    WEB_KEY_LOGIN = 1 << 0,
    WEB_KEY_USER_HEADER = 1 << 1,
    WEB_KEY_GROUPS_HEADER = 1 << 2,
    WEB_KEY_LIFETIME = 1 << 3,
    WEB_KEY_IDLE = 1 << 4,
    WEB_KEY_CLEARTEXT_PASSWORDS = 1 << 5,
    WEB_KEY_ALLOWED_HOSTS = 1 << 6,
    WEB_KEY_IDLE_EXIT = 1 << 7,
    WEB_KEY_JOB_TIMEOUT = 1 << 8,
};

struct web_settings {
    enum web_login login;
    bool cleartext_passwords; /* a password may come over HTTP from another machine */
    /* Tokens of HTTP, never alike; "Remote-User" and "Remote-Groups" unless they are set. */
    char user_header[WEB_HEADER_SIZE], groups_header[WEB_HEADER_SIZE];
    char allowed_hosts[WEB_HOSTS_SIZE]; /* as webfront/requests/origin.h reads it; "": loopback only */
    unsigned lifetime_sec;              /* of a login, WEB_LIFETIME_MIN_SEC to WEB_LIFETIME_MAX_SEC */
    unsigned idle_sec;                  /* after which it ends unused; 0: not at all */
    unsigned idle_exit_sec;             /* 0: they stay; valid if it was written */
    unsigned job_timeout_sec;           /* valid if it was written */
    unsigned login_line;                /* where Login= is written */
    unsigned written;                   /* flags of enum web_key */
};

/* What holds where nothing is written. */
void web_settings_default(struct web_settings *ret);

/* All of it, or nothing; a file without Login=, emptied or cut by accident, is a mistake. 0; MISTAKE, with
 * the file as it is called here, the line and the reason; or -ENOMEM. The text may have NULs in it. */
int web_settings_read(const char *file, const char *text, size_t size, struct web_settings *ret,
                      struct mistake *mistake);

/* After how many seconds without a click a login ends: `idle_sec`, at most `lifetime_sec`. */
unsigned web_idle_end_sec(const struct web_settings *settings);

/* "none", "password", "pam". */
const char *web_login_to_string(enum web_login login);
