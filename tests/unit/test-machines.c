/* machines.conf: machines and groups are as written, and one mistake anywhere takes nothing of it, with the
 * line, what is wrong, and what to write. */
#include "common/machines/machines-read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/cleanup.h"
#include "tests/unit/test.h"

#define X10 "xxxxxxxxxx"
#define X60 X10 X10 X10 X10 X10 X10
#define SSH "Via=ssh\n"

static int read_text(const char *text, struct machines *ret, struct mistake *mistake)
{
    return machines_read("f", text, strlen(text), ret, mistake);
}

static void must_read(const char *text, struct machines *ret)
{
    struct mistake mistake;

    if (read_text(text, ret, &mistake) != 0)
        fail_msg("%s", mistake.text);
}

static void test_nothing(_unused_ void **state)
{
    static const char *const FILES[] = { "", "\n# [Machine a]\n", ";\n" };

    for (size_t i = 0; i < sizeof(FILES) / sizeof(*FILES); i++) {
        _cleanup_(machines_done) struct machines machines = { .n = 7 };

        must_read(FILES[i], &machines);
        assert_int_equal(machines.n + machines.n_groups, 0);
        assert_null(machines_find(&machines, "a"));
        assert_null(machines_group(&machines, ""));
    }
}

static void test_as_written(_unused_ void **state)
{
    _cleanup_(machines_done) struct machines machines = { .list = NULL };
    const struct machine *machine;
    const struct machine_group *group;

    must_read("# ours\n[Group all]\nMachines=lb  web1\nMachines=\t0-db.example.org\n"
              "[Machine web1]\nVia=ssh\n"
              "[Machine  0-db.example.org ]\nPort = 2222\nHost = deploy@2001:db8::1%eth0\nVia=ssh\n"
              "[Machine lb]\nVia=socket",
              &machines);
    assert_int_equal(machines.n, 3);
    machine = machines_find(&machines, "web1");
    assert_ptr_equal(machine, &machines.list[0]);
    assert_int_equal(machine->via, MACHINE_VIA_SSH);
    assert_string_equal(machine->host, "web1");
    assert_int_equal(machine->port, 0);
    assert_int_equal(machine->line, 5);
    machine = machines_find(&machines, "0-db.example.org");
    assert_string_equal(machine->host, "deploy@2001:db8::1%eth0");
    assert_int_equal(machine->port, 2222);
    machine = machines_find(&machines, "lb");
    assert_int_equal(machine->via, MACHINE_VIA_SOCKET);
    assert_string_equal(machine->host, "");

    assert_int_equal(machines.n_groups, 1);
    group = machines_group(&machines, "all");
    assert_int_equal(group->n_members, 3);
    assert_memory_equal(group->members, ((unsigned char[]){ 2, 0, 1 }), 3);
    assert_null(machines_find(&machines, "all"));
    assert_null(machines_group(&machines, "lb"));
}

/* As many as there may be, all in one group. */
static void test_full(_unused_ void **state)
{
    _cleanup_(machines_done) struct machines machines = { .list = NULL };
    struct mistake mistake;
    char text[16384], *end = text;

    for (int i = 0; i < MACHINES_MAX; i++)
        end += sprintf(end, "[Machine m%d]\nVia=ssh\n[Group g%d]\nMachines=m0\n", i, i);
    for (int i = 1; i < MACHINES_MAX; i++)
        end += sprintf(end, "Machines=m%d\n", i);
    must_read(text, &machines);
    assert_int_equal(machines.n, MACHINES_MAX);
    assert_int_equal(machines_group(&machines, "g63")->n_members, MACHINES_MAX);

    (void)sprintf(end, "[Group one-more]\n");
    assert_int_equal(read_text(text, &machines, &mistake), MISTAKE);
    assert_non_null(strstr(mistake.text, ": there are more than 64 groups"));
    (void)sprintf(end, "[Machine one-more]\n");
    assert_int_equal(read_text(text, &machines, &mistake), MISTAKE);
    assert_non_null(strstr(mistake.text, ": there are more than 64 machines"));
    assert_int_equal(machines.n, MACHINES_MAX);
}

