/* A table of keys, and what each takes. */
#include "common/web-settings.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "common/authority.h"
#include "common/cleanup.h"
#include "common/header-name.h"
#include "common/key-value.h"
#include "common/patience.h"

#define WHITESPACE " \t"

struct parser {
    struct web_settings settings;
    const char *file;
    struct mistake *mistake;
    unsigned line;
    bool in_web;          /* behind a [Web] */
    unsigned header_line; /* of the last key that names one */
};

struct key {
    const char *name;
    enum web_key flag;
    /* 0 or MISTAKE. */
    int (*set)(struct parser *parser, const struct key *key, const char *value);
};

static int refuse(unsigned number, const char *why, void *userdata)
{
    const struct parser *parser = userdata;

    return mistake_set(parser->mistake, parser->file, number, "%s", why);
}

const char *web_login_to_string(enum web_login login)
{
    static const char *const WORDS[] = {
        [WEB_LOGIN_NONE] = "none",
        [WEB_LOGIN_PASSWORD] = "password",
        [WEB_LOGIN_PAM] = "pam",
    };

    return WORDS[login];
}

unsigned web_idle_end_sec(const struct web_settings *settings)
{
    bool ends = settings->idle_sec > 0 && settings->idle_sec < settings->lifetime_sec;

    return ends ? settings->idle_sec : settings->lifetime_sec;
}

static int set_login(struct parser *parser, const struct key *key, const char *value)
{
    for (enum web_login login = WEB_LOGIN_NONE; login <= WEB_LOGIN_PAM; login++)
        if (strcmp(value, web_login_to_string(login)) == 0) {
            parser->settings.login = login;
            parser->settings.login_line = parser->line;
            return 0;
        }
    return mistake_set(parser->mistake, parser->file, parser->line, "%s=%s is none of none, password and pam",
                       key->name, value);
}

static int set_bool(struct parser *parser, const struct key *key, const char *value)
{
    if (value_bool(value, &parser->settings.cleartext_passwords))
        return 0;
    return mistake_set(parser->mistake, parser->file, parser->line, "%s=%s is neither yes nor no", key->name,
                       value);
}

/* --- headers --- */

/* Of HTTP (RFC 9110): what a name of a header may be. */
static bool is_token(const char *text)
{
    for (; *text; text++)
        if (!isalnum((unsigned char)*text) && !strchr("!#$%&'*+-.^_`|~", *text))
            return false;
    return true;
}

/* What browsers and proxies send for reasons of their own, and we do: it names nobody, or it is not the
 * proxy's to write. */
static bool is_taken(const char *name)
{
    static const char *const NAMES[] = {
        "Accept",
        "Accept-Charset",
        "Accept-Encoding",
        "Accept-Language",
        "Authorization",
        "Cache-Control",
        "Connection",
        "Content-Encoding",
        "Content-Length",
        "Content-Type",
        "Cookie",
        "Date",
        "Expect",
        "Forwarded",
        "Host",
        "If-None-Match",
        "Idempotency-Key",
        "Keep-Alive",
        "Origin",
        "Pragma",
        "Referer",
        "Sec-Fetch-Dest",
        "Sec-Fetch-Mode",
        "Sec-Fetch-Site",
        "Sec-Fetch-User",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
        "User-Agent",
        "Via",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Port",
        "X-Forwarded-Proto",
        "X-Real-IP",
        "Restarter-Client",
        "Restarter-Ticket",
        "Restarter-User",
        "Restarter-Groups",
    };

    for (size_t i = 0; i < sizeof(NAMES) / sizeof(*NAMES); i++)
        if (header_name_is_like(NAMES[i], name))
            return true;
    return false;
}

