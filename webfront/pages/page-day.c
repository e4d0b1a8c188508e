/* The same list as on a unit's page, of all of them. */
#include "webfront/pages/page-day.h"

#include "webfront/pages/page-past.h"
#include "webfront/pages/templates.h"

static void write_day(struct html *html, const void *data)
{
    page_write_past(html, data);
    template_back(html, &(struct template_back){ 0 });
}

char *page_day(const struct page_site *site, const char *day, const struct wire_past *past, size_t *ret_size)
{
    const struct page_past entries = { .past = past, .with_units = true };
    const struct page_body page = {
        .title = language_text(site->language, WORD_THE_DAY),
        .name = html_has(day) ? day : language_text(site->language, WORD_TODAY),
        .content = { write_day, &entries },
    };

    return page_write(site, &page, ret_size);
}
