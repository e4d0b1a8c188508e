/* X-Forwarded-For as far as it can be known who wrote it: its last element. */
#include "webfront/requests/client.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* The last one counts: what a client sent stands before what the proxy adds. */
static void remember_last(const char *name, const char *value, void *userdata)
{
    const char **last = userdata;

    if (strcasecmp(name, "X-Forwarded-For") == 0)
        *last = value;
}

/* "192.0.2.7", "192.0.2.7:4711". */
static bool read_ipv4(const char *text, char ret[static HTTP_ADDRESS_SIZE])
{
    char copy[INET_ADDRSTRLEN], canonical[INET_ADDRSTRLEN];
    struct in_addr address;
    size_t length = strcspn(text, ":");

    if (length >= sizeof(copy))
        return false;
    (void)snprintf(copy, sizeof(copy), "%.*s", (int)length, text);
    if (inet_pton(AF_INET, copy, &address) != 1 ||
        !inet_ntop(AF_INET, &address, canonical, sizeof(canonical)))
        return false;
    (void)snprintf(ret, HTTP_ADDRESS_SIZE, "%s", canonical);
    return true;
}

/* "2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:4711". */
static bool read_ipv6(const char *text, char ret[static HTTP_ADDRESS_SIZE])
{
    char copy[INET6_ADDRSTRLEN], canonical[INET6_ADDRSTRLEN];
    struct in6_addr address;
    bool bracketed = *text == '[';
    size_t length = bracketed ? strcspn(++text, "]") : strlen(text);

    if (length >= sizeof(copy) || (bracketed && text[length] != ']'))
        return false;
    (void)snprintf(copy, sizeof(copy), "%.*s", (int)length, text);
    if (inet_pton(AF_INET6, copy, &address) != 1 ||
        !inet_ntop(AF_INET6, &address, canonical, sizeof(canonical)))
        return false;
    (void)snprintf(ret, HTTP_ADDRESS_SIZE, "[%s]", canonical);
    return true;
}

/* The last element of the list, without the spaces around it. False when it is too long to be one. */
static bool read_last(const char *list, char *ret, size_t size)
{
    const char *comma = strrchr(list, ','), *text = comma ? comma + 1 : list;
    size_t length;

    text += strspn(text, " \t");
    length = strcspn(text, " \t");
    if (length >= size || text[length + strspn(text + length, " \t")] != '\0')
        return false;
    (void)snprintf(ret, size, "%.*s", (int)length, text);
    return true;
}

static bool read_forwarded(const struct http_request *request, char ret[static HTTP_ADDRESS_SIZE])
{
    const char *list = NULL;
    char last[HTTP_ADDRESS_SIZE];

    http_request_each_header(request, remember_last, &list);
    return list && read_last(list, last, sizeof(last)) && (read_ipv4(last, ret) || read_ipv6(last, ret));
}

const char *client_address(const struct http_request *request, char buffer[static HTTP_ADDRESS_SIZE])
{
    if (!http_request_is_near(request) || !read_forwarded(request, buffer))
        (void)http_request_address(request, buffer);
    return buffer;
}
