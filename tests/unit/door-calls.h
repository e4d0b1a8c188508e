/* Calls to the doors of the broker under test, and for whom it takes who calls there. */
#pragma once

#include "tests/unit/broker-world.h"

enum { WEB, CLIENTS, PROXY };

/* The longest name that a person may have. */
#define NAME_OF_64 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

/* Who the broker takes the caller for. */
void assert_asker_is(struct broker_world *w, size_t gate, const char *user);

/* And whether he may look at that unit, or is told that it is not granted to him. */
void assert_asker_may(struct broker_world *w, size_t gate, const char *unit, bool may);

/* The HTTP status of a restart of a@1.service with these lines among its headers. */
unsigned status_with(struct broker_world *w, size_t gate, const char *lines);
