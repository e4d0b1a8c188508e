/* Accept and its sisters (RFC 9110, 12.5), as much of them as decides between three formats, two encodings
 * and the languages that there are. */
#include "webfront/requests/accept.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#define SPACES " \t"

enum {
    QUALITY_MAX = 1000, /* q=1, in thousandths */
};

bool media_type_is(const char *content_type, const char *type)
{
    size_t length = strlen(type);

    if (!content_type || strncasecmp(content_type, type, length) != 0)
        return false;
    content_type += length;
    content_type += strspn(content_type, SPACES);
    return *content_type == '\0' || *content_type == ';';
}

/* "0.25" as 250; what cannot be read counts as "not wanted". */
static unsigned parse_quality(const char *text)
{
    unsigned quality = *text == '1' ? QUALITY_MAX : 0;

    if (*text != '0' || text[1] != '.')
        return quality;
    text += 2;
    for (unsigned weight = 100; weight > 0 && *text >= '0' && *text <= '9'; weight /= 10)
        quality += (unsigned)(*text++ - '0') * weight;
    return quality;
}

/* The q parameter among those from `at` to `end`; 1 without one. */
static unsigned find_quality(const char *at, const char *end)
{
    while ((at = memchr(at, ';', (size_t)(end - at)))) {
        at++;
        at += strspn(at, SPACES);
        if ((*at == 'q' || *at == 'Q') && at[1] == '=')
            return parse_quality(at + 2);
    }
    return QUALITY_MAX;
}

static bool range_is(const char *at, const char *end, const char *type)
{
    size_t length = strcspn(at, SPACES ";,");

    return at + length <= end && length == strlen(type) && strncasecmp(at, type, length) == 0;
}

enum format accept_choose(const char *accept, enum format otherwise)
{
    unsigned html = 0, json = 0;

    while (accept && *accept) {
        const char *end = accept + strcspn(accept, ",");

        accept += strspn(accept, SPACES);
        if (range_is(accept, end, "text/html"))
            html = find_quality(accept, end);
        else if (range_is(accept, end, "application/json"))
            json = find_quality(accept, end);
        accept = *end ? end + 1 : end;
    }
    if (html > 0 && html >= json)
        return FORMAT_HTML;
    return json > 0 ? FORMAT_JSON : otherwise;
}

enum format accept_of(const struct http_request *request, enum format otherwise)
{
    return accept_choose(http_request_header(request, "Accept"), otherwise);
}

bool accept_gzip(const char *accept)
{
    while (accept && *accept) {
        const char *end = accept + strcspn(accept, ",");

        accept += strspn(accept, SPACES);
        if (range_is(accept, end, "gzip"))
            return find_quality(accept, end) > 0;
        accept = *end ? end + 1 : end;
    }
    return false;
}

/* By the first part of a tag: "de-CH" is German. LANGUAGE_MAX: none of ours. Any ("*") is English. */
static enum language language_of(const char *range)
{
    size_t length = strcspn(range, "-;," SPACES);

    if (length == 1 && *range == '*')
        return LANGUAGE_EN;
    for (unsigned i = 0; i < LANGUAGE_MAX; i++)
        if (strlen(WORD_LANGUAGES[i]) == length && strncasecmp(range, WORD_LANGUAGES[i], length) == 0)
            return i;
    return LANGUAGE_MAX;
}

enum language accept_language(const char *accept)
{
    enum language best = LANGUAGE_EN;
    unsigned most = 0;

    while (accept && *accept) {
        const char *end = accept + strcspn(accept, ",");
        enum language language;

        accept += strspn(accept, SPACES);
        language = language_of(accept);
        if (language != LANGUAGE_MAX && find_quality(accept, end) > most) {
            most = find_quality(accept, end);
            best = language;
        }
        accept = *end ? end + 1 : end;
    }
    return best;
}

bool accept_content_is(const struct http_request *request, const char *type)
{
    return http_request_header_count(request, "Content-Type") == 1 &&
           media_type_is(http_request_header(request, "Content-Type"), type);
}
