/* Hosts and origins, compared as what they mean (RFC 6454), not as text. */
#include "webfront/requests/origin.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "common/authority.h"

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

        if (authority_parse(allowed, length, &entry) && host_is(authority, entry.host, entry.length) &&
            (entry.port == 0 || entry.port == authority->port))
            return true;
        allowed += length;
    }
    return false;
}

bool origin_host_allowed(const char *host, const char *allowed)
{
    struct authority authority;

    return host && authority_parse(host, strlen(host), &authority) &&
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

    if (default_port == 0 || !authority_parse(origin, strlen(origin), &from) ||
        !authority_parse(host, strlen(host), &to))
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
