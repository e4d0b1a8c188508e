#include "tests/unit/opened-ssh.h"

#include <stdio.h>

#include "common/cleanup.h"
#include "tests/unit/test.h"

static void on_ready(int fd, const char *why, void *userdata)
{
    struct opened_ssh *opened = userdata;

    opened->calls++;
    opened->fd = fd;
    assert_int_equal(fd < 0, why != NULL);
    (void)snprintf(opened->why, sizeof(opened->why), "%s", why ? why : "");
}

void open_ssh(struct ssh_request request, struct opened_ssh *opened, struct ssh_session **ret)
{
    *opened = (struct opened_ssh){ .fd = -1 };
    assert_true(sd_event_new(&opened->event) >= 0);
    if (!request.host)
        request.host = "far@web1";
    if (!request.timeout_usec)
        request.timeout_usec = SSH_GREETING_USEC;
    assert_int_equal(ssh_session_new(opened->event, &request, on_ready, opened, ret), 0);
    while (opened->calls == 0)
        assert_true(sd_event_run(opened->event, UINT64_MAX) >= 0);
    assert_int_equal(opened->calls, 1);
}

void close_ssh(struct opened_ssh *opened, struct ssh_session *session)
{
    ssh_session_free(session);
    closep(&opened->fd);
    sd_event_unref(opened->event);
}