static int set_header(struct parser *parser, const struct key *key, const char *value)
{
    char *ret =
        key->flag == WEB_KEY_USER_HEADER ? parser->settings.user_header : parser->settings.groups_header;

    if (strlen(value) >= WEB_HEADER_SIZE || !is_token(value))
        return mistake_set(parser->mistake, parser->file, parser->line,
                           "%s= is not the name of a header: one word of at most %d letters, digits and '-'",
                           key->name, WEB_HEADER_SIZE - 1);
    if (is_taken(value))
        return mistake_set(parser->mistake, parser->file, parser->line,
                           "%s=%s: this header has another meaning; take one that only the proxy writes",
                           key->name, value);
    (void)snprintf(ret, WEB_HEADER_SIZE, "%s", value);
    parser->header_line = parser->line;
    return 0;
}

/* --- hosts --- */

static int refuse_host(const struct parser *parser, const char *word, size_t length)
{
    const char *hint = "";

    if (memchr(word, ',', length))
        hint = "; put spaces between names, not commas";
    else if (memchr(word, '/', length))
        hint = "; write it without http:// and without a path";
    else if (memchr(word, '*', length))
        hint = "; write each name in full";
    return mistake_set(
        parser->mistake, parser->file, parser->line,
        "AllowedHosts=: %.*s is no name such as button.example.org or button.example.org:8443%s", (int)length,
        word, hint);
}

static int set_hosts(struct parser *parser, _unused_ const struct key *key, const char *value)
{
    struct authority authority;
    size_t length;

    for (const char *word = value; *(word += strspn(word, WHITESPACE)); word += length) {
        length = strcspn(word, WHITESPACE);
        if (!authority_parse(word, length, &authority))
            return refuse_host(parser, word, length);
    }
    (void)snprintf(parser->settings.allowed_hosts, WEB_HOSTS_SIZE, "%s", value);
    return 0;
}

/* --- times --- */

struct range {
    unsigned min, max;
    bool or_none; /* 0 as well */
    unsigned *ret;
};

static struct range range_of(struct parser *parser, enum web_key flag)
{
    struct web_settings *s = &parser->settings;

    switch (flag) {
    case WEB_KEY_LIFETIME:
        return (struct range){ WEB_LIFETIME_MIN_SEC, WEB_LIFETIME_MAX_SEC, false, &s->lifetime_sec };
    case WEB_KEY_IDLE:
        return (struct range){ WEB_LIFETIME_MIN_SEC, WEB_LIFETIME_MAX_SEC, true, &s->idle_sec };
    case WEB_KEY_IDLE_EXIT:
        return (struct range){ 1, WEB_IDLE_EXIT_MAX_SEC, true, &s->idle_exit_sec };
    default:
        return (struct range){ PATIENCE_JOB_MIN_SEC, PATIENCE_JOB_MAX_SEC, false, &s->job_timeout_sec };
    }
}

static int set_seconds(struct parser *parser, const struct key *key, const char *value)
{
    struct range range = range_of(parser, key->flag);
    uint64_t seconds = 0;

    if (!value_seconds(value, range.max, &seconds) ||
        (seconds < range.min && !(seconds == 0 && range.or_none)))
        return mistake_set(parser->mistake, parser->file, parser->line,
                           "%s=%s is not a time from %u to %u seconds%s, such as 90, 90s, 5min or 1h",
                           key->name, value, range.min, range.max, range.or_none ? ", or 0" : "");
    *range.ret = (unsigned)seconds;
    return 0;
}

/* --- the file --- */

static const struct key KEYS[] = {
    { "Login", WEB_KEY_LOGIN, set_login },
    { "UserHeader", WEB_KEY_USER_HEADER, set_header },
    { "GroupsHeader", WEB_KEY_GROUPS_HEADER, set_header },
    { "SessionLifetimeSec", WEB_KEY_LIFETIME, set_seconds },
    { "SessionIdleSec", WEB_KEY_IDLE, set_seconds },
    { "CleartextPasswords", WEB_KEY_CLEARTEXT_PASSWORDS, set_bool },
    { "AllowedHosts", WEB_KEY_ALLOWED_HOSTS, set_hosts },
    { "IdleExitSec", WEB_KEY_IDLE_EXIT, set_seconds },
    { "JobTimeoutSec", WEB_KEY_JOB_TIMEOUT, set_seconds },
};

