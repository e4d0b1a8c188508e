/* The file: sections, and what each takes. Members of groups are looked up at the end: a group may stand
 * before its machines. */
#include "common/machines/machines-read.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/array.h"
#include "common/cleanup.h"
#include "common/key-file.h"
#include "common/trusted-file.h"

#define WHITESPACE " \t"

enum { PORT_MAX = 65535 };

/* A word of Machines=, until it is known whether there is such a machine. */
struct member {
    char name[MACHINE_NAME_SIZE];
    size_t group;
    unsigned line;
};

struct parser {
    struct machines machines;
    struct member *members;
    size_t n_members;
    const char *file;
    struct mistake *mistake;
    unsigned line;
    bool in_machine, in_group;               /* in the last one of either */
    unsigned via_line, host_line, port_line; /* of the [Machine] we are in; 0: not written */
};

static void parser_done(struct parser *parser)
{
    machines_done(&parser->machines);
    free(parser->members);
}

static int refuse(unsigned number, const char *why, void *userdata)
{
    const struct parser *parser = userdata;

    return mistake_set(parser->mistake, parser->file, number, "%s", why);
}

/* The one that we are in, or were in last. */
static struct machine *last_machine(const struct parser *parser)
{
    return &parser->machines.list[parser->machines.n - 1];
}

static struct machine_group *last_group(const struct parser *parser)
{
    return &parser->machines.groups[parser->machines.n_groups - 1];
}

static int end_machine(const struct parser *parser)
{
    struct machine *machine = last_machine(parser);
    unsigned line = parser->host_line ? parser->host_line : parser->port_line;

    if (!parser->via_line)
        return mistake_set(parser->mistake, parser->file, machine->line,
                           "[Machine %s] has no Via=; write Via=ssh, or Via=socket for what you put at its "
                           "socket yourself",
                           machine->name);
    if (machine->via == MACHINE_VIA_SOCKET && line)
        return mistake_set(parser->mistake, parser->file, line,
                           "%s= is for Via=ssh; take it away, or write Via=ssh",
                           parser->host_line ? "Host" : "Port");
    if (machine->via == MACHINE_VIA_SSH && !parser->host_line)
        (void)snprintf(machine->host, sizeof(machine->host), "%s", machine->name);
    return 0;
}

static int end_group(const struct parser *parser)
{
    const struct machine_group *group = last_group(parser);

    for (size_t i = 0; i < parser->n_members; i++)
        if (parser->members[i].group == parser->machines.n_groups - 1)
            return 0;
    return mistake_set(parser->mistake, parser->file, group->line,
                       "[Group %s] has no Machines=; write the names of its machines there, with blanks "
                       "between them",
                       group->name);
}

static int end_section(const struct parser *parser)
{
    if (parser->in_machine)
        return end_machine(parser);
    return parser->in_group ? end_group(parser) : 0;
}

static int refuse_taken(const struct parser *parser, const char *name)
{
    const struct machine *machine = machines_find(&parser->machines, name);
    const struct machine_group *group = machines_group(&parser->machines, name);

    return mistake_set(parser->mistake, parser->file, parser->line,
                       "%s is the name of %s already, in line %u; take another one", name,
                       machine ? "a machine" : "a group", machine ? machine->line : group->line);
}

static int check_name(const struct parser *parser, const char *name)
{
    if (!machine_name_valid(name))
        return mistake_set(
            parser->mistake, parser->file, parser->line,
            "'%s' is no name of a machine or a group: at most %d letters, digits, '.' and '-', "
            "of which the first is a letter or a digit",
            name, MACHINE_NAME_MAX);
    if (machines_find(&parser->machines, name) || machines_group(&parser->machines, name))
        return refuse_taken(parser, name);
    return 0;
}

static int begin_machine(struct parser *parser, const char *name)
{
    struct machines *machines = &parser->machines;

    if (machines->n == MACHINES_MAX)
        return mistake_set(parser->mistake, parser->file, parser->line, "there are more than %d machines",
                           MACHINES_MAX);
    if (!ARRAY_ROOM(machines->list, machines->n))
        return -ENOMEM;
    machines->list[machines->n] = (struct machine){ .line = parser->line };
    (void)snprintf(machines->list[machines->n++].name, MACHINE_NAME_SIZE, "%s", name);
    parser->in_machine = true;
    parser->via_line = parser->host_line = parser->port_line = 0;
    return 0;
}

