/* The section is assets/machine.html. Its rows have the same bytes as on the machine's own page. */
#include "webfront/pages/page-machine.h"

#include <inttypes.h>
#include <stdio.h>

#include "webfront/pages/list-address.h"
#include "webfront/pages/page-counts.h"
#include "webfront/pages/page-row.h"
#include "webfront/pages/templates.h"

enum { SECONDS_SIZE = 24 };

static void write_counts(struct html *html, const void *data)
{
    const struct page_machine *machine = data;

    if (machine->listing)
        page_write_counts(html, machine->listing, &machine->part);
}

static void write_rows(struct html *html, const void *data)
{
    const struct page_machine *machine = data;

    for (size_t i = 0; machine->listing && i < machine->listing->n_instances; i++)
        page_write_row(html, &machine->listing->instances[i]);
}

/* The state of its news, where there is anything to say of it. */
static void format_news(enum language language, const struct page_machine *machine, const char *seconds,
                        char ret[static WORD_SIZE])
{
    const struct word_hole holes[] = { { "seconds", seconds }, { NULL, NULL } };
    const struct wire_list *listing = machine->listing;

    *ret = '\0';
    if (machine->silent_sec > 0)
        language_format(language, WORD_NO_ANSWER_FOR, holes, ret, WORD_SIZE);
    else if (!listing)
        (void)snprintf(ret, WORD_SIZE, "%s",
                       machine->problem ? machine->problem : language_text(language, WORD_NO_ANSWER_YET));
    else if (!listing->policy_ok)
        (void)snprintf(ret, WORD_SIZE, "%s", listing->policy_error);
    else if (listing->n_instances == 0)
        (void)snprintf(ret, WORD_SIZE, "%s", language_text(language, WORD_NOTHING_LIKE_THAT));
}

/* Its own page has more than that. */
static void format_more(enum language language, const struct page_machine *machine,
                        char ret[static WORD_SIZE])
{
    const struct wire_list *listing = machine->listing;
    char number[PAGE_NUMBER_SIZE];
    const struct word_hole holes[] = {
        { "number", listing ? page_format_number(language, listing->matching, number) : NULL },
        { "machine", machine->name },
        { NULL, NULL },
    };

    *ret = '\0';
    if (listing && listing->truncated)
        language_format(language, WORD_ALL_ON_MACHINE, holes, ret, WORD_SIZE);
}

struct wire_list_options page_machine_part(const struct wire_list_options *part)
{
    struct wire_list_options far = *part;

    far.offset = 0;
    far.limit = PAGE_MACHINE_ROWS;
    return far;
}

static void write_machine(struct html *html, const struct page_machine *machine)
{
    char seconds[SECONDS_SIZE], news[WORD_SIZE], more[WORD_SIZE], address[LIST_ADDRESS_SIZE];

    (void)snprintf(seconds, sizeof(seconds), "%" PRIu64, machine->silent_sec);
    format_news(html->language, machine, seconds, news);
    format_more(html->language, machine, more);
    template_machine(html, &(struct template_machine){
                               .machine = machine->name,
                               .silent = machine->silent_sec > 0 ? seconds : NULL,
                               .bad = machine->silent_sec > 0 || machine->problem ||
                                      (machine->listing && !machine->listing->policy_ok),
                               .news = news,
                               .counts = { write_counts, machine },
                               .rows = { write_rows, machine },
                               .more = more,
                               .address = list_address(machine->name, machine->part.filter,
                                                       machine->part.state, 1, address),
                           });
}

char *page_machine(const struct page_site *site, const struct page_machine *machine, size_t *ret_size)
{
    struct html html;

    if (html_begin(&html, site->language) < 0)
        return NULL;
    html.machine = machine->name;
    write_machine(&html, machine);
    return html_end(&html, ret_size);
}
