/* The last reading of rules, found by going backwards through polkitd's messages. */
#include "polkit/locks/polkit-log.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-journal.h>

#include "common/cleanup.h"
#include "polkit/ask/ask.h"

enum { MESSAGES_MAX = 20000 }; /* looked at; polkitd writes one for each question that asked for a password */

void polkit_log_done(struct polkit_log *log)
{
    for (size_t i = 0; i < log->n_complaints; i++) {
        free(log->complaints[i].path);
        free(log->complaints[i].message);
    }
    free(log->complaints);
    texts_done(&log->directories);
    *log = (struct polkit_log){ 0 };
}

static int add_complaint(struct polkit_log *log, const char *path, size_t path_length, const char *message)
{
    struct polkit_complaint *complaint;

    if (!ARRAY_ROOM(log->complaints, log->n_complaints))
        return -ENOMEM;
    complaint = &log->complaints[log->n_complaints];
    *complaint = (struct polkit_complaint){ .message = strdup(message) };
    if (path)
        complaint->path = strndup(path, path_length);
    if (!complaint->message || (path && !complaint->path)) {
        free(complaint->path);
        free(complaint->message);
        return -ENOMEM;
    }
    log->n_complaints++;
    return 0;
}

static const char *after(const char *text, const char *begin)
{
    return strncmp(text, begin, strlen(begin)) == 0 ? text + strlen(begin) : NULL;
}

/* "PATH: why", or the path alone. */
static int complain_about_file(struct polkit_log *log, const char *text, const char *without_why)
{
    const char *end = strstr(text, ".rules: ");
    size_t length = end ? (size_t)(end - text) + strlen(".rules") : strlen(text);

    return add_complaint(log, text, length, end ? text + length + 2 : without_why);
}

int polkit_log_take(struct polkit_log *log, const char *message)
{
    const char *rest;

    if (after(message, "Reloading rules") || after(message, "Collecting garbage") ||
        after(message, "Started polkitd"))
        return log->directories.n > 0;
    if ((rest = after(message, "Loading rules from directory ")))
        return texts_take(&log->directories, strdup(rest));
    if ((rest = after(message, "Error compiling script ")))
        return complain_about_file(log, rest, "it is not JavaScript");
    if ((rest = after(message, "Error loading script ")))
        return complain_about_file(log, rest, "it cannot be read");
    if ((rest = after(message, "Error evaluating admin rules: ")) && !polkit_log_thrown(log))
        return add_complaint(log, NULL, 0, rest);
    return 0;
}

const char *polkit_log_find(const struct polkit_log *log, const char *path)
{
    for (size_t i = 0; i < log->n_complaints; i++)
        if (log->complaints[i].path && strcmp(log->complaints[i].path, path) == 0)
            return log->complaints[i].message;
    return NULL;
}

const char *polkit_log_thrown(const struct polkit_log *log)
{
    for (size_t i = 0; i < log->n_complaints; i++)
        if (!log->complaints[i].path)
            return log->complaints[i].message;
    return NULL;
}

static int read_message(sd_journal *journal, struct polkit_log *log)
{
    _cleanup_(freep) char *message = NULL;
    const void *data;
    size_t length;
    int r = sd_journal_get_data(journal, "MESSAGE", &data, &length);

    if (r < 0 || length < strlen("MESSAGE="))
        return 0;
    message = strndup((const char *)data + strlen("MESSAGE="), length - strlen("MESSAGE="));
    return message ? polkit_log_take(log, message) : -ENOMEM;
}

int polkit_log_read(pid_t pid, struct polkit_log *ret)
{
    _cleanup_(sd_journal_closep) sd_journal *journal = NULL;
    char match[32];
    int r;

    *ret = (struct polkit_log){ 0 };
    (void)snprintf(match, sizeof(match), "_PID=%d", (int)pid);
    if (sd_journal_open(&journal, SD_JOURNAL_LOCAL_ONLY) < 0 ||
        sd_journal_add_match(journal, "_SYSTEMD_UNIT=polkit.service", 0) < 0 ||
        sd_journal_add_match(journal, match, 0) < 0 || sd_journal_seek_tail(journal) < 0)
        return 0;
    for (int i = 0; i < MESSAGES_MAX && sd_journal_previous(journal) > 0; i++) {
        r = read_message(journal, ret);
        if (r != 0)
            return r < 0 ? r : 0;
    }
    return 0;
}
