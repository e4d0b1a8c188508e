/* A list of findings. */
#include "polkit/locks/findings.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/array.h"
#include "common/cleanup.h"
#include "common/text.h"

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool is_known(const struct findings *findings, const char *file, unsigned line, const char *message)
{
    for (size_t i = 0; i < findings->n; i++) {
        const struct finding *f = &findings->items[i];

        if (same(f->file, file) && f->line == line && strcmp(f->message, message) == 0)
            return true;
    }
    return false;
}

static bool append(struct findings *findings, enum finding_level level, const char *file, unsigned line,
                   const char *message)
{
    struct finding *item;

    if (!ARRAY_ROOM(findings->items, findings->n))
        return false;
    item = &findings->items[findings->n];
    *item = (struct finding){ .level = level, .line = line, .message = strdup(message) };
    if (file)
        item->file = strdup(file);
    if (!item->message || (file && !item->file)) {
        free(item->message);
        free(item->file);
        return false;
    }
    findings->n++;
    return true;
}

void finding_add(struct findings *findings, enum finding_level level, const char *file, unsigned line,
                 const char *format, ...)
{
    _cleanup_(freep) char *message = NULL;
    va_list arguments;

    va_start(arguments, format);
    message = text_vformat(format, arguments);
    va_end(arguments);
    if (!message ||
        (!is_known(findings, file, line, message) && !append(findings, level, file, line, message)))
        findings->out_of_memory = true;
}

void finding_add_mistake(struct findings *findings, enum finding_level level, const char *mistake,
                         const char *comes_of_it)
{
    const char *message = strstr(mistake, ": ");
    size_t length = message ? (size_t)(message - mistake) : 0;
    _cleanup_(freep) char *file = strndup(mistake, length);
    char *colon = file ? strrchr(file, ':') : NULL;
    unsigned line = 0;

    if (!file) {
        findings->out_of_memory = true;
        return;
    }
    if (colon) {
        line = (unsigned)strtoul(colon + 1, NULL, 10);
        *colon = '\0';
    }
    finding_add(findings, level, length > 0 ? file : NULL, line, "%s; %s",
                length > 0 ? message + strlen(": ") : mistake, comes_of_it);
}

size_t findings_count(const struct findings *findings, enum finding_level level)
{
    size_t n = 0;

    for (size_t i = 0; i < findings->n; i++)
        n += findings->items[i].level == level;
    return n;
}

void findings_done(struct findings *findings)
{
    for (size_t i = 0; i < findings->n; i++) {
        free(findings->items[i].file);
        free(findings->items[i].message);
    }
    free(findings->items);
    *findings = (struct findings){ 0 };
}

void findings_print_level(const struct findings *findings, enum finding_level level)
{
    for (size_t i = 0; i < findings->n; i++) {
        const struct finding *f = &findings->items[i];

        if (f->level != level)
            continue;
        text_print(stdout, f->file);
        if (f->file)
            (void)printf(":");
        if (f->file && f->line)
            (void)printf("%u:", f->line);
        (void)printf("%s%s", f->file ? " " : "", level == NOTE ? "note: " : "");
        text_print(stdout, f->message);
        (void)printf("\n");
    }
}

void findings_print(const struct findings *findings)
{
    findings_print_level(findings, FINDING);
    findings_print_level(findings, NOTE);
}

unsigned line_of(const char *text, const char *what)
{
    const char *found = text && what ? strstr(text, what) : NULL;
    unsigned line = 1;

    if (!found)
        return 0;
    for (const char *p = text; p < found; p++)
        line += *p == '\n';
    return line;
}