static int begin_group(struct parser *parser, const char *name)
{
    struct machines *machines = &parser->machines;

    if (machines->n_groups == MACHINES_MAX)
        return mistake_set(parser->mistake, parser->file, parser->line, "there are more than %d groups",
                           MACHINES_MAX);
    if (!ARRAY_ROOM(machines->groups, machines->n_groups))
        return -ENOMEM;
    machines->groups[machines->n_groups] = (struct machine_group){ .line = parser->line };
    (void)snprintf(machines->groups[machines->n_groups++].name, MACHINE_NAME_SIZE, "%s", name);
    parser->in_group = true;
    return 0;
}

/* "[Machine NAME]": the NAME. NULL when the line is none of that kind. */
static char *name_in(const char *line, const char *kind, char *buffer)
{
    size_t length = strlen(kind), end;

    if (line[0] != '[' || strncmp(line + 1, kind, length) != 0 || !strchr(WHITESPACE "]", line[1 + length]))
        return NULL;
    line += 1 + length;
    line += strspn(line, WHITESPACE);
    end = strlen(line);
    if (end == 0 || line[end - 1] != ']')
        return NULL;
    while (end > 1 && strchr(WHITESPACE, line[end - 2]))
        end--;
    (void)memcpy(buffer, line, end - 1);
    buffer[end - 1] = '\0';
    return buffer;
}

static int take_section(const char *line, unsigned number, void *userdata)
{
    struct parser *parser = userdata;
    char buffer[KEY_FILE_LINE_MAX + 1];
    const char *machine = name_in(line, "Machine", buffer);
    const char *group = machine ? NULL : name_in(line, "Group", buffer);
    int r = end_section(parser);

    if (r != 0)
        return r;
    parser->line = number;
    parser->in_machine = parser->in_group = false;
    if (!machine && !group)
        return mistake_set(parser->mistake, parser->file, number,
                           "unknown section %s; there are only [Machine NAME] and [Group NAME]", line);
    r = check_name(parser, buffer);
    if (r != 0)
        return r;
    return machine ? begin_machine(parser, machine) : begin_group(parser, group);
}

static int set_via(struct parser *parser, const char *value)
{
    enum machine_via via = strcmp(value, "ssh") == 0      ? MACHINE_VIA_SSH
                           : strcmp(value, "socket") == 0 ? MACHINE_VIA_SOCKET
                                                          : 0;

    if (!via)
        return mistake_set(parser->mistake, parser->file, parser->line, "Via=%s is neither ssh nor socket",
                           value);
    last_machine(parser)->via = via;
    return 0;
}

static int set_host(struct parser *parser, const char *value)
{
    if (!machine_host_valid(value))
        return mistake_set(parser->mistake, parser->file, parser->line, "Host=%s: %s", value,
                           MACHINE_HOST_GRAMMAR);
    (void)snprintf(last_machine(parser)->host, MACHINE_HOST_SIZE, "%s", value);
    return 0;
}

static int set_port(struct parser *parser, const char *value)
{
    unsigned long port = strspn(value, "0123456789") == strlen(value) ? strtoul(value, NULL, 10) : 0;

    if (strlen(value) > 5 || port == 0 || port > PORT_MAX)
        return mistake_set(parser->mistake, parser->file, parser->line, "Port=%s is no number from 1 to %d",
                           value, PORT_MAX);
    last_machine(parser)->port = (unsigned)port;
    return 0;
}

static int add_member(struct parser *parser, const char *name, size_t length)
{
    struct member *member;

    if (!ARRAY_ROOM(parser->members, parser->n_members))
        return -ENOMEM;
    member = &parser->members[parser->n_members];
    member->group = parser->machines.n_groups - 1;
    member->line = parser->line;
    (void)snprintf(member->name, sizeof(member->name), "%.*s", (int)length, name);
    if (length > MACHINE_NAME_MAX || !machine_name_valid(member->name))
        return mistake_set(parser->mistake, parser->file, parser->line,
                           "Machines=: '%.*s' is no name of a machine%s", (int)length, name,
                           memchr(name, ',', length) ? "; put blanks between names, not commas" : "");
    parser->n_members++;
    return 0;
}

static int set_machines(struct parser *parser, const char *value)
{
    size_t length;

    for (const char *word = value; *(word += strspn(word, WHITESPACE)); word += length) {
        int r;

        length = strcspn(word, WHITESPACE);
        r = add_member(parser, word, length);
        if (r != 0)
            return r;
    }
    return 0;
}

