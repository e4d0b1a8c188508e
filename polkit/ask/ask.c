/* Puts questions to polkitd, several at a time: polkitd takes them one after the other, but need not wait for
 * us in between. */
#include "polkit/ask/ask.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "common/array.h"
#include "common/clock.h"
#include "polkit/ask/broker-process.h"
#include "polkit/rules/rule.h"

#define POLKIT_NAME "org.freedesktop.PolicyKit1"
#define POLKIT_PATH "/org/freedesktop/PolicyKit1/Authority"
#define POLKIT_INTERFACE "org.freedesktop.PolicyKit1.Authority"

enum {
    TRIES = 5,       /* a broker that ends while it is asked about is looked for again */
    WINDOW = 16,     /* questions under way; far from dbus-daemon's limit of replies one may wait for */
    ANSWER_SEC = 60, /* above the 15 seconds after which polkitd gives a rule up */
    NO_FLAGS = 0,    /* PID 1 lets polkit ask people for passwords. Nobody sits at the broker, and we must not
                        disturb you */
};

struct asker {
    sd_bus *bus;
    struct account account;
    struct broker_process broker;
    struct subject stranger;
    const struct subject *subject; /* one of these two: whom the questions are about */
    char error[256];
    char version[16];
    size_t asked, pending;
    int failed; /* negative errno of the first failed question */
    bool changed;
    sd_bus_slot *watch;
};

int asker_new(const char *user, struct asker **ret)
{
    _cleanup_(asker_freep) struct asker *asker = calloc(1, sizeof(*asker));
    int r;

    if (!asker)
        return -ENOMEM;
    asker->broker = (struct broker_process)BROKER_PROCESS_NONE;
    asker->stranger = (struct subject)SUBJECT_NONE;
    r = account_by_name(user, &asker->account);
    if (r < 0)
        return r;
    r = sd_bus_open_system(&asker->bus);
    if (r < 0)
        return r;
    *ret = TAKE_PTR(asker);
    return 0;
}

struct asker *asker_free(struct asker *asker)
{
    if (!asker)
        return NULL;
    broker_process_done(&asker->broker);
    subject_stop(&asker->stranger);
    sd_bus_slot_unref(asker->watch);
    sd_bus_flush_close_unref(asker->bus);
    free(asker);
    return NULL;
}

const char *asker_error(const struct asker *asker)
{
    return asker->error;
}

size_t asker_asked(const struct asker *asker)
{
    return asker->asked;
}

/* Keeps the first one. */
static void record_error(struct asker *asker, const sd_bus_error *error, int number)
{
    if (asker->failed == 0) {
        asker->failed = number < 0 ? number : -EIO;
        (void)snprintf(asker->error, sizeof(asker->error), "%s",
                       error && error->message ? error->message : strerror(-asker->failed));
    }
}

/* The question and whom it belongs to, while it is under way. */
struct pending {
    struct asker *asker;
    struct ask_question *question;
};

static int on_answer(sd_bus_message *reply, void *userdata, _unused_ sd_bus_error *ret_error)
{
    struct pending *pending = userdata;
    struct asker *asker = pending->asker;
    int authorized = 0, challenge = 0, r;

    asker->pending--;
    if (sd_bus_message_is_method_error(reply, NULL)) {
        record_error(asker, sd_bus_message_get_error(reply), -sd_bus_message_get_errno(reply));
        return 0;
    }
    r = sd_bus_message_enter_container(reply, 'r', "bba{ss}");
    if (r >= 0)
        r = sd_bus_message_read(reply, "bb", &authorized, &challenge);
    if (r < 0)
        record_error(asker, NULL, r);
    pending->question->answer = authorized ? ASK_YES : challenge ? ASK_CHALLENGE : ASK_NO;
    return 0;
}

