/* Both ends are asked for: a loopback address at one end alone is no proof of anything. A host may be told to
 * route 127.0.0.0/8 elsewhere, or to listen on an address of its own besides. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "common/http/http-parts.h"

typedef int (*name_function)(int fd, struct sockaddr *address, socklen_t *size);

static bool is_loopback(const struct sockaddr_storage *address)
{
    const struct sockaddr_in *in = (const struct sockaddr_in *)address;
    const struct in6_addr *in6 = &((const struct sockaddr_in6 *)address)->sin6_addr;

    if (address->ss_family == AF_INET)
        return ntohl(in->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    if (address->ss_family != AF_INET6)
        return address->ss_family == AF_UNIX;
    return IN6_IS_ADDR_LOOPBACK(in6) || (IN6_IS_ADDR_V4MAPPED(in6) && in6->s6_addr[12] == IN_LOOPBACKNET);
}

static bool is_end_here(int fd, name_function name)
{
    struct sockaddr_storage address = { .ss_family = AF_UNSPEC };
    socklen_t size = sizeof(address);

    return name(fd, (struct sockaddr *)&address, &size) == 0 && is_loopback(&address);
}

/* A connection's ends stay where they are, so they are looked at once. */
bool http_request_is_near(const struct http_request *request)
{
    struct http_connection *connection = request->connection;
    int fd = http_request_fd(request);

    if (connection->place == HTTP_PLACE_UNKNOWN)
        connection->place =
            is_end_here(fd, getsockname) && is_end_here(fd, getpeername) ? HTTP_PLACE_NEAR : HTTP_PLACE_FAR;
    return connection->place == HTTP_PLACE_NEAR;
}
