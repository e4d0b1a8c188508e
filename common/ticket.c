/* A text is looked at in this order: how long it is, its shape, its MAC, what is signed, and whether that
 * makes the very same text again. So nothing but what holders of the key signed gets as far as a parser. */
#include "common/ticket.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <nettle/base64.h>
#include <nettle/hmac.h>
#include <nettle/memops.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VERSION_MARK "1."

enum {
    MAC_LENGTH = (SHA256_DIGEST_SIZE * 8 + 5) / 6,
    SIGNED_MAX = TICKET_SIZE - 1 - MAC_LENGTH - 1,
    BODY_MAX = (SIGNED_MAX - (int)sizeof(VERSION_MARK) + 1) / 4 * 3,
    NUMBER_SIZE = 2 * TICKET_NUMBER_SIZE + 1,
    /* What nettle may write beyond what is kept: a last group with its padding. */
    ENCODED_SIZE = TICKET_SIZE + BASE64_ENCODE_FINAL_LENGTH,
};

void ticket_done(struct ticket *ticket)
{
    person_done(&ticket->person);
    *ticket = (struct ticket){ .issued = 0 };
}

const char *ticket_outcome_text(int outcome)
{
    switch (outcome) {
    case TICKET_GOOD:
        return "is good";
    case TICKET_FORGED:
        return "was signed with another key, or changed";
    case TICKET_EXPIRED:
        return "has expired";
    case TICKET_NOT_YET:
        return "was issued in the future, by this machine's clock";
    default:
        return "is no ticket";
    }
}

/* --- base64url, without padding --- */

/* `ret` has room for the padding that is cut off again. Returns the length. */
static size_t encode(const uint8_t *data, size_t size, char *ret)
{
    struct base64_encode_ctx ctx;
    size_t length;

    base64url_encode_init(&ctx);
    length = base64_encode_update(&ctx, ret, size, data);
    length += base64_encode_final(&ctx, ret + length);
    while (length > 0 && ret[length - 1] == '=')
        length--;
    ret[length] = '\0';
    return length;
}

/* Lenient: that there is one form is seen to by writing it anew. False for what is not of the alphabet. */
static bool decode(const char *text, size_t length, uint8_t *ret, size_t *ret_size)
{
    struct base64_decode_ctx ctx;

    base64url_decode_init(&ctx);
    return base64_decode_update(&ctx, ret_size, ret, length, text) == 1;
}

/* --- the MAC --- */

static void sign(const struct ticket_key *key, const char *text, size_t length,
                 char ret[static MAC_LENGTH + BASE64_ENCODE_FINAL_LENGTH + 1])
{
    uint8_t digest[SHA256_DIGEST_SIZE];
    struct hmac_sha256_ctx ctx;

    hmac_sha256_set_key(&ctx, sizeof(key->bytes), key->bytes);
    hmac_sha256_update(&ctx, length, (const uint8_t *)text);
    hmac_sha256_digest(&ctx, sizeof(digest), digest);
    (void)encode(digest, sizeof(digest), ret);
    explicit_bzero(&ctx, sizeof(ctx));
}

static bool is_signed(const struct ticket_key *key, const char *text, size_t length, const char *mac)
{
    char expected[MAC_LENGTH + BASE64_ENCODE_FINAL_LENGTH + 1];

    sign(key, text, length, expected);
    return memeql_sec(mac, expected, MAC_LENGTH);
}

/* --- writing --- */

static bool is_fit(const struct ticket *ticket)
{
    const struct person *person = &ticket->person;

    return person_name_valid(person->name) &&
           (person->known == PERSON_PASSWORD || person->known == PERSON_PAM) &&
           ticket->issued < ticket->expires && ticket->expires - ticket->issued <= TICKET_LIFETIME_MAX_SEC;
}

