/* The key of tickets, and credentials as such: whatever is wrong is said by its name, and no key comes of it.
 */
#include "common/ticket-key.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/credential.h"
#include "tests/unit/test.h"

#define BOOT "00112233445566778899aabbccddeeff"

static char directory[] = "/tmp/test-ticket-key.XXXXXX", path[64];

static int set_up(_unused_ void **state)
{
    (void)snprintf(path, sizeof(path), "%s/ticket.key", mkdtemp(directory));
    return setenv("CREDENTIALS_DIRECTORY", directory, 1) || setenv("RESTARTER_BOOT", BOOT, 1);
}

static int tear_down(_unused_ void **state)
{
    return rmdir(directory);
}

static int remove_key(_unused_ void **state)
{
    (void)remove(path);
    return 0;
}

static void put(const void *data, size_t size)
{
    FILE *file = fopen(path, "we");

    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

/* Refused, with all of these words, and no key is left. */
static void assert_refused(const char *words)
{
    struct ticket_key key = { "untouched" };
    struct mistake mistake = { "" };

    assert_int_equal(ticket_key_read(&key, &mistake), MISTAKE);
    assert_string_equal((const char *)key.bytes, "untouched");
    assert_non_null(strstr(mistake.text, "ticket.key: "));
    if (!strstr(mistake.text, words))
        fail_msg("\"%s\" does not say \"%s\"", mistake.text, words);
}

static void test_good(_unused_ void **state)
{
    static const uint8_t EXPECTED[TICKET_KEY_SIZE] = { 0x7d, 0x40, 0xa8, 0x3e, 0x8e, 0x0a, 0x4a, 0x17,
                                                       0xcc, 0x7c, 0x51, 0x3f, 0x74, 0x52, 0x47, 0x1a,
                                                       0x71, 0x13, 0xd4, 0xc4, 0x65, 0xd3, 0x17, 0x50,
                                                       0xda, 0x53, 0xf4, 0x65, 0xf6, 0xc8, 0x71, 0x10 };
    uint8_t bytes[TICKET_KEY_SIZE] = { 0 };
    struct ticket_key key;
    struct mistake mistake;

    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (uint8_t)(i * 8);
    put(bytes, sizeof(bytes));
    assert_int_equal(ticket_key_read(&key, &mistake), 0);
    /* Made by other means: Python's hmac. */
    assert_memory_equal(key.bytes, EXPECTED, sizeof(EXPECTED));
}

static void test_each_boot_has_another_key(_unused_ void **state)
{
    static const char *const WRONG[] = { "",
                                         "0",
                                         BOOT "0",
                                         " " BOOT,
                                         "0011223344556677-8899aabbccddeef",
                                         "%b",
                                         "00112233445566778899AABBCCDDEEFF",
                                         BOOT "\n" };
    char data[TICKET_KEY_SIZE] = "thirty-two bytes of a ticket key", boot[] = BOOT;
    struct ticket_key key, other;
    struct mistake mistake;

    put(data, sizeof(data));
    assert_int_equal(ticket_key_read(&key, &mistake), 0);
    assert_memory_not_equal(key.bytes, data, sizeof(data));
    for (size_t i = 0; i < strlen(BOOT); i++) {
        boot[i] = boot[i] == '0' ? '1' : '0';
        assert_int_equal(setenv("RESTARTER_BOOT", boot, 1), 0);
        assert_int_equal(ticket_key_read(&other, &mistake), 0);
        assert_memory_not_equal(key.bytes, other.bytes, sizeof(key.bytes));
        boot[i] = BOOT[i];
    }
    for (size_t i = 0; i < sizeof(WRONG) / sizeof(*WRONG); i++) {
        assert_int_equal(setenv("RESTARTER_BOOT", WRONG[i], 1), 0);
        assert_int_equal(ticket_key_read(&other, &mistake), MISTAKE);
        assert_non_null(strstr(mistake.text, "does not name a boot"));
    }
    assert_int_equal(unsetenv("RESTARTER_BOOT"), 0);
    assert_int_equal(ticket_key_read(&other, &mistake), MISTAKE);
    assert_int_equal(setenv("RESTARTER_BOOT", BOOT, 1), 0);
}

static void test_every_other_size(_unused_ void **state)
{
    char data[2 * TICKET_KEY_SIZE], words[32];

    for (size_t i = 0; i < sizeof(data); i++)
        data[i] = (char)i;
    for (size_t size = 0; size <= sizeof(data); size++) {
        if (size == TICKET_KEY_SIZE)
            continue;
        put(data, size);
        if (size > TICKET_KEY_SIZE)
            (void)snprintf(words, sizeof(words), "more than %d bytes", TICKET_KEY_SIZE);
        else
            (void)snprintf(words, sizeof(words), "has %zu bytes", size);
        assert_refused(words);
    }
}

static void test_not_random(_unused_ void **state)
{
    char data[TICKET_KEY_SIZE] = "";

    put(data, sizeof(data));
    assert_refused("not random");
    memset(data, 'x', sizeof(data));
    put(data, sizeof(data));
    assert_refused("not random");
}

static void test_not_there(_unused_ void **state)
{
    assert_refused("No such file");
}

static void test_no_plain_file(_unused_ void **state)
{
    assert_int_equal(mkdir(path, 0700), 0);
    assert_refused("not a regular file");
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_refused("not a regular file");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("/dev/urandom", path), 0);
    assert_refused("cannot be opened");
}

static void test_no_credentials(_unused_ void **state)
{
    assert_int_equal(unsetenv("CREDENTIALS_DIRECTORY"), 0);
    assert_refused("no credentials");
    assert_int_equal(setenv("CREDENTIALS_DIRECTORY", directory, 1), 0);
}

/* Credentials may have any bytes, up to the bound that whoever reads them sets. */
static void test_credential(_unused_ void **state)
{
    _cleanup_(credential_done) struct credential credential = { .data = NULL };
    struct mistake mistake;

    put("a\0b", 3);
    assert_int_equal(credential_read("ticket.key", 3, &credential, &mistake), 0);
    assert_int_equal(credential.size, 3);
    assert_memory_equal(credential.data, "a\0b", 4);
    credential_done(&credential);
    assert_int_equal(credential_read("ticket.key", 2, &credential, &mistake), MISTAKE);
    assert_null(credential.data);
    put("", 0);
    assert_int_equal(credential_read("ticket.key", 0, &credential, &mistake), 0);
    assert_int_equal(credential.size, 0);
    assert_string_equal(credential.data, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_good, remove_key),
        cmocka_unit_test_teardown(test_each_boot_has_another_key, remove_key),
        cmocka_unit_test_teardown(test_every_other_size, remove_key),
        cmocka_unit_test_teardown(test_not_random, remove_key),
        cmocka_unit_test(test_not_there),
        cmocka_unit_test_teardown(test_no_plain_file, remove_key),
        cmocka_unit_test(test_no_credentials),
        cmocka_unit_test_teardown(test_credential, remove_key),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
