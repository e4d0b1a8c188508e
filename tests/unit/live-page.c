#include "tests/unit/live-page.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/test.h"

struct live_page *live_page_open_at(struct web *web, const char *address, const char *headers)
{
    struct live_page *page = calloc(1, sizeof(*page));
    char request[8192];

    assert_non_null(page);
    (void)snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s\r\n", address,
                   headers);
    page->fd = web_send(web, request);
    return page;
}

struct live_page *live_page_open_part(struct web *web, const char *query, const char *headers)
{
    char address[4096];

    (void)snprintf(address, sizeof(address), "/events%s", query);
    return live_page_open_at(web, address, headers);
}

struct live_page *live_page_open(struct web *web, const char *headers)
{
    return live_page_open_part(web, "", headers);
}

struct live_page *live_page_close(struct live_page *page)
{
    if (!page)
        return NULL;
    (void)close(page->fd);
    free(page);
    return NULL;
}

/* False at the end. */
static bool take(struct live_page *page)
{
    ssize_t n = recv(page->fd, page->text + page->size, sizeof(page->text) - 1 - page->size, MSG_DONTWAIT);

    page->size += n > 0 ? (size_t)n : 0;
    page->text[page->size] = '\0';
    return n > 0 || (n < 0 && errno == EAGAIN);
}

void live_page_wait(struct web *web, struct live_page *page, const char *part)
{
    for (int i = 0; i < 8000 && !strstr(page->text, part) && take(page); i++)
        web_run(web, 1);
    if (!strstr(page->text, part))
        fail_msg("no '%s' in:\n%s", part, page->text);
}

void live_page_read(struct web *web, struct live_page *page, unsigned turns)
{
    for (unsigned i = 0; i < turns && take(page); i++)
        web_run(web, 1);
}

void live_page_wait_end(struct web *web, struct live_page *page)
{
    for (int i = 0; i < 8000; i++) {
        if (!take(page) || strstr(page->text, "\r\n0\r\n\r\n"))
            return;
        web_run(web, 1);
    }
    fail_msg("it goes on: %s", page->size > 500 ? page->text + page->size - 500 : page->text);
}

void live_page_forget(struct live_page *page)
{
    page->size = 0;
    page->text[0] = '\0';
}

const char *live_page_id(const struct live_page *page)
{
    static char id[64];
    const char *at = page->text, *last = NULL;

    while ((at = strstr(at, "\nid: ")))
        last = at += 5;
    assert_non_null(last);
    assert_int_equal(sscanf(last, "%63[0-9a-f-]", id), 1);
    return id;
}
