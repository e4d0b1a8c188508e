/* Authentication, then the account; there is no session, and nothing is changed. Only what PAM calls a
 * success is one. */
#include "login/pam.h"

#include <security/pam_appl.h>
#include <stdio.h>

#include "common/cleanup.h"
#include "login/conversation.h"

/* Modules ask for seconds after a wrong password, which would hold a place of the few that there are. Guesses
 * are slowed down by the brakes, and what takes how long is not told (way.h,
 * level_msec). */
static void no_delay(_unused_ int status, _unused_ unsigned usec, _unused_ void *data)
{
}

/* What is no decision about this password or this account. */
static bool is_failure(int status)
{
    switch (status) {
    case PAM_OPEN_ERR:
    case PAM_SYMBOL_ERR:
    case PAM_SERVICE_ERR:
    case PAM_SYSTEM_ERR:
    case PAM_BUF_ERR:
    case PAM_ABORT:
    case PAM_BAD_ITEM:
    case PAM_AUTHINFO_UNAVAIL:
    case PAM_MODULE_UNKNOWN:
    case PAM_IGNORE:
        return true;
    default:
        return false;
    }
}

/* What it said in the end is whom this is about: a module may have changed the name. */
static bool read_user(pam_handle_t *pam, struct pam_verdict *verdict)
{
    const void *user = NULL;
    int length;

    if (pam_get_item(pam, PAM_USER, &user) != PAM_SUCCESS || !user)
        return false;
    length = snprintf(verdict->user, sizeof(verdict->user), "%s", (const char *)user);
    return length > 0 && length < (int)sizeof(verdict->user);
}

/* PAM's last word. */
static int ask_both(pam_handle_t *pam, struct pam_verdict *verdict)
{
    int status = pam_authenticate(pam, PAM_SILENT | PAM_DISALLOW_NULL_AUTHTOK);

    if (status != PAM_SUCCESS) {
        if (status != PAM_AUTH_ERR && status != PAM_USER_UNKNOWN)
            (void)snprintf(verdict->why_not, sizeof(verdict->why_not), "PAM says '%s'",
                           pam_strerror(pam, status));
        return status;
    }
    status = pam_acct_mgmt(pam, PAM_SILENT | PAM_DISALLOW_NULL_AUTHTOK);
    if (status != PAM_SUCCESS)
        (void)snprintf(verdict->why_not, sizeof(verdict->why_not),
                       "the password is right, and PAM says of the account '%s'", pam_strerror(pam, status));
    verdict->good = status == PAM_SUCCESS && read_user(pam, verdict);
    return status;
}

static int start(const char *user, const struct pam_conv *conversation, pam_handle_t **ret)
{
    int status = pam_start("restarter", user, conversation, ret);

    return status == PAM_SUCCESS ? pam_set_item(*ret, PAM_FAIL_DELAY, (const void *)no_delay) : status;
}

int pam_ask(const char *user, const char *password, struct pam_verdict *ret, struct mistake *mistake)
{
    struct conversation conversation = { .password = password };
    const struct pam_conv pam_conv = { conversation_answer, &conversation };
    struct pam_verdict verdict = { .good = false };
    pam_handle_t *pam = NULL;
    int status = start(user, &pam_conv, &pam);

    if (status == PAM_SUCCESS)
        status = ask_both(pam, &verdict);
    if (is_failure(status))
        (void)mistake_set(mistake, PAM_SERVICE_FILE, 0, "PAM fails: %s", pam_strerror(pam, status));
    else
        *ret = verdict;
    if (pam)
        (void)pam_end(pam, status);
    return is_failure(status) ? MISTAKE : 0;
}
