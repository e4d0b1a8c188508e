/* Nothing here is of a unit that was touched. */
#include "broker/outcome/sentence-record.h"

#include "broker/outcome/sentence-say.h"
#include "common/doors.h"
#include "common/refusal.h"

void sentence_no_logs(struct outcome *o, const char *grant)
{
    sentence_say(o, REFUSAL_NO_GRANT, "Nothing was read: the policy file does not let you read what %s logs.",
                 o->unit);
    sentence_tell_admins(o, " Logs=yes at %s would open it.", grant);
}

void sentence_no_admin(struct outcome *o)
{
    sentence_say(o, REFUSAL_NO_GRANT, "Nothing was read: the list of a day is for admins.");
    sentence_tell_admins(o, " Admins= in the policy file names them.");
}

void sentence_no_day(struct outcome *o, const char *text)
{
    sentence_say(o, REFUSAL_NAME, "Nothing was read: '%.64s' is no day. Give one like 2026-11-22.", text);
}

void sentence_record_refused(struct outcome *o)
{
    sentence_say(o, REFUSAL_NO_GRANT,
                 "Nothing was read: the policy file, as it is just now, does not let you.");
}

void sentence_no_record(struct outcome *o)
{
    sentence_say(o, REFUSAL_UNAVAILABLE,
                 "Nothing was read: the journal cannot be asked just now. Try again in a moment.");
    sentence_tell_admins(o, " 'systemctl status " DOOR_LOG_BROKER_UNIT
                            "' and 'journalctl -t restarter-log' say more.");
    o->retry_after = 5;
}
