/* A member who is no user is a mistake, and no promise: whoever came to bear that name later would be in. */
#include "common/accounts/groups.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GROUPS_MAX = 1024 };

struct reading {
    const struct users *users;
    struct person *person;
    char (*names)[PERSON_NAME_SIZE]; /* of the groups so far */
    size_t n;
};

static void reading_done(struct reading *reading)
{
    free(reading->names);
}

static bool is_known(const struct reading *reading, const char *group)
{
    for (size_t i = 0; i < reading->n; i++)
        if (strcmp(reading->names[i], group) == 0)
            return true;
    return false;
}

/* Is the word, of that length, among those before it? */
static bool is_there(const char *list, const char *word, size_t length)
{
    for (const char *at = list; at < word; at += strcspn(at, ",") + 1)
        if (strcspn(at, ",") == length && strncmp(at, word, length) == 0)
            return true;
    return false;
}

static int add_to_person(const struct line *line, const char *member, struct person *person,
                         struct mistake *mistake)
{
    int r;

    if (!person || strcmp(person->name, member) != 0)
        return 0;
    r = person_add_group(person, line->name);
    if (r == PERSON_E_TOO_MANY)
        return mistake_set(mistake, line->file, line->number, "user %s is in more than %d groups", member,
                           PERSON_GROUPS_MAX);
    return r;
}

static int check_member(const struct line *line, const char *member, size_t length, struct reading *reading,
                        struct mistake *mistake)
{
    char name[PERSON_NAME_SIZE];

    (void)snprintf(name, sizeof(name), "%.*s", (int)length, member);
    if (length >= sizeof(name) || !person_name_valid(name))
        return mistake_set(mistake, line->file, line->number,
                           "group %s: what stands after the ':' is no list of users (USER,USER)", line->name);
    if (is_there(line->value, member, length))
        return mistake_set(mistake, line->file, line->number, "group %s: user %s is there twice", line->name,
                           name);
    if (!users_find(reading->users, name))
        return mistake_set(mistake, line->file, line->number, "group %s: there is no user %s", line->name,
                           name);
    return add_to_person(line, name, reading->person, mistake);
}

static int add_group(const struct line *line, void *userdata, struct mistake *mistake)
{
    struct reading *reading = userdata;
    int r = 0;

    if (is_known(reading, line->name))
        return mistake_set(mistake, line->file, line->number, "group %s is there twice", line->name);
    if (reading->n == GROUPS_MAX)
        return mistake_set(mistake, line->file, line->number, "these are more than %d groups", GROUPS_MAX);
    (void)snprintf(reading->names[reading->n++], PERSON_NAME_SIZE, "%s", line->name);
    for (const char *at = line->value; r == 0 && *line->value; at++) {
        size_t length = strcspn(at, ",");

        r = check_member(line, at, length, reading, mistake);
        at += length;
        if (*at == '\0')
            break;
    }
    return r;
}

int groups_read(const char *file, const char *text, size_t size, const struct users *users,
                struct person *person, struct mistake *mistake)
{
    _cleanup_(reading_done) struct reading reading = { .users = users, .person = person };

    reading.names = calloc(GROUPS_MAX, sizeof(*reading.names));
    if (!reading.names)
        return -ENOMEM;
    return lines_read(file, text, size, add_group, &reading, mistake);
}
