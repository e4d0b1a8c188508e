/* Puts the rows to polkitd and compares. What rows there are is matrix-rows.c's. */
#include "polkit/ask/matrix.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/array.h"
#include "common/clock.h"

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
        if (row_denied(&matrix->rows[i]) || row_excess(&matrix->rows[i]))
            return false;
    return actions_agree(matrix);
}

static void add_questions(const struct row *row, uint32_t verbs, struct ask_question *questions, size_t *n)
{
    for (size_t i = 0; i < ASK_N_VERBS; i++)
        if (verbs >> i & 1)
            questions[(*n)++] =
                (struct ask_question){ .action = ASK_MANAGE_UNITS, .unit = row->own_name, .verb = (int)i };
}

/* Of those verbs, the ones with that answer. */
static uint32_t answered(const struct ask_question *questions, uint32_t verbs, enum ask_answer answer)
{
    uint32_t found = 0;

    for (size_t i = 0; i < ASK_N_VERBS; i++)
        if (verbs >> i & 1 && (questions++)->answer == answer)
            found |= UINT32_C(1) << i;
    return found;
}

static void take_answers(struct row *row, uint32_t verbs, const struct ask_question *questions)
{
    row->polkit = (row->polkit & ~verbs) | answered(questions, verbs, ASK_YES);
    row->challenge = (row->challenge & ~verbs) | answered(questions, verbs, ASK_CHALLENGE);
}

static void take_strangers_answers(struct row *row, uint32_t verbs, const struct ask_question *questions)
{
    row->stranger = answered(questions, verbs, ASK_YES);
}

uint32_t verbs_all(void)
{
    return (UINT32_C(1) << ASK_N_VERBS) - 1;
}

static uint32_t tried_verbs(const struct row *row)
{
    return row->tried;
}

static uint32_t bit_of(const char *verb)
{
    return UINT32_C(1) << ask_verb_find(verb);
}

/* Whatever somebody is let do, by the policy file or by polkit; elsewhere what a rule would grant first and
 * what none must grant. What nobody gets in any other way is not asked about again: it would take a third of
 * the time and show nothing. */
static uint32_t strangers_verbs(const struct row *row)
{
    uint32_t verbs = row->polkit | row->broker;

    if (row->kind != ROW_NEAR_MISS)
        verbs |= bit_of("restart") | bit_of("start");
    return row->tried & verbs;
}

/* Who is asked about, and where the answers go. */
struct round {
    int (*ask)(struct asker *asker, struct ask_question *questions, size_t n);
    void (*take)(struct row *row, uint32_t verbs, const struct ask_question *questions);
};
static const struct round BROKER = { asker_ask, take_answers };
static const struct round STRANGER = { asker_ask_stranger, take_strangers_answers };

/* Asks, for each row, about the verbs that `which` tells. */
static int ask_rows(struct matrix *matrix, struct asker *asker, const struct round *round,
                    uint32_t (*which)(const struct row *row))
{
    _cleanup_(freep) struct ask_question *questions =
        calloc(matrix->n_rows * ASK_N_VERBS + 1, sizeof(struct ask_question));
    const struct ask_question *next = questions;
    size_t n = 0;
    int r;

    if (!questions)
        return -ENOMEM;
    for (size_t i = 0; i < matrix->n_rows; i++)
        add_questions(&matrix->rows[i], which(&matrix->rows[i]), questions, &n);
    r = round->ask(asker, questions, n);
    for (size_t i = 0; i < matrix->n_rows && r >= 0; i++) {
        uint32_t verbs = which(&matrix->rows[i]);

        round->take(&matrix->rows[i], verbs, next);
        next += __builtin_popcount(verbs);
    }
    return r < 0 ? r : 0;
}

/* polkitd was seen to say no for nothing but its own slowness, once in very many questions: a no that is not
 * expected is asked again. */
static int ask_units(struct matrix *matrix, struct asker *asker)
{
    int r;

    for (size_t i = 0; i < matrix->n_rows; i++)
        matrix->rows[i].tried = matrix->verbs;
    r = ask_rows(matrix, asker, &BROKER, tried_verbs);
    return r < 0 ? r : ask_rows(matrix, asker, &BROKER, row_denied);
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
    if (!matrix->action_names)
        return 0;
    while (matrix->action_names[matrix->n_actions])
        matrix->n_actions++;
    matrix->actions = calloc(matrix->n_actions + 1, sizeof(*matrix->actions));
    if (!matrix->actions)
        return -ENOMEM;
    for (size_t i = 0; matrix->action_names && i < matrix->n_actions; i++)
        matrix->actions[i].action = matrix->action_names[i];
    return 0;
}

int matrix_ask(struct matrix *matrix, struct asker *asker)
{
    size_t asked = asker_asked(asker);
    uint64_t begin = clock_usec();
    int r = learn_actions(matrix, asker);

    if (r >= 0)
        r = ask_units(matrix, asker);
    if (r >= 0)
        r = ask_actions(matrix, asker);
    matrix->questions = asker_asked(asker) - asked;
    matrix->usec = clock_usec() - begin;
    return r;
}

int matrix_ask_stranger(struct matrix *matrix, struct asker *asker)
{
    _cleanup_(freep) struct ask_question *actions = calloc(matrix->n_actions + 1, sizeof(*actions));
    size_t asked = asker_asked(asker);
    int r = actions ? ask_rows(matrix, asker, &STRANGER, strangers_verbs) : -ENOMEM;

    if (r < 0)
        return r;
    if (matrix->n_actions > 0)
        memcpy(actions, matrix->actions, matrix->n_actions * sizeof(*actions));
    r = asker_ask_stranger(asker, actions, matrix->n_actions);
    matrix->stranger_actions = 0;
    for (size_t i = 0; i < matrix->n_actions; i++)
        matrix->stranger_actions += actions[i].answer == ASK_YES;
    matrix->questions += asker_asked(asker) - asked;
    return r;
}
