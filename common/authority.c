/* Byte by byte: this runs for every request. */
#include "common/authority.h"

#include <string.h>

enum {
    HOST_MAX = 253, /* DNS's limit */
    PORT_DIGITS = 5,
    PORT_MAX = 65535,
};

static bool parse_port(const char *text, size_t length, unsigned *ret)
{
    unsigned port = 0;

    if (length == 0 || length > PORT_DIGITS)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        port = port * 10 + (unsigned)(text[i] - '0');
    }
    *ret = port;
    return port > 0 && port <= PORT_MAX;
}

static bool is_host_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
}

/* A loop in place of strspn(), which makes a table of its set first: this runs for every request. */
static size_t host_length(const char *text)
{
    size_t n = 0;

    if (*text != '[') {
        while (is_host_byte(text[n]))
            n++;
        return n;
    }
    n = 1 + strspn(text + 1, "0123456789abcdefABCDEF:.");
    return text[n] == ']' ? n + 1 : 0;
}

bool authority_parse(const char *text, size_t length, struct authority *ret)
{
    struct authority authority = { .host = text, .length = host_length(text) };
    size_t rest;

    if (authority.length == 0 || authority.length > HOST_MAX || authority.length > length)
        return false;
    rest = length - authority.length;
    if (rest > 0 && (text[authority.length] != ':' ||
                     !parse_port(text + authority.length + 1, rest - 1, &authority.port)))
        return false;
    *ret = authority;
    return true;
}
