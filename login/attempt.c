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

#include "common/accounts/groups.h"
#include "common/clock.h"
#include "common/ticket-key.h"
#include "login/answer.h"
#include "login/brake.h"
#include "login/keyed.h"
#include "login/lifetime.h"

struct attempt {
    const struct way *way;
    struct candidate candidate;
    struct ticket ticket; /* but for the person, which is the candidate's */
    struct brake brake;
    struct answer answer;
};

static void attempt_done(struct attempt *attempt)
{
    if (attempt->way->forget)
        attempt->way->forget(attempt->candidate.known);
    person_done(&attempt->candidate.person);
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

static void say_login(struct attempt *attempt, uint64_t place)
{
    if (brake_admit_login(&attempt->brake, place, clock_usec()))
        (void)fprintf(stderr, "<5>%s has logged in %s.\n", attempt->candidate.person.name, attempt->way->by);
}

static const char *name_of(const struct attempt *attempt)
{
    return person_is_known(&attempt->candidate.person) ? attempt->candidate.person.name
                                                       : "a name that nobody has";
}

/* --- what it needs --- */

static int prepare(struct attempt *attempt, struct mistake *mistake)
{
    int r;

    if ((r = brake_open(&attempt->brake, mistake)) != 0 ||
        (r = ticket_key_read(&attempt->candidate.key, mistake)) != 0 ||
        (r = attempt->way->prepare(&attempt->candidate, mistake)) != 0)
        return r;
    return lifetime_read(&attempt->ticket, mistake);
}

/* --- the decision --- */

/* Where the way leaves groups out, those at the end that a ticket has no room for. */
static int write_ticket(struct attempt *attempt, struct mistake *mistake)
{
    struct candidate *candidate = &attempt->candidate;
    struct ticket ticket = attempt->ticket;
    int r;

    ticket.person = candidate->person;
    while ((r = ticket_write(&candidate->key, &ticket, attempt->answer.ticket)) == TICKET_E_UNFIT &&
           attempt->way->cuts_groups && ticket.person.n_groups > 0)
        ticket.person.n_groups--;
    if (r == TICKET_E_UNFIT)
        return mistake_set(mistake, GROUPS_FILE, 0, "user %s is in more groups than a ticket has room for",
                           name_of(attempt));
    if (r == 0 && ticket.person.n_groups < candidate->n_groups)
        say(attempt, 4, "%s is in %zu groups, and in the ticket are the first %zu of them.", name_of(attempt),
            candidate->n_groups, ticket.person.n_groups);
    return r;
}

static int make_ticket(struct attempt *attempt, struct mistake *mistake)
{
    int r;

    if (getrandom(attempt->ticket.number, sizeof(attempt->ticket.number), 0) !=
        (ssize_t)sizeof(attempt->ticket.number))
        return -errno;
    r = write_ticket(attempt, mistake);
    if (r == 0)
        attempt->answer.kind = ANSWER_TICKET;
    return r;
}

static void say_refused(struct attempt *attempt)
{
    if (attempt->candidate.why_not[0] == '\0')
        say(attempt, 5, "A wrong password for %s.", name_of(attempt));
    else
        say(attempt, 5, "%s was not let in: %s.", name_of(attempt), attempt->candidate.why_not);
}

static int decide_charged(struct attempt *attempt, uint64_t place, struct mistake *mistake)
{
    bool good = false;
    int r = attempt->way->check(&attempt->candidate, &good, mistake);

    if (r != 0)
        return r;
    if (!good) {
        attempt->answer.kind = ANSWER_WRONG;
        say_refused(attempt);
        return 0;
    }
    r = brake_pay_back(&attempt->brake, place);
    if (r == 0)
        r = make_ticket(attempt, mistake);
    if (r == 0)
        say_login(attempt, place);
    return r;
}

static int decide(struct attempt *attempt, struct mistake *mistake)
{
    uint64_t place = keyed_number(&attempt->candidate.key, "place", attempt->candidate.counted);
    int r = brake_charge(&attempt->brake, place, clock_usec(), &attempt->answer.seconds);

    if (r == BRAKE_GO)
        return decide_charged(attempt, place, mistake);
    if (r != BRAKE_LATER)
        return r;
    attempt->answer.kind = ANSWER_LATER;
    say(attempt, 4, "A login of %s was not looked at, since too many have been wrong: for %u %s more.",
        name_of(attempt), attempt->answer.seconds, attempt->answer.seconds == 1 ? "second" : "seconds");
    return 0;
}

/* Until a multiple of the way's time since `begin`, so that what took longer for one name than for another is
 * not told by it. */
static void level(const struct way *way, uint64_t begin_usec)
{
    uint64_t step = way->level_msec * USEC_PER_MSEC, left;

    if (step == 0)
        return;
    left = step - (clock_usec() - begin_usec) % step;
    (void)usleep((useconds_t)left);
}

static void answer_read(struct attempt *attempt)
{
    struct mistake mistake = { "" };
    uint64_t begin = clock_usec();
    int r = prepare(attempt, &mistake);

    if (r == 0)
        r = decide(attempt, &mistake);
    if (r != 0) {
        attempt->answer.kind = ANSWER_UNAVAILABLE;
        say(attempt, 3, "Nobody can log in: %s", r == MISTAKE ? mistake.text : strerror(-r));
    }
    if (attempt->answer.kind != ANSWER_TICKET)
        level(attempt->way, begin);
}

int attempt_run(const struct way *way, int in, int out)
{
    _cleanup_(attempt_done) struct attempt attempt = {
        .way = way,
        .brake.fd = -1,
        .answer.kind = ANSWER_UNAVAILABLE,
    };
    int r = question_read(in, &attempt.candidate.question);

    if (r == QUESTION_MALFORMED)
        attempt.answer.kind = ANSWER_MALFORMED;
    else if (r == 0)
        answer_read(&attempt);
    return answer_send(out, &attempt.answer) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
