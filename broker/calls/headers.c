/* One table: which header is for which kind of gate, and what may stand in it. */
#include "broker/calls/headers.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "common/http/http.h"

#define USER_HEADER "Restarter-User"

bool headers_next_group(const char **list, char ret[static PERSON_NAME_SIZE])
{
    size_t length = strcspn(*list, ",");

    if (length >= PERSON_NAME_SIZE)
        return false;
    (void)snprintf(ret, PERSON_NAME_SIZE, "%.*s", (int)length, *list);
    /* A comma at the end is one name too few. */
    if (!person_name_valid(ret) || ((*list)[length] == ',' && (*list)[length + 1] == '\0'))
        return false;
    *list += length + ((*list)[length] == ',');
    return true;
}

static bool groups_valid(const char *groups)
{
    char name[PERSON_NAME_SIZE];
    unsigned n = 0;

    do
        if (!headers_next_group(&groups, name) || ++n > PERSON_GROUPS_MAX)
            return false;
    while (*groups);
    return true;
}

/* Whatever it is, it is for the signature to say. */
static bool ticket_valid(const char *ticket)
{
    return ticket;
}

static const struct row {
    const char *name;
    size_t at; /* in struct headers */
    unsigned gates;
    bool (*valid)(const char *text);
} ROWS[] = {
    { "Restarter-Client", offsetof(struct headers, client), 1U << GATE_TICKET | 1U << GATE_VOUCHED,
      peer_client_valid },
    { "Restarter-Ticket", offsetof(struct headers, ticket), 1U << GATE_TICKET, ticket_valid },
    { USER_HEADER, offsetof(struct headers, user), 1U << GATE_VOUCHED, person_name_valid },
    { "Restarter-Groups", offsetof(struct headers, groups), 1U << GATE_VOUCHED, groups_valid },
};

static int read_row(const struct row *row, enum gate_who who, const struct http_request *request,
                    const char **ret)
{
    unsigned n = http_request_header_count(request, row->name);
    const char *value;

    if (n == 0)
        return 0;
    if (!(row->gates & 1U << who))
        return HEADERS_E_NOT_HERE;
    if (n > 1)
        return HEADERS_E_TWICE;
    value = http_request_header(request, row->name);
    if (!value || !row->valid(value))
        return HEADERS_E_MALFORMED;
    *ret = value;
    return 0;
}

int headers_read(enum gate_who who, const struct http_request *request, struct headers *ret,
                 const char **ret_wrong)
{
    struct headers headers = { 0 };

    for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++) {
        int r = read_row(&ROWS[i], who, request, (const char **)((char *)&headers + ROWS[i].at));

        if (r != 0) {
            *ret_wrong = ROWS[i].name;
            return r;
        }
    }
    if (who == GATE_VOUCHED && !headers.user && headers.groups) {
        *ret_wrong = USER_HEADER;
        return HEADERS_E_NOBODY;
    }
    *ret = headers;
    return 0;
}

void headers_describe(int outcome, const char *wrong, const struct gate *gate, char *ret, size_t size)
{
    static const char *const WORDS[] = {
        [HEADERS_E_NOT_HERE] = "is not for",
        [HEADERS_E_TWICE] = "was sent twice to",
        [HEADERS_E_MALFORMED] = "is malformed, at",
        [HEADERS_E_NOBODY] = "says who asks, and is missing at",
    };

    (void)snprintf(ret, size, "Nothing was done: the header %s %s %s.", wrong, WORDS[outcome], gate->socket);
}

void headers_describe_nobody(const struct gate *gate, char *ret, size_t size)
{
    headers_describe(HEADERS_E_NOBODY, USER_HEADER, gate, ret, size);
}
