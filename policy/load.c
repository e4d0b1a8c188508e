/* Where a policy may come from: files, a source that was kept, a text. All of it, or none. */
#include "policy/load.h"

#include <errno.h>

#include "policy/files.h"
#include "policy/parse.h"
#include "policy/source.h"

/* A policy that is being read, file by file. */
struct reading {
    struct policy *policy;
    struct policy_source source;
};

static int add_file(const char *file, const char *text, size_t size, void *userdata,
                    struct policy_error *error)
{
    struct reading *reading = userdata;
    int r = policy_source_add(&reading->source, file, text, size);

    return r < 0 ? r : policy_parse(reading->policy, file, text, size, error);
}

/* `read` hands each file to add_file(). */
static int load(int (*read)(void *userdata, struct reading *reading, struct policy_error *error),
                void *userdata, struct policy **ret, struct policy_error *ret_error)
{
    _cleanup_(policy_freep) struct policy *policy = policy_new();
    struct reading reading = { .policy = policy };
    int r = policy ? policy_source_begin(&reading.source) : -ENOMEM;

    if (r >= 0)
        r = read(userdata, &reading, ret_error);
    if (r == 0)
        r = policy_source_end(&reading.source, policy);
    policy_source_done(&reading.source);
    if (r == 0)
        *ret = TAKE_PTR(policy);
    return r;
}

struct place {
    const char *path;
    uid_t owner;
};

static int read_place(void *userdata, struct reading *reading, struct policy_error *error)
{
    const struct place *place = userdata;

    return policy_read_files(place->path, place->owner, add_file, reading, error);
}

int policy_load_owned(const char *path, uid_t owner, struct policy **ret, struct policy_error *ret_error)
{
    struct place place = { .path = path, .owner = owner };

    return load(read_place, &place, ret, ret_error);
}

struct kept {
    const char *name, *source;
    size_t size;
};

static int read_kept(void *userdata, struct reading *reading, struct policy_error *error)
{
    const struct kept *kept = userdata;

    return policy_read_source(kept->name, kept->source, kept->size, add_file, reading, error);
}

int policy_load_source(const char *name, const char *source, size_t size, struct policy **ret,
                       struct policy_error *ret_error)
{
    struct kept kept = { .name = name, .source = source, .size = size };

    return load(read_kept, &kept, ret, ret_error);
}

int policy_load(const char *path, struct policy **ret, struct policy_error *ret_error)
{
    return policy_load_owned(path, 0, ret, ret_error);
}

int policy_load_text(const char *name, const char *text, size_t size, struct policy **ret,
                     struct policy_error *ret_error)
{
    _cleanup_(policy_freep) struct policy *policy = NULL;
    int r;

    policy = policy_new();
    if (!policy)
        return -ENOMEM;
    r = policy_parse(policy, name, text, size, ret_error);
    if (r)
        return r;

    *ret = TAKE_PTR(policy);
    return 0;
}
