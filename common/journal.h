/* What the daemons tell the journal: plain messages for the admin, and one structured entry for each request
 * that reached a decision, with a message ID that units/restarter.catalog explains (journalctl -x). */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <syslog.h>

/* Message IDs: one for each kind of end. sd_id128 strings; units/restarter.catalog has an entry for each. */
#define MESSAGE_RESTARTED "5e1c7c8a3d5c4c0f9a3f0b6f4a0f1d01"  /* the job ended and the unit is up */
#define MESSAGE_FAILED "5e1c7c8a3d5c4c0f9a3f0b6f4a0f1d02"     /* the job ended, the unit is not up */
#define MESSAGE_REFUSED "5e1c7c8a3d5c4c0f9a3f0b6f4a0f1d03"    /* a lock said no */
#define MESSAGE_UNKNOWN "5e1c7c8a3d5c4c0f9a3f0b6f4a0f1d04"    /* outcome not learned */
#define MESSAGE_POLICY "5e1c7c8a3d5c4c0f9a3f0b6f4a0f1d05"     /* the policy file is broken */
#define MESSAGE_SUPPRESSED "5e1c7c8a3d5c4c0f9a3f0b6f4a0f1d06" /* so many refusals not written one by one */
#define MESSAGE_SETTLED "5e1c7c8a3d5c4c0f9a3f0b6f4a0f1d07" /* the watch after a job is over, and it is up */
#define MESSAGE_SIGNED_OUT "5e1c7c8a3d5c4c0f9a3f0b6f4a0f1d08" /* a ticket is good for nothing any more */

/* One decision. Of texts that are NULL or empty the entry says "-": units/restarter.catalog quotes them, and
 * a field that is not there would stay "@FIELD@" in what journalctl -x prints. */
struct journal_decision {
    const char *message_id;
    int priority;
    const char *message; /* the sentence the caller was told */
    const char *user;    /* RESTARTER_USER= whom it was asked for */
    const char *known;   /* RESTARTER_KNOWN= how that is known: "uid", "nobody" */
    const char *via;     /* RESTARTER_VIA= the account that named him; NULL: nobody did */
    const char *door;    /* RESTARTER_DOOR= the socket that was used */
    const char *peer;    /* RESTARTER_PEER= which process or address asked, over which socket */
    const char *reason;  /* RESTARTER_REASON= why, in the words of who asked; "" or NULL: none was given */
    const char *machine; /* RESTARTER_MACHINE= whose unit it is, of machines.conf; NULL: this one's */
    const char *unit; /* RESTARTER_UNIT=, or what was asked for, cleaned; UNIT= as well where it is a unit of
                         this machine */
    const char *verb; /* RESTARTER_VERB= */
    const char *decision; /* RESTARTER_DECISION= allowed, refused, unknown */
    const char *lock;     /* RESTARTER_LOCK= which lock decided */
    const char *result;   /* RESTARTER_RESULT= the job's result, systemd's word */
    const char *verdict;  /* RESTARTER_VERDICT= what became of the unit after the job */
    const char *invocation_before, *invocation_after; /* RESTARTER_INVOCATION_ID_BEFORE=, …_AFTER= */
    uint64_t usec;                                    /* RESTARTER_USEC= from request to answer */
};
void journal_decision(const struct journal_decision *decision);

/* Of what somebody asked for, so much is written down, with its NUL; text_clean() makes it fit for that. */
enum { JOURNAL_ASKED_SIZE = 81 };

/* As journal_decision(), but at most a few a second: the rest is counted, and the count is written with
 * MESSAGE_SUPPRESSED. For refusals that anybody can cause as fast as he likes. `now_usec` is CLOCK_MONOTONIC.
 */
void journal_decision_limited(const struct journal_decision *decision, uint64_t now_usec);
/* The same in two steps, for those who would put the decision together in vain: false when it was only
 * counted, true when the caller is to write it with journal_decision(). */
bool journal_admit(uint64_t now_usec);
/* Writes a pending count now; called before a daemon ends. */
void journal_flush_suppressed(void);

void journal_log(int priority, const char *format, ...) __attribute__((format(printf, 2, 3)));
