/* Each question is a row. */
#include "broker/calls/instance-question.h"

#include <string.h>

#include "common/verb.h"

static bool recall_enabled(const struct instance *last, struct instance *instance)
{
    if (!instance->enabled_known && last && last->enabled_known) {
        instance->enabled = last->enabled;
        instance->enabled_known = true;
    }
    return instance->enabled_known;
}

static void take_enabled(struct instance *instance, sd_bus_message *m)
{
    const char *word = "";

    if (sd_bus_message_read(m, "v", "s", &word) >= 0) {
        instance->enabled = unit_file_state_is_enabled(word);
        instance->enabled_known = true;
    }
}

/* Nobody is offered to reload what does not run, and who must not, need not know whether he could. */
static bool recall_can_reload(const struct instance *last, struct instance *instance)
{
    if (!(instance->verbs & VERB_RELOAD) || strcmp(instance->active_state, "active") != 0)
        return true;
    if (last && last->can_reload_known) {
        instance->can_reload = last->can_reload;
        instance->can_reload_known = true;
    }
    return instance->can_reload_known;
}

static void take_can_reload(struct instance *instance, sd_bus_message *m)
{
    int can = 0;

    if (sd_bus_message_read(m, "v", "b", &can) >= 0) {
        instance->can_reload = can;
        instance->can_reload_known = true;
    }
}

static const struct instance_question QUESTIONS[] = {
    { "UnitFileState", recall_enabled, take_enabled },
    { "CanReload", recall_can_reload, take_can_reload },
};

enum { N_QUESTIONS = sizeof(QUESTIONS) / sizeof(*QUESTIONS) };

const struct instance_question *instance_question_next(const struct instances *last, struct instances *found,
                                                       size_t *next, size_t *ret_index)
{
    while (*next < N_QUESTIONS * found->n) {
        const struct instance_question *question = &QUESTIONS[*next % N_QUESTIONS];
        size_t index = (*next)++ / N_QUESTIONS;

        if (question->recall(instances_find(last, found->items[index].unit), &found->items[index]))
            continue;
        *ret_index = index;
        return question;
    }
    return NULL;
}
