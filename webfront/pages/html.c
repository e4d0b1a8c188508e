/* HTML's five characters. Errors of the stream are sticky: html_end() tells them. */
#include "webfront/pages/html.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/text.h"
#include "webfront/pages/address.h"

int html_begin(struct html *html, enum language language)
{
    *html = (struct html){ .language = language };
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

static void escape_text(struct html *html, const char *text)
{
    while (*text) {
        size_t plain = strcspn(text, "&<>\"'");

        (void)fwrite_unlocked(text, 1, plain, html->out);
        text += plain;
        if (*text)
            html_raw(html, escape(*text++));
    }
}

/* So is nearly all of it. */
static bool is_ascii(const char *text)
{
    while (*text >= 0x20 && *text < 0x7f)
        text++;
    return *text == '\0';
}

void html_text(struct html *html, const char *text)
{
    _cleanup_(freep) char *clean = NULL;

    if (!text)
        return;
    if (!is_ascii(text)) {
        clean = text_clean_copy(text);
        text = clean ? clean : "?";
    }
    escape_text(html, text);
}

void html_encoded(struct html *html, const char *text)
{
    char encoded[ADDRESS_BYTE_SIZE];

    for (; text && *text; text++) {
        (void)address_encode(*text, encoded);
        html_raw(html, encoded);
    }
}

void html_wrapped(struct html *html, const char *before, const char *text, const char *after)
{
    html_raw(html, before);
    html_text(html, text);
    html_raw(html, after);
}

bool html_has(const char *text)
{
    return text && *text;
}

void html_part(struct html *html, const struct html_part *part)
{
    if (part->write)
        part->write(html, part->data);
}

void html_word(struct html *html, enum word word)
{
    escape_text(html, language_text(html->language, word));
}

static void write_piece(const char *text, size_t size, bool is_ours, void *userdata)
{
    struct html *html = userdata;
    char piece[WORD_SIZE];

    if (!is_ours) {
        html_text(html, text);
        return;
    }
    *stpncpy(piece, text, size < sizeof(piece) ? size : sizeof(piece) - 1) = '\0';
    escape_text(html, piece);
}

void html_words(struct html *html, enum word word, const struct word_hole *holes)
{
    language_fill(html->language, word, holes, write_piece, html);
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
