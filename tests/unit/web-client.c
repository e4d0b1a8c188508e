#include "tests/unit/web-client.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/test.h"

int web_dial(struct web *web)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    assert_int_equal(connect(fd, (struct sockaddr *)&web->address, web->address_size), 0);
    return fd;
}

int web_send(struct web *web, const char *request)
{
    int fd = web_dial(web);

    assert_int_equal(send(fd, request, strlen(request), MSG_NOSIGNAL), (ssize_t)strlen(request));
    return fd;
}

char *web_receive(struct web *web, int fd)
{
    static char answer[64 * 1024];
    size_t size = 0;

    for (int i = 0; i < 8000; i++) {
        ssize_t n = recv(fd, answer + size, sizeof(answer) - 1 - size, 0);

        if (n == 0 || (n < 0 && errno != EAGAIN))
            break;
        size += n > 0 ? (size_t)n : 0;
        (void)sd_event_run(web->event, 1000);
    }
    answer[size] = '\0';
    (void)close(fd);
    return answer;
}

char *web_ask(struct web *web, const char *request)
{
    return web_receive(web, web_send(web, request));
}

void assert_answer(const char *answer, unsigned status, const char *part)
{
    char line[32];

    (void)snprintf(line, sizeof(line), "HTTP/1.1 %u ", status);
    if (strncmp(answer, line, strlen(line)) != 0 || !strstr(answer, part))
        fail_msg("not %u with '%s':\n%s", status, part, answer);
}

const char *web_format_click(unsigned id)
{
    static char request[512];

    assert_in_range(id, 1000, 9999);
    (void)snprintf(request, sizeof(request), WEB_POST_BODY("", "15", "service_id=%u"), id);
    return request;
}

const char *web_format_call(const char *method, const char *params)
{
    static char request[2048];
    char body[1024];

    (void)snprintf(
        body, sizeof(body),
        "<?xml version=\"1.0\"?><methodCall><methodName>%s</methodName><params>%s</params></methodCall>",
        method, params);
    (void)snprintf(request, sizeof(request),
                   "POST /RPC2 HTTP/1.1\r\n" WEB_HOST "Content-Type: text/xml; charset=utf-8\r\n"
                   "Content-Length: %zu\r\n\r\n%s",
                   strlen(body), body);
    return request;
}

char *web_call(struct web *web, const char *method, const char *params)
{
    return web_ask(web, web_format_call(method, params));
}

void web_send_all(struct web *web, int fds[], size_t n, const char *request)
{
    for (size_t i = 0; i < n; i++)
        fds[i] = web_send(web, request);
}

void web_send_clicks(struct web *web, int fds[], unsigned n, unsigned first_id)
{
    for (unsigned i = 0; i < n; i++)
        fds[i] = web_send(web, web_format_click(first_id + i));
}

void web_receive_all(struct web *web, const int fds[], size_t n, const char *part)
{
    for (size_t i = 0; i < n; i++)
        assert_answer(web_receive(web, fds[i]), 200, part);
}
