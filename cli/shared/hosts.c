/* What the admin has named goes first: a machine's name need not be one that ssh knows. */
#include "cli/shared/hosts.h"

#include <stdlib.h>
#include <string.h>

#include "cli/shared/fail.h"
#include "common/cleanup.h"
#include "common/machines/machines-read.h"

void hosts_done(struct hosts *hosts)
{
    for (size_t i = 0; i < hosts->n; i++) {
        free(hosts->list[i].name);
        free(hosts->list[i].host);
    }
    *hosts = (struct hosts){ .n = 0 };
}

struct cli_place host_place(const struct host *host)
{
    return (struct cli_place){ .name = host->name, .host = host->host, .port = host->port };
}

static int add(struct hosts *hosts, const char *name, const char *host, unsigned port)
{
    struct host *next = &hosts->list[hosts->n];

    for (size_t i = 0; i < hosts->n; i++)
        if (strcmp(hosts->list[i].name, name) == 0)
            return CLI_EXIT_OK;
    if (hosts->n == HOSTS_MAX)
        return cli_usage_error("-H: there are more than %d machines", HOSTS_MAX);
    *next = (struct host){ .name = strdup(name), .host = strdup(host), .port = port };
    hosts->n++;
    return next->name && next->host ? CLI_EXIT_OK : fail_self(CLI_EXIT_UNAVAILABLE, "out of memory");
}

static int add_machine(struct hosts *hosts, const struct machine *machine)
{
    if (machine->via == MACHINE_VIA_SSH)
        return add(hosts, machine->name, machine->host, machine->port);
    return cli_usage_error(
        "-H: %s is reached by a socket that is for the page (Via=socket in %s); name it as ssh "
        "does, as USER@HOST",
        machine->name, MACHINES_PATH);
}

static int add_group(struct hosts *hosts, const struct machines *machines, const struct machine_group *group)
{
    int r = CLI_EXIT_OK;

    for (size_t i = 0; i < group->n_members && r == CLI_EXIT_OK; i++)
        r = add_machine(hosts, &machines->list[group->members[i]]);
    return r;
}

static int add_word(struct hosts *hosts, const struct machines *machines, const char *word)
{
    const struct machine *machine = machines_find(machines, word);
    const struct machine_group *group = machines_group(machines, word);

    if (machine)
        return add_machine(hosts, machine);
    if (group)
        return add_group(hosts, machines, group);
    if (machine_host_valid(word))
        return add(hosts, word, word, 0);
    return cli_usage_error("-H: '%s' is neither a machine or a group of %s nor a host: %s", word,
                           MACHINES_PATH, MACHINE_HOST_GRAMMAR);
}

int hosts_add(struct hosts *hosts, const char *words)
{
    _cleanup_(machines_done) struct machines machines = { .list = NULL };
    _cleanup_(freep) char *copy = strdup(words);
    char *rest = copy, *word;
    struct mistake mistake = { "out of memory" };
    int r = CLI_EXIT_OK;

    if (!copy || machines_load(MACHINES_PATH, 0, &machines, &mistake) != 0)
        return fail_self(CLI_EXIT_UNAVAILABLE, "%s. Nothing was done.", mistake.text);
    while (r == CLI_EXIT_OK && (word = strsep(&rest, ",")))
        r = add_word(hosts, &machines, word);
    return r;
}
