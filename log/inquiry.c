/* Who asks is found out first; to who may not, all that was sent is one question. It is read even so: an
 * answer beside bytes that nobody has read would not arrive. */
#include "log/inquiry.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/record/errand.h"
#include "common/record/question.h"
#include "log/answer.h"
#include "log/ask.h"
#include "log/asker.h"
#include "log/run-errand.h"
#include "log/search.h"

static int answer_malformed(int fd)
{
    return answer_refuse(fd, "malformed",
                         "Nothing was read: that is no question; restarter-log(8) has them.");
}

static int answer_outcome(int fd, int r, const struct found *found)
{
    if (r >= 0)
        return answer_found(fd, found);
    (void)fprintf(stderr, "<3>The journal cannot be read: %s\n",
                  r == -ENOMEDIUM ? "there is none that it may read" : strerror(-r));
    return answer_refuse(
        fd, "unavailable",
        "Nothing was read: the journal cannot be read; 'journalctl -t restarter-log' says why.");
}

/* --- at the socket for admins --- */

static int answer_admin(int fd, const char *text)
{
    _cleanup_(found_done) struct found found = { .more = false };
    struct record_question question;

    if (record_question_parse(text, &question) != 0)
        return answer_malformed(fd);
    return answer_outcome(fd, record_search(&question, &found), &found);
}

static int inquire(int fd, const char *policy_path)
{
    char text[RECORD_QUESTION_SIZE];
    int asker = asker_find(fd, policy_path), r = asker;

    if (r >= 0)
        r = ask_read(fd, text, sizeof(text));
    if (r >= 0 && asker == ASKER_OTHER)
        return answer_refuse(fd, "refused", "Nothing was read: the record is for admins.");
    if (r == RECORD_E_MALFORMED)
        return answer_malformed(fd);
    return r < 0 ? r : answer_admin(fd, text);
}

/* --- at the broker's --- */

static int answer_errand(int fd, const struct errand *errand, const char *policy_path)
{
    _cleanup_(found_done) struct found found = { .more = false };
    int r = errand_run(errand, policy_path, &found);

    if (r == ERRAND_RUN_REFUSED)
        return answer_refuse(fd, "refused", "Nothing was read: that is not for who asks.");
    if (r == ERRAND_RUN_NO_POLICY)
        return answer_refuse(fd, "unavailable", "Nothing was read: the policy file is broken.");
    return answer_outcome(fd, r, &found);
}

static int run_errand(int fd, const char *policy_path)
{
    _cleanup_(errand_done) struct errand errand = { .kind = ERRAND_LINES };
    char text[ERRAND_SIZE];
    bool is_broker = asker_is_broker(fd);
    int r = ask_read(fd, text, sizeof(text));

    if (r >= 0 && !is_broker)
        return answer_refuse(fd, "refused", "Nothing was read: this socket is the broker's.");
    if (r == 0)
        r = errand_parse(text, &errand);
    if (r > 0)
        return answer_malformed(fd);
    return r < 0 ? r : answer_errand(fd, &errand, policy_path);
}

int inquiry_run(int fd, bool broker, const char *policy_path)
{
    int r = answer_begin(fd);

    if (r >= 0)
        r = broker ? run_errand(fd, policy_path) : inquire(fd, policy_path);
    if (r >= 0 || r == -EPIPE || r == -ECONNRESET || r == -EAGAIN)
        return EXIT_SUCCESS; /* whoever left, or does not read, is not this program's failure */
    (void)fprintf(stderr, "<3>A question was not answered: %s\n", strerror(-r));
    return EXIT_FAILURE;
}
