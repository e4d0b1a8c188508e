/* Who has signed out: remembered by number and by person, also by the next broker, within bounds that sign
 * out more than was asked for and never less. */
#include "broker/memory/signed-out.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <signal.h>
#include <unistd.h>

#include "tests/unit/memory-directory.h"
#include "tests/unit/test.h"

enum { NOW = 10000 };

struct world {
    struct memory *memory;
    struct signed_out *signed_out;
};

static void begin(struct world *w)
{
    assert_int_equal(memory_new(memory_directory(), "signed-out", SIGNED_OUT_MAX, &w->memory), 0);
    assert_int_equal(signed_out_new(w->memory, NOW, &w->signed_out), 0);
}

static void end(struct world *w)
{
    w->signed_out = signed_out_free(w->signed_out);
    w->memory = memory_free(w->memory);
}

static void begin_anew(struct world *w)
{
    end(w);
    begin(w);
}

static struct person person(const char *name)
{
    struct person person = { .known = PERSON_NOBODY };

    assert_int_equal(person_set(&person, name, PERSON_PASSWORD), 0);
    return person;
}

struct number {
    uint8_t bytes[TICKET_NUMBER_SIZE];
};

static struct number number(unsigned n)
{
    struct number number = { .bytes = { (uint8_t)n, (uint8_t)(n >> 8), 7 } };

    number.bytes[TICKET_NUMBER_SIZE - 1] = (uint8_t)n;
    return number;
}

static bool is_out(const struct world *w, const char *name, uint64_t issued, unsigned n)
{
    const struct person who = person(name);

    return signed_out_has(w->signed_out, &who, issued, number(n).bytes);
}

static int sign_out(struct world *w, const char *name, uint64_t issued, unsigned n)
{
    const struct person who = person(name);

    return signed_out_note(w->signed_out, &who, issued, number(n).bytes);
}

static int sign_out_all(struct world *w, const char *name, uint64_t until)
{
    const struct person who = person(name);

    return signed_out_note_all(w->signed_out, &who, until);
}

static void test_one_ticket(_unused_ void **state)
{
    struct world w;

    begin(&w);
    assert_false(is_out(&w, "anna", 500, 1));
    for (int i = 0; i < 3; i++)
        assert_int_equal(sign_out(&w, "anna", 500, 1), 0);
    for (int i = 0; i < 2; i++) {
        assert_true(is_out(&w, "anna", 500, 1));
        assert_false(is_out(&w, "anna", 500, 2));
        assert_false(is_out(&w, "anna", 1, 2));
        assert_false(is_out(&w, "bob", 500, 1));
        begin_anew(&w);
    }
    end(&w);
}

static void test_known_in_another_way_is_another_person(_unused_ void **state)
{
    struct person pam = { .known = PERSON_NOBODY };
    struct world w;

    begin(&w);
    assert_int_equal(person_set(&pam, "anna", PERSON_PAM), 0);
    assert_int_equal(sign_out_all(&w, "anna", 500), 0);
    assert_true(is_out(&w, "anna", 500, 1));
    assert_false(signed_out_has(w.signed_out, &pam, 500, number(1).bytes));
    end(&w);
}

static void test_everywhere(_unused_ void **state)
{
    struct world w;

    begin(&w);
    assert_int_equal(sign_out(&w, "anna", 700, 3), 0);
    assert_int_equal(sign_out_all(&w, "anna", 600), 0);
    assert_int_equal(sign_out_all(&w, "anna", 500), 0);
    for (int i = 0; i < 2; i++) {
        assert_true(is_out(&w, "anna", 1, 1) && is_out(&w, "anna", 599, 1) && is_out(&w, "anna", 600, 1));
        assert_true(is_out(&w, "anna", 700, 3));
        assert_false(is_out(&w, "anna", 601, 1));
        assert_false(is_out(&w, "bob", 1, 1));
        begin_anew(&w);
    }
    end(&w);
}

/* The eldest ones make room, and whatever is as old as they are goes with them. */
static void test_more_tickets_than_there_is_room_for(_unused_ void **state)
{
    enum { N = 3 * SIGNED_OUT_NUMBERS_MAX };
    struct world w;

    begin(&w);
    for (unsigned i = 0; i < N; i++) {
        /* Not in order. */
        unsigned n = i * 7 % N;

        assert_int_equal(sign_out(&w, "anna", 1000 + n, n), 0);
        for (unsigned j = 0; j <= i; j++)
            assert_true(is_out(&w, "anna", 1000 + j * 7 % N, j * 7 % N));
    }
    for (int i = 0; i < 2; i++) {
        for (unsigned n = 0; n < N; n++)
            assert_true(is_out(&w, "anna", 1000 + n, n));
        assert_false(is_out(&w, "anna", 1000 + N, N));
        assert_true(is_out(&w, "anna", 1000, N));
        begin_anew(&w);
    }
    end(&w);
}

