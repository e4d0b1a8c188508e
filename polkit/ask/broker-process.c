/* Finds the broker's process, by systemd's word for it. */
#include "polkit/ask/broker-process.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/doors.h"
#include "polkit/rules/rule.h"

#define SYSTEMD "org.freedesktop.systemd1"
#define UNIT_PATH "/org/freedesktop/systemd1/unit/restarter_2dbroker_2eservice"

enum {
    PATIENCE_MSEC = 30000, /* for it to start */
    FAILED_MSEC = 1000,    /* one that had failed before is started again by a knock, but not at once */
    KNOCKS = 3,            /* one that has taken the knock, and then ended, does not come back for it */
    PAUSE_MSEC = 10,
    WORD_SIZE = 32,
};

static int get_word(sd_bus *bus, const char *property, char ret[static WORD_SIZE])
{
    _cleanup_(freep) char *word = NULL;
    int r = sd_bus_get_property_string(bus, SYSTEMD, UNIT_PATH, SYSTEMD ".Unit", property, NULL, &word);

    if (r >= 0)
        (void)snprintf(ret, WORD_SIZE, "%s", word);
    return r;
}

static int get_main_pid(sd_bus *bus, pid_t *ret)
{
    uint32_t pid = 0;
    int r =
        sd_bus_get_property_trivial(bus, SYSTEMD, UNIT_PATH, SYSTEMD ".Service", "MainPID", NULL, 'u', &pid);

    if (r >= 0)
        *ret = (pid_t)pid;
    return r;
}

/* Of a broker that is ready: 1; -EAGAIN: not yet. */
static int look(sd_bus *bus, struct subject *ret, char state[static WORD_SIZE])
{
    struct subject subject = SUBJECT_NONE;
    pid_t pid, again = 0;
    int r = get_word(bus, "ActiveState", state);

    if (r < 0)
        return r;
    if (strcmp(state, "active") != 0)
        return -EAGAIN;
    r = get_main_pid(bus, &pid);
    if (r < 0 || pid == 0)
        return r < 0 ? r : -EAGAIN;
    r = subject_of(pid, &subject);
    if (r >= 0)
        r = get_main_pid(bus, &again);
    if (r < 0 || again != pid) {
        subject_stop(&subject);
        return r < 0 && r != -ESRCH ? r : -EAGAIN;
    }
    *ret = subject;
    return 1;
}

static int wait_for(sd_bus *bus, struct subject *ret, char state[static WORD_SIZE])
{
    const struct timespec pause = { .tv_nsec = PAUSE_MSEC * 1000000L };
    int failed = 0, r = look(bus, ret, state);

    for (int waited = 0; r == -EAGAIN && waited < PATIENCE_MSEC && failed < FAILED_MSEC;
         waited += PAUSE_MSEC) {
        (void)nanosleep(&pause, NULL);
        r = look(bus, ret, state);
        failed = strcmp(state, "failed") == 0 ? failed + PAUSE_MSEC : 0;
    }
    return r;
}

/* Never waits: a listener whose queue is full has been asked to start often enough. */
static int knock(void)
{
    const struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = DOOR_CLIENTS_PATH };
    _cleanup_(closep) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0)
        return -errno;
    return TAKE_FD(fd);
}

/* Before knocking: a knock at the door of a unit that cannot be loaded makes its socket fail as well. */
static int may_start(sd_bus *bus, char *ret_why, size_t size)
{
    char load[WORD_SIZE];
    int r = get_word(bus, "LoadState", load);

    if (r < 0 || strcmp(load, "loaded") == 0)
        return r;
    (void)snprintf(ret_why, size, "%s is %s; 'systemctl status %s' says more", RULE_UNIT, load, RULE_UNIT);
    return -ENOTCONN;
}

static void explain(int connection, const char *state, char *ret_why, size_t size)
{
    if (connection < 0)
        (void)snprintf(ret_why, size,
                       "%s does not run, and nothing can start it: %s: %s; 'systemctl start %s'", RULE_UNIT,
                       DOOR_CLIENTS_PATH, strerror(-connection), DOOR_CLIENTS_UNIT);
    else
        (void)snprintf(ret_why, size, "%s was asked to start, and is %s; 'systemctl status %s' says more",
                       RULE_UNIT, state, RULE_UNIT);
}

static int knock_and_wait(sd_bus *bus, struct broker_process *broker, char state[static WORD_SIZE])
{
    broker->connection = knock();
    return broker->connection >= 0 ? wait_for(bus, &broker->subject, state)
                                   : look(bus, &broker->subject, state);
}

int broker_process_find(sd_bus *bus, struct broker_process *ret, char *ret_why, size_t size)
{
    struct broker_process broker = BROKER_PROCESS_NONE;
    char state[WORD_SIZE] = "";
    int r = may_start(bus, ret_why, size);

    if (r < 0)
        return r;
    r = knock_and_wait(bus, &broker, state);
    for (int knocks = 1; r == -EAGAIN && strcmp(state, "failed") == 0 && knocks < KNOCKS; knocks++) {
        broker_process_done(&broker);
        r = knock_and_wait(bus, &broker, state);
    }
    if (r > 0) {
        *ret = broker;
        return 0;
    }
    if (r == -EAGAIN) {
        explain(broker.connection, state, ret_why, size);
        r = -ENOTCONN;
    }
    broker_process_done(&broker);
    return r;
}

void broker_process_done(struct broker_process *broker)
{
    subject_stop(&broker->subject);
    if (broker->connection >= 0)
        (void)close(broker->connection);
    *broker = (struct broker_process)BROKER_PROCESS_NONE;
}
