/* restartctl policy table: who may do what, as the running polkitd says. */
#include "cli/verbs/policy.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/shared/json.h"
#include "cli/shared/live.h"
#include "cli/shared/who.h"
#include "common/array.h"
#include "common/cleanup.h"
#include "common/text.h"
#include "polkit/ask/matrix.h"

DEFINE_CLEANUP(xmlrpc_value *, xmlrpc_DECREF);

enum { VERBS_SIZE = 256, EXAMPLES = 3 };

static const char *const KINDS[] = {
    [ROW_INSTANCE] = "instance",   [ROW_SAMPLE] = "sample",   [ROW_RULE] = "in the rule",
    [ROW_NEAR_MISS] = "near miss", [ROW_FOREIGN] = "foreign",
};

static const char *kind_of(const struct row *row)
{
    return row->kind == ROW_INSTANCE && !strchr(row->name, '@') ? "unit" : KINDS[row->kind];
}

/* What is printed beside polkitd's answers. */
struct view {
    const struct person *who; /* NULL: nobody was asked about */
    bool all;
};

static uint32_t verbs_of_person(const struct matrix *matrix, const struct view *view, const struct row *row)
{
    struct unit_name name;
    uint32_t verbs = 0;

    if (unit_name_parse(row->name, &name) != 0)
        return 0;
    for (size_t i = 0; i < ASK_N_VERBS; i++)
        if (policy_permits(matrix->policy, view->who, &name, verb_from_string(ASK_VERBS[i].word), NULL) == 0)
            verbs |= UINT32_C(1) << i;
    return verbs & row->broker;
}

static const struct person ANYBODY = { .is_root = true };

/* What the policy says of the row beside its verbs: of whom it is about, or of anybody. */
struct terms {
    bool reason; /* is wanted for some of the verbs */
    bool logs;
};

static struct terms find_terms(const struct matrix *matrix, const struct view *view, const struct row *row)
{
    const struct person *who = view->who ? view->who : &ANYBODY;
    struct unit_name name;

    if (!row->broker || unit_name_parse(row->name, &name) != 0)
        return (struct terms){ .reason = false };
    return (struct terms){ .reason = policy_verbs_with_reason(matrix->policy, who, &name) != 0,
                           .logs = policy_shows_logs(matrix->policy, who, &name) };
}

/* --- as JSON --- */

static xmlrpc_value *verbs_value(uint32_t verbs)
{
    xmlrpc_value *array = rpc_array_new();

    for (size_t i = 0; i < ASK_N_VERBS; i++)
        if (verbs >> i & 1)
            (void)rpc_array_append(array, rpc_string_new(ASK_VERBS[i].word));
    return array;
}

static xmlrpc_value *row_value(const struct matrix *matrix, const struct view *view, const struct row *row)
{
    const struct terms terms = find_terms(matrix, view, row);
    struct rpc_struct s = rpc_struct_begin();

    rpc_struct_string(&s, "unit", row->name);
    rpc_struct_string(&s, "id", row->own_name);
    rpc_struct_string(&s, "kind", kind_of(row));
    rpc_struct_string(&s, "state", row->state);
    rpc_struct_value(&s, "broker", verbs_value(row->broker));
    if (view->who)
        rpc_struct_value(&s, "person", verbs_value(verbs_of_person(matrix, view, row)));
    rpc_struct_bool(&s, "reason", terms.reason);
    rpc_struct_bool(&s, "logs", terms.logs);
    rpc_struct_value(&s, "polkit", verbs_value(row->polkit));
    rpc_struct_value(&s, "dead", verbs_value(row_dead(row)));
    rpc_struct_value(&s, "excess", verbs_value(row_excess(row)));
    return rpc_struct_end(&s);
}

static xmlrpc_value *permitted_value(const struct matrix *matrix)
{
    xmlrpc_value *array = rpc_array_new();

    for (size_t i = 0; i < matrix->n_actions; i++)
        if (matrix->actions[i].answer == ASK_YES)
            (void)rpc_array_append(array, rpc_string_new(matrix->actions[i].action));
    return array;
}

