#include "tests/unit/web-fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/held-clock.h"
#include "tests/unit/test.h"

/* As systemd passes them. */
static void write_settings(struct web *web, const char *text)
{
    FILE *file;

    (void)snprintf(web->settings_path, sizeof(web->settings_path), "%s/webfront.conf", web->directory);
    file = fopen(web->settings_path, "we");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    (void)setenv("CREDENTIALS_DIRECTORY", web->directory, 1);
}

void (*web_setup_more)(struct web *web);

static int setup_front(void **state, bool is_proxys, const char *text)
{
    struct web *web = calloc(1, sizeof(*web));

    clock_hold();
    (void)stpcpy(web->directory, "/tmp/test-web-XXXXXX");
    assert_non_null(mkdtemp(web->directory));
    (void)snprintf(web->broker_path, sizeof(web->broker_path), "%s/broker", web->directory);
    (void)setenv("BROKER_SOCKET", web->broker_path, 1);
    (void)setenv("ALLOWED_HOSTS", "button.example", 1);
    web->address.sun_family = AF_UNIX;
    web->address_size = sizeof(sa_family_t);
    web->listen_fd = web_listen(&web->address, &web->address_size);
    write_settings(web, text);
    if (web_setup_more)
        web_setup_more(web);
    assert_int_equal(settings_read(is_proxys, &web->settings), 0);
    assert_int_equal(webfront_new(&web->settings, &web->listen_fd, 1, &web->front), 0);
    web->event = webfront_event(web->front);
    web_start_broker(web);
    *state = web;
    return 0;
}

int web_setup(void **state)
{
    return setup_front(state, false, "[Web]\nLogin=none\n");
}

int web_setup_with(void **state, const char *settings)
{
    return setup_front(state, false, settings);
}

int web_setup_proxys(void **state)
{
    return setup_front(state, true, "[Web]\nLogin=none\nGroupsHeader=Remote-Groups\n");
}

int web_teardown(void **state)
{
    struct web *web = *state;

    web_stop_broker(web);
    webfront_free(web->front);
    settings_done(&web->settings);
    (void)close(web->listen_fd);
    (void)unlink(web->settings_path);
    (void)rmdir(web->directory);
    free(web);
    return 0;
}

void web_run(struct web *web, unsigned turns)
{
    for (unsigned i = 0; i < turns; i++)
        (void)sd_event_run(web->event, 1000);
}
