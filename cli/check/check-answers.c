/* policy check: dead buttons and excess privilege, with the place to mend. */
#include "cli/check/check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "policy/paths.h"
#include "polkit/rules/rule.h"

enum { TEXT_SIZE = 512, NAMES_SHOWN = 3 };

/* One row's, in one direction. Those that differ in nothing but the unit are told in one sentence. */
struct mistake {
    const struct row *row;
    bool dead; /* else excess */
    uint32_t verbs;
    const char *file; /* the place to mend; NULL: not known */
    unsigned line;
};

struct mistakes {
    struct mistake *items;
    size_t n;
};

static bool same_mistake(const struct mistake *a, const struct mistake *b)
{
    return a->dead == b->dead && a->verbs == b->verbs && a->file == b->file && a->line == b->line &&
           row_is_alias(a->row) == row_is_alias(b->row);
}

/* --- why polkitd may not go by a rule --- */

/* The first file that is asked before ours: rather one that names our user. */
static const struct rule_file *first_suspect(const struct rule_files *files)
{
    const struct rule_file *suspect = NULL;

    for (size_t i = 0; i < files->n; i++) {
        const struct rule_file *file = &files->items[i];

        if (rule_file_is_before(files, file) && (!suspect || (file->user_line && !suspect->user_line)))
            suspect = file;
    }
    return suspect;
}

static void print_suspects(const struct rule_files *files, char *ret, size_t size)
{
    size_t used = 0;

    ret[0] = '\0';
    for (size_t i = 0; files->items && i < files->n && used < size; i++)
        if (rule_file_is_before(files, &files->items[i]))
            used += (size_t)snprintf(ret + used, size - used, "%s%s", used ? ", " : "", files->items[i].path);
}

/* Our rule is right, and polkitd says something else. */
static void print_overruled(const struct check *check, char *ret, size_t size)
{
    const char *thrown = polkit_log_thrown(&check->log);
    char suspects[TEXT_SIZE];

    print_suspects(&check->files, suspects, sizeof(suspects));
    if (thrown && *suspects)
        (void)snprintf(
            ret, size,
            "a rule threw an error when it was asked (%s), which denies everything; rules asked before "
            "ours: %s",
            thrown, suspects);
    else if (*suspects)
        (void)snprintf(ret, size, "our rule is right, so one that is asked before it answers; these are: %s",
                       suspects);
    else
        (void)snprintf(
            ret, size,
            "our rule is right, so polkitd has not read it; 'systemctl restart polkit.service' makes it");
}

/* What mends it: `otherwise` for a rule that was tuned by hand. */
static void print_cure(const struct check *check, const char *otherwise, char *ret, size_t size)
{
    if (!check->policy)
        (void)snprintf(ret, size, "mend the policy file first");
    else if (check->rule_not_loaded)
        (void)snprintf(ret, size, "polkitd does not load %s", RULE_PATH);
    else if (check->origin == ORIGIN_CURRENT)
        print_overruled(check, ret, size);
    else if (check->origin == ORIGIN_STALE || *otherwise == '\0')
        (void)snprintf(ret, size, "'restartctl policy apply' renders the rule from the policy file");
    else
        (void)snprintf(ret, size, "%s", otherwise);
}

/* --- collecting --- */

static struct mistake dead_button(const struct row *row)
{
    return (struct mistake){ .row = row,
                             .dead = true,
                             .verbs = row_dead(row),
                             .file = row->grant ? row->grant->file : NULL,
                             .line = row->grant ? row->grant->line : 0 };
}

static struct mistake excess_privilege(const struct check *check, const struct row *row)
{
    struct mistake mistake = { .row = row, .verbs = row_excess(row) };
    struct unit_name name;
    bool is_name = unit_name_parse(row->own_name, &name) == 0;
    const struct rule_file *suspect = first_suspect(&check->files);

