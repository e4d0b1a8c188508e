/* What it is about, how it is, and the button. */
#include "webfront/pages/page-confirm.h"

#include <string.h>

#include "common/verb.h"
#include "webfront/pages/state.h"
#include "webfront/pages/templates.h"

struct question {
    const struct wire_status *status;
    unsigned verb;
};

static void write_question(struct html *html, const void *data)
{
    const struct question *question = data;
    const struct wire_status *status = question->status;
    bool finer = strcmp(status->active_state, status->sub_state) != 0;

    template_confirm(html, &(struct template_confirm){
                               .far = html->machine,
                               .colour = state_colour(status->active_state),
                               .active_state = status->active_state,
                               .sub_state = finer ? status->sub_state : NULL,
                               .is_reload = question->verb == VERB_RELOAD,
                               .unit = status->unit,
                               .id = status->unit,
                               .verb = verb_to_string(question->verb),
                               .reason = status->reason && strcmp(status->reason, "required") == 0,
                           });
}

char *page_confirm(const struct page_site *site, const struct wire_status *status, unsigned verb,
                   size_t *ret_size)
{
    const struct question question = { status, verb };
    const struct page_body page = {
        .title = language_text(site->language, verb == VERB_RELOAD ? WORD_RELOAD : WORD_RESTART),
        .name = status->unit,
        .content = { write_question, &question },
    };

    return page_write(site, &page, ret_size);
}
