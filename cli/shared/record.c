/* Read whole before any of it is shown: whoever reads slowly, in a pager, keeps nobody waiting. */
#include "cli/shared/record.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "cli/shared/cli.h"
#include "cli/shared/join.h"
#include "common/array.h"
#include "common/clock.h"
#include "common/doors.h"
#include "common/text.h"

enum {
    ANSWER_SEC = 40, /* above what the other side allows itself */
    AGAIN_SEC = 20,
    AGAIN_USEC = 100 * 1000,
};

void record_done(struct record *record)
{
    for (size_t i = 0; i < record->n; i++) {
        struct record_line line = { .kind = RECORD_ENTRY, .entry = record->answers[i].entry };

        record_line_done(&line);
        free(record->answers[i].json);
    }
    free(record->answers);
    *record = (struct record){ .n = 0 };
}

/* --- the connection --- */

static int open_socket(void)
{
    static const struct sockaddr_un ADDRESS = { .sun_family = AF_UNIX, .sun_path = DOOR_LOG_PATH };
    const struct timeval patience = { .tv_sec = ANSWER_SEC };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -errno;
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    if (connect(fd, (const struct sockaddr *)&ADDRESS, sizeof(ADDRESS)) == 0)
        return fd;
    (void)close(fd);
    return -errno;
}

static int send_question(int fd, const struct record_question *question)
{
    char text[RECORD_QUESTION_SIZE];

    record_question_write(question, text);
    if (send(fd, text, strlen(text), MSG_NOSIGNAL) < 0 || shutdown(fd, SHUT_WR) < 0)
        return -errno;
    return 0;
}

/* The bytes of an answer, which may be none: then somebody hung up, since too many asked. */
static int exchange(const struct record_question *question, FILE *out)
{
    _cleanup_(closep) int fd = open_socket();
    char bytes[16 * 1024];
    ssize_t n;
    int r = fd < 0 ? fd : send_question(fd, question);

    if (r < 0)
        return r;
    while ((n = read(fd, bytes, sizeof(bytes))) != 0) {
        if (n < 0 && errno != EINTR)
            return -errno;
        (void)fwrite(bytes, 1, n > 0 ? (size_t)n : 0, out);
    }
    return fflush(out) == 0 ? 0 : -ENOMEM;
}

/* 0 and the text, the caller's; -ENODATA when nothing came; or another negative errno. */
static int ask_once(const struct record_question *question, char **ret)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    int r = out ? exchange(question, out) : -ENOMEM;

    if (out && fclose(out) != 0 && r == 0)
        r = -ENOMEM;
    /* What came before it was hung up on is an answer, and whether it is whole, it says itself. */
    if (r == -ECONNRESET && size > 0)
        r = 0;
    if (r == 0 && size == 0)
        r = -ENODATA;
    if (r < 0) {
        free(text);
        return r;
    }
    *ret = text;
    return 0;
}

static int ask(const struct record_question *question, char **ret)
{
    uint64_t until = clock_usec() + AGAIN_SEC * USEC_PER_SEC;
    int r;

    while ((r = ask_once(question, ret)) == -ENODATA || r == -ECONNRESET || r == -EPIPE) {
        if (clock_usec() >= until)
            return -EBUSY;
        (void)usleep(AGAIN_USEC);
    }
    return r;
}

/* --- what it says --- */

static int say_denied(void)
{
    _cleanup_(failure_done) struct failure failure = { 0 };

    (void)failure_say(&failure, CLI_EXIT_UNAVAILABLE, 0,
                      "Nothing was read: only root and members of the group " DOOR_CLIENTS_GROUP
                      " may ask for the record.");
    join_say(&failure);
    return fail_as(&failure);
}

static int say_unreachable(int r)
{
    if (r == -EACCES)
        return say_denied();
    if (r == -ENOENT || r == -ECONNREFUSED)
        return fail(CLI_EXIT_UNAVAILABLE, "Nothing was read: nobody listens at " DOOR_LOG_PATH
                                          ". Is it enabled? systemctl enable --now " DOOR_LOG_UNIT);
    if (r == -EBUSY)
        return fail(CLI_EXIT_UNAVAILABLE,
                    "Nothing was read: too many others ask for the record. Try again in a moment.");
    return fail(CLI_EXIT_UNAVAILABLE, "Nothing was read: the record was not answered: %s", strerror(-r));
}

static int say_refused(const struct record_refusal *refusal)
{
    return fail(strcmp(refusal->error, "refused") == 0 ? CLI_EXIT_REFUSED : CLI_EXIT_UNAVAILABLE, "%s",
                refusal->message);
}

static int say_cut(void)
{
    return fail(CLI_EXIT_UNAVAILABLE,
                "The answer of the record was cut, and is not shown. Try again, or ask for less: --lines=");
}

static bool add(struct record *record, const char *json, struct record_line *line)
{
    struct record_answer answer = { .json = strdup(json), .entry = line->entry };

    if (!answer.json || !ARRAY_ROOM(record->answers, record->n)) {
        free(answer.json);
        return false;
    }
    record->answers[record->n++] = answer;
    return true;
}

/* One line: CLI_EXIT_OK to go on. */
static int take_line(struct record *record, const char *text, bool *ret_ended)
{
    struct record_line line = { .kind = RECORD_NONE };
    int r = CLI_EXIT_OK;

    if (*ret_ended || !record_line_parse(text, &line))
        return say_cut();
    if (line.kind == RECORD_ENTRY && add(record, text, &line))
        return CLI_EXIT_OK;
    if (line.kind == RECORD_REFUSAL)
        r = say_refused(&line.refusal);
    else if (line.kind == RECORD_END)
        record->end = line.end;
    else
        r = say_cut();
    *ret_ended = line.kind == RECORD_END;
    record_line_done(&line);
    return r;
}

static int take_lines(struct record *record, char *text)
{
    bool ended = false;
    char *line;
    int r = CLI_EXIT_OK;

    while (r == CLI_EXIT_OK && (line = strsep(&text, "\n")) && *line)
        r = take_line(record, line, &ended);
    return r == CLI_EXIT_OK && !ended ? say_cut() : r;
}

int record_ask(const struct record_question *question, struct record *ret)
{
    _cleanup_(record_done) struct record record = { .n = 0 };
    _cleanup_(freep) char *text = NULL;
    int r = ask(question, &text);

    if (r < 0)
        return say_unreachable(r);
    r = take_lines(&record, text);
    if (r != CLI_EXIT_OK)
        return r;
    *ret = record;
    record = (struct record){ .n = 0 };
    return CLI_EXIT_OK;
}
