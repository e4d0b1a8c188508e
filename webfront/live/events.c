/* The query is the page's own: whatever the page is not shown for, it is told nothing of. */
#include "webfront/live/events.h"

#include "common/cleanup.h"
#include "common/refusal.h"
#include "webfront/calls/answer.h"
#include "webfront/calls/fars.h"
#include "webfront/live/live.h"
#include "webfront/pages/page-list.h"
#include "webfront/pages/page-machine.h"
#include "webfront/requests/accept.h"
#include "webfront/requests/page-query.h"

enum { RETRY_SECONDS = 30 };

static void refuse(struct parts *parts, struct http_request *request, struct outcome outcome)
{
    answer_fixed(parts->answers, request, accept_of(request, FORMAT_TEXT), &outcome);
}

static void refuse_full(struct parts *parts, struct http_request *request)
{
    struct outcome outcome = outcome_refused(
        REFUSAL_BUSY, "Too many pages are open already: this one is to ask for the list by itself.");

    outcome.retry_after = RETRY_SECONDS;
    refuse(parts, request, outcome);
}

/* nginx would hold it back until there is a page full of it. */
static struct MHD_Response *finish(struct MHD_Response *response)
{
    response = answer_finish(response, "text/event-stream");
    (void)answer_add_header(&response, "X-Accel-Buffering", "no");
    return response;
}

/* A machine for which there is no place any more is as the page has it. */
static void join_sections(const struct parts *parts, struct live_stream *stream,
                          const struct rpc_client_caller *caller, const struct wire_list_options *part,
                          enum language language)
{
    const struct wire_list_options of_section = page_machine_part(part);

    for (size_t i = 0; i < parts->fars->n; i++) {
        const struct parts *far = &parts->fars->list[i];
        struct page_site site = *answer_own_site(far->answers, language);

        site.section = true;
        (void)live_join_section(stream, far->live, caller, &site, &of_section);
    }
}

static void join(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller,
                 const struct wire_list_options *part)
{
    const struct page_site *site = answer_own_site(parts->answers, answer_language(request));
    const char *last = http_request_header(request, "Last-Event-ID");
    struct MHD_Response *response = NULL;
    struct live_stream *stream = NULL;
    int r = live_join(parts->live, request, caller, site, part, last, &response, &stream);

    if (r == 0 && parts->fars)
        join_sections(parts, stream, caller, part, site->language);
    if (r > 0)
        refuse_full(parts, request);
    else
        http_reply(request, MHD_HTTP_OK, r < 0 ? NULL : finish(response));
}

void events_get(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller)
{
    struct wire_list_options part;

    if (http_request_query_is_cut(request) ||
        page_query_read(http_request_query(request), PAGE_LIST_ROWS, &part) != 0)
        refuse(parts, request,
               outcome_refused_http(MHD_HTTP_BAD_REQUEST,
                                    "Nothing was looked for: a search has at most 100 bytes."));
    else
        join(parts, request, caller, &part);
}
