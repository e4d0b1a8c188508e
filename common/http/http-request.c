/* What is known of one request, and what HTTP leaves ambiguous and is therefore refused. libmicrohttpd
 * accepts most of it (measured on 0.9.75): Content-Length with Transfer-Encoding, two of either, two Hosts,
 * no Host, any method. */
#include "common/http/http-request.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

/* Copies the path if every byte is one that a path of ours may have; anything else leaves it empty. */
void http_request_set_uri(struct http_request *request, const char *uri)
{
    size_t length = strcspn(uri, "?");

    request->has_query = uri[length] == '?';
    request->query_cut = request->has_query && strlen(uri + length + 1) >= sizeof(request->query);
    if (request->has_query && !request->query_cut)
        (void)stpcpy(request->query, uri + length + 1);
    if (length >= sizeof(request->path))
        return;
    for (size_t i = 0; i < length; i++)
        if (!isalnum((unsigned char)uri[i]) && !strchr("/._-%@:", uri[i]))
            return;
    memcpy(request->path, uri, length);
    request->path[length] = '\0';
}

struct framing {
    unsigned content_lengths, transfer_encodings, hosts;
    const char *content_length;
};

static enum MHD_Result count_framing(void *userdata, _unused_ enum MHD_ValueKind kind, const char *name,
                                     const char *value)
{
    struct framing *framing = userdata;

    if (strcasecmp(name, "Content-Length") == 0) {
        framing->content_lengths++;
        framing->content_length = value;
    } else if (strcasecmp(name, "Transfer-Encoding") == 0) {
        framing->transfer_encodings++;
    } else if (strcasecmp(name, "Host") == 0) {
        framing->hosts++;
    }
    return MHD_YES;
}

/* Decimal digits only, no more than a size_t holds with ease. */
static bool parse_length(const char *text, size_t *ret)
{
    size_t length = 0;

    if (!text || !*text || strlen(text) > 9 || text[strspn(text, "0123456789")] != '\0')
        return false;
    for (; *text; text++)
        length = length * 10 + (size_t)(*text - '0');
    *ret = length;
    return true;
}

unsigned http_request_screen(struct http_request *request, const char *version, size_t body_max,
                             const char **ret_reason)
{
    struct framing framing = { 0 };

    (void)MHD_get_connection_values(request->mhd, MHD_HEADER_KIND, count_framing, &framing);
    *ret_reason = NULL;
    if (strcmp(version, MHD_HTTP_VERSION_1_1) != 0 && strcmp(version, MHD_HTTP_VERSION_1_0) != 0)
        *ret_reason = "Only HTTP/1.1 is spoken here.";
    else if (framing.hosts != 1)
        *ret_reason = "A request needs exactly one Host header.";
    else if (framing.transfer_encodings > 0)
        *ret_reason = "Transfer-Encoding is not taken; send the body with a Content-Length.";
    else if (framing.content_lengths > 1)
        *ret_reason = "A request must not have two Content-Length headers.";
    else if (framing.content_lengths == 1 &&
             strspn(framing.content_length, "0123456789") != strlen(framing.content_length))
        *ret_reason = "Content-Length is not a number.";
    else if (request->method == HTTP_METHOD_POST && framing.content_lengths == 0)
        *ret_reason = "A POST needs a Content-Length.";
    if (*ret_reason)
        return MHD_HTTP_BAD_REQUEST;
    if (framing.content_lengths == 0)
        return 0;
    if (parse_length(framing.content_length, &request->body_expected) && request->body_expected <= body_max)
        return 0;
    *ret_reason = "The body is too long.";
    return MHD_HTTP_CONTENT_TOO_LARGE;
}

bool http_request_append_body(struct http_request *request, const char *data, size_t size)
{
    if (!request->body)
        request->body = malloc(request->body_expected + 1);
    if (!request->body || size > request->body_expected - request->body_size)
        return false;
    memcpy(request->body + request->body_size, data, size);
    request->body_size += size;
    request->body[request->body_size] = '\0';
    return true;
}

