#include "tests/unit/people.h"

#include <stdio.h>
#include <string.h>

#include "common/unit-name.h"
#include "policy/resolve.h"
#include "tests/unit/test.h"

struct person person_from(const char *text)
{
    struct person person = { .is_root = strcmp(text, "root") == 0 };
    char copy[256], *rest = copy, *word;

    (void)snprintf(copy, sizeof(copy), "%s", text);
    word = strsep(&rest, ":");
    if (*word)
        assert_int_equal(person_set(&person, word, PERSON_UID), 0);
    while (rest)
        assert_int_equal(person_add_group(&person, strsep(&rest, ":")), 0);
    return person;
}

int ask_as(const struct policy *policy, const struct person *person, const char *unit, unsigned verb)
{
    struct unit_name name;

    assert_int_equal(unit_name_parse(unit, &name), 0);
    return policy_permits(policy, person, &name, verb, NULL);
}