static int append_details(sd_bus_message *call, const struct ask_question *question)
{
    const char *message = question->unit ? ASK_VERBS[question->verb].message : NULL;

    if (!question->unit)
        return sd_bus_message_append(call, "a{ss}", 0);
    if (!message)
        return sd_bus_message_append(call, "a{ss}", 2, "unit", question->unit, "verb",
                                     ASK_VERBS[question->verb].word);
    return sd_bus_message_append(call, "a{ss}", 4, "unit", question->unit, "verb",
                                 ASK_VERBS[question->verb].word, "polkit.message", message,
                                 "polkit.gettext_domain", "systemd");
}

static int send_question(struct asker *asker, struct pending *pending)
{
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
    int r;

    r = sd_bus_message_new_method_call(asker->bus, &call, POLKIT_NAME, POLKIT_PATH, POLKIT_INTERFACE,
                                       "CheckAuthorization");
    if (r >= 0)
        r = subject_append(asker->subject, call);
    if (r >= 0)
        r = sd_bus_message_append(call, "s", pending->question->action);
    if (r >= 0)
        r = append_details(call, pending->question);
    if (r >= 0)
        r = sd_bus_message_append(call, "us", (uint32_t)NO_FLAGS, "");
    if (r >= 0)
        r = sd_bus_call_async(asker->bus, NULL, call, on_answer, pending, ANSWER_SEC * USEC_PER_SEC);
    if (r >= 0) {
        asker->pending++;
        asker->asked++;
    }
    return r;
}

/* One message, or a wait for one. */
static int step(struct asker *asker, uint64_t usec)
{
    int r = sd_bus_process(asker->bus, NULL);

    return r == 0 ? sd_bus_wait(asker->bus, usec) : r;
}

static int ask_all(struct asker *asker, struct pending *pending, struct ask_question *questions, size_t n)
{
    size_t next = 0;
    int r = 0;

    while (r >= 0 && asker->failed == 0 && (next < n || asker->pending > 0)) {
        if (next < n && asker->pending < WINDOW) {
            pending[next] = (struct pending){ .asker = asker, .question = &questions[next] };
            r = send_question(asker, &pending[next]);
            next++;
        } else {
            r = step(asker, UINT64_MAX);
        }
    }
    if (r < 0)
        record_error(asker, NULL, r);
    return asker->failed;
}

static int ask_about(struct asker *asker, const struct subject *subject, struct ask_question *questions,
                     size_t n)
{
    _cleanup_(freep) struct pending *pending = calloc(n + 1, sizeof(*pending));

    if (!pending)
        return -ENOMEM;
    asker->failed = 0;
    asker->subject = subject;
    (void)ask_all(asker, pending, questions, n);
    /* Answers that are still to come point to memory that goes away. */
    while (asker->pending > 0 && step(asker, UINT64_MAX) >= 0)
        continue;
    return asker->failed;
}

/* A new connection each time: the broker ends one that says nothing, and then may go to rest. */
static int ready_broker(struct asker *asker)
{
    char why[sizeof(asker->error)] = "";
    int r;

    broker_process_done(&asker->broker);
    r = broker_process_find(asker->bus, &asker->broker, why, sizeof(why));
    if (r < 0)
        (void)snprintf(asker->error, sizeof(asker->error), "%s", *why ? why : strerror(-r));
    return r;
}

static int ask_about_broker(struct asker *asker, struct ask_question *questions, size_t n)
{
    int r;

    for (int i = 0; i < TRIES; i++) {
        r = ready_broker(asker);
        if (r < 0)
            return r;
        r = ask_about(asker, &asker->broker.subject, questions, n);
        if (subject_runs(&asker->broker.subject))
            return r;
    }
    (void)snprintf(asker->error, sizeof(asker->error), "%s ends again and again while it is asked about",
                   RULE_UNIT);
    return -ENOTCONN;
}

int asker_ask(struct asker *asker, struct ask_question *questions, size_t n)
{
    return asker_knows_services(asker) ? ask_about_broker(asker, questions, n)
                                       : asker_ask_stranger(asker, questions, n);
}

