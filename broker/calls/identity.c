/* One way for each kind of gate. */
#include "broker/calls/identity.h"

#include "broker/calls/headers.h"
#include "broker/calls/members.h"
#include "broker/calls/request.h"
#include "broker/calls/tickets.h"
#include "common/web-in-force.h"

/* The headers are good. */
static int find_named(struct request *request, const struct headers *headers, enum person_known known)
{
    const char *groups = headers->groups;
    char group[PERSON_NAME_SIZE];
    int r = person_set(&request->person, headers->user, known);

    while (r == 0 && groups && *groups && headers_next_group(&groups, group))
        r = person_add_group(&request->person, group);
    return r < 0 ? r : 0;
}

static int find_vouched(struct request *request, const struct headers *headers)
{
    if (!headers->user)
        request->login = LOGIN_MISSING;
    if (!request->services->web->known)
        request->login = LOGIN_UNSETTLED;
    return headers->user ? find_named(request, headers, PERSON_PROXY) : 0;
}

/* The account itself, unless it may name somebody, and does: no matter who that account is, root say. */
static int find_peer(struct request *request, const struct headers *headers)
{
    if (request->peer.is_front && headers->user)
        return find_named(request, headers, PERSON_FRONT);
    return members_identify(request->services->members, request->http, &request->peer, &request->person);
}

/* The person is moved out of the ticket, and not known twice. */
static int find_by_ticket(struct request *request, const struct headers *headers)
{
    const char *door = request->person.door;
    int r = tickets_admit(request->services->tickets, headers, &request->ticket);

    if (r < 0)
        return r;
    request->login = (enum login)r;
    request->person = request->ticket.person;
    request->person.door = door;
    request->ticket.person = (struct person){ .known = PERSON_NOBODY };
    return 0;
}

int identity_find(struct request *request, const struct headers *headers)
{
    request->person.door = request->gate->socket;
    switch (request->gate->who) {
    case GATE_PEER:
        return find_peer(request, headers);
    case GATE_VOUCHED:
        return find_vouched(request, headers);
    default:
        return find_by_ticket(request, headers);
    }
}
