/* Jobs on the real event loop against fake-systemd.h, with a crowd of callers: the world of the tests of
 * jobs. */
#pragma once

#include "broker/jobs/jobs.h"
#include "broker/jobs/settles.h"
#include "common/clock.h"
#include "common/refusal.h"
#include "policy/policy.h"
#include "tests/unit/fake-systemd.h"

#define UNIT "a@1.service"

enum {
    CALLERS = 300,
    IMPATIENT_USEC = 1000 * 1000, /* so that what is to happen before happens, however slow the machine */
};

struct world {
    struct fake fake;
    struct systemd *systemd;
    struct units *units;
    struct jobs *jobs;
    const char *memory; /* a directory; NULL: nothing outlives the broker */
    struct memory *presses_memory, *starts_memory;
    struct presses *presses;
    struct starts *starts;
    unsigned n_settled; /* watches that ended after somebody had been answered */
    struct outcome settled;
    struct caller {
        struct job_caller caller;
        unsigned answers;
        struct outcome outcome;
    } callers[CALLERS];
};

/* For cmocka: a PID 1, and a broker that remembers nothing and waits a minute for a job. */
int set_up(void **state);

/* The same, but that it waits IMPATIENT_USEC. */
int set_up_impatient(void **state);

/* Fails the test when somebody was answered twice. */
int tear_down(void **state);

/* With w->memory; after end_broker(), the next broker of the same machine. */
void start_broker(struct world *w, uint64_t timeout_usec);

/* As it is, without an end of its own: what a crash leaves. */
void end_broker(struct world *w);

/* The i-th caller asks for that job; `as` says how long he lets the unit be watched, and with which press he
 * comes (NULL: neither). struct caller takes down what he is told. */
struct caller *ask_for(struct world *w, unsigned i, const struct job_request *request,
                       const struct job_caller *as);

/* The i-th caller asks for a restart. */
struct caller *click(struct world *w, unsigned i, const char *unit);

/* Runs the loop until nothing more happens. */
void settle(struct world *w);

/* Until he is told that nobody waits longer. */
void wait_for_deadline(struct world *w, const struct caller *c);

/* He was answered once, with this refusal and a sentence of some length. */
void assert_refused(const struct caller *c, int refusal);

/* He was answered once, with success. */
void assert_restarted(const struct caller *c);
