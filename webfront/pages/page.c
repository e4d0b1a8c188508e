/* The frame of every page. No inline script or style: the content security policy forbids both. */
#include "webfront/pages/page.h"

#include <stdio.h>

static void write_head(struct html *html, const struct page_site *site, const char *title, const char *name)
{
    html_raw(html, "<!doctype html>\n"
                   "<html lang=\"en\">\n"
                   "<head>\n"
                   "<meta charset=\"utf-8\">\n"
                   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                   "<meta name=\"color-scheme\" content=\"light dark\">\n");
    html_wrapped(html, "<title>", title, name ? " " : "");
    html_text(html, name);
    html_wrapped(html, *site->machine ? " \xc2\xb7 " : "", site->machine, "</title>\n");
    html_raw(html, "<link rel=\"icon\" type=\"image/svg+xml\" href=\"/icon.svg\">\n"
                   "<link rel=\"stylesheet\" href=\"/style.css\">\n"
                   "</head>\n");
}

static void write_patience(struct html *html, const struct page_site *site)
{
    char seconds[16];

    (void)snprintf(seconds, sizeof(seconds), "%u", site->patience);
    html_wrapped(html, "<body data-patience=\"", seconds, "\">\n");
}

void page_begin(struct html *html, const struct page_site *site, const char *title, const char *name)
{
    write_head(html, site, title, name);
    write_patience(html, site);
    html_raw(html, "<header>\n");
    html_raw(html, site->foreign ? "<span class=\"brand\">restarter</span>\n"
                                 : "<a class=\"brand\" href=\"/\">restarter</a>\n");
    if (*site->machine)
        html_wrapped(html, "<span class=\"machine\"><span class=\"unseen\">on the machine </span>",
                     site->machine, "</span>\n");
    html_raw(html, "</header>\n<main>\n");
    html_wrapped(html, "<h1>", title, name ? " <span class=\"unit\">" : "");
    html_wrapped(html, "", name, name ? "</span></h1>\n" : "</h1>\n");
}

void page_end(struct html *html, const struct page_site *site)
{
    html_raw(html, "</main>\n");
    if (!site->foreign)
        html_raw(html, "<footer>This page restarts or reloads what its policy names, and does nothing else. "
                       "Every request is written to the journal of this machine.</footer>\n");
    html_raw(html, "</body>\n"
                   "</html>\n");
}
