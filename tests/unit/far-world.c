/* The file is the front's credential, as systemd passes it. */
#include "tests/unit/far-world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/test.h"

static size_t prepared;

static void write_machines(struct web *web)
{
    char path[128];
    FILE *file;

    (void)snprintf(path, sizeof(path), "%s/machines.conf", web->directory);
    file = fopen(path, "we");
    assert_non_null(file);
    for (size_t i = 1; i <= prepared; i++)
        assert_true(fprintf(file, "[Machine web%zu]\nVia=socket\n", i) > 0);
    assert_int_equal(fclose(file), 0);
    (void)snprintf(path, sizeof(path), "%s/far/", web->directory);
    assert_int_equal(mkdir(path, 0700), 0);
    (void)setenv("FAR_SOCKETS", path, 1);
}

void far_world_prepare(size_t n)
{
    prepared = n;
    web_setup_more = n > 0 ? write_machines : NULL;
}

struct far_world *far_world_new(struct web *web)
{
    struct far_world *world = calloc(1, sizeof(*world));

    world->web = web;
    world->n = prepared;
    (void)snprintf(world->directory, sizeof(world->directory), "%.40s", web->directory);
    for (size_t i = 0; i < world->n; i++) {
        struct web *far = &world->far[i];

        far->event = web->event;
        (void)snprintf(far->broker_path, sizeof(far->broker_path), "%.40s/far/web%zu.sock", world->directory,
                       i + 1);
        web_start_broker(far);
    }
    return world;
}

void far_world_free(struct far_world *world)
{
    char path[128];

    for (size_t i = 0; i < world->n; i++)
        if (world->far[i].broker)
            web_stop_broker(&world->far[i]);
    (void)snprintf(path, sizeof(path), "%s/far", world->directory);
    (void)rmdir(path);
    (void)snprintf(path, sizeof(path), "%s/machines.conf", world->directory);
    (void)unlink(path);
    free(world);
}

int far_world_set_up(void **state, size_t n)
{
    void *web = NULL;

    far_world_prepare(n);
    assert_int_equal(web_setup(&web), 0);
    *state = far_world_new(web);
    return 0;
}

int far_world_tear_down(void **state)
{
    struct far_world *world = *state;
    void *web = world->web;

    far_world_free(world);
    far_world_prepare(0);
    return web_teardown(&web);
}

int far_world_press_held(struct far_world *world)
{
    int fd;

    world->far[0].mode = BROKER_HOLDS;
    fd = web_send(world->web, "POST /machines/web1/api/instances/1234/restart HTTP/1.1\r\n" WEB_HOST
                              "Content-Length: 0\r\n\r\n");
    for (int i = 0; i < 1000 && world->far[0].restarts == 0; i++)
        web_run(world->web, 1);
    return fd;
}