static xmlrpc_value *matrix_value(const struct matrix *matrix, struct asker *asker, const struct view *view)
{
    struct rpc_struct s = rpc_struct_begin();
    xmlrpc_value *rows = rpc_array_new();

    for (size_t i = 0; i < matrix->n_rows; i++)
        (void)rpc_array_append(rows, row_value(matrix, view, &matrix->rows[i]));
    rpc_struct_bool(&s, "agree", matrix_agrees(matrix));
    rpc_struct_string(&s, "polkitd", asker_version(asker));
    rpc_struct_clamped(&s, "questions", matrix->questions);
    rpc_struct_clamped(&s, "milliseconds", matrix->usec / 1000);
    rpc_struct_bool(&s, "truncated", matrix->truncated);
    rpc_struct_value(&s, "verbs", verbs_value(matrix->verbs));
    rpc_struct_value(&s, "units", rows);
    rpc_struct_clamped(&s, "actions", matrix->n_actions);
    rpc_struct_value(&s, "actions_permitted", permitted_value(matrix));
    return rpc_struct_end(&s);
}

static int print_json(const struct matrix *matrix, struct asker *asker, enum json_layout layout,
                      const struct view *view)
{
    _cleanup_(xmlrpc_DECREFp) xmlrpc_value *value = matrix_value(matrix, asker, view);

    if (!value)
        return policy_failed("JSON", -ENOMEM);
    json_print(value, layout);
    return CLI_EXIT_OK;
}

/* --- as columns --- */

/* Shown even when not all rows are: where somebody may do something, and what there is of granted templates.
 */
static bool is_shown(const struct row *row, bool all)
{
    return all || row->kind == ROW_INSTANCE || row->broker || row->polkit;
}

struct widths {
    int name, state, broker, person, polkit; /* person: 0 for no such column */
};

/* "FOR anna", "FOR NOBODY". */
static void print_heading(const struct person *who, char *ret, size_t size)
{
    (void)snprintf(ret, size, "FOR %s", who->is_root ? "root" : *who->name ? who->name : "NOBODY");
}

static void widen(int *width, const char *text)
{
    int length = (int)strlen(text);

    *width = length > *width ? length : *width;
}

static struct widths measure(const struct matrix *matrix, const struct view *view)
{
    struct widths w = { .name = 4, .state = 5, .broker = 11, .polkit = 6 };
    char verbs[VERBS_SIZE];

    if (view->who) {
        print_heading(view->who, verbs, sizeof(verbs));
        widen(&w.person, verbs);
    }
    for (size_t i = 0; i < matrix->n_rows; i++) {
        const struct row *row = &matrix->rows[i];

        if (!is_shown(row, view->all))
            continue;
        widen(&w.name, row->name);
        widen(&w.state, row->kind == ROW_INSTANCE ? row->state : KINDS[row->kind]);
        verbs_print(row->broker, verbs, sizeof(verbs));
        widen(&w.broker, verbs);
        if (view->who) {
            verbs_print(verbs_of_person(matrix, view, row), verbs, sizeof(verbs));
            widen(&w.person, verbs);
        }
        verbs_print(row->polkit, verbs, sizeof(verbs));
        widen(&w.polkit, verbs);
    }
    return w;
}

