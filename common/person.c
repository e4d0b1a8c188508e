/* Names are copied, so that a person outlives where they were read. */
#include "common/person.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/array.h"

#define LETTERS_AND_DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

void person_done(struct person *person)
{
    free(person->groups);
    *person = (struct person){ 0 };
}

bool person_name_valid(const char *name)
{
    size_t length = strnlen(name, PERSON_NAME_SIZE);

    return length > 0 && length <= PERSON_NAME_MAX && strspn(name, LETTERS_AND_DIGITS "_") > 0 &&
           strspn(name, LETTERS_AND_DIGITS "_.@-") == length;
}

int person_set(struct person *person, const char *name, enum person_known known)
{
    bool valid = person_name_valid(name) && known > PERSON_NOBODY && known < PERSON_KNOWN;

    person->known = valid ? known : PERSON_NOBODY;
    (void)snprintf(person->name, sizeof(person->name), "%s", valid ? name : "");
    return valid ? 0 : PERSON_E_NAME;
}

bool person_in_group(const struct person *person, const char *group)
{
    for (size_t i = 0; i < person->n_groups; i++)
        if (strcmp(person->groups[i], group) == 0)
            return true;
    return false;
}

int person_add_group(struct person *person, const char *group)
{
    if (!person_name_valid(group))
        return PERSON_E_NAME;
    if (person_in_group(person, group))
        return 0;
    if (person->n_groups == PERSON_GROUPS_MAX)
        return PERSON_E_TOO_MANY;
    if (!ARRAY_ROOM(person->groups, person->n_groups))
        return -ENOMEM;
    (void)snprintf(person->groups[person->n_groups++], PERSON_NAME_SIZE, "%s", group);
    return 0;
}

const char *person_known_to_string(enum person_known known)
{
    static const char *const WORDS[PERSON_KNOWN] = {
        [PERSON_NOBODY] = "nobody", [PERSON_UID] = "uid",     [PERSON_PASSWORD] = "password",
        [PERSON_PAM] = "pam",       [PERSON_PROXY] = "proxy", [PERSON_FRONT] = "front",
    };

    return known < PERSON_KNOWN ? WORDS[known] : WORDS[PERSON_NOBODY];
}
