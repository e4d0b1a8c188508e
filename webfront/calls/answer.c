/* How answers look on the wire. Who asked under which name is decided here for all of them alike. */
#include "webfront/calls/answer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/text.h"
#include "webfront/pages/page-outcome.h"
#include "webfront/requests/origin.h"

/* Referrer-Policy: with no-referrer, Chromium sends "Origin: null" along with our own forms, which is what a
 * hostile page's sandboxed frame sends too; with same-origin the two can be told apart. */
static const struct header {
    const char *name, *value;
} SECURITY_HEADERS[] = {
    { "Content-Security-Policy",
      "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
      "form-action 'self'; frame-ancestors 'none'; base-uri 'none'" },
    { "X-Frame-Options", "DENY" },
    { "X-Content-Type-Options", "nosniff" },
    { "Referrer-Policy", "same-origin" },
    { "Cross-Origin-Opener-Policy", "same-origin" },
    { "Cross-Origin-Resource-Policy", "same-origin" },
    { "Cache-Control", "no-store" },
};

enum {
    FIXED_MAX = 128, /* kept answers: more than there are fixed sentences in the formats */
};

struct answers {
    struct page_site ours;
    const char *allowed_hosts;
    struct fixed {
        const char *message;
        unsigned status;
        enum format format;
        const struct page_site *site;
        struct http_shared *shared;
    } fixed[FIXED_MAX];
    size_t n_fixed;
};

int answers_new(const struct page_site *ours, const char *allowed_hosts, struct answers **ret)
{
    struct answers *answers = calloc(1, sizeof(*answers));

    if (!answers)
        return -ENOMEM;
    answers->ours = *ours;
    answers->allowed_hosts = allowed_hosts;
    *ret = answers;
    return 0;
}

struct answers *answers_free(struct answers *answers)
{
    if (!answers)
        return NULL;
    for (size_t i = 0; i < answers->n_fixed; i++)
        http_shared_unref(answers->fixed[i].shared);
    free(answers);
    return NULL;
}

const struct page_site *answer_own_site(const struct answers *answers)
{
    return &answers->ours;
}

const struct page_site *answer_site(const struct answers *answers, const struct http_request *request)
{
    static const struct page_site NOWHERE = { .machine = "", .foreign = true };

    return origin_is_ours(request, answers->allowed_hosts) ? &answers->ours : &NOWHERE;
}

static bool add_header(struct MHD_Response **response, const char *name, const char *value)
{
    if (*response && MHD_add_response_header(*response, name, value) != MHD_YES) {
        MHD_destroy_response(*response);
        *response = NULL;
    }
    return *response;
}

struct MHD_Response *answer_finish(struct MHD_Response *response, const char *content_type)
{
    (void)add_header(&response, MHD_HTTP_HEADER_CONTENT_TYPE, content_type);
    for (size_t i = 0; i < sizeof(SECURITY_HEADERS) / sizeof(*SECURITY_HEADERS); i++)
        (void)add_header(&response, SECURITY_HEADERS[i].name, SECURITY_HEADERS[i].value);
    return response;
}

struct MHD_Response *answer_new(const void *body, size_t size, const char *content_type)
{
    return answer_finish(body ? http_response_new(body, size, NULL) : NULL, content_type);
}

/* Says when to come back, unless `seconds` is 0. NULL in, or out of memory: NULL out. */
static struct MHD_Response *add_retry_after(struct MHD_Response *response, unsigned seconds)
{
    char text[16];

    if (seconds > 0) {
        (void)snprintf(text, sizeof(text), "%u", seconds);
        (void)add_header(&response, "Retry-After", text);
    }
    return response;
}

struct MHD_Response *answer_new_rpc(const struct wire_answer *answer, unsigned retry_after)
{
    xmlrpc_mem_block *block = wire_answer_encode(answer);
    struct MHD_Response *response = NULL;

    if (block)
        response =
            answer_new(XMLRPC_MEMBLOCK_CONTENTS(char, block), XMLRPC_MEMBLOCK_SIZE(char, block), "text/xml");
    rpc_block_free(block);
    return add_retry_after(response, retry_after);
}

/* Takes `text` over, to which it adds the end of its line. */
static struct MHD_Response *new_line(char *text, const char *content_type)
{
    _cleanup_(freep) char *owned = text, *line = NULL;
    int length = owned ? asprintf(&line, "%s\n", owned) : -1;

    return length < 0 ? NULL : answer_new(line, (size_t)length, content_type);
}

struct MHD_Response *answer_new_json(const struct wire_answer *answer)
{
    return new_line(wire_answer_to_json(answer, JSON_PRETTY), "application/json");
}

struct MHD_Response *answer_new_text(const char *message)
{
    return new_line(text_clean_copy(message), "text/plain; charset=utf-8");
}

static struct MHD_Response *new_page(const struct page_site *site, const struct outcome *outcome,
                                     const char *asked)
{
    size_t size = 0;
    _cleanup_(freep) char *text = page_outcome(site, outcome, asked, &size);

    return answer_new(text, size, ANSWER_HTML);
}

static struct MHD_Response *new_in_format(const struct page_site *site, enum format format,
                                          const struct outcome *outcome, const char *asked)
{
    const struct wire_answer answer = outcome_to_wire(outcome);

    switch (format) {
    case FORMAT_HTML:
        return new_page(site, outcome, asked);
    case FORMAT_JSON:
        return answer_new_json(&answer);
    default:
        return answer_new_text(outcome->message);
    }
}

static struct MHD_Response *outcome_response(const struct page_site *site, enum format format,
                                             const struct outcome *outcome, const char *asked)
{
    struct MHD_Response *response = new_in_format(site, format, outcome, asked);

    if (outcome->allow)
        (void)add_header(&response, "Allow", outcome->allow);
    return add_retry_after(response, outcome->retry_after);
}

void answer_outcome(struct answers *answers, struct http_request *request, enum format format,
                    const struct outcome *outcome, const char *asked)
{
    http_reply(request, outcome->status,
               outcome_response(answer_site(answers, request), format, outcome, asked));
}

static struct http_shared *find_fixed(const struct answers *answers, const struct page_site *site,
                                      enum format format, const struct outcome *outcome)
{
    for (size_t i = 0; i < answers->n_fixed; i++) {
        const struct fixed *fixed = &answers->fixed[i];

        if (fixed->message == outcome->message && fixed->status == outcome->status &&
            fixed->format == format && fixed->site == site)
            return fixed->shared;
    }
    return NULL;
}

void answer_fixed(struct answers *answers, struct http_request *request, enum format format,
                  const struct outcome *outcome)
{
    const struct page_site *site = answer_site(answers, request);
    struct http_shared *shared = find_fixed(answers, site, format, outcome);

    if (!shared && answers->n_fixed < FIXED_MAX) {
        shared = http_shared_new(outcome_response(site, format, outcome, NULL));
        if (shared)
            answers->fixed[answers->n_fixed++] =
                (struct fixed){ outcome->message, outcome->status, format, site, shared };
    }
    if (shared)
        http_reply_shared(request, outcome->status, shared);
    else
        answer_outcome(answers, request, format, outcome, NULL);
}
