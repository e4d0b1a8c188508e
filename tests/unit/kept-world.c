/* The peer answers what the test says, when it says it. */
#include "tests/unit/kept-world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "tests/unit/held-clock.h"
#include "tests/unit/test.h"

int kept_setup(void **state)
{
    struct kept_world *world = calloc(1, sizeof(*world));
    struct sockaddr_un address = { .sun_family = AF_UNIX };

    clock_hold();
    strcpy(world->directory, "/tmp/rpc-kept-XXXXXX");
    assert_non_null(mkdtemp(world->directory));
    (void)snprintf(world->path, sizeof(world->path), "%s/socket", world->directory);
    strcpy(address.sun_path, world->path);
    world->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    assert_int_equal(bind(world->listener, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(world->listener, PEERS_MAX), 0);
    assert_true(sd_event_new(&world->event) >= 0);
    assert_int_equal(rpc_kept_new(world->event, world->path, &world->kept), 0);
    *state = world;
    return 0;
}

void kept_hang_up(struct kept_world *world, unsigned peer)
{
    closep(&world->peers[peer]);
    world->peers[peer] = -1;
}

int kept_teardown(void **state)
{
    struct kept_world *world = *state;

    rpc_kept_free(world->kept);
    for (unsigned i = 0; i < world->n_peers; i++)
        closep(&world->peers[i]);
    closep(&world->listener);
    sd_event_unref(world->event);
    (void)unlink(world->path);
    (void)rmdir(world->directory);
    free(world);
    return 0;
}

void kept_accept(struct kept_world *world)
{
    int fd;

    while ((fd = accept4(world->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
        assert_true(world->n_peers < PEERS_MAX);
        world->peers[world->n_peers++] = fd;
    }
}

const char *kept_heard(struct kept_world *world, unsigned peer)
{
    static char text[4096];
    ssize_t n = recv(world->peers[peer], text, sizeof(text) - 1, 0);

    text[n > 0 ? n : 0] = '\0';
    return text;
}

void kept_say(struct kept_world *world, unsigned peer, const char *text)
{
    assert_int_equal(send(world->peers[peer], text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

void kept_turn(struct kept_world *world, int n)
{
    for (int i = 0; i < n; i++)
        assert_true(sd_event_run(world->event, 0) >= 0);
}

void kept_on_done(const struct rpc_client_answer *answer, void *userdata)
{
    struct kept_seen *seen = userdata;

    seen->calls++;
    seen->answer = *answer;
    (void)snprintf(seen->body, sizeof(seen->body), "%.60s", answer->body ? answer->body : "");
}

void kept_begin(struct kept_world *world, bool reads, struct kept_seen *seen)
{
    const struct rpc_client_request request = { .body = "<x/>", .size = 4, .timeout_usec = 2000000 };
    struct rpc_client_call *pending = NULL;

    memset(seen, 0, sizeof(*seen));
    assert_int_equal(rpc_kept_call(world->kept, &request, reads, kept_on_done, seen, &pending), 0);
    assert_int_equal(seen->calls, 0);
    kept_accept(world);
}

void kept_end(struct kept_world *world, const struct kept_seen *seen, enum rpc_client_result result)
{
    for (int i = 0; i < 100 && seen->calls == 0; i++)
        kept_turn(world, 1);
    assert_int_equal(seen->calls, 1);
    assert_int_equal(seen->answer.result, result);
}

void kept_pass(struct kept_world *world, unsigned peer)
{
    struct kept_seen seen;

    kept_begin(world, true, &seen);
    assert_int_equal(world->n_peers, peer + 1);
    assert_non_null(strstr(kept_heard(world, peer), "\r\nConnection: keep-alive\r\n"));
    kept_say(world, peer, KEPT_GOOD);
    kept_end(world, &seen, RPC_CLIENT_ANSWERED);
    assert_string_equal(seen.body, "hi");
}