static void test_mistakes(_unused_ void **state)
{
    static const struct {
        const char *text, *words;
    } CASES[] = {
        { "[Machine a]\n", "f:1: [Machine a] has no Via=; write Via=ssh, or Via=socket" },
        { "[Machine a]\n[Machine b]\nVia=ssh", "f:1: [Machine a] has no Via=" },
        { "[Machine a]\nHost=b\n[Group g]\n", "f:1: [Machine a] has no Via=" },
        { "[Machine a]\nVia=tcp\n", "f:2: Via=tcp is neither ssh nor socket" },
        { "[Machine a]\nVia=SSH\n", "f:2: Via=SSH is neither ssh nor socket" },
        { "[Machine a]\nVia=\n", "f:2: Via= is empty" },
        { "[Machine a]\nVia=ssh\nVia=ssh\n", "f:3: Via= is given twice" },
        { "[Machine a]\nVia=ssh\nHost=b\nHost=b\n", "f:4: Host= is given twice" },
        { "[Machine a]\nPort=1\nPort=1\n", "f:3: Port= is given twice" },
        { "[Machine a]\nVia=socket\nHost=b\n", "f:3: Host= is for Via=ssh; take it away, or write Via=ssh" },
        { "[Machine a]\nPort=22\nVia=socket\n", "f:2: Port= is for Via=ssh" },
        { "[Machine a]\n" SSH "Host=-oProxyCommand=x\n",
          "f:3: Host=-oProxyCommand=x: a host is HOST or USER@" },
        { "[Machine a]\n" SSH "Host=a@-b\n", "neither of both begins with '-'" },
        { "[Machine a]\n" SSH "Host=a b\n", "f:3: Host=a b: a host is" },
        { "[Machine a]\n" SSH "Host=a@\n", "f:3: Host=a@: a host is" },
        { "[Machine a]\n" SSH "Host=@a\n", "f:3: Host=@a: a host is" },
        { "[Machine a]\n" SSH "Host=$(a)\n", "f:3: Host=$(a): a host is" },
        { "[Machine a]\n" SSH "Host=[::1]\n", "f:3: Host=[::1]: a host is" },
        { "[Machine a]\n" SSH "Host=\n", "f:3: Host= is empty" },
        { "[Machine a]\n" SSH "Port=0\n", "f:3: Port=0 is no number from 1 to 65535" },
        { "[Machine a]\n" SSH "Port=65536\n", "f:3: Port=65536 is no number" },
        { "[Machine a]\n" SSH "Port=+22\n", "f:3: Port=+22 is no number" },
        { "[Machine a]\n" SSH "Port=000022\n", "f:3: Port=000022 is no number" },
        { "[Machine a]\n" SSH "Port=ssh\n", "f:3: Port=ssh is no number" },
        { "[Machine a]\n" SSH "Machines=b\n", "f:3: Machines= belongs into a section [Group NAME]" },
        { "[Group a]\nVia=ssh\n", "f:2: Via= belongs into a section [Machine NAME]" },
        { "[Machine a]\n" SSH "User=b\n", "f:3: unknown key User=; there are Via=, Host= and Port= of" },
        { "Via=ssh\n", "f:1: Via= stands before the first section" },
        { "Machines=b\n", "f:1: Machines= stands before the first section" },
        { "[Machine a]\n" SSH "[Machine a]\n" SSH, "f:3: a is the name of a machine already, in line 1" },
        { "[Group a]\nMachines=b\n[Machine a]\n", "f:3: a is the name of a group already, in line 1" },
        { "[Machine a]\n" SSH "[Group a]\n", "f:3: a is the name of a machine already, in line 1; take" },
        { "[Machine]\n", "f:1: '' is no name of a machine or a group: at most 63 letters, digits" },
        { "[Machine ]\n", "f:1: '' is no name" },
        { "[Group .a]\n", "f:1: '.a' is no name" },
        { "[Machine -a]\n", "f:1: '-a' is no name" },
        { "[Machine a/b]\n", "f:1: 'a/b' is no name" },
        { "[Machine a b]\n", "f:1: 'a b' is no name" },
        { "[Machine a_b]\n", "f:1: 'a_b' is no name" },
        { "[Machine a]]\n", "f:1: 'a]' is no name" },
        { "[Machine " X60 "xxxx]\n", "xxxx' is no name" },
        { "[Web]\n", "f:1: unknown section [Web]; there are only [Machine NAME] and [Group NAME]" },
        { "[machine a]\n", "f:1: unknown section [machine a]" },
        { "[Machinea]\n", "f:1: unknown section [Machinea]" },
        { "[Machine a\n", "f:1: unknown section [Machine a;" },
        { "[Machine\n", "f:1: unknown section [Machine;" },
        { "[Machine a] x\n", "f:1: unknown section [Machine a] x" },
        { "[Group a]\n", "f:1: [Group a] has no Machines=; write the names of its machines there" },
        { "[Group a]\nMachines=\n", "f:2: Machines= is empty" },
        { "[Group a]\nMachines=b\n", "f:2: Machines=: there is no [Machine b] in this file" },
        { "[Group a]\nMachines=a\n",
          "f:2: Machines=: there is no [Machine a] in this file; that is a group" },
        { "[Machine b]\n" SSH "[Group a]\nMachines=b\nMachines=b\n", "f:5: Machines=: b is named twice" },
        { "[Machine b]\n" SSH "[Group a]\nMachines=b,c\n",
          "f:4: Machines=: 'b,c' is no name of a machine; put" },
        { "[Group a]\nMachines=" X60 "xxxx\n", "xxxx' is no name of a machine" },
        { "[Group a]\nMachines=" X60 X60 X60 X60 "\n", "Machines= may be written again, and adds to it" },
        { "Host web1\n", "f:1: is not Key=value, [Machine NAME], [Group NAME], or a comment" },
        { "[Machine a]\n" SSH "Host=b # c\n", "f:3: a comment stands on a line of its own" },
        { "[Machine a]\r\n", "f:1: has a carriage return" },
        { "[Machine \xc3\xa4]\n", "f:1: has byte 0xc3" },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        struct machines machines = { .n = 7 };
        struct mistake mistake = { "" };

        assert_int_equal(read_text(CASES[i].text, &machines, &mistake), MISTAKE);
        if (!strstr(mistake.text, CASES[i].words))
            fail_msg("%s: %s", CASES[i].text, mistake.text);
        assert_int_equal(machines.n, 7);
    }
}

