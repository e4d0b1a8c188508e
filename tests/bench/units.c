/* What a list of units costs without us: ListUnitsByPatterns sent straight to systemd, one call after the
 * other on one connection, and the answer read to its end.
 *
 * Prints a line for each: when it began (CLOCK_MONOTONIC, microseconds) and how long it took (nanoseconds).
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <systemd/sd-bus.h>

static uint64_t now_nsec(void)
{
    struct timespec ts;

    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

static int read_units(sd_bus_message *reply, unsigned *ret_n)
{
    int r = sd_bus_message_enter_container(reply, 'a', "(ssssssouso)");

    for (*ret_n = 0; r > 0; (*ret_n)++) {
        r = sd_bus_message_read(reply, "(ssssssouso)", NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                                NULL);
        if (r == 0)
            return 0;
    }
    return r;
}

static int list(sd_bus *bus, const char *pattern, unsigned *ret_n)
{
    sd_bus_message *reply = NULL;
    int r;

    r = sd_bus_call_method(bus, "org.freedesktop.systemd1", "/org/freedesktop/systemd1",
                           "org.freedesktop.systemd1.Manager", "ListUnitsByPatterns", NULL, &reply, "asas", 0,
                           1, pattern);
    if (r >= 0)
        r = read_units(reply, ret_n);
    sd_bus_message_unref(reply);
    return r;
}

int main(int argc, char *argv[])
{
    unsigned long count = argc == 4 ? strtoul(argv[1], NULL, 10) : 0;
    sd_bus *bus = NULL;
    int r;

    if (count == 0) {
        (void)fprintf(stderr, "usage: units COUNT PATTERN EXPECTED\n");
        return 2;
    }
    r = sd_bus_open_system(&bus);
    for (unsigned long i = 0; i < count && r >= 0; i++) {
        uint64_t begin_nsec = now_nsec();
        unsigned n = 0;

        r = list(bus, argv[2], &n);
        (void)printf("%" PRIu64 " %" PRIu64 "\n", begin_nsec / 1000, now_nsec() - begin_nsec);
        if (r >= 0 && n != strtoul(argv[3], NULL, 10)) {
            (void)fprintf(stderr, "units: %u units, not %s\n", n, argv[3]);
            return 1;
        }
    }
    if (r < 0)
        (void)fprintf(stderr, "units: %s\n", strerror(-r));
    sd_bus_flush_close_unref(bus);
    return r < 0;
}
