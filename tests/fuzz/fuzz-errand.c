/* What the broker asks of the journal, and a line of what is answered. An errand that is understood is
 * written as one that means the same, and names nobody and nothing that is not of the grammars. The first
 * byte says which of the two the rest is. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/record/errand.h"
#include "common/record/line.h"

enum { TEXT_MAX = 40000 };

/* As they are read from sockets: so many bytes, none of them NUL. */
static bool read_text(const uint8_t *data, size_t size, char ret[static TEXT_MAX])
{
    if (size == 0 || size > TEXT_MAX || memchr(data, '\0', size))
        return false;
    memcpy(ret, data + 1, size - 1);
    ret[size - 1] = '\0';
    return true;
}

static bool is_line(const uint8_t *data)
{
    return *data == 'l';
}

bool fuzz_passes(const uint8_t *data, size_t size)
{
    _cleanup_(record_line_done) struct record_line line = { .kind = RECORD_NONE };
    _cleanup_(errand_done) struct errand errand = { .kind = ERRAND_LINES };
    char text[TEXT_MAX];

    if (!read_text(data, size, text))
        return false;
    return is_line(data) ? record_line_parse(text, &line) : errand_parse(text, &errand) == 0;
}

static void check_line(const char *text)
{
    _cleanup_(record_line_done) struct record_line line = { .kind = RECORD_NONE },
                                                   again = { .kind = RECORD_NONE };
    _cleanup_(freep) char *written = NULL;

    if (!record_line_parse(text, &line))
        return;
    if (line.kind == RECORD_ENTRY)
        (void)record_entry_at(&line.entry);
    written = record_line_write(&line);
    FUZZ_ASSERT(written && !strchr(written, '\n'));
    /* What is not ASCII is longer when it is written. */
    FUZZ_ASSERT(strlen(written) >= RECORD_LINE_MAX ||
                (record_line_parse(written, &again) && again.kind == line.kind));
}

static void check_errand(const char *text)
{
    _cleanup_(errand_done) struct errand errand = { .kind = ERRAND_LINES }, again = { .kind = ERRAND_LINES };
    char written[ERRAND_SIZE];

    if (errand_parse(text, &errand) != 0)
        return;
    FUZZ_ASSERT(!strpbrk(errand.unit, "\n =") && errand.person.n_groups <= PERSON_GROUPS_MAX);
    FUZZ_ASSERT(errand_write(&errand, written) == 0 && errand_parse(written, &again) == 0);
    FUZZ_ASSERT(errand.kind == again.kind && strcmp(errand.unit, again.unit) == 0);
    FUZZ_ASSERT(strcmp(errand.person.name, again.person.name) == 0 &&
                errand.person.n_groups == again.person.n_groups);
    FUZZ_ASSERT(errand.since_usec == again.since_usec && errand.until_usec == again.until_usec);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[TEXT_MAX];

    if (!read_text(data, size, text))
        return 0;
    if (is_line(data))
        check_line(text);
    else
        check_errand(text);
    return 0;
}
