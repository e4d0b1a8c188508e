/* A handful of ids, the answers to them rendered once. */
#include "webfront/repeats.h"

#include <stdlib.h>
#include <string.h>

#include "common/refusal.h"
#include "webfront/answer.h"
#include "webfront/audit.h"

struct repeat {
    char *id, *message; /* NULL: never used */
    uint64_t since_usec;
    unsigned refused; /* by the broker, since then */
    struct http_shared *answers[FORMAT_MAX];
};

struct repeats {
    struct repeat repeats[REPEATS_MAX];
};

static void repeat_clear(struct repeat *repeat)
{
    for (size_t i = 0; i < FORMAT_MAX; i++)
        http_shared_unref(repeat->answers[i]);
    free(repeat->id);
    free(repeat->message);
    *repeat = (struct repeat){ 0 };
}

static struct repeat *find(struct repeats *repeats, const char *id, uint64_t now_usec)
{
    for (size_t i = 0; i < REPEATS_MAX; i++) {
        struct repeat *repeat = &repeats->repeats[i];

        if (repeat->id && now_usec - repeat->since_usec < REPEATS_USEC && strcmp(repeat->id, id) == 0)
            return repeat;
    }
    return NULL;
}

/* In the place of the oldest one; NULL when out of memory. */
static struct repeat *begin(struct repeats *repeats, const char *id, const char *message, uint64_t now_usec)
{
    struct repeat *oldest = repeats->repeats;

    for (size_t i = 1; i < REPEATS_MAX; i++)
        if (repeats->repeats[i].since_usec < oldest->since_usec)
            oldest = &repeats->repeats[i];
    repeat_clear(oldest);
    oldest->id = strdup(id);
    oldest->message = strdup(message);
    oldest->since_usec = now_usec;
    if (oldest->id && oldest->message)
        return oldest;
    repeat_clear(oldest);
    return NULL;
}

static bool repeatable(const struct outcome *outcome)
{
    return outcome->kind == OUTCOME_REFUSED && outcome->code == REFUSAL_NO_GRANT &&
           strlen(outcome->message) <= REPEATS_TEXT_MAX;
}

void repeats_note(struct app *app, const char *id, enum format format, const struct outcome *outcome)
{
    struct repeat *repeat = find(app->repeats, id, app_now(app));

    /* Another answer, or the same in other words: the policy is another one. */
    if (repeat && (!repeatable(outcome) || strcmp(repeat->message, outcome->message) != 0)) {
        repeat_clear(repeat);
        repeat = NULL;
    }
    if (!repeatable(outcome))
        return;
    if (!repeat)
        repeat = begin(app->repeats, id, outcome->message, app_now(app));
    if (!repeat || ++repeat->refused < REPEATS_FROM || repeat->answers[format])
        return;
    repeat->answers[format] = answer_shared(app, format, outcome, id);
}

bool repeats_answer(struct app *app, struct http_request *request, enum format format, const char *id)
{
    const struct repeat *repeat = find(app->repeats, id, app_now(app));

    if (!repeat || !repeat->answers[format])
        return false;
    audit_repeated(app, request, repeat->message, id);
    http_reply_shared(request, refusal_to_status(REFUSAL_NO_GRANT), repeat->answers[format]);
    return true;
}

struct repeats *repeats_new(void)
{
    return calloc(1, sizeof(struct repeats));
}

struct repeats *repeats_free(struct repeats *repeats)
{
    if (!repeats)
        return NULL;
    for (size_t i = 0; i < REPEATS_MAX; i++)
        repeat_clear(&repeats->repeats[i]);
    free(repeats);
    return NULL;
}
