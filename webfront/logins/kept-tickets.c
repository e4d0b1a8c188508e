/* A row for each user and place. 64 of them are looked through from the first on: cheaper than a login by
 * some orders of magnitude. */
#include "webfront/logins/kept-tickets.h"

#include <errno.h>
#include <nettle/hmac.h>
#include <nettle/memops.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "common/cleanup.h"

enum { DIGEST_SIZE = SHA256_DIGEST_SIZE };

struct row {
    uint8_t who[DIGEST_SIZE], password[DIGEST_SIZE];
    uint64_t until_usec; /* 0: there is nobody in it */
    char ticket[LOGIN_TICKET_SIZE];
};

struct kept_tickets {
    uint8_t key[DIGEST_SIZE];
    struct row rows[KEPT_TICKETS_MAX];
};

int kept_tickets_new(struct kept_tickets **ret)
{
    _cleanup_(freep) struct kept_tickets *kept = calloc(1, sizeof(*kept));

    if (!kept)
        return -ENOMEM;
    if (getrandom(kept->key, sizeof(kept->key), 0) != (ssize_t)sizeof(kept->key))
        return -EIO;
    *ret = TAKE_PTR(kept);
    return 0;
}

struct kept_tickets *kept_tickets_free(struct kept_tickets *kept)
{
    if (kept)
        explicit_bzero(kept, sizeof(*kept));
    free(kept);
    return NULL;
}

/* Each text with its NUL, so that they cannot run into each other. */
static void digest(const struct kept_tickets *kept, const char *const texts[],
                   uint8_t ret[static DIGEST_SIZE])
{
    struct hmac_sha256_ctx ctx;

    hmac_sha256_set_key(&ctx, sizeof(kept->key), kept->key);
    for (; *texts; texts++)
        hmac_sha256_update(&ctx, strlen(*texts) + 1, (const uint8_t *)*texts);
    hmac_sha256_digest(&ctx, DIGEST_SIZE, ret);
    explicit_bzero(&ctx, sizeof(ctx));
}

static struct row *find_row(struct kept_tickets *kept, const struct kept_asker *asker)
{
    const char *const texts[] = { "who", asker->asker, asker->user, NULL };
    uint8_t who[DIGEST_SIZE];

    digest(kept, texts, who);
    for (size_t i = 0; i < KEPT_TICKETS_MAX; i++)
        if (kept->rows[i].until_usec > 0 && memeql_sec(kept->rows[i].who, who, DIGEST_SIZE))
            return &kept->rows[i];
    return NULL;
}

static void empty(struct row *row)
{
    explicit_bzero(row, sizeof(*row));
}

static bool password_is(const struct kept_tickets *kept, const struct row *row,
                        const struct kept_asker *asker)
{
    const char *const texts[] = { "password", asker->asker, asker->user, asker->password, NULL };
    uint8_t password[DIGEST_SIZE];

    digest(kept, texts, password);
    return memeql_sec(row->password, password, DIGEST_SIZE);
}

const char *kept_tickets_find(struct kept_tickets *kept, const struct kept_asker *asker, uint64_t now_usec)
{
    struct row *row = find_row(kept, asker);

    if (!row)
        return NULL;
    if (now_usec < row->until_usec && password_is(kept, row, asker))
        return row->ticket;
    empty(row);
    return NULL;
}

/* An empty one, or the one that ends first. */
static struct row *make_room(struct kept_tickets *kept)
{
    struct row *oldest = &kept->rows[0];

    for (size_t i = 1; i < KEPT_TICKETS_MAX; i++)
        if (kept->rows[i].until_usec < oldest->until_usec)
            oldest = &kept->rows[i];
    empty(oldest);
    return oldest;
}

void kept_tickets_keep(struct kept_tickets *kept, const struct kept_asker *asker,
                       const char ticket[static LOGIN_TICKET_SIZE], uint64_t now_usec)
{
    const char *const who[] = { "who", asker->asker, asker->user, NULL }, *const password[] = {
        "password", asker->asker, asker->user, asker->password, NULL
    };
    struct row *row;

    kept_tickets_forget(kept, asker);
    row = make_room(kept);
    digest(kept, who, row->who);
    digest(kept, password, row->password);
    row->until_usec = now_usec + KEPT_TICKETS_USEC;
    (void)snprintf(row->ticket, sizeof(row->ticket), "%s", ticket);
}

void kept_tickets_forget(struct kept_tickets *kept, const struct kept_asker *asker)
{
    struct row *row = find_row(kept, asker);

    if (row)
        empty(row);
}
