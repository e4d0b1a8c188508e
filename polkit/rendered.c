/* Headers and checksums of rendered files. What goes into a header is only ever a comment: bytes that could
 * end one are replaced. */
#include "polkit/rendered.h"

#include <errno.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "polkit/bus-policy.h"
#include "polkit/rule.h"

#define CHECKSUM_MARK "sha256 of all that follows this line: "

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

static void checksum(const char *text, char ret[static CHECKSUM_LENGTH + 1])
{
    struct sha256_ctx context;
    uint8_t digest[SHA256_DIGEST_SIZE];

    sha256_init(&context);
    sha256_update(&context, strlen(text), (const uint8_t *)text);
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

static void print_header(const struct comment *comment, const struct policy *policy, const char *source,
                         const char *body, FILE *out)
{
    char sum[CHECKSUM_LENGTH + 1];

    checksum(body, sum);
    print_line(comment, "Rendered by 'restartctl policy apply' (see restarter-policy(7)) from", NULL, out);
    print_sources(comment, policy, source, out);
    print_line(comment,
               "Change what is granted there, and apply again. Or tune this file by hand: the checksum", NULL,
               out);
    print_line(comment, "does not fit any more then, and nothing overwrites it unless told to.", NULL, out);
    print_line(comment, CHECKSUM_MARK, sum, out);
}

static int memory_close(FILE *out)
{
    bool failed = ferror(out) != 0;

    return fclose(out) == EOF || failed ? -ENOMEM : 0;
}

static int compose(const struct comment *comment, const struct policy *policy, const char *source,
                   const char *body, char **ret)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    int r;

    if (!out)
        return -ENOMEM;
    print_header(comment, policy, source, body, out);
    (void)fputs(body, out);
    r = memory_close(out);
    if (r < 0)
        free(text);
    else
        *ret = text;
    return r;
}

static int render_body(int (*render)(const struct policy *policy, FILE *out), const struct policy *policy,
                       char **ret)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    int r, closed;

    if (!out)
        return -ENOMEM;
    r = render(policy, out);
    closed = memory_close(out);
    if (r < 0 || closed < 0) {
        free(text);
        return r < 0 ? r : closed;
    }
    *ret = text;
    return 0;
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

/* The checksum in the header and what follows that line; NULL when there is no such header. */
static const char *find_body(const char *text, const char **ret_sum)
{
    const char *line = text, *mark, *end;

    for (unsigned i = 0; i < HEADER_LINES_MAX && line; i++) {
        end = strchr(line, '\n');
        mark = strstr(line, CHECKSUM_MARK);
        if (end && mark && mark < end) {
            *ret_sum = mark + strlen(CHECKSUM_MARK);
            return end + 1;
        }
        line = end ? end + 1 : NULL;
    }
    return NULL;
}

enum rendered_state rendered_judge(const char *text)
{
    char sum[CHECKSUM_LENGTH + 1];
    const char *recorded, *body = find_body(text, &recorded);

    if (!body)
        return RENDERED_FOREIGN;
    checksum(body, sum);
    return strncmp(recorded, sum, CHECKSUM_LENGTH) == 0 ? RENDERED_AS_IS : RENDERED_EDITED;
}

bool rendered_same_body(const char *a, const char *b)
{
    const char *sum, *body_a = find_body(a, &sum), *body_b = find_body(b, &sum);

    return body_a && body_b && strcmp(body_a, body_b) == 0;
}
