/* What the pages of one list show, remembered by digests: enough to tell which rows another list changes. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "webfront/pages/page-list.h"

enum { VIEW_DIGEST_SIZE = 32 }; /* SHA-256 */

struct view_row {
    char *unit;
    uint8_t digest[VIEW_DIGEST_SIZE];
};

struct view {
    struct view_row *rows;
    size_t n_rows;
    uint8_t frame[VIEW_DIGEST_SIZE]; /* of what stands around the rows */
};

/* HTML, NUL-terminated. */
struct view_text {
    char *text;
    size_t size;
};

/* Takes NULL. Returns NULL. */
struct view *view_free(struct view *view);

/* What pages show of that list; all of it in `ret_whole`, and in `ret_change` what is not as it was in
 * `before` (NULL without that, or when nothing has changed): what stands around the rows, rows that are new
 * or another, and their order, each where it has changed. Both texts are the caller's. 0 or -ENOMEM. */
int view_new(const struct page_site *site, const struct page_list *list, const struct view *before,
             struct view **ret, struct view_text *ret_whole, struct view_text *ret_change);
