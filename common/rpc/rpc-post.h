/* A call as it goes over a connection: the head of HTTP's POST, and the body behind it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* For whom a call is made: headers, each of which the broker takes at some of its doors only. All borrowed;
 * NULL: no header. What is in them is the caller's to have looked at: no line ends. */
struct rpc_client_caller {
    const char *client; /* Restarter-Client, where that person sits: "127.0.0.1:40312" */
    const char *ticket; /* Restarter-Ticket, as it came (common/ticket.h) */
    const char *user;   /* Restarter-User, a name as of common/person.h */
    const char *groups; /* Restarter-Groups: "GROUP,GROUP", not empty */
};

/* `keeps`: the connection is wanted for another call after this one. 0 and the bytes in *ret, the caller's to
 * free; or -ENOMEM. */
int rpc_post_format(const struct rpc_client_caller *caller, bool keeps, const char *body, size_t size,
                    char **ret, size_t *ret_size);
