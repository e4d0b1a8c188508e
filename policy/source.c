/* Each file is a line "LENGTH-OF-NAME SIZE", then its name and its text. */
#include "policy/source.h"

#include <errno.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEAD_MAX = 48 /* characters of such a line */ };

int policy_source_begin(struct policy_source *source)
{
    source->out = open_memstream(&source->text, &source->size);
    return source->out ? 0 : -ENOMEM;
}

int policy_source_add(struct policy_source *source, const char *file, const char *text, size_t size)
{
    (void)fprintf(source->out, "%zu %zu\n%s", strlen(file), size, file);
    (void)fwrite(text, 1, size, source->out);
    return ferror(source->out) ? -ENOMEM : 0;
}

static void checksum(const char *text, size_t size, char ret[static POLICY_CHECKSUM_SIZE])
{
    struct sha256_ctx context;
    uint8_t digest[SHA256_DIGEST_SIZE];

    sha256_init(&context);
    sha256_update(&context, size, (const uint8_t *)text);
    sha256_digest(&context, sizeof(digest), digest);
    for (size_t i = 0; i < sizeof(digest); i++)
        (void)snprintf(ret + 2 * i, 3, "%02x", digest[i]);
}

int policy_source_end(struct policy_source *source, struct policy *policy)
{
    FILE *out = TAKE_PTR(source->out);

    if (fclose(out) == EOF)
        return -ENOMEM;
    policy->source = TAKE_PTR(source->text);
    policy->source_size = source->size;
    checksum(policy->source, policy->source_size, policy->checksum);
    return 0;
}

void policy_source_done(struct policy_source *source)
{
    if (source->out)
        (void)fclose(source->out);
    free(source->text);
}

/* A number that ends with `end`, at most `max`; *text is moved behind that. */
static bool take_number(const char **text, char end, size_t max, size_t *ret)
{
    size_t number = 0;
    const char *p = *text;

    while (*p >= '0' && *p <= '9' && number <= max)
        number = 10 * number + (size_t)(*p++ - '0');
    if (p == *text || *p != end || number > max)
        return false;
    *text = p + 1;
    *ret = number;
    return true;
}

/* One file: what is left of the source begins behind it then. */
static int take_file(const char *name, const char **source, const char *end, policy_file_callback callback,
                     void *userdata, struct policy_error *error)
{
    _cleanup_(freep) char *head =
        strndup(*source, (size_t)(end - *source < HEAD_MAX ? end - *source : HEAD_MAX));
    _cleanup_(freep) char *file = NULL;
    size_t length = 0, size = 0;
    const char *p = head;

    if (!head)
        return -ENOMEM;
    if (!take_number(&p, ' ', (size_t)(end - *source), &length) ||
        !take_number(&p, '\n', POLICY_SIZE_MAX, &size))
        return policy_fail(error, name, 0, "is not a policy that was kept");
    *source += p - head;
    if (length > (size_t)(end - *source) || size > (size_t)(end - *source) - length)
        return policy_fail(error, name, 0, "is not whole");
    file = strndup(*source, length);
    if (!file)
        return -ENOMEM;
    *source += length + size;
    return callback(file, *source - size, size, userdata, error);
}

int policy_read_source(const char *name, const char *source, size_t size, policy_file_callback callback,
                       void *userdata, struct policy_error *error)
{
    const char *end = source + size;
    int r = 0;

    if (size == 0)
        return policy_fail(error, name, 0, "is empty");
    while (r == 0 && source < end)
        r = take_file(name, &source, end, callback, userdata, error);
    return r;
}
