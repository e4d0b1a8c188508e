/* The text is cut where the press stands. The answer of a long page is the pieces, shared by all, with the
 * press between them: a copy for each slow reader would cost as much memory as the whole list. A short page
 * is copied, since libmicrohttpd sends header and pieces in two steps, which takes twice as long. */
#include "webfront/calls/pressed-page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/machines/machines.h"
#include "webfront/calls/answer.h"
#include "webfront/pages/page-list.h"
#include "webfront/requests/form.h"

#define VALUE " value=\""

enum {
    FORMS_MAX = 3 + 2 * MACHINES_MAX, /* the list's two, and the one for other names; each machine's two */
    PIECES_MAX = 2 * FORMS_MAX + 1,
    /* Bytes: a list of some thirty rows. All connections together hold no more than 8 MB of copies. */
    SHORT_SIZE = 32 * 1024,
    PREFIX_LENGTH = sizeof(FORM_PAGE_PRESS) - 1,
};

struct page {
    char *text;
    size_t size;
    size_t spots[FORMS_MAX]; /* where the presses stand, ascending */
    size_t n_spots;
    char tag[ETAG_SIZE];
};

struct copy {
    struct http_shared *shared;
    char press[FORM_PAGE_PRESS_LENGTH];
};

static void page_free(void *data)
{
    struct page *page = data;

    free(page->text);
    free(page);
}

static void copy_free(void *data)
{
    struct copy *copy = data;

    http_shared_unref(copy->shared);
    free(copy);
}

/* Text from outside is escaped and has no quotes: the field is found nowhere but where it was written. */
static void find_spots(struct page *page)
{
    const char *at = page->text;

    while (page->n_spots < FORMS_MAX && (at = strstr(at, PAGE_PRESS_FIELD))) {
        at = strstr(at, VALUE) + strlen(VALUE);
        page->spots[page->n_spots++] = (size_t)(at - page->text);
    }
}

static unsigned cut(const struct page *page, const struct copy *copy,
                    struct MHD_IoVec pieces[static PIECES_MAX])
{
    unsigned n = 0;
    size_t at = 0;

    for (size_t i = 0; i < page->n_spots; i++) {
        pieces[n++] = (struct MHD_IoVec){ page->text + at, page->spots[i] - at };
        pieces[n++] = (struct MHD_IoVec){ copy->press, sizeof(copy->press) };
        at = page->spots[i] + sizeof(copy->press);
    }
    pieces[n++] = (struct MHD_IoVec){ page->text + at, page->size - at };
    return n;
}

/* A new one: 132 bits in all. */
static bool make_press(char ret[static FORM_PAGE_PRESS_LENGTH])
{
    memcpy(ret, FORM_PAGE_PRESS, PREFIX_LENGTH);
    return form_random_press(ret + PREFIX_LENGTH, FORM_PAGE_PRESS_LENGTH - PREFIX_LENGTH);
}

static struct MHD_Response *make_short(const struct page *page)
{
    _cleanup_(freep) char *text = malloc(page->size);
    char press[FORM_PAGE_PRESS_LENGTH];
    struct MHD_Response *response;

    if (!text || !make_press(press))
        return NULL;
    memcpy(text, page->text, page->size);
    for (size_t i = 0; i < page->n_spots; i++)
        memcpy(text + page->spots[i], press, sizeof(press));
    response = MHD_create_response_from_buffer(page->size, text, MHD_RESPMEM_MUST_FREE);
    if (response)
        (void)TAKE_PTR(text);
    return response;
}

DEFINE_CLEANUP(struct copy *, copy_free);

static struct MHD_Response *make_long(struct http_shared *shared, const struct page *page)
{
    _cleanup_(copy_freep) struct copy *copy = malloc(sizeof(*copy));
    struct MHD_IoVec pieces[PIECES_MAX];
    struct MHD_Response *response;

    if (!copy)
        return NULL;
    copy->shared = http_shared_ref(shared);
    if (!make_press(copy->press))
        return NULL;
    response = MHD_create_response_from_iovec(pieces, cut(page, copy, pieces), copy_free, copy);
    if (response)
        (void)TAKE_PTR(copy);
    return response;
}

static struct MHD_Response *make_response(struct http_shared *shared, void *data)
{
    const struct page *page = data;
    struct MHD_Response *response =
        answer_finish(page->size <= SHORT_SIZE ? make_short(page) : make_long(shared, page), ANSWER_HTML);

    if (*page->tag)
        answer_add_tag(&response, page->tag);
    return response;
}

struct http_shared *pressed_page_new(char *text, size_t size, const char *tag)
{
    struct page *page = text ? calloc(1, sizeof(*page)) : NULL;

    if (!page) {
        free(text);
        return NULL;
    }
    *page = (struct page){ .text = text, .size = size };
    (void)snprintf(page->tag, sizeof(page->tag), "%s", tag);
    find_spots(page);
    return http_shared_new_each(make_response, page_free, page);
}
