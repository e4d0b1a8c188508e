/* What PAM's modules may ask of whoever logs in: for the password, once. */
#pragma once

#include <security/pam_appl.h>
#include <stdbool.h>

struct conversation {
    const char *password;
    bool told; /* already */
};

/* As pam_conv(3) wants it, with a struct conversation as its data. Answers one prompt that is not echoed;
 * what modules only tell is heard and forgotten; anything else ends the conversation, and nothing is told
 * then. */
int conversation_answer(int n, const struct pam_message **messages, struct pam_response **ret, void *data);
