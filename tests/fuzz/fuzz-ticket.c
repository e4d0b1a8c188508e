/* Tickets: whatever is read writes the very same text again. The first byte says how the rest is taken: as a
 * text, which anybody may send, or as a body, which is signed here first, so that what lies behind the MAC is
 * reached. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "common/ticket.h"
#include "tests/unit/signing.h"

enum { NOW = 1500 };

static const struct ticket_key KEY = { "the key of this machine, 32 byte" };

static int read_ticket(const uint8_t *data, size_t size, char text[static SIGNING_TEXT_SIZE],
                       struct ticket *ret)
{
    if (size == 0 || size > SIGNING_BODY_MAX)
        return TICKET_MALFORMED;
    if (data[0] == 's') {
        signing_body(&KEY, data + 1, size - 1, text);
    } else {
        memcpy(text, data + 1, size - 1);
        text[size - 1] = '\0';
    }
    return ticket_read(&KEY, text, NOW, ret);
}

bool fuzz_passes(const uint8_t *data, size_t size)
{
    char text[SIGNING_TEXT_SIZE];
    struct ticket ticket;
    int r = read_ticket(data, size, text, &ticket);

    if (r == TICKET_GOOD)
        ticket_done(&ticket);
    return r == TICKET_GOOD;
}

/* What anybody wrote, with a MAC that nobody looks at. */
static void look(const uint8_t *data, size_t size)
{
    char text[SIGNING_TEXT_SIZE];
    struct ticket ticket;

    signing_body(&KEY, data, size, text);
    if (ticket_look(text, &ticket) != TICKET_GOOD)
        return;
    FUZZ_ASSERT(person_is_known(&ticket.person) && !ticket.person.is_root);
    ticket_done(&ticket);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[SIGNING_TEXT_SIZE], again[TICKET_SIZE];
    struct ticket ticket;

    if (size > 0 && size <= SIGNING_BODY_MAX)
        look(data, size);
    if (read_ticket(data, size, text, &ticket) != TICKET_GOOD)
        return 0;
    FUZZ_ASSERT(person_is_known(&ticket.person) && !ticket.person.is_root);
    FUZZ_ASSERT(ticket.issued <= NOW && ticket.expires > NOW);
    FUZZ_ASSERT(ticket_write(&KEY, &ticket, again) == 0 && strcmp(text, again) == 0);
    ticket_done(&ticket);
    return 0;
}
