/* Addresses of connections. */
#include "webfront/requests/peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

const char *peer_format(int fd, char buffer[static PEER_SIZE])
{
    union {
        struct sockaddr any;
        struct sockaddr_in in;
        struct sockaddr_in6 in6;
        struct sockaddr_storage storage;
    } address = { 0 };
    socklen_t size = sizeof(address);
    char text[INET6_ADDRSTRLEN] = "?";

    if (getpeername(fd, &address.any, &size) < 0)
        address.any.sa_family = AF_UNSPEC;
    if (address.any.sa_family == AF_INET && inet_ntop(AF_INET, &address.in.sin_addr, text, sizeof(text)))
        (void)snprintf(buffer, PEER_SIZE, "%s:%u", text, ntohs(address.in.sin_port));
    else if (address.any.sa_family == AF_INET6 &&
             inet_ntop(AF_INET6, &address.in6.sin6_addr, text, sizeof(text)))
        (void)snprintf(buffer, PEER_SIZE, "[%s]:%u", text, ntohs(address.in6.sin6_port));
    else
        (void)snprintf(buffer, PEER_SIZE, "%s", address.any.sa_family == AF_UNIX ? "local" : "?");
    return buffer;
}
