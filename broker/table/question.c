/* Each question is a row. */
#include "broker/table/question.h"

#include <stdio.h>
#include <string.h>

#include "common/verb.h"

#define UNIT_INTERFACE "org.freedesktop.systemd1.Unit"
#define SERVICE_INTERFACE "org.freedesktop.systemd1.Service"

static bool enabled_settled(const struct instance *instance)
{
    return instance->enabled_known;
}

static void take_enabled(struct instance *instance, sd_bus_message *m)
{
    const char *word = "";

    if (m && sd_bus_message_read(m, "v", "s", &word) >= 0)
        instance->enabled = unit_file_state_is_enabled(word);
    instance->enabled_known = true;
}

/* Nobody is offered to reload what does not run, and who must not, need not know whether he could. */
static bool can_reload_settled(const struct instance *instance)
{
    return instance->can_reload_known || !(instance->verbs & VERB_RELOAD) ||
           strcmp(instance->active_state, "active") != 0;
}

static void take_can_reload(struct instance *instance, sd_bus_message *m)
{
    int can = 0;

    if (m && sd_bus_message_read(m, "v", "b", &can) >= 0)
        instance->can_reload = can;
    instance->can_reload_known = true;
}

static bool since_settled(const struct instance *instance)
{
    return instance->since_known || instance->wanted < INSTANCE_WANTED_WHOLE;
}

static void take_since(struct instance *instance, sd_bus_message *m)
{
    if (m)
        (void)sd_bus_message_read(m, "v", "t", &instance->since_usec);
    instance->since_known = true;
}

static bool result_settled(const struct instance *instance)
{
    return instance->result_known || instance->wanted < INSTANCE_WANTED_WHOLE;
}

static void take_result(struct instance *instance, sd_bus_message *m)
{
    const char *word = "";

    if (m && sd_bus_message_read(m, "v", "s", &word) >= 0)
        (void)snprintf(instance->result, sizeof(instance->result), "%s", word);
    instance->result_known = true;
}

static const struct question QUESTIONS[] = {
    { UNIT_INTERFACE, "UnitFileState", enabled_settled, take_enabled },
    { UNIT_INTERFACE, "CanReload", can_reload_settled, take_can_reload },
    { UNIT_INTERFACE, "StateChangeTimestamp", since_settled, take_since },
    { SERVICE_INTERFACE, "Result", result_settled, take_result },
};

enum { N_QUESTIONS = sizeof(QUESTIONS) / sizeof(*QUESTIONS) };

bool question_is_open(const struct instance *instance)
{
    for (size_t i = 0; i < N_QUESTIONS; i++)
        if (!QUESTIONS[i].settled(instance))
            return true;
    return false;
}

const struct question *question_next(const struct instances *instances, size_t *next, size_t *ret_index)
{
    while (*next < N_QUESTIONS * instances->n) {
        const struct question *question = &QUESTIONS[*next % N_QUESTIONS];
        const struct instance *instance = &instances->items[(*next)++ / N_QUESTIONS];

        if (instance->wanted == INSTANCE_UNWANTED || instance->gone || question->settled(instance))
            continue;
        *ret_index = (size_t)(instance - instances->items);
        return question;
    }
    return NULL;
}
