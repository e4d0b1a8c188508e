/* What may be touched: a list of grants, and the question whether one of them covers a unit and a verb. It is
 * read from /etc/restarter/policy.conf and its drop-ins (load.h), which are the one source: the broker asks
 * it here, and the polkit rule is rendered from it, so that both locks say the same. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/cleanup.h"
#include "common/key-file.h"
#include "common/patience.h"
#include "common/person.h"
#include "common/unit-name.h"
#include "common/verb.h"
#include "policy/people.h"

struct own_pattern;
struct pattern;

enum {
    POLICY_SIZE_MAX = 64 * 1024, /* bytes of one file */
    POLICY_LINE_MAX = KEY_FILE_LINE_MAX,
    POLICY_FILES_MAX = 64,           /* drop-ins */
    POLICY_GRANTS_MAX = 64,          /* grants, in all files together */
    POLICY_PATTERNS_MAX = 16,        /* patterns in one Instances= */
    POLICY_STEPS_MAX = 1000000,      /* of a backtracking matcher, over all patterns of a policy */
    POLICY_COOLDOWN_MAX_SEC = 86400, /* of Cooldown= */
    POLICY_SETTLE_MAX_SEC = PATIENCE_SETTLE_SEC, /* of Settle= */
};

/* No Settle= is written: the unit's Type= decides. */
#define POLICY_SETTLE_BY_TYPE UINT64_MAX

/* One [Grant] section. Everything in it is owned by the policy and lives as long as it. */
struct grant {
    char *unit;      /* Unit=: a template, "example@.service", or a plain unit, "nginx.service" */
    char *instances; /* Instances=: its patterns, as written, one space between two; NULL: a plain unit */
    unsigned verbs;  /* Verbs=: flags of enum verb */
    /* Line of a Verbs= that has reset-failed, which could be granted once, and never asked for; 0: none. It
     * grants nothing: an upgrade that made the file a mistake would take all buttons away for it. */
    unsigned retired_line;
    bool start_stopped;   /* StartStopped=yes: a verb that would start an instance nobody enabled may do so */
    bool is_default;      /* Default=yes: an id alone means an instance of this template */
    bool reason_required; /* Reason=required: whoever asks says why */
    bool logs;            /* Logs=yes: whom it is for may read the last lines that the unit logged */
    bool confirm;         /* unless Confirm=no: the page asks once more before it does as told */
    uint64_t cooldown_usec; /* Cooldown=: least time between two restarts of one instance; 0: none */
    uint64_t settle_usec;   /* Settle=: how long a unit is watched after its job; POLICY_SETTLE_BY_TYPE */
    char *file;             /* where the section is, for messages */
    unsigned line;          /* of its [Grant] */
    struct people
        people; /* Users= and Groups=: whom it is for; nothing said: everybody whom a door lets in */
    /* The same patterns one by one, as polkit is told them; each is matched whole, any of them suffices. */
    char **pattern_texts;
    struct pattern **patterns; /* compiled */
    struct own_pattern **owns; /* those of them in which %u stands for the person; NULL for the others */
    size_t n_patterns;
};

/* Grants one unit, and no instances. */
static inline bool grant_is_plain(const struct grant *grant)
{
    return grant->n_patterns == 0;
}

enum { POLICY_CHECKSUM_SIZE = 65 }; /* SHA-256, in hexadecimal digits, and a NUL */

/* How a broker names its policy in STATUS=: behind the mark, by the first digits of the checksum. */
#define POLICY_STATUS_MARK ", policy "
enum { POLICY_STATUS_DIGITS = 16 };

/* Grants in the order of the files and sections: the first one that covers a call decides. There may be none:
 * such a policy is valid and permits nothing. */
struct policy {
    struct grant *grants;
    size_t n_grants;
    struct people admins; /* Admins= and AdminGroups= */
    struct people fronts; /* Fronts=: accounts, which may name at broker.sock whom they ask for */
    /* The files as they were read, in a form that policy_load_source() takes; NULL for a policy that was
     * loaded from a text. */
    char *source;
    size_t source_size;
    char checksum[POLICY_CHECKSUM_SIZE]; /* of the source: the same files, to the letter; or "" */
};

struct policy_error {
    char *file;    /* NULL: no error was recorded */
    unsigned line; /* from 1; 0: the file as a whole */
    char *message; /* one sentence, printable ASCII, no newline */
    bool missing;  /* the file is not there at all: nothing was meant to be granted */
};