static void test_more_people_than_there_is_room_for(_unused_ void **state)
{
    enum { N = SIGNED_OUT_MAX + 10 };
    char name[32];
    struct world w;

    begin(&w);
    for (unsigned i = 0; i < N; i++) {
        (void)snprintf(name, sizeof(name), "user%u", i);
        assert_int_equal(i % 2 ? sign_out(&w, name, 2000 + i, i) : sign_out_all(&w, name, 2000 + i), 0);
    }
    for (int round = 0; round < 2; round++) {
        for (unsigned i = 0; i < N; i++) {
            (void)snprintf(name, sizeof(name), "user%u", i);
            assert_true(is_out(&w, name, 2000 + i, i));
        }
        /* Also of who has signed out of nothing, but nobody who came later. */
        assert_true(is_out(&w, "zoe", 2000, 1));
        assert_false(is_out(&w, "zoe", 2000 + N, 1));
        begin_anew(&w);
    }
    end(&w);
}

static void spoil(unsigned slot, unsigned at)
{
    char path[MEMORY_PATH_SIZE];
    uint8_t byte;
    int fd;

    memory_path("signed-out", path);
    fd = open(path, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(pread(fd, &byte, 1, (off_t)slot * MEMORY_SLOT_SIZE + at), 1);
    byte ^= 0x10;
    assert_int_equal(pwrite(fd, &byte, 1, (off_t)slot * MEMORY_SLOT_SIZE + at), 1);
    assert_int_equal(close(fd), 0);
}

/* Each byte of a record, one by one: what was signed out stays so. */
static void test_spoilt(_unused_ void **state)
{
    struct world w;

    for (unsigned at = 0; at < 70; at++) {
        forget_all();
        begin(&w);
        assert_int_equal(sign_out(&w, "anna", 500, 1), 0);
        assert_int_equal(sign_out(&w, "bob", 500, 1), 0);
        end(&w);
        spoil(1, at);
        for (int i = 0; i < 2; i++) {
            begin(&w);
            assert_true(is_out(&w, "anna", 500, 1));
            assert_true(is_out(&w, "bob", 500, 1));
            assert_false(is_out(&w, "anna", NOW + 1, 2));
            end(&w);
        }
    }
}

static void test_without_a_memory(_unused_ void **state)
{
    struct world w;

    assert_int_equal(memory_new("/nonexistent", "signed-out", SIGNED_OUT_MAX, &w.memory), 0);
    assert_int_equal(signed_out_new(w.memory, NOW, &w.signed_out), 0);
    assert_true(is_out(&w, "anna", NOW, 1));
    assert_false(is_out(&w, "anna", NOW + 1, 1));
    assert_int_equal(sign_out(&w, "anna", NOW + 1, 1), SIGNED_OUT_E_LOST);
    assert_int_equal(sign_out_all(&w, "anna", NOW + 1), SIGNED_OUT_E_LOST);
    assert_true(is_out(&w, "anna", NOW + 1, 1));
    end(&w);
}

/* A disk that is full. */
static void test_that_cannot_be_written(_unused_ void **state)
{
    const struct rlimit none = { 0, RLIM_INFINITY }, all = { RLIM_INFINITY, RLIM_INFINITY };
    struct world w;

    begin(&w);
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
    assert_int_equal(sign_out(&w, "anna", 500, 1), SIGNED_OUT_E_LOST);
    assert_int_equal(sign_out_all(&w, "bob", 500), SIGNED_OUT_E_LOST);
    assert_true(is_out(&w, "anna", 500, 1));
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &all), 0);
    assert_int_equal(sign_out(&w, "anna", 500, 1), 0);
    begin_anew(&w);
    assert_true(is_out(&w, "anna", 500, 1));
    end(&w);
}

static void test_bytes(_unused_ void **state)
{
    struct signed_out_record full = { .known = PERSON_PAM, .until = UINT64_MAX, .n = SIGNED_OUT_NUMBERS_MAX },
                             read;
    uint8_t bytes[MEMORY_RECORD_MAX];
    struct memory_record record;

    memset(full.name, 'a', PERSON_NAME_MAX);
    for (unsigned i = 0; i < full.n; i++) {
        full.numbers[i].issued = UINT64_MAX - i;
        memcpy(full.numbers[i].number, number(i).bytes, TICKET_NUMBER_SIZE);
    }
    assert_true(signed_out_record_write(&full, bytes, &record));
    signed_out_record_read(&record, NOW, &read);
    assert_int_equal(read.known, PERSON_PAM);
    assert_string_equal(read.name, full.name);
    assert_true(read.until == UINT64_MAX && read.n == full.n);
    assert_memory_equal(full.numbers, read.numbers, sizeof(full.numbers));
}

static int forget(_unused_ void **state)
{
    forget_all();
    return 0;
}

#define TEST(f) cmocka_unit_test_teardown(f, forget)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_one_ticket),
        TEST(test_known_in_another_way_is_another_person),
        TEST(test_everywhere),
        TEST(test_more_tickets_than_there_is_room_for),
        TEST(test_more_people_than_there_is_room_for),
        TEST(test_spoilt),
        TEST(test_without_a_memory),
        TEST(test_that_cannot_be_written),
        TEST(test_bytes),
    };

    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
