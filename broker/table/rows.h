/* What one person is told of the rows that were selected. */
#pragma once

#include "broker/table/selection.h"
#include "common/person.h"
#include "common/rpc/wire.h"
#include "policy/policy.h"

struct recents;

struct rows {
    struct wire_instance *items; /* their texts are the instances' and the recents' */
    size_t n;
};
void rows_forget(struct rows *rows);

/* By whose eyes; all of it borrowed. */
struct rows_view {
    const struct policy *policy; /* may be NULL */
    const struct person *person;
    const uint8_t *sight; /* of sights_get() */
    const struct recents *recents;
};

/* As many as fit into an answer, from the first one on. 0 or -ENOMEM. */
int rows_make(const struct rows_view *view, const struct instances *instances,
              const struct selection *selection, struct rows *ret);
