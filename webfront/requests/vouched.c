/* Headers of which one has to be sure. Proxies take away the header that they set, and often leave one whose
 * name is spelled a little differently; what comes after them may hold the two for the same. So whatever
 * could be taken for one of the headers counts as one. */
#include "webfront/requests/vouched.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/cleanup.h"
#include "common/header-name.h"

#define NAMES "names are 1 to 64 of A-Z a-z 0-9 _ . @ -, the first one a letter, a digit or _"

const char VOUCHED_CLAIMED[] =
    "Nothing was done: a header of the request names a person, and only a reverse proxy at "
    "/run/restarter/proxy.sock may say who somebody is. If there is one, it has to be pointed there.";

const char *vouched_text(int error)
{
    switch (error) {
    case VOUCHED_E_ABSENT:
        return "Nothing was done: the reverse proxy did not say who you are. It has to name one person in the "
               "header that UserHeader= in /etc/restarter/webfront.conf says.";
    case VOUCHED_E_TWICE:
        return "Nothing was done: the reverse proxy says more than once who you are or in which groups, or "
               "lets a header pass that could be taken for that. It has to remove those that a client sends, "
               "also with _ in the place of -.";
    case VOUCHED_E_NAME:
        return "Nothing was done: what the reverse proxy says you are called is no name here; " NAMES ".";
    case VOUCHED_E_NO_GROUPS:
        return "Nothing was done: a header of the request says in which groups you are, and whoever sent it may "
               "have written that. The reverse proxy has to remove it; where it writes that header itself, "
               "GroupsHeader= in /etc/restarter/webfront.conf has to say so.";
    default:
        return "Nothing was done: the groups that the reverse proxy says you are in make no sense; they are at "
               "most 64, with commas between them, and their " NAMES ".";
    }
}

/* A header as it was found. */
struct found {
    const char *name;  /* that is looked for */
    const char *value; /* of the last one under that very name */
    unsigned n, n_aliases;
};

struct pair {
    struct found user, groups;
};

static void count(struct found *found, const char *name, const char *value)
{
    if (!header_name_is_like(name, found->name))
        return;
    found->n++;
    if (strcasecmp(name, found->name) == 0)
        found->value = value;
    else
        found->n_aliases++;
}

static void look(const char *name, const char *value, void *userdata)
{
    struct pair *pair = userdata;

    count(&pair->user, name, value);
    count(&pair->groups, name, value);
}

static struct pair find(const struct http_request *request, const struct vouched_names *names)
{
    struct pair pair = { .user.name = names->user, .groups.name = names->groups };

    http_request_each_header(request, look, &pair);
    return pair;
}

/* One, and under its own name; or, where that will do, none. */
static bool is_sure(const struct found *found)
{
    return found->n <= 1 && found->n_aliases == 0;
}

bool vouched_is_claimed(const struct http_request *request, const struct vouched_names *names)
{
    struct pair pair = find(request, names);

    return pair.user.n + pair.groups.n > 0;
}

#define SPACES " \t"

/* What is between two commas, without the spaces around it. */
static int add_group(const char *text, size_t length, struct person *person)
{
    char group[PERSON_NAME_SIZE];

    while (length > 0 && strchr(SPACES, text[length - 1]))
        length--;
    if (length >= sizeof(group))
        return VOUCHED_E_GROUPS;
    (void)snprintf(group, sizeof(group), "%.*s", (int)length, text);
    return person_add_group(person, group);
}

static int add_groups(const char *text, struct person *person)
{
    text += strspn(text, SPACES);
    while (*text) {
        size_t length = strcspn(text, ",");
        int r = add_group(text, length, person);

        if (r != 0)
            return r < 0 ? r : VOUCHED_E_GROUPS;
        text += length;
        if (*text == '\0')
            break;
        text += 1 + strspn(text + 1, SPACES);
        if (*text == '\0')
            return VOUCHED_E_GROUPS; /* a comma, and nothing behind it */
    }
    return 0;
}

static int read_pair(const struct pair *pair, bool has_groups, struct person *person)
{
    if (pair->groups.n > 0 && !has_groups)
        return VOUCHED_E_NO_GROUPS;
    if (!is_sure(&pair->user) || !is_sure(&pair->groups))
        return VOUCHED_E_TWICE;
    if (pair->user.n == 0)
        return VOUCHED_E_ABSENT;
    if (person_set(person, pair->user.value, PERSON_PROXY) != 0)
        return VOUCHED_E_NAME;
    return pair->groups.value ? add_groups(pair->groups.value, person) : 0;
}

int vouched_read(const struct http_request *request, const struct vouched_names *names, struct person *ret)
{
    struct pair pair = find(request, names);
    struct person person = { .door = ret->door };
    int r = read_pair(&pair, names->has_groups, &person);

    if (r != 0) {
        person_done(&person);
        return r;
    }
    *ret = person;
    return 0;
}
