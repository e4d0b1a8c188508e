/* Asks systemd, a few questions at a time, what is not known of the instances that are wanted. */
#pragma once

#include "broker/systemd/systemd-call.h"
#include "broker/table/instance.h"

enum {
    /* Whether an instance is enabled costs systemd a search through its directories, some 1.5 ms each. So few
     * at once that a click does not have to stand behind many of them. */
    QUESTIONS_AT_ONCE = 8,
};

struct questions;

/* One that is asked. */
struct query {
    struct questions *questions;
    const struct question *question;
    size_t index; /* of the instance */
    struct systemd_call *call;
};

struct questions {
    struct systemd *systemd;
    struct instances *about; /* NULL: nothing is being asked */
    struct query queries[QUESTIONS_AT_ONCE];
    size_t next, n_pending;
    void (*asked)(void *userdata);
    void *userdata;
};

/* None may be under way. `about` must stay as it is (in number and order) until questions_end() or `asked`,
 * which is called once, perhaps at once: each that was wanted then is known as far as it can be. */
void questions_ask(struct questions *questions, struct instances *about);
/* Gives up on them. */
void questions_end(struct questions *questions);
