/* What systemd's lists do not say about an instance, and one has to ask for: each time a property of the
 * unit. */
#pragma once

#include <systemd/sd-bus.h>

#include "broker/table/instance.h"

struct question {
    const char *interface, *property;
    /* It need not be asked: it is known, or does not matter. */
    bool (*settled)(const struct instance *instance);
    /* Takes in the variant that came; NULL: none came, and it is not asked again for now. */
    void (*take)(struct instance *instance, sd_bus_message *m);
};

/* Whether anything has to be asked before it can be told as it is wanted. */
bool question_is_open(const struct instance *instance);

/* The next question that has to be asked, and about which of those that are wanted. *next is 0 to begin with.
 * NULL when there is none left. */
const struct question *question_next(const struct instances *instances, size_t *next, size_t *ret_index);