static void print_row(const struct matrix *matrix, const struct row *row, const struct view *view,
                      const struct widths *w)
{
    char broker[VERBS_SIZE], polkit[VERBS_SIZE], person[VERBS_SIZE] = "";
    _cleanup_(freep) char *name = text_clean_copy(row->name), *own_name = text_clean_copy(row->own_name);
    const struct terms terms = find_terms(matrix, view, row);
    const char *verdict = row_excess(row) ? "EXCESS" : row_dead(row) ? "DEAD" : "";

    verbs_print(row->broker, broker, sizeof(broker));
    verbs_print(row->polkit, polkit, sizeof(polkit));
    if (view->who)
        verbs_print(verbs_of_person(matrix, view, row), person, sizeof(person));
    (void)printf("%-*s  %-*s  %-*s  %-*s%s%-*s%s%s", w->name, name ? name : "?", w->state,
                 row->kind == ROW_INSTANCE ? row->state : KINDS[row->kind], w->broker, broker, w->person,
                 person, view->who ? "  " : "", *verdict ? w->polkit : 0, polkit, *verdict ? "  " : "",
                 verdict);
    if (strcmp(row->name, row->own_name) != 0)
        (void)printf("  (an alias of %s)", own_name ? own_name : "?");
    (void)printf("%s%s\n", terms.reason ? "  (with a reason)" : "", terms.logs ? "  (with logs)" : "");
}

static void print_rows(const struct matrix *matrix, const struct view *view)
{
    struct widths w = measure(matrix, view);
    char person[VERBS_SIZE] = "";

    if (view->who)
        print_heading(view->who, person, sizeof(person));
    (void)printf("%-*s  %-*s  %-*s  %-*s%s%s\n", w.name, "UNIT", w.state, "STATE", w.broker, "POLICY FILE",
                 w.person, person, view->who ? "  " : "", "POLKIT");
    for (size_t i = 0; i < matrix->n_rows; i++)
        if (is_shown(&matrix->rows[i], view->all))
            print_row(matrix, &matrix->rows[i], view, &w);
}

/* "41 near misses, such as a, b, c: nothing." */
static void print_folded(const struct matrix *matrix, enum row_kind kind, const char *what)
{
    const char *examples[EXAMPLES];
    size_t n = 0;

    for (size_t i = 0; i < matrix->n_rows; i++)
        if (matrix->rows[i].kind == kind && !is_shown(&matrix->rows[i], false)) {
            if (n < EXAMPLES)
                examples[n] = matrix->rows[i].name;
            n++;
        }
    if (n == 0)
        return;
    (void)printf("%zu %s, such as ", n, what);
    for (size_t i = 0; i < n && i < EXAMPLES; i++) {
        (void)fputs(i > 0 ? ", " : "", stdout);
        text_print(stdout, examples[i]);
    }
    (void)printf(": nothing\n");
}

static void print_actions(const struct matrix *matrix)
{
    size_t permitted = 0;

    for (size_t i = 0; i < matrix->n_actions; i++)
        if (matrix->actions[i].answer == ASK_YES) {
            (void)printf("action ");
            text_print(stdout, matrix->actions[i].action);
            (void)printf(": permitted  EXCESS\n");
            permitted++;
        }
    (void)printf("%zu actions of polkit without a unit: %s\n", matrix->n_actions - permitted, "nothing");
}

static void print_summary(const struct matrix *matrix, struct asker *asker)
{
    (void)printf("\n%zu questions, answered by polkitd %s in %" PRIu64 ".%" PRIu64 " s. %s\n",
                 matrix->questions, asker_version(asker), matrix->usec / 1000000, matrix->usec / 100000 % 10,
                 matrix_agrees(matrix)
                     ? "It agrees with the policy file."
                     : "It does not agree with the policy file: see 'restartctl policy check'.");
    if (matrix->truncated)
        (void)printf("There are more than %d instances; the rest was not asked about.\n",
                     MATRIX_INSTANCES_MAX);
}

static void print_text(const struct matrix *matrix, struct asker *asker, const struct view *view)
{
    print_rows(matrix, view);
    if (!view->all) {
        (void)printf("\n");
        print_folded(matrix, ROW_NEAR_MISS, "near misses");
        print_folded(matrix, ROW_FOREIGN, "other units");
    }
    if (matrix->with_actions)
        print_actions(matrix);
    print_summary(matrix, asker);
}

/* --- which names --- */

