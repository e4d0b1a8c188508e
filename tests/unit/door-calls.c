/* By the world's callers, or byte by byte. */
#include "tests/unit/door-calls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/refusal.h"
#include "tests/unit/test.h"

void assert_asker_is(struct broker_world *w, size_t gate, const char *user)
{
    struct call *call = begin_at(w, gate, 0, "restarter.allowed", NULL);

    wait_for(w, call);
    assert_member(call, "user", user);
}

void assert_asker_may(struct broker_world *w, size_t gate, const char *unit, bool may)
{
    struct call *call = begin_at(w, gate, 0, "restarter.status", unit);

    wait_for(w, call);
    if (may)
        assert_member(call, "unit", unit);
    else
        assert_fault(call, REFUSAL_NO_GRANT);
}

unsigned status_with(struct broker_world *w, size_t gate, const char *lines)
{
    static const char BODY[] =
        "<?xml version=\"1.0\"?><methodCall><methodName>restarter.restart</methodName><params><param><value>"
        "<string>a@1.service</string></value></param></params></methodCall>";
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    char text[16384], answer[64] = "";
    int length = snprintf(text, sizeof(text),
                          "POST /RPC2 HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/xml\r\n"
                          "Content-Length: %zu\r\n%s\r\n%s",
                          strlen(BODY), lines, BODY);

    (void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", w->paths[gate]);
    assert_true(fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0);
    assert_int_equal(send(fd, text, (size_t)length, MSG_NOSIGNAL), length);
    while (recv(fd, answer, sizeof(answer) - 1, MSG_DONTWAIT) <= 0)
        turn(w);
    (void)close(fd);
    assert_memory_equal(answer, "HTTP/1.1 ", 9);
    return (unsigned)strtoul(answer + 9, NULL, 10);
}
