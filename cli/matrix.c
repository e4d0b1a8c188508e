/* Puts the rows to polkitd and compares. What rows there are is matrix-rows.c's. */
#include "cli/matrix.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void matrix_done(struct matrix *matrix)
{
    free(matrix->rows);
    free(matrix->actions);
    strv_free(matrix->action_names);
    *matrix = (struct matrix){ 0 };
}

void verbs_print(uint32_t verbs, char *ret, size_t size)
{
    size_t used = 0;

    (void)snprintf(ret, size, "-");
    for (size_t i = 0; i < ASK_N_VERBS && used < size; i++)
        if (verbs >> i & 1)
            used += (size_t)snprintf(ret + used, size - used, "%s%s", used ? ", " : "", ASK_VERBS[i].word);
}

static bool actions_agree(const struct matrix *matrix)
{
    for (size_t i = 0; i < matrix->n_actions; i++)
        if (matrix->actions[i].answer == ASK_YES)
            return false;
    return true;
}

bool matrix_agrees(const struct matrix *matrix)
{
    for (size_t i = 0; i < matrix->n_rows; i++)
        if (row_dead(&matrix->rows[i]) || row_excess(&matrix->rows[i]))
            return false;
    return actions_agree(matrix);
}

static void add_questions(const struct row *row, uint32_t verbs, struct ask_question *questions, size_t *n)
{
    for (size_t i = 0; i < ASK_N_VERBS; i++)
        if (verbs >> i & 1)
            questions[(*n)++] =
                (struct ask_question){ .action = ASK_MANAGE_UNITS, .unit = row->id, .verb = (int)i };
}

static void take_answers(struct row *row, uint32_t verbs, const struct ask_question *questions, size_t *n)
{
    row->polkit &= ~verbs;
    row->challenge &= ~verbs;
    for (size_t i = 0; i < ASK_N_VERBS; i++) {
        if (!(verbs >> i & 1))
            continue;
        if (questions[*n].answer == ASK_YES)
            row->polkit |= UINT32_C(1) << i;
        else if (questions[*n].answer == ASK_CHALLENGE)
            row->challenge |= UINT32_C(1) << i;
        (*n)++;
    }
}

uint32_t verbs_all(void)
{
    return (UINT32_C(1) << ASK_N_VERBS) - 1;
}

static uint32_t asked_verbs(const struct row *row)
{
    return row->asked;
}

/* Asks, for each row, about the verbs that `which` tells. */
static int ask_rows(struct matrix *matrix, struct asker *asker, uint32_t (*which)(const struct row *row))
{
    _cleanup_(freep) struct ask_question *questions =
        calloc(matrix->n_rows * ASK_N_VERBS + 1, sizeof(struct ask_question));
    size_t n = 0;
    int r;

    if (!questions)
        return -ENOMEM;
    for (size_t i = 0; i < matrix->n_rows; i++)
        add_questions(&matrix->rows[i], which(&matrix->rows[i]), questions, &n);
    r = asker_ask(asker, questions, n);
    if (r < 0)
        return r;
    n = 0;
    for (size_t i = 0; i < matrix->n_rows; i++)
        take_answers(&matrix->rows[i], which(&matrix->rows[i]), questions, &n);
    return 0;
}

/* polkitd was seen to say no for nothing but its own slowness, once in very many questions: a no that is not
 * expected is asked again. */
static int ask_units(struct matrix *matrix, struct asker *asker)
{
    int r;

    for (size_t i = 0; i < matrix->n_rows; i++)
        matrix->rows[i].asked = matrix->verbs;
    r = ask_rows(matrix, asker, asked_verbs);
    return r < 0 ? r : ask_rows(matrix, asker, row_dead);
}

static int ask_actions(struct matrix *matrix, struct asker *asker)
{
    return asker_ask(asker, matrix->actions, matrix->n_actions);
}

static int learn_actions(struct matrix *matrix, struct asker *asker)
{
    int r;

    if (!matrix->with_actions || matrix->action_names)
        return 0;
    r = asker_actions(asker, &matrix->action_names);
    if (r < 0)
        return r;
    while (matrix->action_names[matrix->n_actions])
        matrix->n_actions++;
    matrix->actions = calloc(matrix->n_actions + 1, sizeof(*matrix->actions));
    if (!matrix->actions)
        return -ENOMEM;
    for (size_t i = 0; i < matrix->n_actions; i++)
        matrix->actions[i].action = matrix->action_names[i];
    return 0;
}

static uint64_t now_usec(void)
{
    struct timespec now = { 0 };

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

int matrix_ask(struct matrix *matrix, struct asker *asker)
{
    size_t asked = asker_asked(asker);
    uint64_t begin = now_usec();
    int r = learn_actions(matrix, asker);

    if (r >= 0)
        r = ask_units(matrix, asker);
    if (r >= 0)
        r = ask_actions(matrix, asker);
    matrix->questions = asker_asked(asker) - asked;
    matrix->usec = now_usec() - begin;
    return r;
}
