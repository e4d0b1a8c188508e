/* A short table. */
#include "broker/calls/list-kept.h"

void list_question_make(const struct policy *policy, const struct feed_reader *reader,
                        const struct wire_list_options *options, struct list_question *ret)
{
    policy_view(policy, reader->person, &ret->view);
    ret->is_front = reader->is_front;
    ret->options = *options;
}

struct http_shared *list_kept_find(const struct list_kept *kept, const struct list_question *question)
{
    for (size_t i = 0; i < kept->n; i++)
        if (policy_view_same(&kept->answers[i].question.view, &question->view) &&
            kept->answers[i].question.is_front == question->is_front &&
            kept->answers[i].question.revision == question->revision &&
            wire_list_options_same(&kept->answers[i].question.options, &question->options))
            return kept->answers[i].response;
    return NULL;
}

void list_kept_add(struct list_kept *kept, const struct list_question *question, struct http_shared *response)
{
    size_t at = kept->next;

    if (kept->n == LIST_KEPT_ANSWERS)
        http_shared_unref(kept->answers[at].response);
    else
        kept->n++;
    kept->answers[at].question = *question;
    kept->answers[at].response = http_shared_ref(response);
    kept->next = (at + 1) % LIST_KEPT_ANSWERS;
}

void list_kept_forget(struct list_kept *kept)
{
    while (kept->n > 0)
        http_shared_unref(kept->answers[--kept->n].response);
    kept->next = 0;
}
