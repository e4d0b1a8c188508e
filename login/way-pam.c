/* An account of root's is never asked about: neither may it log in, nor may its password be guessed here. A
 * name without an account is, with a password that is none, so that what PAM fails at it fails at for
 * everybody; whatever it says of it is wrong. */
#include "login/way-pam.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/accounts/trust.h"
#include "login/account.h"
#include "login/effort.h"
#include "login/pam.h"

/* What nobody can have typed: it cannot be in a password that systemd, passwd(1) or a directory takes. */
static const char NO_PASSWORD[] = "\b\n\r\177nobody";
static const char NO_ROOT[] = "root may not log in here";

/* Without the file PAM would go by the one for everything that has none. */
static int check_service_file(struct mistake *mistake)
{
    int r = trust_groups(PAM_SERVICE_FILE, mistake);

    if (r == 0 && access(PAM_SERVICE_FILE, R_OK) < 0)
        return mistake_set(mistake, PAM_SERVICE_FILE, 0,
                           "is not there, or cannot be read; it comes with the package");
    return r;
}

static int prepare(struct candidate *candidate, struct mistake *mistake)
{
    struct account *account = calloc(1, sizeof(*account));
    int r;

    if (!account)
        return -ENOMEM;
    candidate->known = account;
    r = check_service_file(mistake);
    if (r != 0)
        return r;
    r = account_find(candidate->question.user, account);
    if (r < 0)
        return r;
    if (r == 0)
        (void)person_set(&candidate->person, account->name, PERSON_PAM);
    (void)snprintf(candidate->counted, sizeof(candidate->counted), "%s",
                   r == 0 ? account->name : candidate->question.user);
    return 0;
}

static int refuse(struct candidate *candidate, const char *why, bool *ret_good)
{
    (void)snprintf(candidate->why_not, sizeof(candidate->why_not), "%s", why);
    *ret_good = false;
    return 0;
}

/* Whom PAM has let in, which need not be who was asked for. */
static int complete(struct candidate *candidate, const char *user, bool *ret_good)
{
    struct account account;
    int r = account_find(user, &account);

    if (r == ACCOUNT_E_NONE)
        return refuse(candidate, "PAM made it somebody who has no account here", ret_good);
    if (r == 0 && account.uid == 0)
        return refuse(candidate, NO_ROOT, ret_good);
    if (r == 0)
        r = person_set(&candidate->person, account.name, PERSON_PAM);
    if (r == 0)
        r = account_groups(&account, &candidate->person, &candidate->n_groups);
    *ret_good = r == 0;
    return r;
}

static int check(struct candidate *candidate, bool *ret_good, struct mistake *mistake)
{
    const struct account *account = candidate->known;
    const struct question *question = &candidate->question;
    bool has_account = account->name[0] != '\0', is_root = has_account && account->uid == 0;
    bool could_be = has_account && question->password[0] != '\0';
    struct pam_verdict verdict;
    int r;

    if (!has_account || is_root) /* modules make none for those whom they do not know */
        effort_make(question->password);
    if (is_root || !person_name_valid(question->user))
        return refuse(candidate, is_root ? NO_ROOT : "", ret_good);
    r = pam_ask(candidate->counted, could_be ? question->password : NO_PASSWORD, &verdict, mistake);
    if (r != 0)
        return r;
    if (!could_be || !verdict.good)
        return refuse(candidate, verdict.why_not, ret_good);
    return complete(candidate, verdict.user, ret_good);
}

const struct way WAY_PAM = {
    .program = "restarter-login-pam",
    .by = "by PAM",
    .cuts_groups = true,
    .level_msec = PAM_LEVEL_MSEC,
    .prepare = prepare,
    .check = check,
    .forget = free,
};
