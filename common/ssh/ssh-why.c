/* A table of what ssh says when it gives up. It says so in English: OpenSSH is not translated. */
#include "common/ssh/ssh-why.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/ssh/greeting.h"
#include "common/text.h"

enum {
    WORDS_SIZE = 200,     /* of what is told in others' words */
    EXIT_OF_SSH = 255,    /* its own; others are those of what it ran there */
    EXIT_NOT_FOUND = 127, /* a shell's */
    EXIT_NOT_RUN = 126,
    EXIT_USAGE = 2, /* of a restartctl that knows no bridge */
};

#define NEW_KEY                                                                                              \
    "its host key is not known here. Connect to it once with ssh as the same user and compare the key with " \
    "the one that its admin names, or put that one into known_hosts."
#define HUNG_UP                                                                                              \
    "it hung up before anybody was let in. The journal of its sshd says why; it may have too many "          \
    "connections."

/* What is further up counts: it says more than what ssh says after it. */
static const struct complaint {
    const char *says, *why;
} COMPLAINTS[] = {
    { "REMOTE HOST IDENTIFICATION HAS CHANGED",
      "its host key is not the one that is known here. Somebody may be in between: ask its admin, and take "
      "the old key out of known_hosts (ssh-keygen -R) only if he has changed it." },
    { "certificate has expired", "its host certificate has expired. Its admin has to renew it." },
    { "Host key verification failed", NEW_KEY },
    { "host key is known for", NEW_KEY },
    { "Permission denied",
      "it does not let this key in. The public key has to be in authorized_keys of that account there; "
      "'ssh -v' shows which keys were offered." },
    { "Too many authentication failures",
      "it does not let this key in: too many others were offered before. Name the right one, with "
      "IdentityFile= and IdentitiesOnly=yes in ssh_config." },
    { "Could not resolve hostname", "that name is not known. Look how it is written." },
    { "Connection refused", "nobody listens at that port. Look whether its sshd runs, and at which port." },
    { "No route to host", "there is no way to its address. Look whether the machine is up." },
    { "Network is unreachable", "there is no way to its address. Look whether the network is up." },
    { "timed out", "nothing came back from its address. Look whether the machine is up." },
    { "not responding", "nothing comes back from it any more. Look whether the machine is up." },
    { "Connection closed by", HUNG_UP },
    { "Connection reset by", HUNG_UP },
    { "Bad owner or permissions", "ssh's own settings here may be written by others. Mend their mode." },
    { "Bad configuration option", "ssh's own settings here have a mistake; 'ssh -v' shows the line." },
};

static void say(const char *host, char ret[static SSH_WHY_SIZE], const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void say(const char *host, char ret[static SSH_WHY_SIZE], const char *format, ...)
{
    int used;
    va_list ap;

    (void)text_clean(host, ret, SSH_WHY_SIZE / 2);
    used = (int)strlen(ret);
    used += snprintf(ret + used, SSH_WHY_SIZE - (size_t)used, " cannot be reached: ");
    va_start(ap, format);
    /* clang 14's analyzer loses sight of va_start() here.
     * NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized) */
    (void)vsnprintf(ret + used, SSH_WHY_SIZE - (size_t)used, format, ap);
    va_end(ap);
}

/* Without blanks and full stops at its end; "" when there is none. */
static const char *last_line(const char *complaints, char ret[static WORDS_SIZE])
{
    size_t end = strlen(complaints), begin;

    while (end > 0 && strchr(" \t\r\n.", complaints[end - 1]))
        end--;
    for (begin = end; begin > 0 && complaints[begin - 1] != '\n';)
        begin--;
    (void)snprintf(ret, WORDS_SIZE, "%.*s", (int)(end - begin), complaints + begin);
    return text_clean(ret, ret, WORDS_SIZE);
}

static const struct complaint *find(const char *complaints)
{
    for (size_t i = 0; i < sizeof(COMPLAINTS) / sizeof(*COMPLAINTS); i++)
        if (strstr(complaints, COMPLAINTS[i].says))
            return &COMPLAINTS[i];
    return NULL;
}

static void why_of_ssh(const char *host, const char *complaints, char ret[static SSH_WHY_SIZE])
{
    const struct complaint *complaint = find(complaints);
    char words[WORDS_SIZE];

    if (complaint)
        say(host, ret, "%s", complaint->why);
    else if (*last_line(complaints, words))
        say(host, ret, "ssh says: %s.", words);
    else
        say(host, ret, "ssh ended without a word; 'ssh -v' shows how far it comes.");
}

void ssh_why(const char *host, int exit_status, const char *complaints, char ret[static SSH_WHY_SIZE])
{
    char words[WORDS_SIZE];

    if (exit_status == EXIT_OF_SSH || exit_status < 0)
        why_of_ssh(host, complaints, ret);
    else if (exit_status == EXIT_NOT_FOUND || exit_status == EXIT_NOT_RUN)
        say(host, ret, "restartctl is not there. Install restarter on it.");
    else if (exit_status == EXIT_USAGE && strstr(complaints, "'bridge'"))
        say(host, ret, "its restarter is too old to be asked from here. Upgrade it.");
    else if (*last_line(complaints, words))
        say(host, ret, "restartctl did not begin there (exit status %d): %s.", exit_status, words);
    else
        say(host, ret,
            "something else than 'restartctl bridge' runs there (exit status %d). Look at the command of the "
            "key in authorized_keys.",
            exit_status);
}

void ssh_why_not_started(const char *host, const char *program, int error, char ret[static SSH_WHY_SIZE])
{
    if (error == ENOENT)
        say(host, ret, "there is no %s here. Install it (apt install openssh-client).", program);
    else
        say(host, ret, "%s cannot be started here: %s.", program, strerror(error));
}

void ssh_why_timeout(const char *host, unsigned seconds, const char *complaints,
                     char ret[static SSH_WHY_SIZE])
{
    char words[WORDS_SIZE];

    if (*last_line(complaints, words))
        say(host, ret, "no answer in %u seconds; the last that ssh said is: %s.", seconds, words);
    else
        say(host, ret, "no answer in %u seconds. Look whether 'restartctl bridge' is what runs there.",
            seconds);
}

void ssh_why_greeting(const char *host, int outcome, const char *said, char ret[static SSH_WHY_SIZE])
{
    switch (outcome) {
    case GREETING_E_NOT_REACHED:
        say(host, ret, "its broker is not. %s", said);
        break;
    case GREETING_E_VERSION:
        say(host, ret, "its restarter speaks another version of the bridge (%.40s). Upgrade the older one.",
            said);
        break;
    case GREETING_E_MORE:
        say(host, ret, "what runs there speaks before it is asked, as no 'restartctl bridge' does.");
        break;
    default:
        say(host, ret,
            "what runs there is not 'restartctl bridge', and begins with \"%.80s\". Look at the command of the "
            "key in authorized_keys, and at what a shell prints there.",
            said);
    }
}
