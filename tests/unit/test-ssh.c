/* A session is had when a bridge has greeted, and not before; whatever comes instead ends in one sentence,
 * soon, and nothing was sent. */
#include "common/ssh/ssh-session.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "common/cleanup.h"
#include "tests/unit/liar.h"
#include "tests/unit/opened-ssh.h"
#include "tests/unit/test.h"

static void assert_why(const char *script, uint64_t timeout_usec, const char *why)
{
    struct opened_ssh seen;
    struct ssh_session *session = NULL;

    open_ssh((struct ssh_request){ .program = liar(script), .timeout_usec = timeout_usec }, &seen, &session);
    assert_int_equal(seen.fd, -1);
    if (strncmp(seen.why, "far@web1 cannot be reached: ", 28) != 0 || !strstr(seen.why, why))
        fail_msg("%s: %s", script, seen.why);
    assert_int_equal(seen.why[strlen(seen.why) - 1], '.');
    close_ssh(&seen, session);
}

/* What is written at this end comes back from the other one. */
static void test_reached(_unused_ void **state)
{
    struct opened_ssh seen;
    struct ssh_session *session = NULL;
    struct pollfd answer;
    char buffer[8] = "", why[SSH_WHY_SIZE];

    open_ssh((struct ssh_request){ .program = liar(BRIDGE_GREETS "exec cat") }, &seen, &session);
    assert_true(seen.fd >= 0);
    assert_int_equal(recv(seen.fd, buffer, 1, 0), -1);
    assert_int_equal(errno, EAGAIN);
    assert_int_equal(send(seen.fd, "call\n", 5, 0), 5);
    answer = (struct pollfd){ .fd = seen.fd, .events = POLLIN };
    assert_int_equal(poll(&answer, 1, 60000), 1);
    assert_int_equal(recv(seen.fd, buffer, sizeof(buffer), 0), 5);
    assert_memory_equal(buffer, "call\n", 5);
    ssh_session_why_ended(session, why);
    assert_string_equal(why, "");
    close_ssh(&seen, session);
}

/* Byte by byte, with time for each to arrive by itself. */
static void test_slow_greeting(_unused_ void **state)
{
    struct opened_ssh seen;
    struct ssh_session *session = NULL;

    open_ssh(
        (struct ssh_request){ .program = liar("for c in rest arte r-br idge ' 1'; do printf \"$c\"; sleep "
                                              "0.01; done; echo; exec cat") },
        &seen, &session);
    assert_true(seen.fd >= 0);
    close_ssh(&seen, session);
}

static void test_words(_unused_ void **state)
{
    static const char *const OPTIONS[] = { "-F", "/dev/null", NULL };
    struct opened_ssh seen;
    struct ssh_session *session = NULL;

    open_ssh((struct ssh_request){ .program = liar("printf 'restarter-bridge 1 %s\\n' \"$*\""),
                                   .name = "web1",
                                   .host = "far@10.0.0.1",
                                   .port = 2222,
                                   .options = OPTIONS },
             &seen, &session);
    assert_non_null(strstr(seen.why, "web1 cannot be reached: its broker is not. -F /dev/null -T "));
    assert_non_null(strstr(seen.why, " -oBatchMode=yes -p 2222 -- far@10.0.0.1 restartctl bridge"));
    close_ssh(&seen, session);
}

static void test_who_sits_there_is_asked(_unused_ void **state)
{
    struct opened_ssh seen;
    struct ssh_session *session = NULL;

    open_ssh(
        (struct ssh_request){ .program = liar("printf 'restarter-bridge 1 %s\\n' \"$*\""), .asks = true },
        &seen, &session);
    assert_null(strstr(seen.why, "BatchMode"));
    close_ssh(&seen, session);
}

