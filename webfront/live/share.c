/* Whom the proxy vouches for is known from the start. */
#include "webfront/live/share.h"

#include <string.h>

static bool has_key(const struct group *group, const uint8_t key[static CALLER_KEY_SIZE])
{
    return memcmp(group->key, key, CALLER_KEY_SIZE) == 0;
}

static bool is_known(const struct groups *groups, const struct rpc_client_caller *caller,
                     const uint8_t key[static CALLER_KEY_SIZE])
{
    const struct group *group;

    TAILQ_FOREACH(group, groups, link)
        if (group->let_in && has_key(group, key))
            return true;
    return caller->user;
}

struct share share_of(const struct groups *groups, const struct rpc_client_caller *caller)
{
    struct share share = { 0 };
    const struct group *group;
    char name[PERSON_NAME_SIZE];
    uint8_t key[CALLER_KEY_SIZE];
    bool known;

    if (caller_is_nobody(caller))
        return share;
    caller_key(caller, key);
    caller_name(caller, name);
    known = is_known(groups, caller, key);
    TAILQ_FOREACH(group, groups, link)
        if (has_key(group, key) || (group->let_in ? strcmp(group->name, name) == 0 : !known)) {
            share.groups++;
            share.streams += group->n_streams;
        }
    return share;
}

struct group *groups_find(const struct groups *groups, const uint8_t key[static CALLER_KEY_SIZE],
                          const struct page_site *site, const struct wire_list_options *part)
{
    struct group *group;

    TAILQ_FOREACH(group, groups, link)
        if (!group->over && memcmp(group->key, key, CALLER_KEY_SIZE) == 0 &&
            group->site.language == site->language && group->site.section == site->section &&
            wire_list_options_same(&group->part, part))
            return group;
    return NULL;
}

size_t groups_bytes(const struct groups *groups)
{
    size_t bytes = http_pieces_bytes();
    const struct group *group;

    TAILQ_FOREACH(group, groups, link)
        bytes += group->whole ? 0 : GROUP_BYTES_USUAL;
    return bytes;
}