static int take_section(const char *line, unsigned number, void *userdata)
{
    struct parser *parser = userdata;

    if (strcmp(line, "[Web]") != 0)
        return mistake_set(parser->mistake, parser->file, number, "unknown section %s; there is only [Web]",
                           line);
    if (parser->in_web)
        return mistake_set(parser->mistake, parser->file, number, "a second [Web]; there is one");
    parser->in_web = true;
    return 0;
}

static int refuse_key(const struct parser *parser, const char *name)
{
    return mistake_set(parser->mistake, parser->file, parser->line,
                       "unknown key %s=; there are Login=, UserHeader=, GroupsHeader=, SessionLifetimeSec=, "
                       "SessionIdleSec=, CleartextPasswords=, AllowedHosts=, IdleExitSec= and JobTimeoutSec=",
                       name);
}

static const struct key *find_key(const char *name)
{
    for (size_t i = 0; i < sizeof(KEYS) / sizeof(*KEYS); i++)
        if (strcmp(KEYS[i].name, name) == 0)
            return &KEYS[i];
    return NULL;
}

static int take_key(const char *name, const char *value, unsigned number, void *userdata)
{
    struct parser *parser = userdata;
    const struct key *key = find_key(name);

    parser->line = number;
    if (!key)
        return refuse_key(parser, name);
    if (!parser->in_web)
        return mistake_set(parser->mistake, parser->file, number, "%s= stands before [Web]", name);
    if (parser->settings.written & key->flag)
        return mistake_set(parser->mistake, parser->file, number, "%s= is given twice", name);
    parser->settings.written |= key->flag;
    if (*value == '\0' && key->flag != WEB_KEY_ALLOWED_HOSTS)
        return mistake_set(parser->mistake, parser->file, number, "%s= is empty", name);
    return key->set(parser, key, value);
}

/* The name and the groups of a person would be read from one and the same header. */
static int check_headers(const struct parser *parser)
{
    if (!header_name_is_like(parser->settings.user_header, parser->settings.groups_header))
        return 0;
    return mistake_set(parser->mistake, parser->file, parser->header_line,
                       "UserHeader= and GroupsHeader= are one and the same, %s",
                       parser->settings.user_header);
}

/* A file that was cut, by a disk that was full or by a slip, may still make sense. Nobody opens the page by
 * what is missing: that is written. */
static int check_complete(const struct parser *parser)
{
    if (!parser->in_web)
        return mistake_set(parser->mistake, parser->file, 0, "there is no [Web] in it");
    if (parser->settings.written & WEB_KEY_LOGIN)
        return 0;
    return mistake_set(parser->mistake, parser->file, 0,
                       "there is no Login= in it; write Login=none if nobody is to log in");
}

void web_settings_default(struct web_settings *ret)
{
    *ret = (struct web_settings){
        .login = WEB_LOGIN_NONE,
        .user_header = "Remote-User",
        .groups_header = "Remote-Groups",
        .lifetime_sec = WEB_LIFETIME_SEC,
        .idle_sec = WEB_IDLE_SEC,
    };
}

int web_settings_read(const char *file, const char *text, size_t size, struct web_settings *ret,
                      struct mistake *mistake)
{
    static const struct key_file WEB = {
        .sections = "[Web]",
        .too_long = "a longer list of hosts can be ALLOWED_HOSTS= in /etc/default/restarter",
        .section = take_section,
        .key = take_key,
        .refuse = refuse,
    };
    struct parser parser = { .file = file, .mistake = mistake };
    int r;

    if (size > WEB_SETTINGS_SIZE_MAX)
        return mistake_set(mistake, file, 0, "is larger than %d KiB", WEB_SETTINGS_SIZE_MAX / 1024);
    web_settings_default(&parser.settings);
    r = key_file_read(&WEB, text, size, &parser);
    if (r == 0)
        r = check_headers(&parser);
    if (r == 0)
        r = check_complete(&parser);
    if (r == 0)
        *ret = parser.settings;
    return r;
}