static void test_liars(_unused_ void **state)
{
    static const struct {
        const char *script, *why;
    } CASES[] = {
        { "exit 0", "something else than 'restartctl bridge' runs there (exit status 0)" },
        { "exec >&- ; sleep 0.05", "something else than 'restartctl bridge' runs there" },
        { "printf 'restarter-bridge 1'", "something else than 'restartctl bridge' runs there" },
        { "printf 'restarter-bridge 1 Not now.\\n'; exit 4", "its broker is not. Not now." },
        { "printf 'restarter-bridge 2\\n'; exec cat",
          "another version of the bridge (2). Upgrade the older" },
        { "printf 'restarter-bridge 1\\nHTTP/1.1 200 OK\\r\\n'", "speaks before it is asked" },
        { "printf '\\000\\n'; exec cat", "is not 'restartctl bridge', and begins with \"?\"" },
        { "printf '\\200\\n'; exec cat", "is not 'restartctl bridge', and begins with \"?\"" },
        { "printf '\\033[2JWelcome\\n'; exec cat", "begins with \"?[2JWelcome\"" },
        { "exec yes", "begins with \"y\"" },
        { "exec cat /dev/zero", "begins with \"?????" },
        { "while :; do printf 'restarter-bridge 1'; done", "begins with \"restarter-bridge 1restarter-b" },
        { "kill -9 $$", "ssh ended without a word" },
        { "yes no | head -n 100000 >&2; exit 255", "ssh says: no." },
        { "head -c 100000 /dev/zero >&2; exit 255", "ssh ended without a word" },
        { "printf '\\033[2J\\200\\n' >&2; exit 255", "ssh says: ?[2J?." },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++)
        assert_why(CASES[i].script, 0, CASES[i].why);
}

/* Nothing at all, for longer than anybody waits; and what it said meanwhile. */
static void test_silence(_unused_ void **state)
{
    assert_why("exec sleep 60", 50000, "no answer in 0 seconds. Look whether 'restartctl bridge' is what");
    assert_why("exec sleep 60 >&-", 50000, "no answer in 0 seconds.");
    assert_why("printf 'restarter-bridge 1'; exec sleep 60", 50000, "no answer in 0 seconds.");
}

/* A master that goes on holds what the others complain to. */
static void test_somebody_stays_behind(_unused_ void **state)
{
    assert_why(
        "sleep 60 & echo $! >${0%/*}/pid; echo 'ssh: connect to host web1 port 22: Connection refused' >&2; "
        "exit 255",
        0, "nobody listens at that port");
    assert_why("kill $(cat ${0%/*}/pid); rm ${0%/*}/pid; exit 127", 0, "restartctl is not there. Install");
}

static void test_complaints(_unused_ void **state)
{
    static const struct {
        const char *says, *why;
    } CASES[] = {
        { "@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.",
          "its host key is not the one that is known here. Somebody may be in between" },
        { "No ED25519 host key is known for web1 and you have requested strict checking.\n"
          "Host key verification failed.",
          "its host key is not known here. Connect to it once" },
        { "far@web1: Permission denied (publickey).",
          "it does not let this key in. The public key has to be in" },
        { "ssh: connect to host web1 port 22: Connection refused", "nobody listens at that port" },
        { "ssh: connect to host web1 port 22: Connection timed out", "nothing came back from its address" },
        { "Connection timed out during banner exchange", "nothing came back from its address" },
        { "ssh: connect to host web1 port 22: No route to host", "there is no way to its address" },
        { "ssh: Could not resolve hostname web1: Name or service not known", "that name is not known" },
        { "kex_exchange_identification: Connection closed by remote host\r\n", "it hung up before anybody" },
        { "Received disconnect from 10.0.0.1: 2: Too many authentication failures", "too many others were" },
        { "A thing that nobody has met.", "ssh says: A thing that nobody has met." },
    };
    char script[512];

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        (void)snprintf(script, sizeof(script), "cat <<'END' >&2\n%s\nEND\nexit 255", CASES[i].says);
        assert_why(script, 0, CASES[i].why);
    }
}

