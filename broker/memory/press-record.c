/* The outcome's members, in a table for both directions. What only makes a sentence is not kept: the sentence
 * is. */
#include "broker/memory/press-record.h"

#include <stddef.h>
#include <string.h>

#include "broker/memory/pack.h"
#include "broker/outcome/sentence.h"
#include "broker/outcome/sentence-ended.h"
#include "common/rpc/wire-call.h"

bool press_key_same_caller(const struct press_key *a, const struct press_key *b)
{
    return a->gate == b->gate && a->uid == b->uid && strcmp(a->person, b->person) == 0;
}

bool press_key_same(const struct press_key *a, const struct press_key *b)
{
    return a->text[0] != '\0' && press_key_same_caller(a, b) && strcmp(a->text, b->text) == 0;
}

static const struct member {
    char type; /* 't' text, 'q' 64 bits, 'u' 32 bits, 'b' boolean */
    size_t offset, size;
} MEMBERS[] = {
#define MEMBER(type, name)                                                                                   \
    {                                                                                                        \
        type, offsetof(struct outcome, name), sizeof(((struct outcome *)NULL)->name)                         \
    }
    MEMBER('u', refusal),
    MEMBER('u', retry_after),
    MEMBER('t', sentence),
    MEMBER('u', verb),
    MEMBER('b', success),
    MEMBER('b', ran),
    MEMBER('b', reloaded),
    MEMBER('t', unit),
    MEMBER('t', result),
    MEMBER('t', invocation_before),
    MEMBER('t', after.active_state),
    MEMBER('t', after.sub_state),
    MEMBER('t', after.result),
    MEMBER('t', after.invocation_id),
    MEMBER('u', after.exec_main_status),
    MEMBER('u', after.main_pid),
    MEMBER('b', after.need_daemon_reload),
    MEMBER('q', usec),
    MEMBER('q', held_usec),
    MEMBER('u', callers),
    MEMBER('u', verdict),
    MEMBER('q', watched_usec),
    MEMBER('q', fell_usec),
#undef MEMBER
};

#define N_MEMBERS (sizeof(MEMBERS) / sizeof(*MEMBERS))

static void pack_member(struct pack *pack, const struct outcome *outcome, const struct member *member)
{
    const char *value = (const char *)outcome + member->offset;
    uint64_t q = 0;
    uint32_t u = 0;

    switch (member->type) {
    case 't':
        pack_text(pack, value);
        break;
    case 'b':
        pack_number(pack, *(const bool *)value);
        break;
    case 'u':
        memcpy(&u, value, sizeof(u));
        pack_number(pack, u);
        break;
    default:
        memcpy(&q, value, sizeof(q));
        pack_number(pack, q);
    }
}

static void unpack_member(struct unpack *unpack, struct outcome *outcome, const struct member *member)
{
    char *value = (char *)outcome + member->offset;
    uint64_t q;
    uint32_t u;

    if (member->type == 't') {
        unpack_text(unpack, value, member->size);
        return;
    }
    q = unpack_number(unpack);
    u = (uint32_t)q;
    if (member->type == 'b')
        *(bool *)value = q != 0;
    else if (member->type == 'u')
        memcpy(value, &u, sizeof(u));
    else
        memcpy(value, &q, sizeof(q));
}

/* Who began it is left out where a long sentence leaves no room. */
static void pack_key(struct pack *pack, const struct press *press, bool with_who)
{
    pack_number(pack, press->key.gate);
    pack_number(pack, press->key.uid);
    pack_text(pack, press->key.text);
    pack_text(pack, press->unit);
    pack_number(pack, press->usec);
    pack_number(pack, press->verb);
    pack_text(pack, press->key.person);
    if (!with_who)
        return;
    pack_number(pack, press->covered);
    pack_text(pack, press->outcome.began_by);
}

static bool record_write(const struct press *press, bool with_who, uint8_t bytes[static PRESS_BYTES_MAX],
                         struct memory_record *ret)
{
    struct pack pack = { .data = bytes, .size = PRESS_BYTES_MAX };
    size_t key_size;

    pack_key(&pack, press, with_who);
    key_size = pack.used;
    pack_number(&pack, press->over);
    for (size_t i = 0; i < N_MEMBERS; i++)
        pack_member(&pack, &press->outcome, &MEMBERS[i]);
    *ret = (struct memory_record){
        .key = bytes, .key_size = key_size, .body = bytes + key_size, .body_size = pack.used - key_size
    };
    return !pack.failed;
}

bool press_record_write(const struct press *press, uint8_t bytes[static PRESS_BYTES_MAX],
                        struct memory_record *ret)
{
    return record_write(press, true, bytes, ret) || record_write(press, false, bytes, ret);
}

static bool read_key(const struct memory_record *record, struct press *press)
{
    struct unpack unpack = { .data = record->key, .size = record->key_size };

    press->key.gate = (uint32_t)unpack_number(&unpack);
    press->key.uid = (uint32_t)unpack_number(&unpack);
    unpack_text(&unpack, press->key.text, sizeof(press->key.text));
    unpack_text(&unpack, press->unit, sizeof(press->unit));
    press->usec = unpack_number(&unpack);
    /* Up to 0.1 there was one verb, and no word of it. What became of such a press is not known; that it was
     * carried out is, and it is not carried out again. */
    press->verb = unpack_is_whole(&unpack) ? (unsigned)VERB_RESTART : (unsigned)unpack_number(&unpack);
    if (!unpack_is_whole(&unpack)) /* nor were there people */
        unpack_text(&unpack, press->key.person, sizeof(press->key.person));
    if (!unpack_is_whole(&unpack)) { /* nor was it told who had begun */
        press->covered = unpack_number(&unpack) != 0;
        unpack_text(&unpack, press->outcome.began_by, sizeof(press->outcome.began_by));
    }
    return unpack_is_whole(&unpack) && verb_row(press->verb) && wire_press_valid(press->key.text);
}

static bool read_outcome(const struct memory_record *record, struct press *press)
{
    struct unpack unpack = { .data = record->body, .size = record->body_size };
    struct outcome *outcome = &press->outcome;

    if (!record->body)
        return false;
    press->over = unpack_number(&unpack) != 0;
    for (size_t i = 0; i < N_MEMBERS; i++)
        unpack_member(&unpack, outcome, &MEMBERS[i]);
    return unpack_is_whole(&unpack) && (unsigned)outcome->verdict < VERDICTS &&
           outcome->verb == press->verb && strcmp(outcome->unit, press->unit) == 0;
}

/* The sentence of what is not known says as much as is known: whether the job was over. */
static void lose(struct press *press, bool is_read)
{
    struct outcome lost = { .verb = press->verb };

    memcpy(lost.unit, press->unit, sizeof(lost.unit));
    memcpy(lost.began_by, press->outcome.began_by, sizeof(lost.began_by));
    if (is_read && press->outcome.verdict == VERDICT_WATCHING) {
        lost = press->outcome;
        sentence_settle_lost(&lost, "the broker ended meanwhile");
    } else {
        sentence_press_lost(&lost);
    }
    press->outcome = lost;
    press->over = true;
}

bool press_record_read(const struct memory_record *record, struct press *ret)
{
    struct press press = { 0 };
    bool is_read;

    if (!record->key || !read_key(record, &press))
        return false;
    is_read = read_outcome(record, &press);
    if (!is_read || !press.over)
        lose(&press, is_read);
    *ret = press;
    return true;
}
