/* The client of the bench: one keep-alive connection for each request file, each with one request in flight
 * at any time, all on one epoll; or (-r) one connection, on which the files take turns. It sends the file's
 * bytes, takes the answer apart just far enough to know its end, and compares the status; so what it measures
 * is the server.
 *
 * Prints a line for each answer: when the request was sent (CLOCK_MONOTONIC, microseconds) and how long its
 * answer took (nanoseconds). A connection's first one includes the time to connect. */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>

enum {
    CONNECTIONS_MAX = 256,
    REQUEST_MAX = 16 * 1024,
    ANSWER_MAX = 1024 * 1024,
    SAMPLES_MAX = 1000 * 1000,
    WAIT_MSEC = 60 * 1000, /* no answer takes that long unless something is broken */
    STATUS_SIZE = 3,
};

struct sample {
    uint64_t begin_nsec, nsec;
};

struct request {
    size_t size;
    char bytes[REQUEST_MAX];
};

struct connection {
    int fd;
    uint64_t begin_nsec;
    const struct request *request;
    size_t answer_size, answer_whole; /* answer_whole: 0 until the headers are there */
    char answer[ANSWER_MAX];
};

struct load {
    int epoll;
    bool in_rotation; /* one connection for all requests */
    struct request *requests[CONNECTIONS_MAX];
    size_t n_requests;
    struct connection *connections[CONNECTIONS_MAX];
    size_t n_connections, n_started, n_done, n_wanted;
    uint64_t until_nsec;
    const char *status;   /* the three digits that every answer must have */
    const char *contains; /* and what must be in it, or NULL */
    struct sample *samples;
};

static uint64_t now_nsec(void)
{
    struct timespec ts;

    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

static int fail(const char *what, const struct connection *connection)
{
    fprintf(stderr, "load: %s: %s\n%.*s\n", what, strerror(errno), (int)connection->answer_size,
            connection->answer);
    return -EIO;
}

/* --- one connection --- */

static int connect_unix(const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    (void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    return fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ? -errno : fd;
}

static int connect_port(const char *port)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)strtoul(port, NULL, 10)),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

    if (fd < 0 || setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) < 0)
        return -errno;
    return connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ? -errno : fd;
}

static int request_load(struct load *load, const char *path)
{
    struct request *request = calloc(1, sizeof(*request));
    FILE *file;

    if (!request)
        return -ENOMEM;
    load->requests[load->n_requests++] = request;
    file = fopen(path, "re");
    if (!file)
        return -errno;
    request->size = fread(request->bytes, 1, sizeof(request->bytes), file);
    (void)fclose(file);
    return request->size > 0 ? 0 : -ENODATA;
}

static int connection_open(struct load *load, const char *address, const struct request *request)
{
    struct connection *connection = calloc(1, sizeof(*connection));
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = connection };

    if (!connection)
        return -ENOMEM;
    load->connections[load->n_connections++] = connection;
    connection->request = request;
    connection->begin_nsec = now_nsec();
    connection->fd = address[0] == '/' ? connect_unix(address) : connect_port(address);
    if (connection->fd < 0)
        return connection->fd;
    return epoll_ctl(load->epoll, EPOLL_CTL_ADD, connection->fd, &event) < 0 ? -errno : 0;
}

static int request_send(struct load *load, struct connection *connection)
{
    ssize_t size;

    if (load->in_rotation) {
        assert(load->n_requests > 0);
        connection->request = load->requests[load->n_started % load->n_requests];
    }
    assert(connection->request);
    load->n_started++;
    connection->answer_size = connection->answer_whole = 0;
    size = send(connection->fd, connection->request->bytes, connection->request->size, MSG_NOSIGNAL);
    return size == (ssize_t)connection->request->size ? 0 : fail("the request was not taken", connection);
}

/* Finds out how long the answer will be, once its headers are there. */
static int answer_measure(struct connection *connection)
{
    static const char LENGTH[] = "\r\nContent-Length: ";
    const char *end = memmem(connection->answer, connection->answer_size, "\r\n\r\n", 4), *length;
    size_t headers;

    if (!end)
        return 0;
    headers = (size_t)(end - connection->answer) + 4;
    length = memmem(connection->answer, headers, LENGTH, sizeof(LENGTH) - 1);
    if (!length)
        return fail("an answer without Content-Length", connection);
    connection->answer_whole = headers + strtoul(length + sizeof(LENGTH) - 1, NULL, 10);
    return connection->answer_whole < ANSWER_MAX ? 0 : fail("an answer that is too long", connection);
}

