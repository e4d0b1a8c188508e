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
#include "webfront/requests/path.h"

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
};

/* An answer is for one request: a page has a press of its own, and what is told to one is nobody else's. Who
 * keeps one all the same, as a page that is open does, asks with its tag. */
static const struct header PASSING_HEADERS[] = {
    { "Cache-Control", "no-store" },
    { "Vary", "Accept, Accept-Language, Authorization, Cookie" },
};

/* What is in a file is in its address. */
static const struct header LASTING_HEADERS[] = {
    { "Cache-Control", "private, max-age=31536000, immutable" },
    { "Vary", "Accept-Encoding" },
};

enum {
    FIXED_MAX = 128, /* kept answers: more than there are fixed sentences in the formats */
};

struct answers {
    struct page_site ours[LANGUAGE_MAX], nowhere[LANGUAGE_MAX];
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
    for (unsigned i = 0; i < LANGUAGE_MAX; i++) {
        answers->ours[i] = *ours;
        answers->ours[i].language = i;
        answers->nowhere[i] = (struct page_site){ .machine = "", .language = i, .foreign = true };
    }
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

enum language answer_language(const struct http_request *request)
{
    return accept_language(http_request_header(request, "Accept-Language"));
}

const struct page_site *answer_own_site(const struct answers *answers, enum language language)
{
    return &answers->ours[language];
}

const struct page_site *answer_site(const struct answers *answers, const struct http_request *request)
{
    enum language language = answer_language(request);

    return origin_is_ours(request, answers->allowed_hosts) ? &answers->ours[language]
                                                           : &answers->nowhere[language];
}

bool answer_add_header(struct MHD_Response **response, const char *name, const char *value)
{
    if (*response && MHD_add_response_header(*response, name, value) != MHD_YES) {
        MHD_destroy_response(*response);
        *response = NULL;
    }
    return *response;
}

static void add_headers(struct MHD_Response **response, const struct header *headers, size_t n)
{
    for (size_t i = 0; i < n; i++)
        (void)answer_add_header(response, headers[i].name, headers[i].value);
}

static struct MHD_Response *finish(struct MHD_Response *response, const char *content_type, bool lasting)
{
    (void)answer_add_header(&response, MHD_HTTP_HEADER_CONTENT_TYPE, content_type);
    add_headers(&response, SECURITY_HEADERS, sizeof(SECURITY_HEADERS) / sizeof(*SECURITY_HEADERS));
    if (lasting)
        add_headers(&response, LASTING_HEADERS, sizeof(LASTING_HEADERS) / sizeof(*LASTING_HEADERS));
    else
        add_headers(&response, PASSING_HEADERS, sizeof(PASSING_HEADERS) / sizeof(*PASSING_HEADERS));
    return response;
}

struct MHD_Response *answer_finish(struct MHD_Response *response, const char *content_type)
{
    return finish(response, content_type, false);
}

/* The bytes live as long as the program. */
struct MHD_Response *answer_new_asset(const struct http_request *request, const struct asset *asset,
                                      bool kept)
{
    bool zipped = accept_gzip(http_request_header(request, "Accept-Encoding"));
    struct MHD_Response *response = MHD_create_response_from_buffer(
        zipped ? asset->zipped_size : asset->size, (void *)(zipped ? asset->zipped : asset->body),
        MHD_RESPMEM_PERSISTENT);

    if (zipped)
        (void)answer_add_header(&response, "Content-Encoding", "gzip");
    return finish(response, asset->type, kept);
}

struct MHD_Response *answer_new(const void *body, size_t size, const char *content_type)
{
    return answer_finish(body ? http_response_new(body, size, NULL) : NULL, content_type);
}

void answer_add_tag(struct MHD_Response **response, const char *tag)
{
    (void)answer_add_header(response, "ETag", tag);
}

/* With the headers that say for whom it is and how long, as the answer would have them. */
struct MHD_Response *answer_new_unchanged(const char *tag)
{
    struct MHD_Response *response = http_response_new("", 0, NULL);

