/* Reads the tables of a rendered rule back, by writing them as a policy file: that has a parser already. */
#include "polkit/rules/rule.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/load.h"

/* A table's line, and the key of the policy file that says the same. */
static const struct {
    const char *begin, *key;
} LINES[] = {
    { "            unit: \"", "[Grant]\nUnit=" },
    { "            instances: [\"", "Instances=" },
    { "            verbs: [\"", "Verbs=" },
};

/* Prints what stands between quotes, one space between two; a comma, a bracket or the end of the line
 * follows. */
static void print_words(const char *text, FILE *out)
{
    size_t line = strcspn(text, "\n");

    for (const char *end; (end = memchr(text, '"', line));) {
        (void)fwrite(text, 1, (size_t)(end - text), out);
        if (strncmp(end, "\", \"", 4) != 0)
            break;
        (void)fputc(' ', out);
        line -= (size_t)(end + 4 - text);
        text = end + 4;
    }
    (void)fputc('\n', out);
}

/* What was granted to several people apart is there several times: each row is taken for somebody else's. */
static void print_policy(const char *text, FILE *out)
{
    unsigned n = 0;

    for (const char *line = text; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
        for (size_t i = 0; i < sizeof(LINES) / sizeof(*LINES); i++)
            if (strncmp(line, LINES[i].begin, strlen(LINES[i].begin)) == 0) {
                (void)fputs(LINES[i].key, out);
                print_words(line + strlen(LINES[i].begin), out);
                if (i == 0)
                    (void)fprintf(out, "Users=row-%u\n", n++);
            }
}

int rule_read(const char *text, struct policy **ret)
{
    _cleanup_(policy_error_done) struct policy_error error = { 0 };
    _cleanup_(freep) char *policy = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&policy, &size);

    if (!out)
        return -ENOMEM;
    print_policy(text, out);
    if (fclose(out) == EOF)
        return -ENOMEM;
    return policy_load_text("the rule", policy, size, ret, &error);
}
