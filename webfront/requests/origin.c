/* Hosts and origins, compared as what they mean (RFC 6454), not as text. */
#include "webfront/requests/origin.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

enum {
    HOST_MAX = 253, /* DNS's limit */
    PORT_DIGITS = 5,
    PORT_MAX = 65535,
};

/* "host:port" taken apart; nothing is copied. */
struct authority {
    const char *host; /* with the brackets of an IPv6 address */
    size_t length;
    unsigned port; /* 0: none was given */
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

static bool parse_authority(const char *text, size_t length, struct authority *ret)
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

static bool host_is(const struct authority *authority, const char *name, size_t length)
{
    return authority->length == length && strncasecmp(authority->host, name, length) == 0;
}

static bool is_loopback(const struct authority *authority)
{
    char text[INET_ADDRSTRLEN];
    struct in_addr address;

    if (host_is(authority, "localhost", strlen("localhost")) || host_is(authority, "[::1]", strlen("[::1]")))
        return true;
    if (authority->length >= sizeof(text))
        return false;
    memcpy(text, authority->host, authority->length);
    text[authority->length] = '\0';
    return inet_pton(AF_INET, text, &address) == 1 && ntohl(address.s_addr) >> 24 == 127;
}

static bool is_listed(const struct authority *authority, const char *allowed)
{
    struct authority entry;

    while (*(allowed += strspn(allowed, " \t"))) {
        size_t length = strcspn(allowed, " \t");

        if (parse_authority(allowed, length, &entry) && host_is(authority, entry.host, entry.length) &&
            (entry.port == 0 || entry.port == authority->port))
            return true;
        allowed += length;
    }
    return false;
}

bool origin_host_allowed(const char *host, const char *allowed)
{
    struct authority authority;

    return host && parse_authority(host, strlen(host), &authority) &&
           (is_loopback(&authority) || (allowed && is_listed(&authority, allowed)));
}

/* The scheme's default port, and where the authority starts; 0 for other schemes and for "null". */
static unsigned skip_scheme(const char **origin)
{
    static const char HTTP[] = "http://", HTTPS[] = "https://";

    if (strncmp(*origin, HTTP, strlen(HTTP)) == 0) {
        *origin += strlen(HTTP);
        return 80;
    }
    if (strncmp(*origin, HTTPS, strlen(HTTPS)) == 0) {
        *origin += strlen(HTTPS);
        return 443;
    }
    return 0;
}

static bool origin_is_host(const char *origin, const char *host)
{
    unsigned default_port = skip_scheme(&origin);
    struct authority from, to;

    if (default_port == 0 || !parse_authority(origin, strlen(origin), &from) ||
        !parse_authority(host, strlen(host), &to))
        return false;
    return host_is(&from, to.host, to.length) &&
           (from.port ? from.port : default_port) == (to.port ? to.port : default_port);
}

bool origin_post_allowed(const char *host, const char *origin, const char *fetch_site)
{
    if (fetch_site && strcmp(fetch_site, "same-origin") != 0 && strcmp(fetch_site, "none") != 0)
        return false;
    return !origin || (host && origin_is_host(origin, host));
}

bool origin_is_ours(const struct http_request *request, const char *allowed)
{
    return http_request_header_count(request, "Host") == 1 &&
           origin_host_allowed(http_request_header(request, "Host"), allowed);
}

static bool get_single(const struct http_request *request, const char *name, const char **ret)
{
    *ret = http_request_header(request, name);
    return !*ret || http_request_header_count(request, name) == 1;
}

bool origin_may_post(const struct http_request *request)
{
    const char *origin, *fetch_site;

    return get_single(request, "Origin", &origin) && get_single(request, "Sec-Fetch-Site", &fetch_site) &&
           origin_post_allowed(http_request_header(request, "Host"), origin, fetch_site);
}
