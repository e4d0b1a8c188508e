/* Who sits at the other end of a connection, in words for the broker and the journal. */
#pragma once

enum {
    PEER_SIZE = 64,
};

/* "127.0.0.1:40312", "[::1]:40312"; "local" for Unix sockets, "?" when it cannot be told. Returns `buffer`.
 */
const char *peer_format(int fd, char buffer[static PEER_SIZE]);
