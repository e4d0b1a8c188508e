/* Written and read with the one key. */
#include "tests/unit/ticket-texts.h"

#include <string.h>

#include "tests/unit/signing.h"
#include "tests/unit/test.h"

const struct ticket_key TICKET_KEY = { "the key of this machine, 32 byte" };
const struct ticket_key TICKET_OTHER_KEY = { "the key of that machine, 32 byte" };

struct ticket ticket_of(const char *name)
{
    struct ticket ticket = { .issued = 1000, .expires = 2000 };

    assert_int_equal(person_set(&ticket.person, name, PERSON_PASSWORD), 0);
    for (size_t i = 0; i < sizeof(ticket.number); i++)
        ticket.number[i] = (uint8_t)i;
    return ticket;
}

void ticket_add_group(struct ticket *ticket, const char *group)
{
    assert_int_equal(person_add_group(&ticket->person, group), 0);
}

void ticket_text(const struct ticket *ticket, char text[static TICKET_SIZE])
{
    text[0] = '\0';
    assert_int_equal(ticket_write(&TICKET_KEY, ticket, text), 0);
}

int ticket_outcome(const char *text, uint64_t now)
{
    struct ticket ticket = { .issued = 77 };
    int r = ticket_read(&TICKET_KEY, text, now, &ticket);

    if (r == TICKET_GOOD)
        ticket_done(&ticket);
    else
        assert_int_equal(ticket.issued, 77);
    return r;
}

int ticket_body_outcome(const char *body)
{
    char text[SIGNING_TEXT_SIZE];

    signing_body(&TICKET_KEY, body, strlen(body), text);
    return ticket_outcome(text, 1500);
}
