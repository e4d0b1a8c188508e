/* A second prompt would be for something that nobody has typed: a one-time code, a new password. The password
 * is no answer to that. */
#include "login/conversation.h"

#include <stdlib.h>
#include <string.h>

/* May it be told? All of a bundle is looked at before any of it is answered. */
static bool is_for_us(int n, const struct pam_message **messages, bool told)
{
    int prompts = told ? 1 : 0;

    if (n <= 0 || n > PAM_MAX_NUM_MSG)
        return false;
    for (int i = 0; i < n; i++) {
        if (messages[i]->msg_style == PAM_PROMPT_ECHO_OFF)
            prompts++;
        else if (messages[i]->msg_style != PAM_TEXT_INFO && messages[i]->msg_style != PAM_ERROR_MSG)
            return false;
        if (messages[i]->msg_style == PAM_PROMPT_ECHO_OFF && prompts > 1)
            return false;
    }
    return true;
}

int conversation_answer(int n, const struct pam_message **messages, struct pam_response **ret, void *data)
{
    struct conversation *conversation = data;
    struct pam_response *answers;

    if (!is_for_us(n, messages, conversation->told))
        return PAM_CONV_ERR;
    answers = calloc((size_t)n, sizeof(*answers)); /* whoever asked frees it */
    if (!answers)
        return PAM_BUF_ERR;
    for (int i = 0; i < n; i++) {
        if (messages[i]->msg_style != PAM_PROMPT_ECHO_OFF)
            continue;
        answers[i].resp = strdup(conversation->password);
        if (!answers[i].resp) {
            free(answers); /* there was one prompt, so there is no other answer in it */
            return PAM_BUF_ERR;
        }
        conversation->told = true;
    }
    *ret = answers;
    return PAM_SUCCESS;
}
