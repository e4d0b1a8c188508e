/* How many there are, and how they are, in a line: each part of it is template_count. */
#include "webfront/pages/page-counts.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

#include "webfront/pages/list-address.h"
#include "webfront/pages/templates.h"

const char *page_format_number(enum language language, uint64_t number, char ret[static PAGE_NUMBER_SIZE])
{
    const char *thousands = language_text(language, WORD_THOUSANDS);
    char digits[24], *to = ret;
    size_t n = (size_t)snprintf(digits, sizeof(digits), "%" PRIu64, number);

    for (size_t i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            *to++ = *thousands;
        *to++ = digits[i];
    }
    *to = '\0';
    return ret;
}

uint64_t page_count_all(const struct wire_list *listing)
{
    uint64_t counted = listing->failed + listing->restarting + listing->running + listing->stopped;

    return counted > listing->n_instances ? counted : listing->n_instances;
}

static void write_count(struct html *html, const struct wire_list_options *part, enum unit_group group,
                        enum word word, uint64_t count)
{
    bool current = group == part->state && (group != UNIT_GROUP_NONE || !*part->filter);
    char number[PAGE_NUMBER_SIZE], address[LIST_ADDRESS_SIZE];

    if (count == 0 && !current)
        return;
    template_count(html, &(struct template_count){
                             .group = unit_group_to_string(group),
                             .address = list_address(html->machine, "", group, 1, address),
                             .current = current,
                             .number = page_format_number(html->language, count, number),
                             .word = language_text(html->language, word),
                         });
}

/* As systemd says it of those, too, whose processes have ended and are meant to have. */
static enum word running_word(const struct wire_list *listing)
{
    return listing->exited > 0 ? WORD_COUNT_ACTIVE : WORD_COUNT_RUNNING;
}

/* The link back to all of them stands there when not all are shown. */
void page_write_counts(struct html *html, const struct wire_list *listing,
                       const struct wire_list_options *part)
{
    write_count(html, part, UNIT_GROUP_FAILED, WORD_COUNT_FAILED, listing->failed);
    write_count(html, part, UNIT_GROUP_RESTARTING, WORD_COUNT_RESTARTING, listing->restarting);
    write_count(html, part, UNIT_GROUP_RUNNING, running_word(listing), listing->running);
    write_count(html, part, UNIT_GROUP_STOPPED, WORD_COUNT_STOPPED, listing->stopped);
    if (*part->filter || part->state != UNIT_GROUP_NONE)
        write_count(html, part, UNIT_GROUP_NONE, WORD_ALL, page_count_all(listing));
}
