/* A question about the record. One that is understood is written as another one that means the same, and
 * names nobody and nothing that is not of the grammars. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "common/record/question.h"

/* As it is read from a socket: so many bytes, none of them NUL. */
static bool read_question(const uint8_t *data, size_t size, struct record_question *ret)
{
    char text[RECORD_QUESTION_SIZE];

    if (size >= sizeof(text) || memchr(data, '\0', size))
        return false;
    memcpy(text, data, size);
    text[size] = '\0';
    return record_question_parse(text, ret) == 0;
}

bool fuzz_passes(const uint8_t *data, size_t size)
{
    struct record_question question;

    return read_question(data, size, &question);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct record_question question, again;
    char text[RECORD_QUESTION_SIZE];

    if (!read_question(data, size, &question))
        return 0;
    FUZZ_ASSERT(question.entries > 0 && question.entries <= RECORD_ENTRIES_MAX);
    FUZZ_ASSERT(!*question.user || person_name_valid(question.user));
    FUZZ_ASSERT(!strpbrk(question.unit, "\n ="));
    record_question_write(&question, text);
    FUZZ_ASSERT(record_question_parse(text, &again) == 0);
    FUZZ_ASSERT(strcmp(question.user, again.user) == 0 && strcmp(question.unit, again.unit) == 0 &&
                question.since_usec == again.since_usec && question.entries == again.entries);
    return 0;
}
