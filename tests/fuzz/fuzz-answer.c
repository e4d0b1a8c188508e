/* What a broker that has been taken over could answer: the client reports once, whatever comes. */
#include "tests/fuzz/fuzz.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/rpc/rpc-client.h"
#include "common/rpc/rpc.h"
#include "webfront/pages/outcome.h"

static struct {
    struct sockaddr_un address;
    sd_event *event;
    int listener;
    unsigned done;
    bool understood; /* a job's outcome, or a fault of the broker's own */
} broker;

static void forget_socket(void)
{
    (void)unlink(broker.address.sun_path);
}

static void start_broker(void)
{
    broker.address.sun_family = AF_UNIX;
    (void)snprintf(broker.address.sun_path, sizeof(broker.address.sun_path), "/tmp/restarter-fuzz-%d",
                   (int)getpid());
    FUZZ_ASSERT(sd_event_new(&broker.event) >= 0);
    broker.listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)unlink(broker.address.sun_path);
    FUZZ_ASSERT(bind(broker.listener, (struct sockaddr *)&broker.address, sizeof(broker.address)) == 0);
    FUZZ_ASSERT(listen(broker.listener, 8) == 0);
    (void)atexit(forget_socket);
}

static void on_done(const struct rpc_client_answer *answer, void *userdata)
{
    struct outcome outcome = outcome_of_restart(answer);
    struct wire_answer wire = outcome_to_wire(&outcome);

    (void)userdata;
    broker.done++;
    broker.understood = outcome_is_brokers(&outcome);
    FUZZ_ASSERT(outcome.message);
    free(wire_answer_to_json(&wire, JSON_PRETTY));
    outcome_done(&outcome);
}

bool fuzz_passes(const uint8_t *data, size_t size)
{
    (void)LLVMFuzzerTestOneInput(data, size);
    return broker.understood;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rpc_client_request request = { .body = "x", .size = 1, .timeout_usec = 1000000 };
    struct rpc_client_call *call = NULL;
    int fd;

    if (!broker.event)
        start_broker();
    request.socket_path = broker.address.sun_path;
    broker.done = 0;
    FUZZ_ASSERT(rpc_client_call(broker.event, &request, on_done, NULL, &call) == 0);
    fd = accept4(broker.listener, NULL, NULL, SOCK_CLOEXEC);
    FUZZ_ASSERT(fd >= 0);
    (void)send(fd, data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    (void)shutdown(fd, SHUT_WR);
    while (broker.done == 0)
        FUZZ_ASSERT(sd_event_run(broker.event, UINT64_MAX) >= 0);
    (void)close(fd);
    FUZZ_ASSERT(broker.done == 1);
    return 0;
}
