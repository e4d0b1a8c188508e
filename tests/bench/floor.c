/* The floor that the whole way is measured against: RestartUnit sent straight to systemd, and the wait for
 * the very job's JobRemoved. Run as user restarter it pays for bus, polkit and job as the broker does, and
 * for nothing else. One connection; each unit named on the command line has one restart in flight at any
 * time.
 *
 * Prints a line for each restart: when it began (CLOCK_MONOTONIC, microseconds) and how long it took
 * (nanoseconds). */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <systemd/sd-bus.h>

enum {
    UNITS_MAX = 64,
    PATH_SIZE = 128,
    WAIT_USEC = 30 * 1000000, /* nothing takes that long unless it is broken */
};

struct sample {
    uint64_t begin_nsec, nsec;
};

struct flight {
    struct floor *floor;
    const char *unit;
    uint64_t begin_nsec;
    char job[PATH_SIZE], removed[PATH_SIZE]; /* the signal may overtake the reply */
};

struct floor {
    sd_bus *bus;
    struct flight flights[UNITS_MAX];
    size_t n_flights, n_started, n_done, n_wanted;
    struct sample *samples;
};

static uint64_t now_nsec(void)
{
    struct timespec ts;

    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

static int on_restart_reply(sd_bus_message *reply, void *userdata, sd_bus_error *error);

static int restart(struct flight *flight)
{
    struct floor *floor = flight->floor;

    if (floor->n_started == floor->n_wanted)
        return 0;
    floor->n_started++;
    flight->job[0] = flight->removed[0] = '\0';
    flight->begin_nsec = now_nsec();
    return sd_bus_call_method_async(floor->bus, NULL, "org.freedesktop.systemd1", "/org/freedesktop/systemd1",
                                    "org.freedesktop.systemd1.Manager", "RestartUnit", on_restart_reply,
                                    flight, "ss", flight->unit, "replace");
}

static int land(struct flight *flight)
{
    struct floor *floor = flight->floor;

    if (flight->job[0] == '\0' || strcmp(flight->job, flight->removed) != 0)
        return 0;
    floor->samples[floor->n_done].begin_nsec = flight->begin_nsec;
    floor->samples[floor->n_done++].nsec = now_nsec() - flight->begin_nsec;
    return restart(flight);
}

static int on_restart_reply(sd_bus_message *reply, void *userdata, sd_bus_error *error)
{
    struct flight *flight = userdata;
    const sd_bus_error *refusal = sd_bus_message_get_error(reply);
    const char *job;
    int r;

    (void)error;
    if (refusal) {
        fprintf(stderr, "floor: %s: %s\n", flight->unit, refusal->message);
        return -EPERM;
    }
    r = sd_bus_message_read(reply, "o", &job);
    if (r < 0)
        return r;
    (void)snprintf(flight->job, sizeof(flight->job), "%s", job);
    return land(flight);
}

static int on_job_removed(sd_bus_message *signal, void *userdata, sd_bus_error *error)
{
    struct floor *floor = userdata;
    const char *job, *unit, *result;
    int r = sd_bus_message_read(signal, "uoss", NULL, &job, &unit, &result);

    (void)error;
    if (r < 0)
        return r;
    for (size_t i = 0; i < floor->n_flights; i++) {
        struct flight *flight = &floor->flights[i];

        if (strcmp(flight->unit, unit) != 0)
            continue;
        if (strcmp(result, "done") != 0) {
            fprintf(stderr, "floor: the job of %s ended with %s\n", unit, result);
            return -EIO;
        }
        (void)snprintf(flight->removed, sizeof(flight->removed), "%s", job);
        return land(flight);
    }
    return 0;
}

static int subscribe(struct floor *floor)
{
    int r = sd_bus_open_system(&floor->bus);

    if (r >= 0)
        r = sd_bus_match_signal(floor->bus, NULL, "org.freedesktop.systemd1", "/org/freedesktop/systemd1",
                                "org.freedesktop.systemd1.Manager", "JobRemoved", on_job_removed, floor);
    if (r >= 0)
        r = sd_bus_call_method(floor->bus, "org.freedesktop.systemd1", "/org/freedesktop/systemd1",
                               "org.freedesktop.systemd1.Manager", "Subscribe", NULL, NULL, NULL);
    return r;
}

static int run(struct floor *floor)
{
    int r = 0;

    for (size_t i = 0; i < floor->n_flights && r >= 0; i++)
        r = restart(&floor->flights[i]);
    while (r >= 0 && floor->n_done < floor->n_wanted) {
        r = sd_bus_process(floor->bus, NULL);
        if (r != 0)
            continue;
        r = sd_bus_wait(floor->bus, WAIT_USEC);
        if (r == 0)
            r = -ETIMEDOUT;
    }
    return r;
}

static bool floor_init(struct floor *floor, int argc, char *argv[])
{
    if (argc < 3 || argc - 2 > UNITS_MAX)
        return false;
    floor->n_wanted = strtoul(argv[1], NULL, 10);
    floor->samples = calloc(floor->n_wanted + 1, sizeof(*floor->samples));
    for (int i = 2; i < argc; i++)
        floor->flights[floor->n_flights++] = (struct flight){ .floor = floor, .unit = argv[i] };
    return floor->samples != NULL;
}

int main(int argc, char *argv[])
{
    static struct floor floor;
    int r;

    if (!floor_init(&floor, argc, argv)) {
        fprintf(stderr, "usage: floor COUNT UNIT...\n");
        return 2;
    }
    r = subscribe(&floor);
    if (r >= 0)
        r = run(&floor);
    if (r < 0)
        fprintf(stderr, "floor: %s\n", strerror(-r));
    for (size_t i = 0; i < floor.n_done; i++)
        printf("%" PRIu64 " %" PRIu64 "\n", floor.samples[i].begin_nsec / 1000, floor.samples[i].nsec);
    sd_bus_flush_close_unref(floor.bus);
    free(floor.samples);
    return r < 0 ? 1 : 0;
}
