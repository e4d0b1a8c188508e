/* Writes restarter-xmlrpc(7), as scdoc takes it: the text on standard input, in which a line "@METHOD" stands
 * for what the broker itself says of that method. Each method that is served has one, in the order of their
 * names, and nothing else has: otherwise there is no page. Run by make. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/rpc/wire-describe.h"

/* What scdoc would read as markup. */
static void write_text(const char *text)
{
    for (; *text; text++) {
        if (strchr("*_\\", *text))
            (void)putchar('\\');
        (void)putchar(*text);
    }
}

static void write_signature(const struct wire_method *method, const struct wire_names *types)
{
    (void)putchar('*');
    write_text(method->name);
    (void)printf("*(");
    for (size_t i = 1; i < types->n; i++)
        (void)printf("%s%s", i > 1 ? ", " : "", types->items[i]);
    (void)putchar(')');
}

static void write_method(const struct wire_method *method)
{
    struct wire_forms forms;
    struct wire_signatures signatures = wire_describe(method, &forms);

    for (size_t i = 0; i < signatures.n; i++) {
        if (i > 0)
            (void)printf(" or ");
        write_signature(method, &signatures.items[i]);
    }
    (void)printf(": %s\n\t", signatures.items[0].items[0]);
    write_text(method->help);
    (void)putchar(' ');
    write_text(method->usage);
    (void)printf("\n\n");
}

/* Counts those that were written; false for one that is not the next one. */
static bool write_line(const char *line, size_t *n)
{
    const struct wire_method *method;

    if (*line != '@') {
        (void)fputs(line, stdout);
        return true;
    }
    method = wire_method_find(line + 1);
    if (!method || wire_method_id(method) != *n) {
        (void)fprintf(stderr, "restarter-xmlrpc.7.in: %s is not the method that has its place here.\n",
                      line + 1);
        return false;
    }
    write_method(method);
    ++*n;
    return true;
}

int main(void)
{
    _cleanup_(freep) char *line = NULL;
    size_t size = 0, n = 0;

    while (getline(&line, &size, stdin) > 0) {
        if (*line == '@')
            line[strcspn(line, "\n")] = '\0';
        if (!write_line(line, &n))
            return EXIT_FAILURE;
    }
    if (n == WIRE_METHODS_COUNT)
        return EXIT_SUCCESS;
    (void)fprintf(stderr, "restarter-xmlrpc.7.in: nothing is said of %s.\n", WIRE_METHODS[n].name);
    return EXIT_FAILURE;
}