static int compare_groups(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* In order, each once, as "GROUP,GROUP"; false when they do not fit. */
static bool print_groups(const struct person *person, char *ret, size_t size)
{
    const char *sorted[PERSON_GROUPS_MAX];
    size_t used = 0;

    if (person->n_groups > PERSON_GROUPS_MAX)
        return false;
    for (size_t i = 0; i < person->n_groups; i++)
        sorted[i] = person->groups[i];
    qsort(sorted, person->n_groups, sizeof(*sorted), compare_groups);
    for (size_t i = 0; i < person->n_groups && used < size; i++)
        used += (size_t)snprintf(ret + used, size - used, "%s%s", i > 0 ? "," : "", sorted[i]);
    return used < size;
}

static void print_number(const uint8_t number[static TICKET_NUMBER_SIZE], char ret[static NUMBER_SIZE])
{
    for (size_t i = 0; i < TICKET_NUMBER_SIZE; i++)
        (void)snprintf(ret + 2 * i, 3, "%02x", number[i]);
}

/* Returns the length; 0 when it does not fit. */
static size_t print_body(const struct ticket *ticket, char ret[static BODY_MAX + 1])
{
    char number[NUMBER_SIZE];
    int used;

    print_number(ticket->number, number);
    used = snprintf(ret, BODY_MAX + 1, "%s:%s:%" PRIu64 ":%" PRIu64 ":%s:", ticket->person.name,
                    person_known_to_string(ticket->person.known), ticket->issued, ticket->expires, number);
    if (!print_groups(&ticket->person, ret + used, BODY_MAX + 1 - (size_t)used))
        return 0;
    return strlen(ret);
}

int ticket_write(const struct ticket_key *key, const struct ticket *ticket, char ret[static TICKET_SIZE])
{
    char body[BODY_MAX + 1] = "", text[ENCODED_SIZE] = VERSION_MARK;
    char mac[MAC_LENGTH + BASE64_ENCODE_FINAL_LENGTH + 1];
    size_t length;

    if (!is_fit(ticket))
        return TICKET_E_UNFIT;
    length = print_body(ticket, body);
    if (length == 0)
        return TICKET_E_UNFIT;
    length = strlen(VERSION_MARK) + encode((const uint8_t *)body, length, text + strlen(VERSION_MARK));
    sign(key, text, length, mac);
    assert(length <= SIGNED_MAX);
    strcpy(stpcpy(stpcpy(ret, text), "."), mac);
    return 0;
}

/* --- reading --- */

/* The length of what is signed; 0 for what is not of the shape. */
static size_t find_mac(const char *text)
{
    size_t length = strnlen(text, TICKET_SIZE);

    if (length == TICKET_SIZE || length < strlen(VERSION_MARK) + 1 + MAC_LENGTH ||
        strncmp(text, VERSION_MARK, strlen(VERSION_MARK)) != 0)
        return 0;
    length -= MAC_LENGTH + 1;
    return text[length] == '.' ? length : 0;
}

static bool parse_number(const char *text, uint8_t ret[static TICKET_NUMBER_SIZE])
{
    if (strlen(text) != NUMBER_SIZE - 1)
        return false;
    for (size_t i = 0; i < TICKET_NUMBER_SIZE; i++) {
        char digits[] = { text[2 * i], text[2 * i + 1], '\0' };

        ret[i] = (uint8_t)strtoul(digits, NULL, 16);
    }
    return true;
}

static enum person_known parse_known(const char *word)
{
    for (int known = 0; known < PERSON_KNOWN; known++)
        if (strcmp(person_known_to_string((enum person_known)known), word) == 0)
            return (enum person_known)known;
    return PERSON_NOBODY;
}

static int parse_groups(char *text, struct person *person)
{
    int r = 0;

    if (!*text)
        return 0;
    for (const char *group; r == 0 && (group = strsep(&text, ","));)
        r = person_add_group(person, group);
    return r;
}

/* Takes `body` apart. 0, TICKET_MALFORMED or -ENOMEM. */
static int parse_body(char *body, struct ticket *ticket)
{
    enum { NAME, HOW, ISSUED, EXPIRES, NUMBER, GROUPS, FIELDS };
    char *fields[FIELDS] = { NULL };
    int r;

    for (size_t i = 0; i < FIELDS; i++)
        if (!(fields[i] = strsep(&body, ":")))
            return TICKET_MALFORMED;
    ticket->issued = strtoull(fields[ISSUED], NULL, 10);
    ticket->expires = strtoull(fields[EXPIRES], NULL, 10);
    if (!parse_number(fields[NUMBER], ticket->number) ||
        person_set(&ticket->person, fields[NAME], parse_known(fields[HOW])) != 0)
        return TICKET_MALFORMED;
    r = parse_groups(fields[GROUPS], &ticket->person);
    return r > 0 ? TICKET_MALFORMED : r;
}

/* 0, TICKET_MALFORMED or -ENOMEM. */
static int parse(const char *text, size_t length, struct ticket *ticket)
{
    uint8_t body[BASE64_DECODE_LENGTH(TICKET_SIZE) + 1];
    size_t size = sizeof(body);

    text += strlen(VERSION_MARK);
    if (!decode(text, length - strlen(VERSION_MARK), body, &size))
        return TICKET_MALFORMED;
    body[size] = '\0';
    return parse_body((char *)body, ticket);
}

static bool is_what_would_be_written(const struct ticket_key *key, const struct ticket *ticket,
                                     const char *text)
{
    char again[TICKET_SIZE];

    return ticket_write(key, ticket, again) == 0 && strcmp(again, text) == 0;
}

int ticket_read(const struct ticket_key *key, const char *text, uint64_t now, struct ticket *ret)
{
    _cleanup_(ticket_done) struct ticket ticket = { .issued = 0 };
    size_t length = find_mac(text);
    int r;

    if (length == 0)
        return TICKET_MALFORMED;
    if (!is_signed(key, text, length, text + length + 1))
        return TICKET_FORGED;
    r = parse(text, length, &ticket);
    if (r != 0)
        return r;
    if (!is_what_would_be_written(key, &ticket, text))
        return TICKET_MALFORMED;
    if (now < ticket.issued)
        return TICKET_NOT_YET;
    if (now >= ticket.expires)
        return TICKET_EXPIRED;
    *ret = ticket;
    ticket.person = (struct person){ 0 };
    return TICKET_GOOD;
}

int ticket_look(const char *text, struct ticket *ret)
{
    _cleanup_(ticket_done) struct ticket ticket = { .issued = 0 };
    size_t length = find_mac(text);
    int r = length == 0 ? TICKET_MALFORMED : parse(text, length, &ticket);

    if (r != 0)
        return r;
    *ret = ticket;
    ticket.person = (struct person){ 0 };
    return TICKET_GOOD;
}
