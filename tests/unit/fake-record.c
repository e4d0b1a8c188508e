#include "tests/unit/fake-record.h"

#include <errno.h>
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

const char FAKE_RECORD_EMPTY[] = "{\"entries\":0,\"more\":false}\n";

/* Whoever is answered too much has hung up. */
static void send_to(int fd, const char *text)
{
    (void)!send(fd, text, strlen(text), MSG_DONTWAIT | MSG_NOSIGNAL);
}

static int on_flood(_unused_ sd_event_source *source, void *userdata)
{
    struct fake_record *record = userdata;

    for (size_t i = 0; i < record->n_held; i++)
        send_to(record->held[i], record->answer);
    return 0;
}

static void begin_flood(struct fake_record *record)
{
    if (!record->flood)
        assert_true(sd_event_add_defer(record->event, &record->flood, on_flood, record) >= 0);
    (void)sd_event_source_set_priority(record->flood, SD_EVENT_PRIORITY_IDLE);
    (void)sd_event_source_set_enabled(record->flood, SD_EVENT_ON);
}

static void read_question(struct fake_record *record, int fd)
{
    ssize_t n = recv(fd, record->question, sizeof(record->question) - 1, MSG_WAITALL);

    assert_true(n >= 0 || errno == ECONNRESET);
    record->question[n > 0 ? n : 0] = '\0';
}

static int on_connection(_unused_ sd_event_source *source, int listening, _unused_ uint32_t revents,
                         void *userdata)
{
    struct fake_record *record = userdata;
    _cleanup_(closep) int fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC);

    assert_true(fd >= 0);
    record->n_asked++;
    read_question(record, fd);
    if (record->hang_ups > 0) {
        record->hang_ups--;
        return 0;
    }
    if (record->way == FAKE_RECORD_ANSWERS)
        send_to(fd, record->answer);
    if (record->way == FAKE_RECORD_FLOODS)
        begin_flood(record);
    if (record->way == FAKE_RECORD_IS_DEAF || record->way == FAKE_RECORD_FLOODS) {
        assert_true(record->n_held < sizeof(record->held) / sizeof(*record->held));
        record->held[record->n_held++] = TAKE_FD(fd);
    }
    return 0;
}

void fake_record_start_at(struct fake_record *record, sd_event *event, const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };

    clock_hold();
    *record = (struct fake_record){ .event = event, .answer = FAKE_RECORD_EMPTY };
    (void)snprintf(record->path, sizeof(record->path), "%s", path);
    (void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    record->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(record->fd >= 0);
    assert_int_equal(bind(record->fd, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(record->fd, 128), 0);
    assert_true(sd_event_add_io(event, &record->io, record->fd, EPOLLIN, on_connection, record) >= 0);
}

void fake_record_start(struct fake_record *record, sd_event *event)
{
    char directory[] = "/tmp/fake-record-XXXXXX", path[sizeof(record->path)];

    assert_non_null(mkdtemp(directory));
    (void)snprintf(path, sizeof(path), "%s/record", directory);
    fake_record_start_at(record, event, path);
    (void)stpcpy(record->directory, directory);
}

void fake_record_hang_up(struct fake_record *record)
{
    while (record->n_held > 0)
        (void)close(record->held[--record->n_held]);
}

void fake_record_stop(struct fake_record *record)
{
    sd_event_source_disable_unref(record->io);
    sd_event_source_disable_unref(record->flood);
    fake_record_hang_up(record);
    (void)close(record->fd);
    (void)unlink(record->path);
    if (*record->directory)
        (void)rmdir(record->directory);
}
