/* Lists of names. They are short, and looked through one by one. */
#include "policy/people.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void names_free(char **names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(names[i]);
    free(names);
}

void people_done(struct people *people)
{
    names_free(people->users, people->n_users);
    names_free(people->groups, people->n_groups);
    *people = (struct people){ 0 };
}

bool names_have(char *const *names, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

bool people_include(const struct people *people, const struct person *person)
{
    if (!person_is_known(person))
        return false;
    if (people->everybody || names_have(people->users, people->n_users, person->name))
        return true;
    for (size_t i = 0; i < people->n_groups; i++)
        if (person_in_group(person, people->groups[i]))
            return true;
    return false;
}

static bool names_same(char *const *a, size_t n_a, char *const *b, size_t n_b)
{
    for (size_t i = 0; i < n_a; i++)
        if (!names_have(b, n_b, a[i]))
            return false;
    return n_a == n_b;
}

bool people_same(const struct people *a, const struct people *b)
{
    return a->said == b->said && a->everybody == b->everybody &&
           names_same(a->users, a->n_users, b->users, b->n_users) &&
           names_same(a->groups, a->n_groups, b->groups, b->n_groups);
}

static size_t describe_names(char *const *names, size_t n, const char *before, char *ret, size_t size)
{
    size_t used = 0;

    for (size_t i = 0; i < n && used < size; i++) {
        int more = snprintf(ret + used, size - used, "%s%s", i == 0 ? before : ", ", names[i]);

        used += more > 0 ? (size_t)more : 0;
    }
    return used < size ? used : size;
}

void people_describe(const struct people *people, char *ret, size_t size)
{
    const char *groups = people->n_groups == 1 ? "the group " : "the groups ";
    char both[32];
    size_t used;

    if (!people->said || people->everybody) {
        (void)snprintf(ret, size, "everybody%s", people->said ? " who is known" : "");
        return;
    }
    (void)snprintf(both, sizeof(both), " and %s", groups);
    used = describe_names(people->users, people->n_users, "", ret, size);
    (void)describe_names(people->groups, people->n_groups, used > 0 ? both : groups, ret + used, size - used);
}
