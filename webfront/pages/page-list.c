/* The list is assets/list.html, each of its rows row.html. */
#include "webfront/pages/page-list.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/refusal.h"
#include "webfront/pages/assets.h"
#include "webfront/pages/list-address.h"
#include "webfront/pages/page-counts.h"
#include "webfront/pages/page-outcome.h"
#include "webfront/pages/page-past.h"
#include "webfront/pages/page-row.h"
#include "webfront/pages/templates.h"

enum {
    PAST_MOST = 5, /* restarts below a card; its own page has more */
    FEW_MAX = 12,  /* so many have two lines each, and room; more, one */
    TAB_SIZE = 128,
};

/* For the style: one has a card, a few have rows with room, many have a line each. */
static const char *size_word(const struct page_list *list)
{
    uint64_t all = list->listing ? page_count_all(list->listing) : 0;

    if (all == 1)
        return "one";
    return all <= FEW_MAX ? "few" : "many";
}

static bool is_filtered(const struct page_list *list)
{
    return *list->part.filter || list->part.state != UNIT_GROUP_NONE;
}

static unsigned page_number(const struct page_list *list)
{
    return (unsigned)list->part.offset / PAGE_LIST_ROWS + 1;
}

/* --- what is wrong --- */

static void write_alert(struct html *html, enum word head, const char *text)
{
    template_banner(html, &(struct template_banner){
                              .head = language_text(html->language, head),
                              .text = text,
                          });
}

static void write_each_banner(struct html *html, const void *data)
{
    const struct page_list *list = data;

    if (list->problem)
        write_alert(html, WORD_LIST_NOT_AVAILABLE, list->problem);
    if (list->listing && !list->listing->policy_ok)
        write_alert(html, list->listing->policy_in_force ? WORD_POLICY_LAST_GOOD : WORD_POLICY_NOTHING,
                    list->listing->policy_error);
}

static void write_banners(struct html *html, const void *data)
{
    template_banners(html, &(struct template_banners){ { write_each_banner, data } });
}

/* --- how all of them are --- */

static void write_each_count(struct html *html, const void *data)
{
    const struct page_list *list = data;

    if (list->listing)
        page_write_counts(html, list->listing, &list->part);
}

static uint64_t count_failed(const struct page_list *list)
{
    return list->listing ? list->listing->failed : 0;
}

static const char *icon_name(const struct page_list *list)
{
    return count_failed(list) > 0 ? "/icon-failed.svg" : "/icon.svg";
}

/* What the tab says: how many failed, for who has the page open behind others. */
static const char *format_tab(enum language language, const struct page_list *list, char ret[static TAB_SIZE])
{
    char number[PAGE_NUMBER_SIZE];
    const char *title = language_text(language, WORD_RESTART_A_SERVICE);
    const struct word_hole holes[] = {
        { "number", page_format_number(language, count_failed(list), number) },
        { "title", title },
        { NULL, NULL },
    };

    if (count_failed(list) == 0)
        return title;
    language_format(language, WORD_TAB_FAILED, holes, ret, TAB_SIZE);
    return ret;
}

static void write_counts(struct html *html, const void *data)
{
    const struct page_list *list = data;
    char tab[TAB_SIZE];

    template_counts(html, &(struct template_counts){
                              .title = format_tab(html->language, list, tab),
                              .icon = asset_address(icon_name(list), html->language),
                              .counts = { write_each_count, list },
                          });
}

/* --- the rows, and where there are none --- */

static void write_rows(struct html *html, const void *data)
{
    const struct page_list *list = data;

    for (size_t i = 0; list->listing && i < list->listing->n_instances; i++)
        page_write_row(html, &list->listing->instances[i]);
}

static void format_empty(enum language language, const struct page_list *list, char ret[static WORD_SIZE])
{
    const struct word_hole holes[] = { { "filter", list->part.filter }, { NULL, NULL } };
    enum word word = WORD_NOTHING_LISTED;

    *ret = '\0';
    if (!list->listing || list->listing->n_instances > 0 || !list->listing->policy_ok)
        return;
    if (*list->part.filter)
        word = WORD_NOTHING_FOUND;
    else if (is_filtered(list) || list->part.offset > 0)
        word = WORD_NOTHING_LIKE_THAT;
    language_format(language, word, holes, ret, WORD_SIZE);
}

static void write_empty(struct html *html, const void *data)
{
    char text[WORD_SIZE];

    format_empty(html->language, data, text);
    template_empty(html, &(struct template_empty){ .text = text });
}

/* "11 to 60 of 2,406"; nothing where all are on one page. */
static void format_place(enum language language, const struct page_list *list, char ret[static WORD_SIZE])
{
    const struct wire_list *listing = list->listing;
    char first[PAGE_NUMBER_SIZE], last[PAGE_NUMBER_SIZE], number[PAGE_NUMBER_SIZE];
    const struct word_hole holes[] = {
        { "first", page_format_number(language, listing->offset + 1, first) },
        { "last", page_format_number(language, listing->offset + listing->n_instances, last) },
        { "number", page_format_number(language, listing->matching, number) },
        { NULL, NULL },
    };

    *ret = '\0';
    if (listing->n_instances > 0 && listing->matching > listing->n_instances)
        language_format(language, WORD_PAGE_OF, holes, ret, WORD_SIZE);
}

