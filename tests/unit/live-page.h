/* An open page of the web front under test, as it hears of changes: a stream of events that is read as it
 * comes. */
#pragma once

#include <stddef.h>

#include "tests/unit/web-client.h"

enum { LIVE_PAGE_SIZE = 128 * 1024 };

struct live_page {
    int fd;
    char text[LIVE_PAGE_SIZE]; /* all that came since live_page_forget() */
    size_t size;
};

/* Opens one; `headers` may be "", each with its end of line. To be freed with live_page_close(). */
struct live_page *live_page_open(struct web *web, const char *headers);
/* The same of another part of the list: "?q=…". */
struct live_page *live_page_open_part(struct web *web, const char *query, const char *headers);
/* At another address. */
struct live_page *live_page_open_at(struct web *web, const char *address, const char *headers);
/* Takes NULL. Returns NULL. */
struct live_page *live_page_close(struct live_page *page);

/* Waits until `part` has come, some seconds at most, or fails. */
void live_page_wait(struct web *web, struct live_page *page, const char *part);
/* Reads for so many turns of the loop. */
void live_page_read(struct web *web, struct live_page *page, unsigned turns);
/* Waits until the stream has ended. */
void live_page_wait_end(struct web *web, struct live_page *page);
void live_page_forget(struct live_page *page);
/* The last id that came. Valid until the next call. */
const char *live_page_id(const struct live_page *page);