    add_headers(&response, PASSING_HEADERS, sizeof(PASSING_HEADERS) / sizeof(*PASSING_HEADERS));
    answer_add_tag(&response, tag);
    return response;
}

void answer_add_retry_after(struct MHD_Response **response, unsigned seconds)
{
    char text[16];

    if (seconds == 0)
        return;
    (void)snprintf(text, sizeof(text), "%u", seconds);
    (void)answer_add_header(response, "Retry-After", text);
}

struct MHD_Response *answer_new_redirect(const char *location)
{
    struct MHD_Response *response = answer_new("", 0, "text/plain; charset=utf-8");

    (void)answer_add_header(&response, "Location", location);
    return response;
}

struct MHD_Response *answer_new_rpc_block(xmlrpc_mem_block *block)
{
    struct MHD_Response *response = NULL;

    if (!block)
        block = rpc_fault_serialize(RPC_FAULT_INTERNAL, "The web front is out of memory.");
    if (block)
        response =
            answer_new(XMLRPC_MEMBLOCK_CONTENTS(char, block), XMLRPC_MEMBLOCK_SIZE(char, block), "text/xml");
    rpc_block_free(block);
    return response;
}

struct MHD_Response *answer_new_rpc(const struct wire_answer *answer, unsigned retry_after)
{
    struct MHD_Response *response = answer_new_rpc_block(wire_answer_encode(answer));

    answer_add_retry_after(&response, retry_after);
    return response;
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

struct MHD_Response *answer_new_json_tagged(const struct wire_answer *answer, char ret_tag[static ETAG_SIZE])
{
    char *text = wire_answer_to_json(answer, JSON_PRETTY);
    struct MHD_Response *response;

    if (text)
        etag_make(text, strlen(text), ret_tag);
    response = new_line(text, "application/json");
    answer_add_tag(&response, ret_tag);
    return response;
}

struct MHD_Response *answer_new_problem(const struct outcome *outcome)
{
    char type[OUTCOME_TYPE_SIZE];
    const struct wire_answer answer = outcome_to_problem(outcome, type);

    return new_line(wire_answer_to_json(&answer, JSON_PRETTY), "application/problem+json");
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
    case FORMAT_PROBLEM:
        return outcome_has_job(outcome) ? answer_new_json(&answer) : answer_new_problem(outcome);
    default:
        return answer_new_text(outcome->message);
    }
}

static struct MHD_Response *outcome_response(const struct page_site *site, enum format format,
                                             const struct outcome *outcome, const char *asked)
{
    struct MHD_Response *response = new_in_format(site, format, outcome, asked);

    if (outcome->allow)
        (void)answer_add_header(&response, "Allow", outcome->allow);
    answer_add_retry_after(&response, outcome->retry_after);
    return response;
}

/* Whoever asked for something at /api is a program, unless it names HTML. */
static enum format format_at(const struct http_request *request, enum format format)
{
    const char *path = path_here(http_request_path(request));
    bool is_api = strcmp(path, "/api") == 0 || strncmp(path, "/api/", strlen("/api/")) == 0;

    return is_api && format != FORMAT_HTML ? FORMAT_PROBLEM : format;
}

struct MHD_Response *answer_new_outcome(const struct answers *answers, const struct http_request *request,
                                        enum format format, const struct outcome *outcome, const char *asked)
{
    return outcome_response(answer_site(answers, request), format_at(request, format), outcome, asked);
}

void answer_outcome(struct answers *answers, struct http_request *request, enum format format,
                    const struct outcome *outcome, const char *asked)
{
    http_reply(request, outcome->status, answer_new_outcome(answers, request, format, outcome, asked));
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
    struct http_shared *shared;

    format = format_at(request, format);
    shared = find_fixed(answers, site, format, outcome);

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
