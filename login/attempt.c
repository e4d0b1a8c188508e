/* Whatever is wrong here, with a file, a key or a setting, ends in "unavailable" for everybody: there is no
 * way from a mistake to somebody who is let in. */
#include "login/attempt.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "common/accounts/groups.h"
#include "common/clock.h"
#include "common/credential.h"
#include "common/ticket-key.h"
#include "login/answer.h"
#include "login/brake.h"
#include "login/keyed.h"
#include "login/password.h"
#include "login/trust.h"

enum {
    LIFETIME_SEC = 12 * 3600,
    LIFETIME_MIN_SEC = 60,
};

struct attempt {
    struct question question;
    struct ticket_key key;
    struct users users;
    struct ticket ticket;
    struct brake brake;
    struct answer answer;
};

static void attempt_done(struct attempt *attempt)
{
    users_done(&attempt->users);
    ticket_done(&attempt->ticket);
    brake_close(&attempt->brake);
    explicit_bzero(attempt, sizeof(*attempt));
}

/* --- words for the journal: at most a few a second, and never a name that nobody has, which may be a
 * password in the wrong field --- */

static void say(struct attempt *attempt, int priority, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void say(struct attempt *attempt, int priority, const char *format, ...)
{
    va_list ap;

    if (attempt->brake.fd >= 0 && !brake_admit_words(&attempt->brake, clock_usec()))
        return;
    (void)fprintf(stderr, "<%d>", priority);
    va_start(ap, format);
    /* clang 14's analyzer loses sight of va_start() here.
     * NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized) */
    (void)vfprintf(stderr, format, ap);
    va_end(ap);
    (void)fputc('\n', stderr);
}

static const char *name_of(const struct attempt *attempt)
{
    const struct user *user = users_find(&attempt->users, attempt->question.user);

    return user ? user->name : "a name that nobody has";
}

/* --- what it needs --- */

static int read_users(struct attempt *attempt, struct mistake *mistake)
{
    _cleanup_(credential_done) struct credential file = { .data = NULL };
    int r = credential_read("users", LINES_SIZE_MAX, &file, mistake);

    if (r == 0)
        r = users_read(USERS_FILE, file.data, file.size, &attempt->users, mistake);
    if (r == 0 && attempt->users.n == 0)
        return mistake_set(mistake, USERS_FILE, 0,
                           "there is nobody in it who could log in; 'restartctl passwd USER' lets somebody");
    return r;
}

/* With the groups of whoever is asked for. A mistake is one for all: nobody is to lack a group by it. */
static int read_groups(struct attempt *attempt, struct mistake *mistake)
{
    _cleanup_(credential_done) struct credential file = { .data = NULL };
    int r = credential_read("groups", LINES_SIZE_MAX, &file, mistake);

    if (r != 0)
        return r;
    (void)person_set(&attempt->ticket.person, attempt->question.user, PERSON_PASSWORD);
    return groups_read(GROUPS_FILE, file.data, file.size, &attempt->users, &attempt->ticket.person, mistake);
}

static int read_lifetime(struct attempt *attempt, struct mistake *mistake)
{
    const char *setting = getenv("TICKET_LIFETIME_SEC");
    unsigned long seconds = LIFETIME_SEC;
    char *end = NULL;

    if (setting)
        seconds = strtoul(setting, &end, 10);
    if ((end && *end != '\0') || seconds < LIFETIME_MIN_SEC || seconds > TICKET_LIFETIME_MAX_SEC)
        return mistake_set(mistake, "TICKET_LIFETIME_SEC", 0, "this setting is not a number from %d to %d",
                           LIFETIME_MIN_SEC, TICKET_LIFETIME_MAX_SEC);
    attempt->ticket.issued = (uint64_t)time(NULL);
    attempt->ticket.expires = attempt->ticket.issued + seconds;
    return 0;
}

static int prepare(struct attempt *attempt, struct mistake *mistake)
{
    int r;

    if ((r = brake_open(&attempt->brake, mistake)) != 0 ||
        (r = trust_check(USERS_FILE, GROUPS_FILE, mistake)) != 0 ||
        (r = ticket_key_read(&attempt->key, mistake)) != 0 || (r = read_users(attempt, mistake)) != 0 ||
        (r = read_groups(attempt, mistake)) != 0)
        return r;
    return read_lifetime(attempt, mistake);
}

/* --- the decision --- */

static int make_ticket(struct attempt *attempt, struct mistake *mistake)
{
    int r;

    if (getrandom(attempt->ticket.number, sizeof(attempt->ticket.number), 0) !=
        (ssize_t)sizeof(attempt->ticket.number))
        return -errno;
    r = ticket_write(&attempt->key, &attempt->ticket, attempt->answer.ticket);
    if (r == TICKET_E_UNFIT)
        return mistake_set(mistake, GROUPS_FILE, 0, "user %s is in more groups than a ticket has room for",
                           name_of(attempt));
    attempt->answer.kind = ANSWER_TICKET;
    return r;
}

static int decide_charged(struct attempt *attempt, uint64_t place, struct mistake *mistake)
{
    bool good = false;
    int r = password_check(&attempt->users, &attempt->key, &attempt->question, &good, mistake);

    if (r != 0)
        return r;
    if (!good) {
        attempt->answer.kind = ANSWER_WRONG;
        say(attempt, 5, "A wrong password for %s.", name_of(attempt));
        return 0;
    }
    r = brake_pay_back(&attempt->brake, place);
    if (r == 0)
        r = make_ticket(attempt, mistake);
    if (r == 0)
        say(attempt, 5, "%s has logged in with a password.", name_of(attempt));
    return r;
}

static int decide(struct attempt *attempt, struct mistake *mistake)
{
    uint64_t place = keyed_number(&attempt->key, "place", attempt->question.user);
    int r = brake_charge(&attempt->brake, place, clock_usec(), &attempt->answer.seconds);

    if (r == BRAKE_GO)
        return decide_charged(attempt, place, mistake);
    if (r != BRAKE_LATER)
        return r;
    attempt->answer.kind = ANSWER_LATER;
    say(attempt, 4, "A login of %s was not looked at, since too many have been wrong: for %u seconds more.",
        name_of(attempt), attempt->answer.seconds);
    return 0;
}

static void answer_question(struct attempt *attempt, int in)
{
    struct mistake mistake = { "" };
    int r = question_read(in, &attempt->question);

    if (r == QUESTION_MALFORMED) {
        attempt->answer.kind = ANSWER_MALFORMED;
        return;
    }
    if (r == 0 && (r = prepare(attempt, &mistake)) == 0)
        r = decide(attempt, &mistake);
    if (r == 0)
        return;
    attempt->answer.kind = ANSWER_UNAVAILABLE;
    say(attempt, 3, "Nobody can log in: %s", r == MISTAKE ? mistake.text : strerror(-r));
}

int attempt_run(int in, int out)
{
    _cleanup_(attempt_done) struct attempt attempt = { .brake.fd = -1, .answer.kind = ANSWER_UNAVAILABLE };

    answer_question(&attempt, in);
    return answer_send(out, &attempt.answer) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
