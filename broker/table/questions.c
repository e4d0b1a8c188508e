/* Each answer makes room for the next question. */
#include "broker/table/questions.h"

#include <errno.h>

#include "broker/systemd/unit-read.h"
#include "broker/table/question.h"
#include "common/cleanup.h"

void questions_end(struct questions *q)
{
    for (size_t i = 0; i < QUESTIONS_AT_ONCE; i++)
        q->queries[i].call = systemd_call_free(q->queries[i].call);
    q->next = q->n_pending = 0;
    q->about = NULL;
}

static void on_answer(const struct systemd_answer *answer, void *userdata);

static int send_query(struct questions *q, struct query *query)
{
    _cleanup_(freep) char *path = unit_read_path(q->about->items[query->index].unit);

    if (!path)
        return -ENOMEM;
    return systemd_call_get(q->systemd, path, query->question->interface, query->question->property,
                            on_answer, query, &query->call);
}

/* The next question, if there is one. What cannot be sent is as good as not answered. */
static void ask_next(struct questions *q, struct query *query)
{
    const struct question *question;
    size_t index = 0;

    while ((question = question_next(q->about, &q->next, &index))) {
        *query = (struct query){ .questions = q, .question = question, .index = index };
        if (send_query(q, query) >= 0) {
            q->n_pending++;
            return;
        }
        question->take(&q->about->items[index], NULL);
    }
}

static void finish_if_done(struct questions *q)
{
    if (q->n_pending > 0)
        return;
    questions_end(q);
    q->asked(q->userdata);
}

static void on_answer(const struct systemd_answer *answer, void *userdata)
{
    struct query *query = userdata;
    struct questions *q = query->questions;

    query->call = systemd_call_free(query->call);
    /* One that was unloaded meanwhile, say, costs its own word only. */
    query->question->take(&q->about->items[query->index],
                          answer->fault == BUS_FAULT_NONE ? answer->message : NULL);
    q->n_pending--;
    ask_next(q, query);
    finish_if_done(q);
}

void questions_ask(struct questions *q, struct instances *about)
{
    q->about = about;
    q->next = 0;
    for (size_t i = 0; i < QUESTIONS_AT_ONCE; i++)
        ask_next(q, &q->queries[i]);
    finish_if_done(q);
}
