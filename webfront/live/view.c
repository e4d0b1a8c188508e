/* Each row is rendered by itself, compared by its digest, and goes to the whole list, and to the change where
 * it differs. Two digests that are alike are the same row, as far as anybody can make them so. */
#include "webfront/live/view.h"

#include <errno.h>
#include <nettle/sha2.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "webfront/pages/html.h"

struct view *view_free(struct view *view)
{
    for (size_t i = 0; view && i < view->n_rows; i++)
        free(view->rows[i].unit);
    if (view)
        free(view->rows);
    free(view);
    return NULL;
}

/* --- a text that grows --- */

struct writer {
    FILE *out;
    struct view_text text;
};

static int writer_begin(struct writer *writer)
{
    writer->out = open_memstream(&writer->text.text, &writer->text.size);
    return writer->out ? 0 : -ENOMEM;
}

static int writer_end(struct writer *writer)
{
    bool good = writer->out && !ferror(writer->out);

    if (writer->out)
        good = fclose(writer->out) == 0 && good;
    writer->out = NULL;
    return good ? 0 : -ENOMEM;
}

static void writer_done(struct writer *writer)
{
    (void)writer_end(writer);
    free(writer->text.text);
}

/* --- what goes into them --- */

struct build {
    const struct page_site *site;
    const struct page_list *list;
    const struct view *before;
    struct view *view;
    struct writer whole, change;
    bool changed;
};

static void digest(const char *text, size_t size, uint8_t ret[static VIEW_DIGEST_SIZE])
{
    struct sha256_ctx ctx;

    sha256_init(&ctx);
    sha256_update(&ctx, size, (const uint8_t *)text);
    sha256_digest(&ctx, VIEW_DIGEST_SIZE, ret);
}

/* Most rows stand where they stood. */
static const struct view_row *find_row(const struct view *view, size_t hint, const char *unit)
{
    if (hint < view->n_rows && strcmp(view->rows[hint].unit, unit) == 0)
        return &view->rows[hint];
    for (size_t i = 0; i < view->n_rows; i++)
        if (strcmp(view->rows[i].unit, unit) == 0)
            return &view->rows[i];
    return NULL;
}

static void put(struct build *build, const char *text, size_t size, bool changed)
{
    (void)fwrite(text, 1, size, build->whole.out);
    if (!changed)
        return;
    (void)fwrite(text, 1, size, build->change.out);
    build->changed = true;
}

static int add_frame(struct build *build)
{
    const struct view *before = build->before;
    size_t size = 0;
    _cleanup_(freep) char *text = page_list_frame(build->site, build->list, &size);

    if (!text)
        return -ENOMEM;
    digest(text, size, build->view->frame);
    put(build, text, size, !before || memcmp(before->frame, build->view->frame, VIEW_DIGEST_SIZE) != 0);
    return 0;
}

static int add_row(struct build *build, const struct wire_instance *instance)
{
    struct view_row *row = &build->view->rows[build->view->n_rows];
    const struct view_row *was;
    size_t size = 0;
    _cleanup_(freep) char *text = page_list_row(build->site, instance, &size);

    row->unit = text ? strdup(instance->unit) : NULL;
    if (!row->unit)
        return -ENOMEM;
    digest(text, size, row->digest);
    was = build->before ? find_row(build->before, build->view->n_rows, row->unit) : NULL;
    build->view->n_rows++;
    put(build, text, size, !was || memcmp(was->digest, row->digest, VIEW_DIGEST_SIZE) != 0);
    return 0;
}

static int add_rows(struct build *build)
{
    static const char BEGIN[] = "<ul data-rows>\n", END[] = "</ul>\n";
    int r = 0;

    (void)fputs(BEGIN, build->whole.out);
    (void)fputs(BEGIN, build->change.out);
    for (size_t i = 0; i < build->list->listing->n_instances && r == 0; i++)
        r = add_row(build, &build->list->listing->instances[i]);
    (void)fputs(END, build->whole.out);
    (void)fputs(END, build->change.out);
    return r;
}

static bool has_other_order(const struct view *before, const struct view *now)
{
    if (!before || before->n_rows != now->n_rows)
        return true;
    for (size_t i = 0; i < now->n_rows; i++)
        if (strcmp(before->rows[i].unit, now->rows[i].unit) != 0)
            return true;
    return false;
}

static int add_order(struct build *build)
{
    const struct view *view = build->view;
    struct html html;
    size_t size = 0;
    _cleanup_(freep) char *text = NULL;

    if (!has_other_order(build->before, view))
        return 0;
    if (html_begin(&html, build->site->language) < 0)
        return -ENOMEM;
    html_raw(&html, "<ol hidden data-order>\n");
    for (size_t i = 0; i < view->n_rows; i++)
        html_wrapped(&html, "<li>", view->rows[i].unit, "</li>\n");
    html_raw(&html, "</ol>\n");
    text = html_end(&html, &size);
    if (!text)
        return -ENOMEM;
    (void)fwrite(text, 1, size, build->change.out);
    build->changed = true;
    return 0;
}

static int fill(struct build *build)
{
    int r;

    if (writer_begin(&build->whole) < 0 || writer_begin(&build->change) < 0)
        return -ENOMEM;
    r = add_frame(build);
    if (r == 0)
        r = add_rows(build);
    if (r == 0)
        r = add_order(build);
    if (writer_end(&build->whole) < 0 || writer_end(&build->change) < 0)
        return -ENOMEM;
    return r;
}

static void build_done(struct build *build)
{
    view_free(build->view);
    writer_done(&build->whole);
    writer_done(&build->change);
}

int view_new(const struct page_site *site, const struct page_list *list, const struct view *before,
             struct view **ret, struct view_text *ret_whole, struct view_text *ret_change)
{
    _cleanup_(build_done) struct build build = { .site = site, .list = list, .before = before };
    int r;

    build.view = calloc(1, sizeof(*build.view));
    if (build.view)
        build.view->rows = calloc(list->listing->n_instances + 1, sizeof(*build.view->rows));
    if (!build.view || !build.view->rows)
        return -ENOMEM;
    r = fill(&build);
    if (r < 0)
        return r;
    *ret = TAKE_PTR(build.view);
    *ret_whole = build.whole.text;
    build.whole.text.text = NULL;
    *ret_change = before && build.changed ? build.change.text : (struct view_text){ 0 };
    if (ret_change->text)
        build.change.text.text = NULL;
    return 0;
}
