/* The files of users and groups: what is taken is of the grammar, and taken again as it would be written; a
 * change of one line leaves a file that is taken, too. The first byte says which of the two files the rest
 * is. */
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <string.h>

#include "common/accounts/edit.h"
#include "common/accounts/groups.h"
#include "common/cleanup.h"

#define HASH "$y$j9T$abcdefghijABCDEFGHIJ./$abcdefghijABCDEFGHIJ./0123456789abcdefghijk"

enum { TEXT_MAX = 16384 };

static int read_users(const char *text, struct users *ret)
{
    struct mistake mistake;

    return users_read("users", text, strlen(text), ret, &mistake);
}

/* As a string: a NUL is a control character, and stops the file anyway. */
static int read_file(const uint8_t *data, size_t size, char text[static TEXT_MAX], struct users *users,
                     struct person *person)
{
    struct mistake mistake;

    if (size == 0 || size > TEXT_MAX)
        return MISTAKE;
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    if (data[0] != 'g')
        return users_read("users", text, size - 1, users, &mistake);
    FUZZ_ASSERT(read_users("anna:" HASH "\nbert:" HASH "\n", users) == 0);
    FUZZ_ASSERT(person_set(person, "anna", PERSON_PASSWORD) == 0);
    return groups_read("groups", text, size - 1, users, person, &mistake);
}

bool fuzz_passes(const uint8_t *data, size_t size)
{
    _cleanup_(users_done) struct users users = { .list = NULL };
    _cleanup_(person_done) struct person person = { 0 };
    char text[TEXT_MAX];

    return read_file(data, size, text, &users, &person) == 0 && users.n > 0;
}

static void check_users(const struct users *users, const char *text)
{
    _cleanup_(users_done) struct users again = { .list = NULL };
    _cleanup_(freep) char *changed = NULL;

    for (size_t i = 0; i < users->n; i++) {
        FUZZ_ASSERT(person_name_valid(users->list[i].name) && !hash_mistake(users->list[i].hash));
        FUZZ_ASSERT(users_find(users, users->list[i].name) == &users->list[i]);
    }
    FUZZ_ASSERT(edit_user(text, "zoe", HASH, &changed) == 0);
    FUZZ_ASSERT(read_users(changed, &again) == 0);
    FUZZ_ASSERT(again.n == users->n + !users_find(users, "zoe"));
    FUZZ_ASSERT(strcmp(users_find(&again, "zoe")->hash, HASH) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    _cleanup_(users_done) struct users users = { .list = NULL };
    _cleanup_(person_done) struct person person = { 0 };
    char text[TEXT_MAX];

    if (read_file(data, size, text, &users, &person) != 0)
        return 0;
    if (data[0] != 'g')
        check_users(&users, text);
    FUZZ_ASSERT(person.n_groups <= PERSON_GROUPS_MAX);
    for (size_t i = 0; i < person.n_groups; i++)
        FUZZ_ASSERT(person_name_valid(person.groups[i]));
    return 0;
}
