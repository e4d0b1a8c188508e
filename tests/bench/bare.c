/* What the web front is measured against where no systemd is involved: the same library, the same external
 * epoll, and no thought. It answers every request with the bytes in a file, an answer of the web front's that
 * was captured before. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <microhttpd.h>

enum { ANSWER_MAX = 1024 * 1024 };

struct answer {
    unsigned status;
    struct MHD_Response *response;
};

/* The library makes these itself. */
static int is_the_librarys(const char *name)
{
    return strcasecmp(name, "Date") == 0 || strcasecmp(name, "Content-Length") == 0 ||
           strcasecmp(name, "Connection") == 0;
}

static int answer_add_headers(struct answer *answer, char *headers)
{
    char *save = NULL;

    for (char *line = strtok_r(headers, "\r\n", &save); line; line = strtok_r(NULL, "\r\n", &save)) {
        char *value = strstr(line, ": ");

        if (!value)
            return -EBADMSG;
        *value = '\0';
        if (!is_the_librarys(line) && MHD_add_response_header(answer->response, line, value + 2) != MHD_YES)
            return -EBADMSG;
    }
    return 0;
}

static int answer_parse(struct answer *answer, char *bytes, size_t size)
{
    char *end = memmem(bytes, size, "\r\n\r\n", 4), *headers;

    if (!end || strncmp(bytes, "HTTP/1.1 ", strlen("HTTP/1.1 ")) != 0)
        return -EBADMSG;
    answer->status = (unsigned)strtoul(bytes + strlen("HTTP/1.1 "), NULL, 10);
    *end = '\0';
    end += 4;
    answer->response =
        MHD_create_response_from_buffer((size_t)(bytes + size - end), end, MHD_RESPMEM_PERSISTENT);
    headers = strstr(bytes, "\r\n");
    return answer->response && headers ? answer_add_headers(answer, headers) : -EBADMSG;
}

static int answer_load(struct answer *answer, const char *path)
{
    static char bytes[ANSWER_MAX];
    FILE *file = fopen(path, "re");
    size_t size;

    if (!file)
        return -errno;
    size = fread(bytes, 1, sizeof(bytes) - 1, file);
    (void)fclose(file);
    return answer_parse(answer, bytes, size);
}

static enum MHD_Result on_access(void *userdata, struct MHD_Connection *mhd, const char *url,
                                 const char *method, const char *version, const char *upload_data,
                                 size_t *upload_data_size, void **request_context)
{
    const struct answer *answer = userdata;

    (void)url, (void)method, (void)version, (void)upload_data;
    if (!*request_context) {
        *request_context = mhd;
        return MHD_YES;
    }
    if (*upload_data_size > 0) {
        *upload_data_size = 0;
        return MHD_YES;
    }
    return MHD_queue_response(mhd, answer->status, answer->response);
}

static int listen_on(const char *port)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)strtoul(port, NULL, 10)),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), on = 1;

    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
        bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(fd, SOMAXCONN) < 0)
        return -errno;
    return fd;
}

static int serve(struct answer *answer, int fd)
{
    struct MHD_Daemon *mhd =
        MHD_start_daemon(MHD_USE_EPOLL | MHD_USE_TURBO, 0, NULL, NULL, on_access, answer,
                         MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT, 512U, MHD_OPTION_END);
    MHD_UNSIGNED_LONG_LONG timeout = 0;
    struct epoll_event event = { .events = EPOLLIN };
    int epoll = epoll_create1(EPOLL_CLOEXEC);

    if (!mhd || epoll < 0 ||
        epoll_ctl(epoll, EPOLL_CTL_ADD, MHD_get_daemon_info(mhd, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd,
                  &event) < 0)
        return -EIO;
    for (;;) {
        int wait = MHD_get_timeout(mhd, &timeout) == MHD_YES ? (int)timeout : -1;

        if (epoll_wait(epoll, &event, 1, wait) < 0 && errno != EINTR)
            return -errno;
        if (MHD_run(mhd) != MHD_YES)
            return -EIO;
    }
}

int main(int argc, char *argv[])
{
    struct answer answer = { 0 };
    int fd, r;

    if (argc != 3) {
        fprintf(stderr, "usage: bare PORT ANSWER-FILE\n");
        return 2;
    }
    r = answer_load(&answer, argv[2]);
    fd = r < 0 ? r : listen_on(argv[1]);
    if (fd < 0) {
        fprintf(stderr, "bare: %s\n", strerror(-fd));
        return 1;
    }
    r = serve(&answer, fd);
    fprintf(stderr, "bare: %s\n", strerror(-r));
    return 1;
}
