#include "tests/unit/job-world.h"

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "tests/unit/test.h"

static void on_settled(const struct outcome *outcome, void *userdata)
{
    struct world *w = userdata;

    w->n_settled++;
    w->settled = *outcome;
}

void start_broker(struct world *w, uint64_t timeout_usec)
{
    struct jobs_setup setup = { .timeout_usec = timeout_usec, .settled = on_settled, .userdata = w };

    assert_int_equal(memory_new(w->memory, "presses", PRESSES_MAX, &w->presses_memory), 0);
    assert_int_equal(memory_new(w->memory, "starts", STARTS_MAX, &w->starts_memory), 0);
    assert_int_equal(presses_new(w->presses_memory, clock_usec(), &w->presses), 0);
    assert_int_equal(starts_new(w->starts_memory, clock_usec(), &w->starts), 0);
    setup.presses = w->presses;
    assert_int_equal(systemd_new(w->fake.event, &w->systemd), 0);
    assert_int_equal(units_new(w->systemd, w->starts, &w->units), 0);
    assert_int_equal(jobs_new(w->fake.event, w->systemd, w->units, &setup, &w->jobs), 0);
    assert_int_equal(systemd_start(w->systemd), 0);
}

static int set_up_with(void **state, uint64_t timeout_usec)
{
    struct world *w = calloc(1, sizeof(*w));

    assert_non_null(w);
    fake_start_alone(&w->fake);
    start_broker(w, timeout_usec);
    *state = w;
    return 0;
}

int set_up(void **state)
{
    return set_up_with(state, 60 * USEC_PER_SEC);
}

int set_up_impatient(void **state)
{
    return set_up_with(state, IMPATIENT_USEC);
}

void wait_for_deadline(struct world *w, const struct caller *c)
{
    for (int i = 0; i < 1000 && c->answers == 0; i++)
        fake_settle(&w->fake, 10);
}

void end_broker(struct world *w)
{
    jobs_free(w->jobs);
    units_free(w->units);
    presses_free(w->presses);
    starts_free(w->starts);
    memory_free(w->presses_memory);
    memory_free(w->starts_memory);
    systemd_free(w->systemd);
}

int tear_down(void **state)
{
    struct world *w = *state;

    jobs_stop(w->jobs);
    for (size_t i = 0; i < CALLERS; i++)
        assert_true(w->callers[i].answers <= 1);
    end_broker(w);
    fake_stop(&w->fake);
    free(w);
    return 0;
}

static void on_done(struct job_caller *caller, const struct outcome *outcome)
{
    struct caller *c = (struct caller *)caller;

    c->answers++;
    c->outcome = *outcome;
}

struct caller *ask_for(struct world *w, unsigned i, const struct job_request *request,
                       const struct job_caller *as)
{
    struct caller *c = &w->callers[i];

    *c = (struct caller){ .answers = 0 };
    if (as)
        c->caller = *as;
    c->caller.done = on_done;
    jobs_ask(w->jobs, request, &c->caller);
    return c;
}

struct caller *click(struct world *w, unsigned i, const char *unit)
{
    const struct job_request request = { .unit = unit, .verb = VERB_RESTART, .grant = "policy.conf:1" };

    return ask_for(w, i, &request, NULL);
}

void settle(struct world *w)
{
    fake_settle(&w->fake, 20);
}

void assert_refused(const struct caller *c, int refusal)
{
    assert_int_equal(c->answers, 1);
    assert_int_equal(c->outcome.refusal, refusal);
    assert_true(strlen(c->outcome.sentence) > 20);
}

void assert_restarted(const struct caller *c)
{
    assert_int_equal(c->answers, 1);
    assert_int_equal(c->outcome.refusal, 0);
    assert_true(c->outcome.success);
}