static void test_nul_and_size(_unused_ void **state)
{
    static char large[MACHINES_SIZE_MAX + 1];
    struct machines machines;
    struct mistake mistake;

    assert_int_equal(machines_read("f", "[Machine a]\nVia=ssh\n\0", 21, &machines, &mistake), MISTAKE);
    assert_non_null(strstr(mistake.text, "f:3: has a NUL byte"));
    (void)memset(large, '\n', sizeof(large));
    assert_int_equal(machines_read("f", large, sizeof(large), &machines, &mistake), MISTAKE);
    assert_string_equal(mistake.text, "f: is larger than 64 KiB");
    assert_int_equal(machines_read("f", large, sizeof(large) - 1, &machines, &mistake), 0);
}

static void test_hosts(_unused_ void **state)
{
    char longest[MACHINE_HOST_SIZE + 1];

    (void)memset(longest, 'x', sizeof(longest));
    longest[MACHINE_HOST_MAX] = '\0';
    assert_true(machine_host_valid(longest));
    longest[MACHINE_HOST_MAX] = 'x';
    longest[MACHINE_HOST_MAX + 1] = '\0';
    assert_false(machine_host_valid(longest));
    assert_true(machine_host_valid("a@realm@host"));
    assert_true(machine_host_valid("::1"));
    assert_false(machine_host_valid(""));
    assert_false(machine_host_valid("-"));
    assert_false(machine_host_valid("a@realm@-host"));
    assert_false(machine_host_valid("a\nb"));
}

/* Whatever stands there instead of the file is told, but for nothing at all. */
static void test_files(_unused_ void **state)
{
    char directory[] = "/tmp/test-machines-XXXXXX", path[64], link[64];
    struct machines machines = { .n = 7 };
    struct mistake mistake;

    assert_non_null(mkdtemp(directory));
    (void)snprintf(path, sizeof(path), "%s/machines.conf", directory);
    (void)snprintf(link, sizeof(link), "%s/link", directory);
    assert_int_equal(machines_load(path, getuid(), &machines, &mistake), 0);
    assert_int_equal(machines.n, 0);
    assert_int_equal(machines_load("/nowhere/machines.conf", getuid(), &machines, &mistake), 0);

    assert_int_equal(symlink(path, link), 0);
    assert_int_equal(machines_load(link, getuid(), &machines, &mistake), MISTAKE);
    assert_non_null(strstr(mistake.text, "is a symbolic link"));
    assert_int_equal(mkdir(path, 0755), 0);
    assert_int_equal(machines_load(path, getuid(), &machines, &mistake), MISTAKE);
    assert_non_null(strstr(mistake.text, "is not a regular file"));
    assert_int_equal(chmod(directory, 0777), 0);
    assert_int_equal(machines_load(path, getuid(), &machines, &mistake), MISTAKE);
    assert_non_null(strstr(mistake.text, "can be written by more than its owner"));
    (void)rmdir(path);
    (void)unlink(link);
    (void)rmdir(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing),  cmocka_unit_test(test_as_written),   cmocka_unit_test(test_full),
        cmocka_unit_test(test_mistakes), cmocka_unit_test(test_nul_and_size), cmocka_unit_test(test_hosts),
        cmocka_unit_test(test_files),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
