/* The queue is short: entries are bounded in number already, and what journald has not taken by then is
 * better counted than kept. */
#include "common/journal-send.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/syslog.h>
#include <sys/un.h>

static const struct sockaddr_un JOURNALD = { .sun_family = AF_UNIX,
                                             .sun_path = "/run/systemd/journal/socket" };

struct entry {
    STAILQ_ENTRY(entry) link;
    size_t size;
    char data[];
};

STAILQ_HEAD(entries, entry);

static struct {
    int fd; /* and one more, so that 0 is none */
    struct entries waiting;
    unsigned n_waiting, lost;
} journal = { .waiting = STAILQ_HEAD_INITIALIZER(journal.waiting) };

static int open_socket(void)
{
    if (journal.fd == 0)
        journal.fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0) + 1;
    return journal.fd - 1;
}

/* False when journald takes nothing just now. Where there is none, all is taken. */
static bool send_entry(const struct entry *entry)
{
    int fd = open_socket();

    if (fd < 0)
        return true;
    for (;;) {
        if (sendto(fd, entry->data, entry->size, MSG_NOSIGNAL, (const struct sockaddr *)&JOURNALD,
                   sizeof(JOURNALD)) >= 0)
            return true;
        if (errno != EINTR)
            return errno != EAGAIN && errno != ENOBUFS;
    }
}

/* --- the native protocol --- */

static char *append(char *at, const void *data, size_t size)
{
    return mempcpy(at, data, size);
}

/* "NAME=value" on a line; a value with line ends in it goes by its length. */
static char *append_field(char *at, const char *field, size_t size)
{
    const char *value = memchr(field, '=', size);
    uint64_t length;

    if (value && memchr(field, '\n', size)) {
        length = htole64((uint64_t)(field + size - ++value));
        at = append(at, field, (size_t)(value - field) - 1);
        at = append(at, "\n", 1);
        at = append(at, &length, sizeof(length));
        at = append(at, value, (size_t)(field + size - value));
    } else {
        at = append(at, field, size);
    }
    return append(at, "\n", 1);
}

static struct entry *entry_new(const struct iovec fields[], size_t n)
{
    struct entry *entry;
    size_t size = 0;
    char *at;

    for (size_t i = 0; i < n; i++)
        size += fields[i].iov_len + sizeof(uint64_t) + 2;
    entry = malloc(sizeof(*entry) + size);
    if (!entry)
        return NULL;
    at = entry->data;
    for (size_t i = 0; i < n; i++)
        at = append_field(at, fields[i].iov_base, fields[i].iov_len);
    entry->size = (size_t)(at - entry->data);
    return entry;
}

/* --- what waits --- */

static bool tell_lost(void)
{
    struct entry *entry;
    char message[128], priority[] = "PRIORITY=4";
    bool sent;
    int length = snprintf(message, sizeof(message), "MESSAGE=%u entries were lost, since journald took none.",
                          journal.lost);
    const struct iovec fields[] = { { message, (size_t)length }, { priority, sizeof(priority) - 1 } };

    if (journal.lost == 0)
        return true;
    entry = entry_new(fields, 2);
    sent = entry && send_entry(entry);
    if (sent)
        journal.lost = 0;
    free(entry);
    return sent;
}

bool journal_send_waiting(void)
{
    struct entry *entry;

    while ((entry = STAILQ_FIRST(&journal.waiting))) {
        if (!send_entry(entry))
            return true;
        STAILQ_REMOVE_HEAD(&journal.waiting, link);
        journal.n_waiting--;
        free(entry);
    }
    return !tell_lost();
}

static void keep(struct entry *entry, unsigned waiting_max)
{
    if (journal.n_waiting >= waiting_max) {
        journal.lost++;
        free(entry);
        return;
    }
    STAILQ_INSERT_TAIL(&journal.waiting, entry, link);
    journal.n_waiting++;
}

void journal_send(const struct iovec fields[], size_t n, unsigned waiting_max)
{
    struct entry *entry = entry_new(fields, n);

    if (!entry)
        journal.lost++;
    else if (journal_send_waiting() || !send_entry(entry))
        keep(entry, waiting_max);
    else
        free(entry);
}