enum http_method http_method_from_string(const char *method)
{
    if (strcmp(method, MHD_HTTP_METHOD_GET) == 0 || strcmp(method, MHD_HTTP_METHOD_HEAD) == 0)
        return HTTP_METHOD_GET;
    return strcmp(method, MHD_HTTP_METHOD_POST) == 0 ? HTTP_METHOD_POST : HTTP_METHOD_OTHER;
}

enum http_method http_request_method(const struct http_request *request)
{
    return request->method;
}

const char *http_request_path(const struct http_request *request)
{
    return request->path;
}

bool http_request_has_query(const struct http_request *request)
{
    return request->has_query;
}

bool http_request_query_is_cut(const struct http_request *request)
{
    return request->query_cut;
}

const char *http_request_query(const struct http_request *request)
{
    return request->query;
}

const char *http_request_header(const struct http_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->mhd, MHD_HEADER_KIND, name);
}

struct counter {
    const char *name;
    unsigned n;
};

static enum MHD_Result count_name(void *userdata, _unused_ enum MHD_ValueKind kind, const char *name,
                                  _unused_ const char *value)
{
    struct counter *counter = userdata;

    counter->n += strcasecmp(name, counter->name) == 0;
    return MHD_YES;
}

unsigned http_request_header_count(const struct http_request *request, const char *name)
{
    struct counter counter = { .name = name };

    (void)MHD_get_connection_values(request->mhd, MHD_HEADER_KIND, count_name, &counter);
    return counter.n;
}

struct looker {
    void (*look)(const char *name, const char *value, void *userdata);
    void *userdata;
};

static enum MHD_Result look_at(void *userdata, _unused_ enum MHD_ValueKind kind, const char *name,
                               const char *value)
{
    const struct looker *looker = userdata;

    looker->look(name, value ? value : "", looker->userdata);
    return MHD_YES;
}

void http_request_each_header(const struct http_request *request,
                              void (*look)(const char *name, const char *value, void *userdata),
                              void *userdata)
{
    struct looker looker = { .look = look, .userdata = userdata };

    (void)MHD_get_connection_values(request->mhd, MHD_HEADER_KIND, look_at, &looker);
}

const char *http_request_body(const struct http_request *request, size_t *ret_size)
{
    *ret_size = request->body_size;
    return request->body ? request->body : "";
}

int http_request_fd(const struct http_request *request)
{
    return request->connection->fd;
}

void http_request_on_gone(struct http_request *request, void (*gone)(void *userdata), void *userdata)
{
    request->gone = gone;
    request->gone_userdata = userdata;
}

const char *http_request_address(const struct http_request *request, char buffer[static HTTP_ADDRESS_SIZE])
{
    union {
        struct sockaddr any;
        struct sockaddr_in in;
        struct sockaddr_in6 in6;
        struct sockaddr_storage storage;
    } address = { 0 };
    socklen_t size = sizeof(address);
    char text[INET6_ADDRSTRLEN] = "?";

    if (getpeername(http_request_fd(request), &address.any, &size) < 0)
        address.any.sa_family = AF_UNSPEC;
    if (address.any.sa_family == AF_INET && inet_ntop(AF_INET, &address.in.sin_addr, text, sizeof(text)))
        (void)snprintf(buffer, HTTP_ADDRESS_SIZE, "%s:%u", text, ntohs(address.in.sin_port));
    else if (address.any.sa_family == AF_INET6 &&
             inet_ntop(AF_INET6, &address.in6.sin6_addr, text, sizeof(text)))
        (void)snprintf(buffer, HTTP_ADDRESS_SIZE, "[%s]:%u", text, ntohs(address.in6.sin6_port));
    else
        (void)snprintf(buffer, HTTP_ADDRESS_SIZE, "%s", address.any.sa_family == AF_UNIX ? "local" : "?");
    return buffer;
}
