/* What each is told, and the one object of what they said; between these the order. */
#include "cli/shared/several.h"

#include <stdlib.h>
#include <string.h>

#include "cli/shared/fail.h"
#include "cli/shared/json.h"
#include "common/cleanup.h"

/* "restartctl --host NAME [--json=short] [--no-legend] VERB …". */
static char **make_words(char *const argv[], enum json_layout layout, bool no_legend)
{
    static char program[] = "restartctl", host[] = "--host", json[] = "--json=short",
                legend[] = "--no-legend";
    size_t n = 0, used = 0;
    char **words;

    while (argv[n])
        n++;
    words = calloc(n + 6, sizeof(*words));
    if (!words)
        return NULL;
    words[used++] = program;
    words[used++] = host;
    used = CHILD_HOST_WORD + 1;
    if (layout)
        words[used++] = json;
    if (no_legend)
        words[used++] = legend;
    memcpy(words + used, argv, n * sizeof(*words));
    return words;
}

static void add_to_array(xmlrpc_value *array, const struct child *child)
{
    struct rpc_struct s = rpc_struct_begin();
    xmlrpc_value *answer =
        child->streams[CHILD_OUT].text ? rpc_value_from_json(child->streams[CHILD_OUT].text) : NULL;

    rpc_struct_string(&s, "machine", child->name);
    rpc_struct_int(&s, "exit_status", child->exit_status);
    if (answer)
        rpc_struct_value(&s, "answer", answer);
    (void)rpc_array_append(array, rpc_struct_end(&s));
}

/* Those after the last one that was begun, when there are any. */
static void add_not_begun(struct rpc_struct *s, const struct several *several)
{
    xmlrpc_value *names;

    if (several->children.n == several->hosts->n)
        return;
    names = rpc_array_new();
    for (size_t i = several->children.n; i < several->hosts->n; i++)
        (void)rpc_array_append(names, rpc_string_new(several->hosts->list[i].name));
    rpc_struct_value(s, "not_begun", names);
}

static void print_json(const struct several *several)
{
    xmlrpc_value *array = rpc_array_new(), *whole = NULL;
    struct rpc_struct s = rpc_struct_begin();

    for (size_t i = 0; i < several->children.n; i++)
        add_to_array(array, &several->children.list[i]);
    rpc_struct_value(&s, "machines", array);
    add_not_begun(&s, several);
    whole = rpc_struct_end(&s);
    json_print(whole, several->layout);
    if (whole)
        xmlrpc_DECREF(whole);
}

int several_run(const struct hosts *hosts, char *const argv[], enum json_layout layout, bool no_legend,
                several_order order)
{
    static struct several several;
    _cleanup_(freep) char **words = make_words(argv, layout, no_legend);
    int status;

    if (!words)
        return fail_self(CLI_EXIT_UNAVAILABLE, "out of memory");
    several = (struct several){ .hosts = hosts, .words = words, .layout = layout, .no_legend = no_legend };
    status = order(&several);
    if (layout)
        print_json(&several);
    children_done(&several.children);
    return status;
}
