/* What systemd's lists do not say about an instance, and one has to ask for: each time a property of the
 * unit. */
#pragma once

#include <systemd/sd-bus.h>

#include "broker/calls/instance.h"

struct instance_question {
    const char *property; /* of org.freedesktop.systemd1.Unit */
    /* True when it need not be asked: it is known, or was known of the same instance the last time (`last`,
     * NULL: it was not there), or does not matter. */
    bool (*recall)(const struct instance *last, struct instance *instance);
    /* Takes in the variant that came. */
    void (*take)(struct instance *instance, sd_bus_message *m);
};

/* The next question that has to be asked, and about which of those that were found; `last` is what was found
 * the time before. *next is 0 to begin with. NULL when there is none left. */
const struct instance_question *instance_question_next(const struct instances *last, struct instances *found,
                                                       size_t *next, size_t *ret_index);
