/* The frame is assets/frame.html. */
#include "webfront/pages/page.h"

#include <stdio.h>

#include "webfront/pages/assets.h"
#include "webfront/pages/templates.h"

char *page_write(const struct page_site *site, const struct page_body *page, size_t *ret_size)
{
    char seconds[16], refresh[16];
    const struct template_frame frame = {
        .title = page->title,
        .tab = page->tab ? page->tab : page->title,
        .name = page->name,
        .machine = site->machine,
        .icon = asset_address(page->icon ? page->icon : "/icon.svg", site->language),
        .day = page->day,
        .live = page->live,
        .style = asset_address("/style.css", site->language),
        .patience = seconds,
        .foreign = site->foreign,
        .person = site->person,
        .may_sign_out = site->may_sign_out,
        .content = page->content,
        .refresh = page->refresh > 0 ? refresh : NULL,
        .script = page->scripted ? asset_address("/script.js", site->language) : NULL,
    };
    struct html html;

    (void)snprintf(seconds, sizeof(seconds), "%u", site->patience);
    (void)snprintf(refresh, sizeof(refresh), "%u", page->refresh);
    if (html_begin(&html, site->language) < 0)
        return NULL;
    html.machine = site->far;
    template_frame(&html, &frame);
    return html_end(&html, ret_size);
}