/* One a line; as they are, so that any mistake in a rule can be looked for. */
static int read_names(FILE *in, struct texts *names)
{
    _cleanup_(freep) char *line = NULL;
    size_t size = 0;
    ssize_t length;
    int r = 0;

    errno = 0;
    while (r == 0 && (length = getline(&line, &size, in)) >= 0) {
        if (length > 0 && line[length - 1] == '\n')
            line[length - 1] = '\0';
        if (*line)
            r = texts_take(names, strdup(line));
    }
    if (r == 0 && !feof(in))
        r = errno > 0 ? -errno : -EIO;
    return r;
}

static int build_read(struct live *live, const struct policy *policy, struct matrix *ret)
{
    _cleanup_(texts_done) struct texts names = { 0 };
    int r = read_names(stdin, &names);

    if (r < 0)
        return policy_failed("the names on standard input cannot be read", r);
    r = matrix_build_names(ret, live->bus, policy, names.list, names.n, true);
    return r < 0 ? policy_failed("the names cannot be put together", r) : CLI_EXIT_OK;
}

/* As everywhere: "worker@blue" is short for worker@blue.service. */
static int complete_names(char *const *names, size_t n, struct texts *ret)
{
    int r = 0;

    for (size_t i = 0; i < n && r == 0; i++) {
        struct unit_name name;
        bool is_name = unit_id_is_name(names[i]) && unit_id_parse(names[i], &name) == 0;

        r = texts_take(ret, strdup(is_name ? name.unit : names[i]));
    }
    return r;
}

static int build_named(struct live *live, const struct policy *policy, int argc, char *argv[],
                       struct matrix *ret)
{
    _cleanup_(texts_done) struct texts names = { 0 };
    int r = complete_names(argv, (size_t)argc, &names);

    if (r == 0)
        r = matrix_build_names(ret, live->bus, policy, names.list, names.n, false);
    return r < 0 ? policy_failed("the names cannot be put together", r) : CLI_EXIT_OK;
}

static int build_all(struct live *live, const struct policy *policy, struct matrix *ret)
{
    int r = matrix_build(ret, live->bus, policy, true);

    return r < 0 ? policy_failed("the names cannot be put together", r) : CLI_EXIT_OK;
}

static int build(struct live *live, const struct policy_options *options, const struct policy *policy,
                 int argc, char *argv[], struct matrix *ret)
{
    bool reads = argc == 1 && strcmp(argv[0], "-") == 0;
    int r = argc == 0 ? build_all(live, policy, ret)
            : reads   ? build_read(live, policy, ret)
                      : build_named(live, policy, argc, argv, ret);

    if (r == CLI_EXIT_OK && options->verb)
        ret->verbs = UINT32_C(1) << ask_verb_find(options->verb);
    return r;
}

static int print(const struct policy_options *options, const struct matrix *matrix, struct live *live,
                 const struct view *view)
{
    if (options->json)
        return print_json(matrix, live->asker, options->json, view);
    print_text(matrix, live->asker, view);
    return CLI_EXIT_OK;
}

int policy_table(const struct policy_options *options, int argc, char *argv[])
{
    _cleanup_(policy_freep) struct policy *policy = NULL;
    _cleanup_(live_done) struct live live = { 0 };
    _cleanup_(matrix_done) struct matrix matrix = { 0 };
    _cleanup_(person_done) struct person who = { 0 };
    const struct view view = { .who = options->user ? &who : NULL, .all = options->all || argc > 0 };
    int r;

    if (!policy_verb_known(options))
        return CLI_EXIT_USAGE;
    r = who_read(options, &who);
    if (r == CLI_EXIT_OK)
        r = policy_load_or_say(options, &policy);
    if (r == CLI_EXIT_OK)
        r = live_open(&live);
    if (r == CLI_EXIT_OK)
        r = build(&live, options, policy, argc, argv, &matrix);
    if (r == CLI_EXIT_OK)
        r = live_ask(&live, &matrix);
    return r == CLI_EXIT_OK ? print(options, &matrix, &live, &view) : r;
}
