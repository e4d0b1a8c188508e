/* A table of lines, and a queue. */
#include "cli/shared/far.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/ssh/ssh-session.h"

struct far_wait {
    const struct cli_place *place;
    far_ready ready;
    void *userdata;
    TAILQ_ENTRY(far_wait) link;
};

static struct far_line {
    struct ssh_session *session; /* NULL: the line is not there */
    int spare;                   /* -1: it is in use */
    sd_event *event;             /* that it was made in */
    struct far_wait *wait;       /* who is to have it, while it is made */
} lines[FAR_LINES_MAX];

TAILQ_HEAD(far_queue, far_wait);
static struct far_queue queue = TAILQ_HEAD_INITIALIZER(queue);

static void drop(struct far_line *line)
{
    ssh_session_free(line->session);
    if (line->spare >= 0)
        (void)close(line->spare);
    sd_event_unref(line->event);
    *line = (struct far_line){ .spare = -1 };
}

/* Nobody has said anything on it, or ended it. */
static bool is_quiet(int fd)
{
    char byte;

    return recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && (errno == EAGAIN || errno == EINTR);
}

/* One that is kept. Those that were ended meanwhile are forgotten. */
static struct far_line *find_kept(void)
{
    for (struct far_line *line = lines; line < lines + FAR_LINES_MAX; line++) {
        if (!line->session || line->spare < 0)
            continue;
        if (is_quiet(line->spare))
            return line;
        drop(line);
    }
    return NULL;
}

static struct far_line *find_free(void)
{
    for (struct far_line *line = lines; line < lines + FAR_LINES_MAX; line++)
        if (!line->session)
            return line;
    return NULL;
}

static void on_session(int fd, const char *why, void *userdata)
{
    struct far_line *line = userdata;
    struct far_wait *wait = TAKE_PTR(line->wait);

    wait->ready(fd >= 0 ? line : NULL, fd, why, wait->userdata);
    free(wait);
    if (fd < 0)
        far_give(line, -1);
}

/* Who sits at a terminal is asked by ssh itself for what it needs to know. */
static int begin(struct far_line *line, sd_event *event, struct far_wait *wait)
{
    const struct cli_place *place = wait->place;
    bool asks = isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
    const struct ssh_request request = {
        .name = place->name,
        .host = place->host,
        .port = place->port,
        .timeout_usec = asks ? SSH_ASKING_USEC : SSH_GREETING_USEC,
        .asks = asks,
    };
    int r;

    *line = (struct far_line){ .spare = -1, .event = sd_event_ref(event), .wait = wait };
    r = ssh_session_new(event, &request, on_session, line, &line->session);
    if (r < 0)
        drop(line);
    return r;
}

int far_take(sd_event *event, const struct cli_place *place, far_ready ready, void *userdata)
{
    struct far_line *line = find_kept();
    struct far_wait *wait;
    int r = 0;

    if (line) {
        int fd = line->spare;

        line->spare = -1;
        ready(line, fd, NULL, userdata);
        return 0;
    }
    wait = calloc(1, sizeof(*wait));
    if (!wait)
        return -ENOMEM;
    *wait = (struct far_wait){ .place = place, .ready = ready, .userdata = userdata };
    line = find_free();
    if (!line)
        TAILQ_INSERT_TAIL(&queue, wait, link);
    else
        r = begin(line, event, wait);
    if (r < 0)
        free(wait);
    return r;
}

/* The first who waits, if there is one. */
static struct far_wait *next(void)
{
    struct far_wait *wait = TAILQ_FIRST(&queue);

    if (wait)
        TAILQ_REMOVE(&queue, wait, link);
    return wait;
}

void far_give(struct far_line *line, int fd)
{
    _cleanup_(sd_event_unrefp) sd_event *event = sd_event_ref(line->event);
    struct far_wait *wait = next();

    if (fd < 0)
        drop(line);
    else
        line->spare = fd;
    if (!wait)
        return;
    if (far_take(event, wait->place, wait->ready, wait->userdata) < 0)
        wait->ready(NULL, -1, "There is no memory for another connection.", wait->userdata);
    free(wait);
}
