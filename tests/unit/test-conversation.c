/* What modules of PAM may ask: the password is told once, to a prompt that is not echoed, and to nothing
 * else. */
#include "login/conversation.h"

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "tests/unit/test.h"

enum { MESSAGES_MAX = 4 };

/* Messages of these styles are put to it. The answers, of which there are as many, are the caller's. */
static int put(struct conversation *conversation, const int *styles, int n, struct pam_response **ret)
{
    struct pam_message messages[MESSAGES_MAX];
    const struct pam_message *list[MESSAGES_MAX];

    assert_in_range(n, 0, MESSAGES_MAX);
    for (int i = 0; i < n; i++) {
        messages[i] = (struct pam_message){ .msg_style = styles[i], .msg = "Password: " };
        list[i] = &messages[i];
    }
    return conversation_answer(n, list, ret, conversation);
}

static void free_answers(struct pam_response *answers, int n)
{
    for (int i = 0; i < n; i++)
        free(answers[i].resp);
    free(answers);
}

static void test_one_prompt(_unused_ void **state)
{
    static const int PROMPT[] = { PAM_PROMPT_ECHO_OFF }, TOLD[] = { PAM_TEXT_INFO, PAM_ERROR_MSG };
    struct conversation conversation = { .password = "secret" };
    struct pam_response *answers = NULL;

    assert_int_equal(put(&conversation, PROMPT, 1, &answers), PAM_SUCCESS);
    assert_string_equal(answers[0].resp, "secret");
    free_answers(answers, 1);
    answers = NULL;
    assert_int_equal(put(&conversation, PROMPT, 1, &answers), PAM_CONV_ERR);
    assert_null(answers);
    /* What is only told is still heard. */
    assert_int_equal(put(&conversation, TOLD, 2, &answers), PAM_SUCCESS);
    assert_null(answers[0].resp);
    assert_null(answers[1].resp);
    free_answers(answers, 2);
}

static void test_prompt_among_words(_unused_ void **state)
{
    static const int STYLES[] = { PAM_TEXT_INFO, PAM_PROMPT_ECHO_OFF, PAM_ERROR_MSG };
    struct conversation conversation = { .password = "" };
    struct pam_response *answers = NULL;

    assert_int_equal(put(&conversation, STYLES, 3, &answers), PAM_SUCCESS);
    assert_null(answers[0].resp);
    assert_string_equal(answers[1].resp, "");
    assert_null(answers[2].resp);
    assert_true(conversation.told);
    free_answers(answers, 3);
}

/* And then nothing is told, not even what could have been. */
static void test_nothing_else_is_answered(_unused_ void **state)
{
    static const struct {
        int styles[MESSAGES_MAX], n;
    } CASES[] = {
        { { PAM_PROMPT_ECHO_ON }, 1 },
        { { PAM_PROMPT_ECHO_OFF, PAM_PROMPT_ECHO_OFF }, 2 },
        { { PAM_PROMPT_ECHO_OFF, PAM_TEXT_INFO, PAM_PROMPT_ECHO_ON }, 3 },
        { { PAM_PROMPT_ECHO_OFF, PAM_RADIO_TYPE }, 2 },
        { { PAM_BINARY_PROMPT }, 1 },
        { { 0 }, 1 },
        { { 4711 }, 1 },
        { { 0 }, 0 },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        struct conversation conversation = { .password = "secret" };
        struct pam_response *answers = NULL;

        assert_int_equal(put(&conversation, CASES[i].styles, CASES[i].n, &answers), PAM_CONV_ERR);
        assert_null(answers);
        assert_false(conversation.told);
    }
    assert_int_equal(conversation_answer(-1, NULL, NULL, &(struct conversation){ .password = "" }),
                     PAM_CONV_ERR);
    assert_int_equal(
        conversation_answer(PAM_MAX_NUM_MSG + 1, NULL, NULL, &(struct conversation){ .password = "" }),
        PAM_CONV_ERR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_prompt),
        cmocka_unit_test(test_prompt_among_words),
        cmocka_unit_test(test_nothing_else_is_answered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
