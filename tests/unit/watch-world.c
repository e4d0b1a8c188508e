#include "tests/unit/watch-world.h"

#include "tests/unit/test.h"

struct caller *click_watched(struct world *w, unsigned i, uint64_t own_usec, uint64_t settle_usec)
{
    const struct job_request request = {
        .unit = UNIT, .verb = VERB_RESTART, .grant = "policy.conf:1", .settle_usec = own_usec
    };

    return ask_for(w, i, &request, &(struct job_caller){ .settle_usec = settle_usec });
}

void job_done(struct world *w)
{
    settle(w);
    w->fake.invocation++;
    fake_changed_by(&w->fake, FAKE_PID1, UNIT, "InvocationID");
    fake_job_ends(&w->fake, "done");
    settle(w);
}

void change(struct world *w, const char *active, const char *sub, const char *result)
{
    w->fake.active_state = active;
    w->fake.sub_state = sub;
    w->fake.result = result;
    fake_changed_by(&w->fake, FAKE_PID1, UNIT, "Result");
    fake_changed_by(&w->fake, FAKE_PID1, UNIT, "SubState");
    fake_changed_by(&w->fake, FAKE_PID1, UNIT, "ActiveState");
    settle(w);
}

void wait_until_told(struct world *w, const struct caller *c)
{
    for (int i = 0; i < 1000 && c->answers == 0; i++)
        fake_settle(&w->fake, 10);
    assert_int_equal(c->answers, 1);
}

void assert_verdict(const struct caller *c, enum verdict verdict)
{
    assert_int_equal(c->answers, 1);
    assert_int_equal(c->outcome.refusal, 0);
    assert_string_equal(verdict_to_string(c->outcome.verdict), verdict_to_string(verdict));
    assert_int_equal(c->outcome.success, verdict_is_good(verdict));
}
