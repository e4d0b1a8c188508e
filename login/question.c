/* Read to its end, which is bounded in bytes and in seconds, before any of it is looked at. */
#include "login/question.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "common/clock.h"

/* "255:…,511:…," */
enum { BYTES_MAX = 4 + QUESTION_USER_SIZE + 4 + PASSWORD_SIZE };

void question_wipe(struct question *question)
{
    explicit_bzero(question, sizeof(*question));
}

/* Until there is something to read. False when that takes too long. */
static bool wait_for_bytes(int fd, uint64_t deadline_usec)
{
    struct pollfd pollfd = { .fd = fd, .events = POLLIN };
    uint64_t now = clock_usec();

    return now < deadline_usec && poll(&pollfd, 1, (int)((deadline_usec - now) / USEC_PER_MSEC) + 1) > 0;
}

/* 0, QUESTION_MALFORMED when it does not end in time or in bounds, or a negative errno. */
static int read_bytes(int fd, char bytes[static BYTES_MAX + 1], size_t *ret_size)
{
    uint64_t deadline = clock_usec() + QUESTION_PATIENCE_SEC * USEC_PER_SEC;
    size_t size = 0;
    ssize_t n;

    while (size <= BYTES_MAX) {
        if (!wait_for_bytes(fd, deadline))
            return QUESTION_MALFORMED;
        n = read(fd, bytes + size, BYTES_MAX + 1 - size);
        if (n < 0 && errno != EINTR && errno != EAGAIN)
            return -errno;
        if (n == 0)
            break;
        size += n > 0 ? (size_t)n : 0;
    }
    *ret_size = size;
    return size <= BYTES_MAX ? 0 : QUESTION_MALFORMED;
}

/* A length as it would be printed; false for anything else. */
static bool step_length(const char **at, const char *end, size_t *ret)
{
    size_t length = 0;
    const char *from = *at;

    for (; *at < end && **at >= '0' && **at <= '9' && *at - from < 3; (*at)++)
        length = length * 10 + (size_t)(**at - '0');
    if (*at == from || (*from == '0' && *at - from > 1) || *at == end || **at != ':')
        return false;
    (*at)++;
    *ret = length;
    return true;
}

/* "LENGTH:BYTES," with no NUL in them. */
static bool step_string(const char **at, const char *end, char *ret, size_t size)
{
    size_t length;

    if (!step_length(at, end, &length) || length >= size || length >= (size_t)(end - *at) ||
        (*at)[length] != ',' || memchr(*at, '\0', length))
        return false;
    memcpy(ret, *at, length);
    ret[length] = '\0';
    *at += length + 1;
    return true;
}

static bool parse(const char *at, const char *end, struct question *question)
{
    return step_string(&at, end, question->user, sizeof(question->user)) &&
           step_string(&at, end, question->password, sizeof(question->password)) && at == end &&
           question->user[0] != '\0';
}

int question_read(int fd, struct question *ret)
{
    struct question question = { .user = "" };
    char bytes[BYTES_MAX + 1];
    size_t size = 0;
    int r = read_bytes(fd, bytes, &size);

    if (r == 0)
        r = parse(bytes, bytes + size, &question) ? QUESTION_READ : QUESTION_MALFORMED;
    if (r == QUESTION_READ)
        *ret = question;
    explicit_bzero(bytes, sizeof(bytes));
    question_wipe(&question);
    return r;
}