    if (check->origin == ORIGIN_CURRENT && suspect && !check->rule_not_loaded) {
        mistake.file = suspect->path;
        mistake.line = suspect->user_line;
        return mistake;
    }
    mistake.line = rule_files_find_line(
        &check->files, is_name && !unit_name_is_plain(&name) ? name.template : row->own_name, &mistake.file);
    return mistake;
}

static int collect(const struct check *check, struct mistakes *ret)
{
    const struct matrix *matrix = &check->matrix;

    ret->items = calloc(2 * matrix->n_rows + 1, sizeof(*ret->items));
    if (!ret->items)
        return -ENOMEM;
    for (size_t i = 0; i < matrix->n_rows; i++) {
        if (row_dead(&matrix->rows[i]))
            ret->items[ret->n++] = dead_button(&matrix->rows[i]);
        if (row_excess(&matrix->rows[i]))
            ret->items[ret->n++] = excess_privilege(check, &matrix->rows[i]);
    }
    return 0;
}

static void mistakes_done(struct mistakes *mistakes)
{
    free(mistakes->items);
}

/* --- telling --- */

/* "a, b, c and 12 more": from the first one on, all that are the same. */
static void print_names(const struct mistakes *mistakes, size_t first, char *ret, size_t size)
{
    size_t used = 0, n = 0;

    for (size_t i = first; i < mistakes->n; i++) {
        if (!same_mistake(&mistakes->items[first], &mistakes->items[i]))
            continue;
        if (n++ < NAMES_SHOWN && used < size)
            used += (size_t)snprintf(ret + used, size - used, "%s%s", n > 1 ? ", " : "",
                                     mistakes->items[i].row->own_name);
    }
    if (n > NAMES_SHOWN && used < size)
        (void)snprintf(ret + used, size - used, " and %zu more", n - NAMES_SHOWN);
}

static void tell_dead(struct check *check, const struct mistake *mistake, const char *verbs,
                      const char *names)
{
    char otherwise[TEXT_SIZE] = "", cure[2 * TEXT_SIZE];
    const char *file;
    unsigned line = rule_files_find_line(&check->files, mistake->row->grant->unit, &file);

    if (file)
        (void)snprintf(otherwise, sizeof(otherwise), "mend the rule at %s:%u", file, line);
    print_cure(check, otherwise, cure, sizeof(cure));
    if (row_is_alias(mistake->row))
        finding_add(
            &check->findings, FINDING, mistake->file, mistake->line,
            "dead button: %s is an alias of %s, and a unit is asked for by its own name only; grant that in "
            "its place",
            mistake->row->name, mistake->row->own_name);
    else
        finding_add(&check->findings, FINDING, mistake->file, mistake->line,
                    "dead button: granted here, but polkit denies %s of %s; %s", verbs, names, cure);
}

static void tell_excess(struct check *check, const struct mistake *mistake, const char *verbs,
                        const char *names)
{
    char otherwise[TEXT_SIZE] = "", cure[2 * TEXT_SIZE];

    if (mistake->file)
        (void)snprintf(otherwise, sizeof(otherwise), "take it out here, or grant it in %s",
                       check->options->path);
    print_cure(check, otherwise, cure, sizeof(cure));
    finding_add(&check->findings, FINDING, mistake->file, mistake->line,
                "excess privilege: polkit lets user %s do %s of %s, which the policy file does not grant; %s",
                check->broker.name, verbs, names, cure);
}

static bool is_first(const struct mistakes *mistakes, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (same_mistake(&mistakes->items[j], &mistakes->items[i]))
            return false;
    return true;
}

static void tell(struct check *check, const struct mistakes *mistakes, size_t i)
{
    const struct mistake *mistake = &mistakes->items[i];
    char verbs[TEXT_SIZE] = "every verb", names[TEXT_SIZE];

    if (mistake->verbs != verbs_all())
        verbs_print(mistake->verbs, verbs, sizeof(verbs));
    print_names(mistakes, i, names, sizeof(names));
    if (mistake->dead)
        tell_dead(check, mistake, verbs, names);
    else
        tell_excess(check, mistake, verbs, names);
}

