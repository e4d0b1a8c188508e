/* The first sign that says something decides. */
#include "webfront/requests/wire-safety.h"

#include <string.h>
#include <strings.h>

#include "webfront/requests/origin.h"

static bool begins(const char *text, const char *beginning)
{
    return strncmp(text, beginning, strlen(beginning)) == 0;
}

enum wire_safety wire_judge(const struct wire_signs *signs)
{
    if (!signs->near)
        return WIRE_CLEARTEXT;
    if (signs->n_protos > 0)
        return signs->n_protos == 1 && strcasecmp(signs->proto, "https") == 0 ? WIRE_TLS : WIRE_CLEARTEXT;
    if (signs->origin && begins(signs->origin, "https://"))
        return WIRE_TLS;
    return signs->forwarded || !signs->by_loopback ? WIRE_CLEARTEXT : WIRE_LOCAL;
}

static bool is_forwarded(const struct http_request *request)
{
    static const char *const HEADERS[] = { "X-Forwarded-For", "X-Real-IP", "Forwarded", "Via" };

    for (size_t i = 0; i < sizeof(HEADERS) / sizeof(*HEADERS); i++)
        if (http_request_header(request, HEADERS[i]))
            return true;
    return false;
}

static struct wire_signs signs_of(const struct http_request *request)
{
    bool is_post = http_request_method(request) == HTTP_METHOD_POST;
    const char *host = http_request_header(request, "Host");

    return (struct wire_signs){
        .near = http_request_is_near(request),
        .by_loopback = host && origin_host_allowed(host, NULL),
        .forwarded = is_forwarded(request),
        .n_protos = http_request_header_count(request, "X-Forwarded-Proto"),
        .proto = http_request_header(request, "X-Forwarded-Proto"),
        .origin = is_post ? http_request_header(request, "Origin") : NULL,
    };
}

enum wire_safety wire_safety_of(const struct http_request *request)
{
    const struct wire_signs signs = signs_of(request);

    return wire_judge(&signs);
}

bool wire_is_open(const struct http_request *request)
{
    struct wire_signs signs = signs_of(request);

    signs.origin = "https://";
    return wire_judge(&signs) == WIRE_CLEARTEXT;
}

bool wire_may_carry_password(const struct http_request *request, bool cleartext)
{
    return cleartext || wire_safety_of(request) != WIRE_CLEARTEXT;
}

bool wire_is_https(const struct http_request *request)
{
    return wire_safety_of(request) == WIRE_TLS;
}
