/* HTML's five characters. Errors of the stream are sticky: html_end() tells them. */
#include "webfront/pages/html.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int html_begin(struct html *html)
{
    *html = (struct html){ 0 };
    html->out = open_memstream(&html->text, &html->size);
    return html->out ? 0 : -ENOMEM;
}

void html_raw(struct html *html, const char *markup)
{
    (void)fputs_unlocked(markup, html->out);
}

static const char *escape(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    default:
        return "&#39;";
    }
}

void html_text(struct html *html, const char *text)
{
    while (text && *text) {
        size_t plain = strcspn(text, "&<>\"'");

        (void)fwrite_unlocked(text, 1, plain, html->out);
        text += plain;
        if (*text)
            html_raw(html, escape(*text++));
    }
}

void html_wrapped(struct html *html, const char *before, const char *text, const char *after)
{
    html_raw(html, before);
    html_text(html, text);
    html_raw(html, after);
}

char *html_end(struct html *html, size_t *ret_size)
{
    int failed = ferror(html->out);

    if (fclose(html->out) != 0 || failed) {
        free(html->text);
        return NULL;
    }
    *ret_size = html->size;
    return html->text;
}
