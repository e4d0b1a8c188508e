/* Sent as it comes; who does not take it for a while has waited long enough. */
#include "log/answer.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "common/cleanup.h"

int answer_begin(int fd)
{
    const struct timeval patience = { .tv_sec = ANSWER_PATIENCE_SEC };

    return setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) < 0 ? -errno : 0;
}

static int send_all(int fd, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t n = send(fd, bytes, size, MSG_NOSIGNAL);

        if (n < 0 && errno != EINTR)
            return -errno;
        bytes += n > 0 ? n : 0;
        size -= n > 0 ? (size_t)n : 0;
    }
    return 0;
}

int answer_text(int fd, const char *text)
{
    int r = send_all(fd, text, strlen(text));

    return r < 0 ? r : send_all(fd, "\n", 1);
}

int answer_line(int fd, const struct record_line *line)
{
    _cleanup_(freep) char *text = record_line_write(line);

    return text ? answer_text(fd, text) : -ENOMEM;
}

int answer_found(int fd, const struct found *found)
{
    const struct record_line end = { .kind = RECORD_END,
                                     .end = { .entries = found->lines.n, .more = found->more } };
    int r = 0;

    for (size_t i = found->lines.n; i > 0 && r == 0; i--)
        r = answer_text(fd, found->lines.list[i - 1]);
    return r < 0 ? r : answer_line(fd, &end);
}

int answer_refuse(int fd, const char *error, const char *message)
{
    return answer_line(fd, &(struct record_line){ .kind = RECORD_REFUSAL,
                                                  .refusal = { .error = error, .message = message } });
}
