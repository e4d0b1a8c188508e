/* How far a rolling restart is, as a file has it: what is taken keeps to its limits, is written and read
 * again as the same, and whoever goes on with it begins nothing anew whose outcome is not known. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "cli/rolling/record.h"
#include "common/cleanup.h"
#include "common/unit-name.h"

/* With the NUL behind its bytes. */
static int read_record(const uint8_t *data, size_t size, struct rolling_record *ret)
{
    _cleanup_(freep) char *text = malloc(size + 1);

    FUZZ_ASSERT(text);
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    return rolling_record_read(text, size, ret);
}

bool fuzz_passes(const uint8_t *data, size_t size)
{
    _cleanup_(rolling_record_done) struct rolling_record record = { .place = NULL };

    return read_record(data, size, &record) == 0;
}

static void check_limits(const struct rolling_plan *plan)
{
    struct unit_name name;

    FUZZ_ASSERT(plan->verb != 0 && plan->words.n > 0 && plan->words.n <= ROLLING_WORDS_MAX);
    FUZZ_ASSERT(plan->n > 0 && plan->n <= ROLLING_UNITS_MAX);
    for (size_t i = 0; i < plan->words.n; i++)
        FUZZ_ASSERT(plan->words.list[i][0] && strlen(plan->words.list[i]) <= ROLLING_WORD_MAX);
    for (size_t i = 0; i < plan->n; i++) {
        FUZZ_ASSERT(unit_name_parse(plan->units[i].unit, &name) == 0);
        FUZZ_ASSERT((plan->units[i].phase == ROLLING_UNDER_WAY) == (plan->units[i].press[0] != '\0'));
        for (size_t j = 0; j < i; j++)
            FUZZ_ASSERT(strcmp(plan->units[i].unit, plan->units[j].unit) != 0);
    }
}

static void check_written(const struct rolling_record *record)
{
    _cleanup_(rolling_record_done) struct rolling_record again = { .place = NULL };
    _cleanup_(freep) char *text = rolling_record_write(&record->plan, record->place), *twice = NULL;

    FUZZ_ASSERT(text && rolling_record_read(text, strlen(text), &again) == 0);
    twice = rolling_record_write(&again.plan, again.place);
    FUZZ_ASSERT(twice && strcmp(text, twice) == 0);
}

static void check_resumed(struct rolling_plan *plan)
{
    size_t n_open = rolling_plan_count(plan, ROLLING_UNDER_WAY) + rolling_plan_count(plan, ROLLING_PAUSING);
    enum rolling_step step;

    rolling_plan_resume(plan);
    step = rolling_plan_next(plan);
    FUZZ_ASSERT(step == ROLLING_STEP_NONE || plan->at < plan->n);
    FUZZ_ASSERT(n_open == 0 || step == ROLLING_STEP_ASK || step == ROLLING_STEP_LOOK);
    FUZZ_ASSERT(step != ROLLING_STEP_ASK || plan->units[plan->at].phase == ROLLING_UNDER_WAY);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    _cleanup_(rolling_record_done) struct rolling_record record = { .place = NULL };

    if (read_record(data, size, &record) != 0)
        return 0;
    check_limits(&record.plan);
    check_written(&record);
    check_resumed(&record.plan);
    return 0;
}
