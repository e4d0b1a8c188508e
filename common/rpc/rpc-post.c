/* One header a line. */
#include "common/rpc/rpc-post.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/cleanup.h"

static void print_header(FILE *out, const char *name, const char *value)
{
    if (value)
        (void)fprintf(out, "%s: %s\r\n", name, value);
}

static void print_caller(FILE *out, const struct rpc_client_caller *caller)
{
    print_header(out, "Restarter-Client", caller->client);
    print_header(out, "Restarter-Ticket", caller->ticket);
    print_header(out, "Restarter-User", caller->user);
    print_header(out, "Restarter-Groups", caller->groups);
}

int rpc_post_format(const struct rpc_client_caller *caller, bool keeps, const char *body, size_t size,
                    char **ret, size_t *ret_size)
{
    _cleanup_(freep) char *bytes = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&bytes, &n);

    if (!out)
        return -ENOMEM;
    (void)fprintf(out, "POST /RPC2 HTTP/1.1\r\nHost: localhost\r\n");
    print_header(out, "Connection", keeps ? "keep-alive" : "close");
    (void)fprintf(out, "Content-Type: text/xml\r\nContent-Length: %zu\r\n", size);
    print_caller(out, caller);
    (void)fputs("\r\n", out);
    (void)fwrite(body, 1, size, out);
    if (fclose(out) != 0)
        return -ENOMEM;
    *ret = TAKE_PTR(bytes);
    *ret_size = n;
    return 0;
}
