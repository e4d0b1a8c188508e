/* A list of preferences, with commas between them; what follows a semicolon are parameters of one, of which
 * none is known. */
#include "webfront/requests/prefer.h"

#include <string.h>
#include <strings.h>

#define SPACES " \t"

static bool is_word(const char *at, size_t length, const char *word)
{
    return length == strlen(word) && strncasecmp(at, word, length) == 0;
}

/* Digits, perhaps in quotes; more of them than the greatest has count as that. */
static int read_seconds(const char *at, const char *end)
{
    int seconds = 0;

    if (end - at >= 2 && *at == '"' && end[-1] == '"') {
        at++;
        end--;
    }
    if (at == end)
        return PREFER_WAIT_UNKNOWN;
    for (; at < end; at++) {
        if (*at < '0' || *at > '9')
            return PREFER_WAIT_UNKNOWN;
        seconds = seconds * 10 + (*at - '0');
        if (seconds > PREFER_WAIT_MAX_SEC)
            seconds = PREFER_WAIT_MAX_SEC;
    }
    return seconds;
}

static void take(const char *at, const char *end, struct prefer *prefer)
{
    const char *equals, *stop = memchr(at, ';', (size_t)(end - at));

    if (stop)
        end = stop;
    while (end > at && strchr(SPACES, end[-1]))
        end--;
    equals = memchr(at, '=', (size_t)(end - at));
    if (!equals && is_word(at, (size_t)(end - at), "respond-async"))
        prefer->respond_async = true;
    if (equals && is_word(at, (size_t)(equals - at), "wait") && prefer->wait == PREFER_WAIT_UNKNOWN)
        prefer->wait = read_seconds(equals + 1, end);
}

void prefer_parse(const char *value, struct prefer *prefer)
{
    while (*value) {
        const char *end;

        value += strspn(value, SPACES ",");
        end = value + strcspn(value, ",");
        take(value, end, prefer);
        value = end;
    }
}

static void look(const char *name, const char *value, void *userdata)
{
    if (strcasecmp(name, "Prefer") == 0)
        prefer_parse(value, userdata);
}

struct prefer prefer_of(const struct http_request *request)
{
    struct prefer prefer = { .wait = PREFER_WAIT_UNKNOWN };

    http_request_each_header(request, look, &prefer);
    return prefer;
}
