/* How safe the wire is that a request came by: the one place where that is decided, for passwords and for
 * cookies. TLS ends at a reverse proxy, so it is a question of what the proxy says, and of who may be one:
 * whoever sits on this machine. From anywhere else nothing that a request says about itself counts. */
#pragma once

#include <stdbool.h>

#include "common/http/http.h"

enum wire_safety {
    WIRE_LOCAL,     /* it never left this machine */
    WIRE_TLS,       /* a proxy on this machine took it over TLS */
    WIRE_CLEARTEXT, /* it came from another machine, and anybody on the way could read it */
};

struct wire_signs {
    bool near;          /* the connection is from this machine */
    bool by_loopback;   /* it was asked for by a name of loopback: localhost, 127.0.0.1 */
    bool forwarded;     /* there is a header that proxies add: X-Forwarded-For, X-Real-IP, Forwarded, Via */
    unsigned n_protos;  /* how often there is X-Forwarded-Proto */
    const char *proto;  /* its value, or NULL */
    const char *origin; /* that of a POST from a page of ours (origin_may_post()), or NULL */
};

/* A proxy that says something odd, or that does not say by which wire, is taken for one without TLS, unless
 * the page that a browser was at tells otherwise. */
enum wire_safety wire_judge(const struct wire_signs *signs);

/* The same, asked of a request. */
enum wire_safety wire_safety_of(const struct http_request *request);

/* A password may come by it. `cleartext` is what the admin says (CleartextPasswords=). */
bool wire_may_carry_password(const struct http_request *request, bool cleartext);

/* Whatever a POST from a page of ours will say: no password may come by it. */
bool wire_is_open(const struct http_request *request);

/* A browser sees https in its address bar: a cookie may be for that alone (Secure, __Host-). */
bool wire_is_https(const struct http_request *request);
