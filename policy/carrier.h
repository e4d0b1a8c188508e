/* What carries us: the units that a click needs on its way to PID 1 and back, or that would take the machine
 * away from under it. They cannot be granted, because nobody would be left to say how it ended, or to say no.
 * They are told by their names, when the policy is read; and by every name that a unit has, when it is looked
 * at before a job, because anybody's unit may be an alias of them. */
#pragma once

struct carrier {
    const char *name; /* of a unit or a template; with a '*' at its end, of all that begin so */
    const char *why;  /* goes on behind the name of the unit: "carries …" */
};

/* The row of a unit's or a template's name, or NULL. */
const struct carrier *carrier_find(const char *name);