static const char *address_of_page(const struct html *html, const struct page_list *list, unsigned page,
                                   bool there, char ret[static LIST_ADDRESS_SIZE])
{
    return there ? list_address(html->machine, list->part.filter, list->part.state, page, ret) : NULL;
}

static void write_pages(struct html *html, const void *data)
{
    const struct page_list *list = data;
    char text[WORD_SIZE] = "", previous[LIST_ADDRESS_SIZE], next[LIST_ADDRESS_SIZE];
    unsigned page = page_number(list);

    if (list->listing)
        format_place(html->language, list, text);
    template_pages(html, &(struct template_pages){
                             .text = text,
                             .previous = address_of_page(html, list, page - 1, page > 1, previous),
                             .next = address_of_page(html, list, page + 1,
                                                     list->listing && list->listing->truncated, next),
                         });
}

/* --- what is searched for --- */

static void write_search(struct html *html, const void *data)
{
    const struct page_list *list = data;

    template_search(html, &(struct template_search){
                              .far = html->machine,
                              .filter = list->part.filter,
                              .state = unit_group_to_string(list->part.state),
                          });
}

/* The row's unit is what was typed: in whole, without its suffix, or its instance. */
static bool is_that(const char *unit, const char *id)
{
    const char *at = strchr(unit, '@'), *dot = strrchr(unit, '.');
    size_t length = strlen(id);

    if (strcmp(unit, id) == 0)
        return true;
    if (!dot)
        return false;
    return ((size_t)(dot - unit) == length && strncmp(unit, id, length) == 0) ||
           (at && at < dot && (size_t)(dot - at - 1) == length && strncmp(at + 1, id, length) == 0);
}

/* One word that is no row's may be an id. */
static bool may_be_other(const struct page_list *list)
{
    if (!*list->part.filter || strchr(list->part.filter, ' '))
        return false;
    for (size_t i = 0; list->listing && i < list->listing->n_instances; i++)
        if (is_that(list->listing->instances[i].unit, list->part.filter))
            return false;
    return true;
}

static void write_other(struct html *html, const void *data)
{
    const struct page_list *list = data;

    if (may_be_other(list))
        template_other(html, &(struct template_other){ .far = html->machine, .filter = list->part.filter });
}

/* --- what was done to the one that there is --- */

static void write_past(struct html *html, const void *data)
{
    const struct page_list *list = data;
    const struct page_past past = { .past = list->past, .problem = list->past_problem, .most = PAST_MOST };

    template_one(html, &(struct template_one){
                           .far = html->machine,
                           .unit = list->listing->instances[0].unit,
                           .past = { page_write_past, &past },
                       });
}

/* --- the page --- */

static void write_lost(struct html *html, _unused_ const void *data)
{
    const struct outcome lost = outcome_refused(REFUSAL_UNKNOWN, "No answer came back. " OUTCOME_LOOK_FIRST);

    page_write_outcome(html, &lost);
}

/* Where there are few, they come first. */
static void write_list(struct html *html, const void *data)
{
    const struct page_list *list = data;
    bool many = strcmp(size_word(list), "many") == 0 || is_filtered(list) || list->here;
    char iso[PAGE_ISO_SIZE], clock[PAGE_CLOCK_SIZE], here[LIST_ADDRESS_SIZE];

    page_format_time((uint64_t)list->now, iso, clock);
    template_list(html, &(struct template_list){
                            .far = html->machine,
                            .here = list->here,
                            .machines = { list->write_machines, list->machines },
                            .banners = { write_banners, list },
                            .counts = { write_counts, list },
                            .search_first = { many ? write_search : NULL, list },
                            .size = size_word(list),
                            .rows = { write_rows, list },
                            .empty = { write_empty, list },
                            .other = { write_other, list },
                            .one = { list->past || list->past_problem ? write_past : NULL, list },
                            .pages = { write_pages, list },
                            .search_last = { many ? NULL : write_search, list },
                            .asked_only = !list->listing,
                            .iso = iso,
                            .clock = clock,
                            .here_address = list_address(html->machine, list->part.filter, list->part.state,
                                                         page_number(list), here),
                            .lost = { write_lost, NULL },
                        });
}

char *page_list(const struct page_site *site, const struct page_list *list, size_t *ret_size)
{
    char tab[TAB_SIZE];
    const struct page_body page = {
        .title = language_text(site->language, WORD_RESTART_A_SERVICE),
        .tab = format_tab(site->language, list, tab),
        .icon = icon_name(list),
        .live = true,
        .day = list->listing && list->listing->admin && !site->far,
        .scripted = true,
        .content = { write_list, list },
    };

    return page_write(site, &page, ret_size);
}

/* --- the parts of it that change --- */

char *page_list_frame(const struct page_site *site, const struct page_list *list, size_t *ret_size)
{
    struct html html;

    if (html_begin(&html, site->language) < 0)
        return NULL;
    html.machine = site->far;
    write_banners(&html, list);
    write_counts(&html, list);
    write_empty(&html, list);
    write_pages(&html, list);
    return html_end(&html, ret_size);
}

char *page_list_row(const struct page_site *site, const struct wire_instance *instance, size_t *ret_size)
{
    struct html html;

    if (html_begin(&html, site->language) < 0)
        return NULL;
    html.machine = site->far;
    page_write_row(&html, instance);
    return html_end(&html, ret_size);
}