/* --- actions without a unit --- */

static size_t print_actions(const struct matrix *matrix, enum ask_answer answer, char *ret, size_t size)
{
    size_t n = 0, used = 0;

    for (size_t i = 0; i < matrix->n_actions; i++)
        if (matrix->actions[i].answer == answer && n++ < NAMES_SHOWN && used < size)
            used += (size_t)snprintf(ret + used, size - used, "%s%s", n > 1 ? ", " : "",
                                     matrix->actions[i].action);
    if (n > NAMES_SHOWN && used < size)
        (void)snprintf(ret + used, size - used, " and %zu more", n - NAMES_SHOWN);
    return n;
}

/* Where no rule says no, polkit's defaults decide. A rule of ours that is right says no to all of it. */
static void check_actions(struct check *check)
{
    const struct rule_file *suspect =
        check->origin == ORIGIN_CURRENT && !check->rule_not_loaded ? first_suspect(&check->files) : NULL;
    const char *file = suspect ? suspect->path : check->files.ours ? check->files.ours->path : NULL;
    unsigned line = suspect ? suspect->user_line : 0;
    char actions[TEXT_SIZE];

    if (print_actions(&check->matrix, ASK_YES, actions, sizeof(actions)) > 0)
        finding_add(&check->findings, FINDING, file, line,
                    "excess privilege: polkit lets user %s do %s; a rule should answer no to all that it "
                    "does not grant",
                    check->broker.name, actions);
    if (print_actions(&check->matrix, ASK_CHALLENGE, actions, sizeof(actions)) > 0)
        finding_add(&check->findings, NOTE, file, line,
                    "no rule answers no to user %s for %s; polkit's defaults ask for a password, which is a "
                    "no for now, but leaves it to rules that come later",
                    check->broker.name, actions);
}

/* --- another process of the broker's user --- */

static size_t print_strangers(const struct matrix *matrix, char *ret, size_t size)
{
    size_t n = 0, used = 0;

    for (size_t i = 0; i < matrix->n_rows; i++)
        if (matrix->rows[i].stranger && n++ < NAMES_SHOWN && used < size)
            used += (size_t)snprintf(ret + used, size - used, "%s%s", n > 1 ? ", " : "",
                                     matrix->rows[i].own_name);
    if (n > NAMES_SHOWN && used < size)
        used += (size_t)snprintf(ret + used, size - used, " and %zu more", n - NAMES_SHOWN);
    if (matrix->stranger_actions > 0 && used < size)
        (void)snprintf(ret + used, size - used, "%s%zu actions without a unit", n > 0 ? ", and " : "",
                       matrix->stranger_actions);
    return n + matrix->stranger_actions;
}

/* Where polkitd knows who asks, a rule that does not look is open to all that runs as that user. */
static void check_strangers(struct check *check)
{
    const struct rule_file *suspect =
        check->origin == ORIGIN_CURRENT && !check->rule_not_loaded ? first_suspect(&check->files) : NULL;
    const struct rule_file *file = suspect ? suspect : check->files.ours;
    char names[TEXT_SIZE], cure[2 * TEXT_SIZE];

    if (print_strangers(&check->matrix, names, sizeof(names)) == 0)
        return;
    print_cure(check, "let it demand subject.system_unit === \"" RULE_UNIT "\"", cure, sizeof(cure));
    finding_add(&check->findings, FINDING, file ? file->path : NULL, file ? file->user_line : 0,
                "excess privilege: polkit lets any process of user %s do something to %s, not " RULE_UNIT
                " alone; %s",
                check->broker.name, names, cure);
}

void check_answers(struct check *check)
{
    _cleanup_(mistakes_done) struct mistakes mistakes = { 0 };

    if (collect(check, &mistakes) < 0)
        check->findings.out_of_memory = true;
    for (size_t i = 0; i < mistakes.n; i++)
        if (is_first(&mistakes, i))
            tell(check, &mistakes, i);
    check_actions(check);
    check_strangers(check);
}
