/* Each section is rendered as its machine's list comes. When no more are waited for, this machine's list is
 * asked for, and the page goes out with it; whoever answers later than that finds nobody any more. */
#include "webfront/views/sections.h"

#include <stdlib.h>
#include <time.h>

#include "common/cleanup.h"
#include "common/refusal.h"
#include "webfront/calls/answer.h"
#include "webfront/calls/caller.h"
#include "webfront/calls/fars.h"
#include "webfront/calls/list-cache.h"
#include "webfront/calls/list-rpc.h"
#include "webfront/calls/pressed-page.h"
#include "webfront/calls/session.h"
#include "webfront/pages/page-list.h"
#include "webfront/pages/page-machine.h"

struct gathering;

struct section {
    struct gathering *gathering;
    const struct parts *far;
    bool waited_for;
    char *text; /* NULL: nothing is known */
};

struct gathering {
    struct parts *parts;
    struct http_request *request;
    struct caller caller;
    struct wire_list_options part;
    enum language language;
    bool renewed;
    bool beginning, over;  /* not all are asked yet; the page is on its way */
    unsigned references;   /* each list that may come is one, and so is the page */
    unsigned n_waited_for; /* lists that the page waits for */
    sd_event_source *patience;
    struct section *sections;
};

static void release(struct gathering *gathering)
{
    if (--gathering->references > 0)
        return;
    sd_event_source_disable_unref(gathering->patience);
    for (size_t i = 0; i < gathering->parts->fars->n; i++)
        free(gathering->sections[i].text);
    free(gathering->sections);
    free(gathering);
}

/* --- the page --- */

static void write_section(struct html *html, const struct gathering *gathering, const struct section *section)
{
    size_t size;
    _cleanup_(freep) char *text = NULL;
    const struct page_machine machine = {
        .name = section->far->machine,
        .silent_sec = fars_silent_sec(section->far),
        .part = gathering->part,
    };

    if (!section->text)
        text = page_machine(answer_own_site(gathering->parts->answers, html->language), &machine, &size);
    html_raw(html, section->text ? section->text : text ? text : "");
}

static void write_sections(struct html *html, const void *data)
{
    const struct gathering *gathering = data;

    for (size_t i = 0; i < gathering->parts->fars->n; i++)
        write_section(html, gathering, &gathering->sections[i]);
}

static char *render(const struct gathering *gathering, const struct list_snapshot *snapshot, size_t *ret_size)
{
    const char *problem = snapshot->problem.message;
    struct page_site site = *answer_own_site(gathering->parts->answers, gathering->language);
    const struct page_list list = {
        .listing = problem ? NULL : &snapshot->answer.list,
        .problem = problem,
        .part = gathering->part,
        .here = site.machine,
        .write_machines = write_sections,
        .machines = gathering,
        .now = time(NULL),
    };
    char name[PERSON_NAME_SIZE];

    site.person = session_name(&gathering->caller.rpc, name);
    site.may_sign_out = gathering->caller.rpc.ticket;
    return page_list(&site, &list, ret_size);
}

static void reply(struct gathering *gathering, const struct list_snapshot *snapshot)
{
    unsigned status = snapshot->problem.message ? MHD_HTTP_SERVICE_UNAVAILABLE : MHD_HTTP_OK;
    size_t size = 0;
    char *text = render(gathering, snapshot, &size);
    struct http_shared *page = pressed_page_new(text, size, "");
    struct MHD_Response *response = http_shared_make(page);

    if (gathering->renewed)
        session_add_cookie(&response, gathering->request, gathering->caller.rpc.ticket);
    http_reply(gathering->request, status, response);
    http_shared_unref(page);
}

static void home_ready(struct list_snapshot *snapshot, struct http_request *request, void *userdata)
{
    struct gathering *gathering = userdata;

    if (list_let_in(gathering->parts, snapshot, request, FORMAT_HTML))
        reply(gathering, snapshot);
    release(gathering);
}

static void go_on(struct gathering *gathering)
{
    struct parts *parts = gathering->parts;
    struct outcome full;

    gathering->over = true;
    if (list_cache_get(parts->list, &gathering->caller.rpc, &gathering->part, home_ready, gathering->request,
                       gathering) == 0)
        return;
    full = outcome_refused(REFUSAL_BUSY, LIST_FULL);
    full.retry_after = 1;
    answer_fixed(parts->answers, gathering->request, FORMAT_HTML, &full);
    release(gathering);
}

/* --- the others --- */

static void render_section(struct section *section, const struct list_snapshot *snapshot)
{
    const struct gathering *gathering = section->gathering;
    const char *problem = snapshot->problem.message;
    const struct page_machine machine = {
        .name = section->far->machine,
        .listing = problem ? NULL : &snapshot->answer.list,
        .problem = problem,
        .silent_sec = fars_silent_sec(section->far),
        .part = *snapshot->part,
    };
    size_t size;

    section->text =
        page_machine(answer_own_site(gathering->parts->answers, gathering->language), &machine, &size);
}

static void section_ready(struct list_snapshot *snapshot, _unused_ struct http_request *request,
                          void *userdata)
{
    struct section *section = userdata;
    struct gathering *gathering = section->gathering;

    if (!gathering->over) {
        render_section(section, snapshot);
        gathering->n_waited_for -= section->waited_for;
        section->waited_for = false;
        if (gathering->n_waited_for == 0 && !gathering->beginning)
            go_on(gathering);
    }
    release(gathering);
}

static int on_impatient(_unused_ sd_event_source *source, _unused_ uint64_t usec, void *userdata)
{
    struct gathering *gathering = userdata;

    if (!gathering->over)
        go_on(gathering);
    return 0;
}

/* Where too many wait for that machine already, its section says what is known without. */
static void ask(struct gathering *gathering, struct section *section, const struct parts *far)
{
    const struct wire_list_options part = page_machine_part(&gathering->part);

    section->gathering = gathering;
    section->far = far;
    section->waited_for = fars_silent_sec(far) == 0;
    gathering->n_waited_for += section->waited_for;
    gathering->references++;
    if (list_cache_get(far->list, &gathering->caller.rpc, &part, section_ready, gathering->request,
                       section) == 0)
        return;
    gathering->n_waited_for -= section->waited_for;
    gathering->references--;
}

static void ask_all(struct gathering *gathering)
{
    const struct fars *fars = gathering->parts->fars;

    gathering->beginning = true;
    for (size_t i = 0; i < fars->n; i++)
        ask(gathering, &gathering->sections[i], &fars->list[i]);
    gathering->beginning = false;
}

static struct gathering *gathering_new(struct parts *parts)
{
    struct gathering *gathering = calloc(1, sizeof(*gathering));

    if (!gathering)
        return NULL;
    gathering->parts = parts;
    gathering->references = 1;
    gathering->sections = calloc(parts->fars->n, sizeof(*gathering->sections));
    if (gathering->sections)
        return gathering;
    free(gathering);
    return NULL;
}

void sections_page(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller,
                   const struct wire_list_options *part, bool renewed)
{
    struct gathering *gathering = gathering_new(parts);

    if (!gathering) {
        http_reply(request, 0, NULL);
        return;
    }
    gathering->request = request;
    caller_keep(&gathering->caller, caller);
    gathering->part = *part;
    gathering->language = answer_language(request);
    gathering->renewed = renewed;
    ask_all(gathering);
    if (gathering->n_waited_for == 0 ||
        sd_event_add_time_relative(parts->event, &gathering->patience, CLOCK_MONOTONIC,
                                   SECTIONS_PATIENCE_USEC, 0, on_impatient, gathering) < 0)
        go_on(gathering);
}
