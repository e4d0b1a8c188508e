#include "tests/unit/fake-systemd.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "tests/unit/held-clock.h"
#include "tests/unit/test.h"

static int fake_on_message(sd_bus_message *m, void *userdata, _unused_ sd_bus_error *error)
{
    uint8_t type = 0;

    assert_true(sd_bus_message_get_type(m, &type) >= 0);
    if (type != SD_BUS_MESSAGE_METHOD_CALL)
        return 0;
    fake_answer(userdata, m);
    return 1;
}

void fake_hang_up(struct fake *f)
{
    for (unsigned i = 0; i < f->n_held; i++)
        sd_bus_message_unref(f->held[i]);
    f->n_held = 0;
    if (f->client) {
        (void)sd_bus_detach_event(f->client);
        sd_bus_close(f->client);
        f->client = sd_bus_unref(f->client);
    }
}

static int fake_on_connect(_unused_ sd_event_source *source, int fd, _unused_ uint32_t revents,
                           void *userdata)
{
    int client_fd = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    struct fake *f = userdata;

    assert_true(client_fd >= 0);
    fake_hang_up(f);
    f->n_connections++;
    f->n_matches = 0;
    assert_true(sd_bus_new(&f->client) >= 0);
    assert_true(sd_bus_set_fd(f->client, client_fd, client_fd) >= 0);
    assert_true(sd_bus_set_server(f->client, true,
                                  SD_ID128_MAKE(1, 2, 3, 4, 5, 6, 7, 8, 9, a, b, c, d, e, f, 0)) >= 0);
    assert_true(sd_bus_set_anonymous(f->client, true) >= 0);
    assert_true(sd_bus_add_filter(f->client, NULL, fake_on_message, f) >= 0);
    assert_true(sd_bus_start(f->client) >= 0);
    assert_true(sd_bus_attach_event(f->client, f->event, 0) >= 0);
    return 0;
}

void fake_accept_on(struct fake *f, sd_event *event)
{
    if (!f->event)
        f->event = sd_event_ref(event);
    assert_true(sd_event_add_io(f->event, &f->listener, f->listen_fd, EPOLLIN, fake_on_connect, f) >= 0);
}

void fake_listen(struct fake *f)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int fd;

    (void)unlink(f->path);
    (void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", f->path);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    /* Well above the descriptors that systemd passes sockets at. */
    f->listen_fd = fcntl(fd, F_DUPFD_CLOEXEC, 64);
    assert_true(f->listen_fd >= 0);
    (void)close(fd);
    assert_int_equal(bind(f->listen_fd, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(f->listen_fd, 8), 0);
}

void fake_unlisten(struct fake *f)
{
    f->listener = sd_event_source_disable_unref(f->listener);
    if (f->listen_fd >= 0)
        (void)close(f->listen_fd);
    f->listen_fd = -1;
    (void)unlink(f->path);
}

void fake_start(struct fake *f)
{
    clock_hold();
    /* What never comes is waited for no longer than this. */
    (void)alarm(120);
    *f = (struct fake){
        .listen_fd = -1,
        .load_state = "loaded",
        .active_state = "active",
        .file_state = "disabled",
        .type = "simple",
        .result = "success",
        .invocation = 1,
    };
    (void)snprintf(f->directory, sizeof(f->directory), "/tmp/restarter-test-XXXXXX");
    assert_non_null(mkdtemp(f->directory));
    (void)snprintf(f->path, sizeof(f->path), "%s/bus", f->directory);
    {
        char address[128];

        (void)snprintf(address, sizeof(address), "unix:path=%s", f->path);
        assert_int_equal(setenv("DBUS_SYSTEM_BUS_ADDRESS", address, 1), 0);
    }
    fake_listen(f);
}

void fake_start_alone(struct fake *f)
{
    _cleanup_(sd_event_unrefp) sd_event *event = NULL;

    assert_true(sd_event_new(&event) >= 0);
    fake_start(f);
    fake_accept_on(f, event);
}

void fake_stop(struct fake *f)
{
    fake_hang_up(f);
    fake_unlisten(f);
    (void)rmdir(f->directory);
    sd_event_unref(f->event);
}

void fake_settle(struct fake *f, uint64_t msec)
{
    while (sd_event_run(f->event, msec * 1000) > 0)
        ;
}
