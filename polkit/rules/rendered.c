/* Headers and checksums of rendered files. What goes into a header is only ever a comment: bytes that could
 * end one are replaced. */
#include "polkit/rules/rendered.h"

#include <errno.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "polkit/rules/bus-policy.h"
#include "polkit/rules/rule.h"

#define CHECKSUM_MARK "sha256 of all other lines: "

enum {
    CHECKSUM_LENGTH = 2 * SHA256_DIGEST_SIZE,
    HEADER_LINES_MAX = 80, /* a few sentences, and one line for each drop-in */
};

/* How a line becomes a comment in each language. */
struct comment {
    const char *begin, *end;
};
static const struct comment JS = { "// ", "" };
static const struct comment XML = { "<!-- ", " -->" };

/* Of two texts, one after the other. */
static void checksum(const char *before, size_t size, const char *after, char ret[static CHECKSUM_LENGTH + 1])
{
    struct sha256_ctx context;
    uint8_t digest[SHA256_DIGEST_SIZE];

    sha256_init(&context);
    sha256_update(&context, size, (const uint8_t *)before);
    sha256_update(&context, strlen(after), (const uint8_t *)after);
    sha256_digest(&context, sizeof(digest), digest);
    for (size_t i = 0; i < sizeof(digest); i++)
        (void)snprintf(ret + 2 * i, 3, "%02x", digest[i]);
}

/* Names of files are the one thing here that is not ours. "--" would end an XML comment. */
static void print_name(const char *name, FILE *out)
{
    for (const char *p = name; *p; p++)
        (void)fputc(*p < ' ' || *p > '~' || (*p == '-' && p[1] == '-') ? '?' : *p, out);
}

static void print_line(const struct comment *comment, const char *text, const char *name, FILE *out)
{
    (void)fprintf(out, "%s%s", comment->begin, text);
    if (name)
        print_name(name, out);
    (void)fprintf(out, "%s\n", comment->end);
}

/* Grants come file by file. */
static void print_sources(const struct comment *comment, const struct policy *policy, const char *source,
                          FILE *out)
{
    const char *last = NULL;

    print_line(comment, "  ", source, out);
    for (size_t i = 0; i < policy->n_grants; i++) {
        const char *file = policy->grants[i].file;

        if (strcmp(file, source) != 0 && strstr(file, ".d/") && (!last || strcmp(last, file) != 0))
            print_line(comment, "  ", file, out);
        last = file;
    }
}

static int memory_close(FILE *out)
{
    bool failed = ferror(out) != 0;

    return fclose(out) == EOF || failed ? -ENOMEM : 0;
}

/* All of the header but the checksum, whose line comes last. */
static int render_header(const struct comment *comment, const struct policy *policy, const char *source,
                         char **ret)
{
    size_t size = 0;
    FILE *out = open_memstream(ret, &size);

    if (!out)
        return -ENOMEM;
    print_line(comment, "Rendered by 'restartctl policy apply' (see restarter-policy(7)) from", NULL, out);
    print_sources(comment, policy, source, out);
    print_line(comment,
               "Change what is granted there, and apply again. Or tune this file by hand: the checksum", NULL,
               out);
    print_line(comment, "does not fit any more then, and nothing overwrites it unless told to.", NULL, out);
    return memory_close(out);
}

static int compose(const struct comment *comment, const struct policy *policy, const char *source,
                   const char *body, char **ret)
{
    _cleanup_(freep) char *header = NULL;
    char sum[CHECKSUM_LENGTH + 1], *text;
    int r = render_header(comment, policy, source, &header);

    if (r < 0)
        return r;
    checksum(header, strlen(header), body, sum);
    if (asprintf(&text, "%s%s" CHECKSUM_MARK "%s%s\n%s", header, comment->begin, sum, comment->end, body) < 0)
        return -ENOMEM;
    *ret = text;
    return 0;
}

static int render_body(int (*render)(const struct policy *policy, FILE *out), const struct policy *policy,
                       char **ret)
{
    size_t size = 0;
    FILE *out = open_memstream(ret, &size);
    int r, closed;

    if (!out)
        return -ENOMEM;
    r = render(policy, out);
    closed = memory_close(out);
    return r < 0 ? r : closed;
}

int rendered_rule(const struct policy *policy, const char *source, char **ret)
{
    _cleanup_(freep) char *body = NULL;
    int r = render_body(rule_render, policy, &body);

    return r < 0 ? r : compose(&JS, policy, source, body, ret);
}

int rendered_bus(const struct policy *policy, const char *source, char **ret)
{
    _cleanup_(freep) char *body = NULL;
    int r;

    *ret = NULL;
    if (!bus_policy_needed(policy))
        return 0;
    r = render_body(bus_policy_render, policy, &body);
    return r < 0 ? r : compose(&XML, policy, source, body, ret);
}

/* Where the checksum stands in a header. */
struct mark {
    const char *line, *sum, *body; /* its line, the digits, and what follows the line */
};

static bool find_mark(const char *text, struct mark *ret)
{
    const char *line = text, *mark, *end;

    for (unsigned i = 0; i < HEADER_LINES_MAX && line; i++) {
        end = strchr(line, '\n');
        mark = strstr(line, CHECKSUM_MARK);
        if (end && mark && mark < end) {
            *ret = (struct mark){ .line = line, .sum = mark + strlen(CHECKSUM_MARK), .body = end + 1 };
            return true;
        }
        line = end ? end + 1 : NULL;
    }
    return false;
}

/* The line itself has to be as it was, too: it could hold more than a checksum. */
static bool line_is_ours(const struct mark *mark)
{
    static const struct comment *const COMMENTS[] = { &JS, &XML };
    const char *end = mark->body - 1;

    for (size_t i = 0; i < sizeof(COMMENTS) / sizeof(*COMMENTS); i++) {
        size_t begin_length = strlen(COMMENTS[i]->begin), end_length = strlen(COMMENTS[i]->end);

        if ((size_t)(end - mark->line) ==
                begin_length + strlen(CHECKSUM_MARK) + CHECKSUM_LENGTH + end_length &&
            strncmp(mark->line, COMMENTS[i]->begin, begin_length) == 0 &&
            strncmp(end - end_length, COMMENTS[i]->end, end_length) == 0)
            return true;
    }
    return false;
}

enum rendered_state rendered_judge(const char *text)
{
    char sum[CHECKSUM_LENGTH + 1];
    struct mark mark;

    if (!find_mark(text, &mark))
        return RENDERED_FOREIGN;
    checksum(text, (size_t)(mark.line - text), mark.body, sum);
    return line_is_ours(&mark) && strncmp(mark.sum, sum, CHECKSUM_LENGTH) == 0 ? RENDERED_AS_IS
                                                                               : RENDERED_EDITED;
}

bool rendered_same_body(const char *a, const char *b)
{
    struct mark mark_a, mark_b;

    return find_mark(a, &mark_a) && find_mark(b, &mark_b) && strcmp(mark_a.body, mark_b.body) == 0;
}