static int answer_check(const struct load *load, struct connection *connection)
{
    connection->answer[connection->answer_size] = '\0';
    if (strncmp(connection->answer + sizeof("HTTP/1.1 ") - 1, load->status, STATUS_SIZE) != 0)
        return fail("an answer with another status", connection);
    if (load->contains && !strstr(connection->answer, load->contains))
        return fail("an answer without what was expected in it", connection);
    return 0;
}

static int answer_done(struct load *load, struct connection *connection)
{
    uint64_t now = now_nsec();

    load->samples[load->n_done].begin_nsec = connection->begin_nsec;
    load->samples[load->n_done++].nsec = now - connection->begin_nsec;
    if (answer_check(load, connection) < 0)
        return -EIO;
    if (load->n_started == load->n_wanted || now >= load->until_nsec)
        return 0;
    connection->begin_nsec = now;
    return request_send(load, connection);
}

static int on_readable(struct load *load, struct connection *connection)
{
    ssize_t size = recv(connection->fd, connection->answer + connection->answer_size,
                        ANSWER_MAX - connection->answer_size, MSG_DONTWAIT);

    if (size <= 0)
        return fail("the connection was closed", connection);
    connection->answer_size += (size_t)size;
    if (connection->answer_whole == 0 && answer_measure(connection) < 0)
        return -EIO;
    if (connection->answer_whole == 0 || connection->answer_size < connection->answer_whole)
        return 0;
    return connection->answer_size == connection->answer_whole ? answer_done(load, connection)
                                                               : fail("more than one answer", connection);
}

/* --- all of them --- */

static int run(struct load *load)
{
    struct epoll_event events[CONNECTIONS_MAX];
    int r = 0;

    for (size_t i = 0; i < load->n_connections && load->n_started < load->n_wanted && r >= 0; i++)
        r = request_send(load, load->connections[i]);
    while (r >= 0 && load->n_done < load->n_started) {
        int n = epoll_wait(load->epoll, events, CONNECTIONS_MAX, WAIT_MSEC);

        if (n == 0)
            return -ETIMEDOUT;
        for (int i = 0; i < n && r >= 0; i++)
            r = on_readable(load, events[i].data.ptr);
    }
    return r;
}

static int usage(void)
{
    fprintf(
        stderr,
        "usage: load [-r] [-n COUNT] [-t MILLISECONDS] [-s STATUS] [-c TEXT] PORT|SOCKET REQUEST-FILE...\n"
        "ends after COUNT answers or after that time; an answer must have the STATUS (200) and hold TEXT; -r: one "
        "connection, on which the files take turns\n");
    return -EINVAL;
}

static int read_options(struct load *load, int argc, char *argv[])
{
    for (int c; (c = getopt(argc, argv, "n:t:s:c:r")) >= 0;) {
        if (c == 'n')
            load->n_wanted = strtoul(optarg, NULL, 10);
        else if (c == 't')
            load->until_nsec = now_nsec() + strtoull(optarg, NULL, 10) * 1000000;
        else if (c == 's')
            load->status = optarg;
        else if (c == 'c')
            load->contains = optarg;
        else if (c == 'r')
            load->in_rotation = true;
        else
            return usage();
    }
    if (load->n_wanted > SAMPLES_MAX || strlen(load->status) != STATUS_SIZE || argc - optind < 2 ||
        argc - optind > CONNECTIONS_MAX)
        return usage();
    return 0;
}

static int load_init(struct load *load, int argc, char *argv[])
{
    int r = read_options(load, argc, argv);

    if (r < 0)
        return r;
    load->epoll = epoll_create1(EPOLL_CLOEXEC);
    load->samples = malloc(sizeof(*load->samples) * SAMPLES_MAX);
    if (load->epoll < 0 || !load->samples)
        return -ENOMEM;
    for (int i = optind + 1; i < argc && r >= 0; i++)
        r = request_load(load, argv[i]);
    for (size_t i = 0; i < (load->in_rotation ? 1 : load->n_requests) && r >= 0; i++)
        r = connection_open(load, argv[optind], load->requests[i]);
    return r;
}

int main(int argc, char *argv[])
{
    static struct load load = { .n_wanted = SAMPLES_MAX, .until_nsec = UINT64_MAX, .status = "200" };
    int r = load_init(&load, argc, argv);

    if (r >= 0)
        r = run(&load);
    if (r < 0)
        fprintf(stderr, "load: %s\n", strerror(-r));
    for (size_t i = 0; r >= 0 && i < load.n_done; i++)
        printf("%" PRIu64 " %" PRIu64 "\n", load.samples[i].begin_nsec / 1000, load.samples[i].nsec);
    for (size_t i = 0; i < load.n_connections; i++)
        free(load.connections[i]);
    for (size_t i = 0; i < load.n_requests; i++)
        free(load.requests[i]);
    free(load.samples);
    return r < 0 ? 1 : 0;
}
