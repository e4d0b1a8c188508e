/* The words of a command line, a line that is waited for, and what comes instead. */
#include "common/ssh/ssh-session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "common/cleanup.h"
#include "common/ssh/greeting.h"
#include "common/ssh/ssh-child.h"

DEFINE_CLEANUP(struct ssh_session *, ssh_session_free);

enum { WORDS_MAX = 64, PORT_SIZE = 8 };

struct ssh_session {
    ssh_session_ready ready;
    void *userdata;
    struct ssh_child *child;
    sd_event_source *io, *timer, *not_started;
    int fd;
    bool is_ready;
    char *name;
    uint64_t timeout_usec;
    int exit_status; /* valid when it has ended */
    bool ended;
    char data[GREETING_SIZE_MAX + 1];
    size_t size;
    char why[SSH_WHY_SIZE];
};

struct ssh_session *ssh_session_free(struct ssh_session *session)
{
    if (!session)
        return NULL;
    sd_event_source_disable_unref(session->io);
    sd_event_source_disable_unref(session->timer);
    sd_event_source_disable_unref(session->not_started);
    closep(&session->fd);
    ssh_child_free(session->child);
    free(session->name);
    free(session);
    return NULL;
}

/* The caller hears of it once, and may free the session then. */
static void end_wait(struct ssh_session *session, int fd)
{
    session->is_ready = true;
    session->io = sd_event_source_disable_unref(session->io);
    session->timer = sd_event_source_disable_unref(session->timer);
    session->ready(fd, fd < 0 ? session->why : NULL, session->userdata);
}

/* False when there is no telling yet. */
static bool take_greeting(struct ssh_session *session)
{
    char said[GREETING_SENTENCE_MAX + 1];
    int r = greeting_read(session->data, session->size, said);

    if (r == GREETING_NOT_WHOLE)
        return false;
    if (r != GREETING_READY)
        ssh_why_greeting(session->name, r, said, session->why);
    end_wait(session, r == GREETING_READY ? TAKE_FD(session->fd) : -1);
    return true;
}

/* Whoever closes it is about to end, and says why: that is waited for, no longer than for the greeting. */
static int on_io(sd_event_source *source, int fd, _unused_ uint32_t revents, void *userdata)
{
    struct ssh_session *session = userdata;
    ssize_t n = recv(fd, session->data + session->size, sizeof(session->data) - session->size, MSG_DONTWAIT);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return 0;
    if (n <= 0)
        return sd_event_source_set_enabled(source, SD_EVENT_OFF);
    session->size += (size_t)n;
    (void)take_greeting(session);
    return 0;
}

/* What it wrote before it ended is still to be read: a sentence of the bridge's, for one. */
static void on_ended(int exit_status, void *userdata)
{
    struct ssh_session *session = userdata;
    ssize_t n = 0;

    session->ended = true;
    session->exit_status = exit_status;
    if (session->is_ready)
        return;
    n = recv(session->fd, session->data + session->size, sizeof(session->data) - session->size, MSG_DONTWAIT);
    session->size += n > 0 ? (size_t)n : 0;
    if (n > 0 && take_greeting(session))
        return;
    ssh_why(session->name, exit_status, ssh_child_complaints(session->child), session->why);
    end_wait(session, -1);
}

static int on_timeout(_unused_ sd_event_source *source, _unused_ uint64_t usec, void *userdata)
{
    struct ssh_session *session = userdata;

    ssh_why_timeout(session->name, (unsigned)(session->timeout_usec / 1000000),
                    ssh_child_complaints(session->child), session->why);
    end_wait(session, -1);
    return 0;
}

static int on_not_started(_unused_ sd_event_source *source, void *userdata)
{
    end_wait(userdata, -1);
    return 0;
}

/* --- the command line --- */

struct words {
    const char *list[WORDS_MAX + 1];
    size_t n;
};

static void add(struct words *words, const char *const *more)
{
    for (; *more && words->n < WORDS_MAX; more++)
        words->list[words->n++] = *more;
}

/* No terminal there, nothing forwarded, and nobody is waited for who is gone. What stands behind "--" is the
 * host, whatever it looks like, and what runs there; a key may be for another command than that. */
static void make_words(struct words *words, const struct ssh_request *request, const char *port)
{
    static const char *const ALWAYS[] = { "-T",
                                          "-x",
                                          "-a",
                                          "-oClearAllForwardings=yes",
                                          "-oPermitLocalCommand=no",
                                          "-oRemoteCommand=none",
                                          "-oConnectTimeout=10",
                                          "-oServerAliveInterval=10",
                                          "-oServerAliveCountMax=3",
                                          NULL };

    add(words, (const char *const[]){ request->program ? request->program : "ssh", NULL });
    if (request->options)
        add(words, request->options);
    add(words, ALWAYS);
    if (!request->asks)
        add(words, (const char *const[]){ "-oBatchMode=yes", NULL });
    if (request->port)
        add(words, (const char *const[]){ "-p", port, NULL });
    add(words, (const char *const[]){ "--", request->host, "restartctl", "bridge", NULL });
}

static int start(struct ssh_session *session, sd_event *event, const struct ssh_request *request)
{
    struct words words = { .n = 0 };
    char port[PORT_SIZE];
    int r;

    (void)snprintf(port, sizeof(port), "%u", request->port);
    make_words(&words, request, port);
    r = ssh_child_new(event, (char *const *)words.list, on_ended, session, &session->child, &session->fd);
    if (r == -ENOMEM)
        return r;
    if (r < 0) {
        ssh_why_not_started(session->name, words.list[0], -r, session->why);
        return sd_event_add_defer(event, &session->not_started, on_not_started, session);
    }
    r = sd_event_add_io(event, &session->io, session->fd, EPOLLIN, on_io, session);
    if (r >= 0)
        r = sd_event_add_time_relative(event, &session->timer, CLOCK_MONOTONIC, request->timeout_usec, 1,
                                       on_timeout, session);
    return r;
}

int ssh_session_new(sd_event *event, const struct ssh_request *request, ssh_session_ready ready,
                    void *userdata, struct ssh_session **ret)
{
    _cleanup_(ssh_session_freep) struct ssh_session *session = calloc(1, sizeof(*session));
    int r;

    if (!session)
        return -ENOMEM;
    session->fd = -1;
    session->ready = ready;
    session->userdata = userdata;
    session->timeout_usec = request->timeout_usec;
    session->name = strdup(request->name ? request->name : request->host);
    r = session->name ? start(session, event, request) : -ENOMEM;
    if (r < 0)
        return r;
    *ret = TAKE_PTR(session);
    return 0;
}

void ssh_session_why_ended(struct ssh_session *session, char ret[static SSH_WHY_SIZE])
{
    ret[0] = '\0';
    if (session->ended && session->exit_status != 0)
        ssh_why(session->name, session->exit_status, ssh_child_complaints(session->child), ret);
}