int asker_ask_stranger(struct asker *asker, struct ask_question *questions, size_t n)
{
    int r;

    if (!subject_runs(&asker->stranger)) {
        subject_stop(&asker->stranger);
        r = subject_start(asker->bus, &asker->account, &asker->stranger);
        if (r < 0) {
            (void)snprintf(asker->error, sizeof(asker->error), "a process of user %s cannot be started: %s",
                           asker->account.name, strerror(-r));
            return r;
        }
    }
    return ask_about(asker, &asker->stranger, questions, n);
}

static int read_action(sd_bus_message *reply, char **ret)
{
    const char *id;
    int r = sd_bus_message_enter_container(reply, 'r', "ssssssuuua{ss}");

    if (r <= 0)
        return r;
    r = sd_bus_message_read(reply, "s", &id);
    if (r >= 0)
        r = sd_bus_message_skip(reply, "sssssuuua{ss}");
    if (r >= 0)
        r = sd_bus_message_exit_container(reply);
    if (r < 0)
        return r;
    *ret = strdup(id);
    return *ret ? 1 : -ENOMEM;
}

static int read_actions(sd_bus_message *reply, struct texts *actions)
{
    int r = sd_bus_message_enter_container(reply, 'a', "(ssssssuuua{ss})");

    while (r >= 0) {
        char *id = NULL;

        r = read_action(reply, &id);
        if (r <= 0)
            break;
        r = texts_take(actions, id);
    }
    return r;
}

int asker_actions(struct asker *asker, char ***ret)
{
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
    _cleanup_(sd_bus_error_free) sd_bus_error error = SD_BUS_ERROR_NULL;
    _cleanup_(texts_done) struct texts actions = { 0 };
    int r;

    asker->failed = 0;
    r = sd_bus_call_method(asker->bus, POLKIT_NAME, POLKIT_PATH, POLKIT_INTERFACE, "EnumerateActions", &error,
                           &reply, "s", "C");
    if (r >= 0)
        r = read_actions(reply, &actions);
    if (r < 0) {
        record_error(asker, &error, r);
        return r;
    }
    *ret = TAKE_PTR(actions.list);
    return 0;
}

const char *asker_version(struct asker *asker)
{
    _cleanup_(freep) char *version = NULL;

    if (asker->version[0] == '\0' &&
        sd_bus_get_property_string(asker->bus, POLKIT_NAME, POLKIT_PATH, POLKIT_INTERFACE, "BackendVersion",
                                   NULL, &version) >= 0)
        (void)snprintf(asker->version, sizeof(asker->version), "%s", version);
    return asker->version;
}

bool asker_knows_services(struct asker *asker)
{
    return strtoul(asker_version(asker), NULL, 10) >= RULE_UNIT_SINCE;
}

int asker_polkitd(struct asker *asker, uid_t *ret_uid, pid_t *ret_pid)
{
    _cleanup_(sd_bus_creds_unrefp) sd_bus_creds *creds = NULL;
    int r = sd_bus_get_name_creds(asker->bus, POLKIT_NAME, SD_BUS_CREDS_EUID | SD_BUS_CREDS_PID, &creds);

    if (r >= 0)
        r = sd_bus_creds_get_pid(creds, ret_pid);
    return r < 0 ? r : sd_bus_creds_get_euid(creds, ret_uid);
}

static int on_changed(_unused_ sd_bus_message *message, void *userdata, _unused_ sd_bus_error *ret_error)
{
    struct asker *asker = userdata;

    asker->changed = true;
    return 0;
}

int asker_watch(struct asker *asker)
{
    asker->changed = false;
    return sd_bus_match_signal(asker->bus, &asker->watch, POLKIT_NAME, POLKIT_PATH, POLKIT_INTERFACE,
                               "Changed", on_changed, asker);
}

int asker_wait(struct asker *asker, uint64_t usec)
{
    uint64_t end = clock_usec() + usec;
    int r = 0;

    while (!asker->changed && r >= 0 && clock_usec() < end)
        r = step(asker, end - clock_usec());
    if (asker->changed) {
        asker->changed = false;
        return 1;
    }
    return r < 0 ? r : 0;
}
