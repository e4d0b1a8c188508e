/* A cookie header has no grammar that all browsers and proxies keep to: it is cut at each ';', and only what
 * has our name by the byte is looked at. Quotes mean nothing (RFC 6265, 5.4), so a ';' between them is a cut,
 * too. */
#include "webfront/requests/cookie.h"

#include <stdio.h>
#include <string.h>

#define BLANKS " \t"
#define TICKET_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"
#define ATTRIBUTES "; Path=/; HttpOnly; SameSite=Strict"

const char COOKIE_CLEAR[] = COOKIE_NAME "=; Max-Age=0" ATTRIBUTES;
const char COOKIE_CLEAR_TLS[] = COOKIE_NAME_TLS "=; Max-Age=0" ATTRIBUTES "; Secure";

/* What has one name: how often it is there, and the last one's value. */
struct found {
    const char *name;
    unsigned n;
    const char *value;
    size_t length;
};

static void look_at(const char *pair, size_t length, struct found *found)
{
    size_t name = strlen(found->name);

    if (length <= name || memcmp(pair, found->name, name) != 0 || pair[name] != '=')
        return;
    found->n++;
    found->value = pair + name + 1;
    found->length = length - name - 1;
}

static void find(const char *header, struct found *found)
{
    while (*header) {
        size_t length, step;

        header += strspn(header, BLANKS);
        length = step = strcspn(header, ";");
        while (length > 0 && strchr(BLANKS, header[length - 1]))
            length--;
        look_at(header, length, found);
        header += step + (header[step] == ';');
    }
}

static bool fits(const char *value, size_t length)
{
    return length > 0 && length < TICKET_SIZE && strspn(value, TICKET_LETTERS) >= length;
}

bool cookie_fits(const char *value)
{
    return fits(value, strlen(value));
}

static enum cookie_outcome take(const struct found *found, char ret[static TICKET_SIZE])
{
    if (found->n == 0)
        return COOKIE_ABSENT;
    if (found->n > 1)
        return COOKIE_TWICE;
    if (!fits(found->value, found->length))
        return COOKIE_UNFIT;
    memcpy(ret, found->value, found->length);
    ret[found->length] = '\0';
    return COOKIE_TICKET;
}

enum cookie_outcome cookie_read(const char *header, bool tls, char ret[static TICKET_SIZE])
{
    struct found guarded = { .name = COOKIE_NAME_TLS }, plain = { .name = COOKIE_NAME };

    if (!header)
        return COOKIE_ABSENT;
    find(header, &guarded);
    if (guarded.n > 0 || tls)
        return take(&guarded, ret);
    find(header, &plain);
    return take(&plain, ret);
}

const char *cookie_set(const char *ticket, bool tls, unsigned seconds, char ret[static COOKIE_SET_SIZE])
{
    (void)snprintf(ret, COOKIE_SET_SIZE, "%s=%s; Max-Age=%u" ATTRIBUTES "%s",
                   tls ? COOKIE_NAME_TLS : COOKIE_NAME, ticket, seconds, tls ? "; Secure" : "");
    return ret;
}