/* Which kind of section a key is of. */
static const struct key {
    const char *name;
    bool of_group;
    int (*set)(struct parser *parser, const char *value);
} KEYS[] = {
    { "Via", false, set_via },
    { "Host", false, set_host },
    { "Port", false, set_port },
    { "Machines", true, set_machines },
};

static const struct key *find_key(const char *name)
{
    for (size_t i = 0; i < sizeof(KEYS) / sizeof(*KEYS); i++)
        if (strcmp(KEYS[i].name, name) == 0)
            return &KEYS[i];
    return NULL;
}

/* Where it is remembered that the key was written. NULL: it may be written again, and adds to it. */
static unsigned *seen(struct parser *parser, const struct key *key)
{
    if (key->of_group)
        return NULL;
    return key->set == set_via    ? &parser->via_line
           : key->set == set_host ? &parser->host_line
                                  : &parser->port_line;
}

static int refuse_key(const struct parser *parser, const struct key *key, const char *name)
{
    if (!key)
        return mistake_set(
            parser->mistake, parser->file, parser->line,
            "unknown key %s=; there are Via=, Host= and Port= of a [Machine], and Machines= of a "
            "[Group]",
            name);
    if (!parser->in_machine && !parser->in_group)
        return mistake_set(parser->mistake, parser->file, parser->line, "%s= stands before the first section",
                           name);
    return mistake_set(parser->mistake, parser->file, parser->line, "%s= belongs into a section [%s NAME]",
                       name, key->of_group ? "Group" : "Machine");
}

static int take_key(const char *name, const char *value, unsigned number, void *userdata)
{
    struct parser *parser = userdata;
    const struct key *key = find_key(name);
    unsigned *line;

    parser->line = number;
    if (!key || !(key->of_group ? parser->in_group : parser->in_machine))
        return refuse_key(parser, key, name);
    line = seen(parser, key);
    if (line && *line)
        return mistake_set(parser->mistake, parser->file, number, "%s= is given twice", name);
    if (line)
        *line = number;
    if (*value == '\0')
        return mistake_set(parser->mistake, parser->file, number, "%s= is empty", name);
    return key->set(parser, value);
}

static int join(struct parser *parser, const struct member *member)
{
    const struct machine *machine = machines_find(&parser->machines, member->name);
    struct machine_group *group = &parser->machines.groups[member->group];
    size_t index;

    if (!machine)
        return mistake_set(parser->mistake, parser->file, member->line,
                           "Machines=: there is no [Machine %s] in this file%s", member->name,
                           machines_group(&parser->machines, member->name)
                               ? "; that is a group, and a group is made of machines"
                               : "");
    index = (size_t)(machine - parser->machines.list);
    if (memchr(group->members, (int)index, group->n_members))
        return mistake_set(parser->mistake, parser->file, member->line, "Machines=: %s is named twice",
                           member->name);
    group->members[group->n_members++] = (unsigned char)index;
    return 0;
}

static int join_all(struct parser *parser)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < parser->n_members; i++)
        r = join(parser, &parser->members[i]);
    return r;
}

int machines_read(const char *file, const char *text, size_t size, struct machines *ret,
                  struct mistake *mistake)
{
    static const struct key_file MACHINES = {
        .sections = "[Machine NAME], [Group NAME]",
        .too_long = "Machines= may be written again, and adds to it",
        .section = take_section,
        .key = take_key,
        .refuse = refuse,
    };
    _cleanup_(parser_done) struct parser parser = { .file = file, .mistake = mistake };
    int r;

    if (size > MACHINES_SIZE_MAX)
        return mistake_set(mistake, file, 0, "is larger than %d KiB", MACHINES_SIZE_MAX / 1024);
    r = key_file_read(&MACHINES, text, size, &parser);
    if (r == 0)
        r = end_section(&parser);
    if (r == 0)
        r = join_all(&parser);
    if (r != 0)
        return r;
    *ret = parser.machines;
    parser.machines = (struct machines){ .list = NULL };
    return 0;
}

int machines_load(const char *path, uid_t owner, struct machines *ret, struct mistake *mistake)
{
    _cleanup_(freep) char *text = NULL;
    struct stat st;
    size_t size = 0;
    int r;

    if (lstat(path, &st) < 0 && errno == ENOENT) {
        *ret = (struct machines){ .list = NULL };
        return 0;
    }
    r = trusted_read_path(path, owner, MACHINES_SIZE_MAX, &text, &size, mistake);
    return r == 0 ? machines_read(path, text, size, ret, mistake) : r;
}