enum {
    POLICY_E_INVALID = 1, /* a file is missing, malformed or not to be trusted: there is no policy */
    POLICY_E_NO_UNIT,     /* no grant for that plain unit, or for that template */
    POLICY_E_NO_INSTANCE, /* the template is granted, but no pattern matches the instance */
    POLICY_E_NO_VERB,     /* the instance is covered, but not for that verb */
    POLICY_E_NO_PERSON,   /* all of it is granted, to others */
};

/* An empty policy with room for POLICY_GRANTS_MAX grants; NULL when out of memory. */
struct policy *policy_new(void);
void policy_free(struct policy *policy);
DEFINE_CLEANUP(struct policy *, policy_free);

/* Records an error and returns POLICY_E_INVALID, or -ENOMEM. Bytes outside printable ASCII become '?'. */
int policy_fail(struct policy_error *error, const char *file, unsigned line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void policy_error_done(struct policy_error *error);
/* "FILE:LINE: message", the caller's to free; NULL when out of memory. */
char *policy_error_format(const struct policy_error *error);

/* May this person do this verb (one flag) to this unit: the one question that all who ask are held to. 0 with
 * the first grant that covers all three; otherwise the nearest miss of POLICY_E_NO_…, and, unless ret_grant
 * is NULL, the first grant that came that near (NULL for NO_UNIT). A grant that names people is not open to a
 * person whom nobody knows; root, who can do so without us, may do whatever some grant lets somebody do. */
int policy_permits(const struct policy *policy, const struct person *person, const struct unit_name *name,
                   unsigned verb, const struct grant **ret_grant);

/* All verbs that this person may do to this unit, by whichever grant; 0: none. */
unsigned policy_verbs(const struct policy *policy, const struct person *person, const struct unit_name *name);
/* Those of them for which he has to say why. */
unsigned policy_verbs_with_reason(const struct policy *policy, const struct person *person,
                                  const struct unit_name *name);

/* Those of them before which a page asks once more. */
unsigned policy_verbs_to_confirm(const struct policy *policy, const struct person *person,
                                 const struct unit_name *name);

/* May this person read what the unit logged: a grant that lets him do something to it, and is the first to
 * decide that, says Logs=yes. */
bool policy_shows_logs(const struct policy *policy, const struct person *person,
                       const struct unit_name *name);

/* Whether a grant is for this person at all, whichever instances of it. */
bool grant_is_for(const struct grant *grant, const struct person *person);
/* What of it is: his patterns, one space between two, with his own name in the place of %u; "" for a plain
 * unit. NULL when none is, or out of memory. The caller's to free. */
char *grant_instances_for(const struct grant *grant, const struct person *person);

/* Root, and whom Admins= and AdminGroups= name: they see what anybody may see, and are told files, lines, and
 * what would open a lock. What they may do is another question. The policy may be NULL. */
bool policy_is_admin(const struct policy *policy, const struct person *person);

/* Whether an account may. The policy may be NULL. */
bool policy_is_front(const struct policy *policy, const char *account);

/* All that a policy makes of a person: with the same view everybody may, and sees, the same. */
struct policy_view {
    uint64_t grants; /* a bit for each that is for him */
    bool is_admin, is_root;
    char name[PERSON_NAME_SIZE]; /* where some grant has %u; else "" */
};
_Static_assert(POLICY_GRANTS_MAX <= 64, "a bit for each grant");
void policy_view(const struct policy *policy, const struct person *person, struct policy_view *ret);
bool policy_view_same(const struct policy_view *a, const struct policy_view *b);

/* Whether anybody at all may do it: what polkit is told, which does not know who asks. As policy_permits()
 * for root. */
int policy_match(const struct policy *policy, const struct unit_name *name, unsigned verb,
                 const struct grant **ret_grant);

/* What systemd lists the units of a grant by: "example@*.service", or "nginx.service". Nothing in these names
 * is taken by a shell pattern for more than it is. */
enum { GRANT_PATTERN_SIZE = UNIT_NAME_SIZE + 1 };
void grant_unit_pattern(const struct grant *grant, char ret[static GRANT_PATTERN_SIZE]);

/* The grant that an id alone means to this person, of those that are for him: the one marked Default=yes,
 * else the first one of a template if all those are of the same one, else NULL. Plain units have no
 * instances, and are never meant. Only its template counts: other grants of that template apply to the
 * instance just as well. */
const struct grant *policy_default(const struct policy *policy, const struct person *person);
