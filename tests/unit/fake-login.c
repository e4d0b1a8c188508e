#include "tests/unit/fake-login.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "tests/unit/held-clock.h"
#include "tests/unit/test.h"

static void hang_up(struct fake_login *login, int fd)
{
    for (unsigned i = 0; i < FAKE_LOGIN_MAX; i++)
        if (login->connections[i] == fd)
            login->connections[i] = -1;
    login->open--;
    (void)close(fd);
}

static void add_connection(struct fake_login *login, int fd)
{
    unsigned i = 0;

    while (login->connections[i] >= 0)
        assert_in_range(++i, 0, FAKE_LOGIN_MAX - 1);
    login->connections[i] = fd;
    login->open++;
    if (login->open > login->open_max)
        login->open_max = login->open;
}

static void send_all(const struct fake_login *login, int fd)
{
    size_t size = login->size ? login->size : strlen(login->answer);

    if (login->trickles)
        for (size_t i = 0; i < size; i++) {
            (void)send(fd, login->answer + i, 1, MSG_NOSIGNAL);
            (void)sd_event_run(login->event, 0);
        }
    else
        while (send(fd, login->answer, size, MSG_NOSIGNAL | MSG_DONTWAIT) > 0 && login->floods)
            ;
}

static int on_connection(_unused_ sd_event_source *source, int listen_fd, _unused_ uint32_t revents,
                         void *userdata)
{
    struct fake_login *login = userdata;
    int fd = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC);
    ssize_t n;

    login->asked++;
    add_connection(login, fd);
    if (login->hangs_up > 0) {
        login->hangs_up--;
        hang_up(login, fd);
        return 0;
    }
    n = recv(fd, login->question, sizeof(login->question) - 1, MSG_WAITALL);
    login->question[n > 0 ? n : 0] = '\0';
    if (login->answer)
        send_all(login, fd);
    if (!login->hangs)
        hang_up(login, fd);
    return 0;
}

void fake_login_start(struct fake_login *login)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };

    clock_hold();
    for (unsigned i = 0; i < FAKE_LOGIN_MAX; i++)
        login->connections[i] = -1;
    (void)stpcpy(login->directory, "/tmp/fake-login-XXXXXX");
    assert_non_null(mkdtemp(login->directory));
    (void)snprintf(login->path, sizeof(login->path), "%s/socket", login->directory);
    (void)stpcpy(address.sun_path, login->path);
    login->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(login->fd, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(login->fd, FAKE_LOGIN_MAX), 0);
    assert_true(sd_event_add_io(login->event, NULL, login->fd, EPOLLIN, on_connection, login) >= 0);
}

void fake_login_stop(struct fake_login *login)
{
    fake_login_hang_up(login);
    (void)close(login->fd);
    (void)unlink(login->path);
    (void)rmdir(login->directory);
}

void fake_login_hang_up(struct fake_login *login)
{
    for (unsigned i = 0; i < FAKE_LOGIN_MAX; i++)
        if (login->connections[i] >= 0)
            hang_up(login, login->connections[i]);
}

void fake_login_run(struct fake_login *login, unsigned turns)
{
    for (unsigned i = 0; i < turns; i++)
        (void)sd_event_run(login->event, 1000);
}
