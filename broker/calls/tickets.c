/* The key, the settings and the memory, put together. */
#include "broker/calls/tickets.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "broker/calls/headers.h"
#include "broker/memory/signed-out.h"
#include "common/cleanup.h"
#include "common/journal.h"
#include "common/ticket-key.h"
#include "common/web-in-force.h"

DEFINE_CLEANUP(struct tickets *, tickets_free);

struct tickets {
    const struct web_in_force *web;
    struct signed_out *signed_out;
    bool has_key, complained;
    struct ticket_key key;
    struct mistake mistake; /* why there is none */
};

int tickets_new(const struct web_in_force *web, struct signed_out *signed_out, struct tickets **ret)
{
    _cleanup_(tickets_freep) struct tickets *tickets = calloc(1, sizeof(*tickets));
    int r;

    if (!tickets)
        return -ENOMEM;
    tickets->web = web;
    tickets->signed_out = signed_out;
    r = ticket_key_read(&tickets->key, &tickets->mistake);
    if (r < 0)
        return r;
    tickets->has_key = r == 0;
    *ret = TAKE_PTR(tickets);
    return 0;
}

struct tickets *tickets_free(struct tickets *tickets)
{
    if (!tickets)
        return NULL;
    explicit_bzero(&tickets->key, sizeof(tickets->key));
    free(tickets);
    return NULL;
}

static uint64_t now_sec(void)
{
    return (uint64_t)time(NULL);
}

/* Said when it is missed, and once. */
static int refuse_for_want_of_key(struct tickets *tickets)
{
    if (!tickets->complained)
        journal_log(LOG_ERR, "Nobody who has logged in is let in: %s", tickets->mistake.text);
    tickets->complained = true;
    return LOGIN_NO_KEY;
}

static int login_of(int ticket_outcome)
{
    switch (ticket_outcome) {
    case TICKET_GOOD:
        return LOGIN_GOOD;
    case TICKET_FORGED:
        return LOGIN_FORGED;
    case TICKET_EXPIRED:
        return LOGIN_EXPIRED;
    case TICKET_NOT_YET:
        return LOGIN_NOT_YET;
    default:
        return ticket_outcome < 0 ? ticket_outcome : LOGIN_MALFORMED;
    }
}

/* By another login than the one that is asked now, the same name may be another person's. */
static bool is_of_this_login(const struct tickets *tickets, const struct person *person)
{
    switch (tickets->web->settings.login) {
    case WEB_LOGIN_PASSWORD:
        return person->known == PERSON_PASSWORD;
    case WEB_LOGIN_PAM:
        return person->known == PERSON_PAM;
    default:
        return true;
    }
}

/* What the ticket itself does not say. The absolute end is by the settings of now. */
static int judge(const struct tickets *tickets, const struct ticket *ticket, uint64_t now)
{
    if (now - ticket->issued >= tickets->web->settings.lifetime_sec)
        return LOGIN_EXPIRED;
    if (!is_of_this_login(tickets, &ticket->person))
        return LOGIN_OTHER_WAY;
    return signed_out_has(tickets->signed_out, &ticket->person, ticket->issued, ticket->number)
               ? LOGIN_SIGNED_OUT
               : LOGIN_GOOD;
}

static int admit(struct tickets *tickets, const char *text, struct ticket *ret)
{
    struct ticket ticket = { .issued = 0 };
    uint64_t now = now_sec();
    int r;

    if (!tickets->has_key)
        return refuse_for_want_of_key(tickets);
    r = login_of(ticket_read(&tickets->key, text, now, &ticket));
    if (r == LOGIN_GOOD)
        r = judge(tickets, &ticket, now);
    if (r == LOGIN_GOOD)
        *ret = ticket;
    else
        ticket_done(&ticket);
    return r;
}

int tickets_judge(const struct tickets *tickets, const struct ticket *ticket)
{
    uint64_t now = now_sec();

    if (!tickets->web->known)
        return LOGIN_UNSETTLED;
    return now < ticket->expires ? judge(tickets, ticket, now) : LOGIN_EXPIRED;
}

int tickets_admit(struct tickets *tickets, const struct headers *headers, struct ticket *ret)
{
    if (!tickets->web->known)
        return LOGIN_UNSETTLED;
    if (headers->ticket)
        return admit(tickets, headers->ticket, ret);
    if (tickets->web->settings.login != WEB_LOGIN_NONE)
        return LOGIN_MISSING;
    *ret = (struct ticket){ .issued = 0 };
    return LOGIN_GOOD;
}

int tickets_renew(const struct tickets *tickets, const struct ticket *ticket, char ret[static TICKET_SIZE])
{
    const struct web_settings *settings = &tickets->web->settings;
    uint64_t idle_end = now_sec() + settings->idle_sec;
    struct ticket renewed = *ticket;

    renewed.expires = ticket->issued + settings->lifetime_sec;
    if (settings->idle_sec > 0 && idle_end < renewed.expires)
        renewed.expires = idle_end;
    return ticket_write(&tickets->key, &renewed, ret);
}

int tickets_sign_out(struct tickets *tickets, const struct ticket *ticket)
{
    return signed_out_note(tickets->signed_out, &ticket->person, ticket->issued, ticket->number);
}

int tickets_sign_out_everywhere(struct tickets *tickets, const struct ticket *ticket)
{
    uint64_t now = now_sec();

    return signed_out_note_all(tickets->signed_out, &ticket->person,
                               now > ticket->issued ? now : ticket->issued);
}
