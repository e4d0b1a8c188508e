/* Clicks on an id that the policy does not grant, again and again: from the sixteenth in a second on, whoever
 * asks for that id is told what the broker said a moment ago. A refusal only, never a yes; and only the one
 * that depends on nothing but the id and the policy file. After a change of the policy it may thus be heard
 * for up to a second more, where somebody keeps asking that often. (Once the policy tells people apart, the
 * person belongs to the key.)
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "webfront/accept.h"
#include "webfront/app.h"
#include "webfront/outcome.h"

enum {
    REPEATS_MAX = 8,            /* ids at once; a ninth takes the place of the oldest */
    REPEATS_FROM = 16,          /* refusals by the broker before the first one is repeated */
    REPEATS_USEC = 1000 * 1000, /* from the first of them on; then the broker is asked again */
    REPEATS_TEXT_MAX = 1024,    /* bytes of a sentence that is kept; the broker's are shorter */
};

struct repeats *repeats_new(void);
/* Takes NULL. Returns NULL. */
struct repeats *repeats_free(struct repeats *repeats);

/* Notes what the broker said of a restart of `id`, whatever it said. */
void repeats_note(struct app *app, const char *id, enum format format, const struct outcome *outcome);

/* True when the request has been answered, and the refusal recorded; false when the broker is to be asked. */
bool repeats_answer(struct app *app, struct http_request *request, enum format format, const char *id);