static void test_what_is_there(_unused_ void **state)
{
    assert_why("echo 'bash: restartctl: command not found' >&2; exit 127", 0,
               "restartctl is not there. Install");
    assert_why("exit 126", 0, "restartctl is not there");
    assert_why("echo \"restartctl: there is no verb 'bridge'\" >&2; exit 2", 0,
               "is too old to be asked from here");
    assert_why("echo 'Account locked' >&2; exit 1", 0,
               "did not begin there (exit status 1): Account locked.");
}

/* valgrind makes a fork of it, which has no way to say so. */
static bool spawning_tells(void)
{
    static char nowhere[] = "/nowhere/ssh";
    char *argv[] = { nowhere, NULL };
    pid_t pid = 0;

    return posix_spawn(&pid, nowhere, NULL, NULL, argv, environ) == ENOENT;
}

static void test_no_ssh(_unused_ void **state)
{
    struct opened_ssh seen;
    struct ssh_session *session = NULL;

    if (!spawning_tells())
        return;
    open_ssh((struct ssh_request){ .program = "/nowhere/ssh" }, &seen, &session);
    assert_string_equal(seen.why,
                        "far@web1 cannot be reached: there is no /nowhere/ssh here. Install it (apt install "
                        "openssh-client).");
    close_ssh(&seen, session);
}

/* What ended a connection that was had is asked for afterwards. */
static void test_why_ended(_unused_ void **state)
{
    struct opened_ssh seen;
    struct ssh_session *session = NULL;
    char why[SSH_WHY_SIZE] = "";

    open_ssh((struct ssh_request){ .program = liar(BRIDGE_GREETS
                                                   "read line; echo 'Timeout, server web1 not responding.' "
                                                   ">&2; exit 255") },
             &seen, &session);
    assert_int_equal(send(seen.fd, "call\n", 5, 0), 5);
    for (int i = 0; i < 6000 && !*why; i++) {
        (void)sd_event_run(seen.event, 10000);
        ssh_session_why_ended(session, why);
    }
    assert_string_equal(
        why, "far@web1 cannot be reached: nothing comes back from it any more. Look whether the machine is "
             "up.");
    assert_int_equal(seen.calls, 1);
    close_ssh(&seen, session);
}

/* A terminal's Ctrl-C comes to ssh as well: who hears it himself, and goes on, keeps the connection; who ends
 * by it ends both. */
static void test_signals_of_a_terminal(_unused_ void **state)
{
    static const int SIGNALS[] = { SIGINT, SIGHUP };
    static const char *const SCRIPTS[] = { "kill -INT $$\n" BRIDGE_GREETS "exec cat",
                                           "kill -HUP $$\n" BRIDGE_GREETS "exec cat" };
    sigset_t set;

    for (size_t i = 0; i < 2; i++) {
        struct opened_ssh deaf;
        struct ssh_session *session = NULL;

        /* A shell's background job has them ignored. */
        assert_true(signal(SIGNALS[i], SIG_DFL) != SIG_ERR);
        assert_why(SCRIPTS[i], 0, "ssh ended without a word");
        (void)sigemptyset(&set);
        (void)sigaddset(&set, SIGNALS[i]);
        assert_int_equal(sigprocmask(SIG_BLOCK, &set, NULL), 0);
        open_ssh((struct ssh_request){ .program = liar(SCRIPTS[i]) }, &deaf, &session);
        assert_true(deaf.fd >= 0);
        close_ssh(&deaf, session);
        assert_int_equal(sigprocmask(SIG_UNBLOCK, &set, NULL), 0);
        assert_true(signal(SIGNALS[i], SIG_DFL) == SIG_DFL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reached),
        cmocka_unit_test(test_slow_greeting),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_who_sits_there_is_asked),
        cmocka_unit_test(test_liars),
        cmocka_unit_test(test_silence),
        cmocka_unit_test(test_somebody_stays_behind),
        cmocka_unit_test(test_complaints),
        cmocka_unit_test(test_what_is_there),
        cmocka_unit_test(test_no_ssh),
        cmocka_unit_test(test_why_ended),
        cmocka_unit_test(test_signals_of_a_terminal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
