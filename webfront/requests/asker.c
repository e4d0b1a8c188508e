/* Addresses are parsed and written anew, so that one is one. */
#include "webfront/requests/asker.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "webfront/requests/client.h"

enum { NETWORK_BYTES = 8 };

static bool copy_part(const char *from, const char *until, char *ret, size_t size)
{
    size_t length = strcspn(from, until);

    if (length >= size)
        return false;
    (void)snprintf(ret, size, "%.*s", (int)length, from);
    return true;
}

static bool name_ipv4(const char *address, char ret[static ASKER_SIZE])
{
    char text[INET_ADDRSTRLEN];
    struct in_addr in;

    return copy_part(address, ":", text, sizeof(text)) && inet_pton(AF_INET, text, &in) == 1 &&
           inet_ntop(AF_INET, &in, ret, ASKER_SIZE);
}

static bool name_network(struct in6_addr *in6, char ret[static ASKER_SIZE])
{
    char text[INET6_ADDRSTRLEN];

    if (IN6_IS_ADDR_V4MAPPED(in6))
        return inet_ntop(AF_INET, &in6->s6_addr[12], ret, ASKER_SIZE);
    memset(in6->s6_addr + NETWORK_BYTES, 0, sizeof(in6->s6_addr) - NETWORK_BYTES);
    if (!inet_ntop(AF_INET6, in6, text, sizeof(text)))
        return false;
    (void)snprintf(ret, ASKER_SIZE, "%s/64", text);
    return true;
}

static bool name_ipv6(const char *address, char ret[static ASKER_SIZE])
{
    char text[INET6_ADDRSTRLEN];
    struct in6_addr in6;

    return *address == '[' && copy_part(address + 1, "]", text, sizeof(text)) &&
           inet_pton(AF_INET6, text, &in6) == 1 && name_network(&in6, ret);
}

const char *asker_of_address(const char *address, char ret[static ASKER_SIZE])
{
    if (!name_ipv4(address, ret) && !name_ipv6(address, ret))
        (void)snprintf(ret, ASKER_SIZE, "%s", address);
    return ret;
}

const char *asker_of(const struct http_request *request, char ret[static ASKER_SIZE])
{
    char address[HTTP_ADDRESS_SIZE];

    return asker_of_address(client_address(request, address), ret);
}
