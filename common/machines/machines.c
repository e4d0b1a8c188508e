/* Found by their names, in the file as it was read. */
#include "common/machines/machines.h"

#include <stdlib.h>
#include <string.h>

#define LETTERS_DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

void machines_done(struct machines *machines)
{
    free(machines->list);
    free(machines->groups);
    *machines = (struct machines){ .list = NULL };
}

bool machine_name_valid(const char *name)
{
    size_t length = strlen(name);

    return length > 0 && length <= MACHINE_NAME_MAX && strspn(name, LETTERS_DIGITS) > 0 &&
           strspn(name, LETTERS_DIGITS ".-") == length;
}

const struct machine *machines_find(const struct machines *machines, const char *name)
{
    for (size_t i = 0; i < machines->n; i++)
        if (strcmp(machines->list[i].name, name) == 0)
            return &machines->list[i];
    return NULL;
}

const struct machine_group *machines_group(const struct machines *machines, const char *name)
{
    for (size_t i = 0; i < machines->n_groups; i++)
        if (strcmp(machines->groups[i].name, name) == 0)
            return &machines->groups[i];
    return NULL;
}
