/* Mistakes in the policy file's text: each has a sentence and a place, and no bytes whatever do harm. */
#include "policy/load.h"

#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "tests/unit/policy-text.h"
#include "tests/unit/random.h"
#include "tests/unit/test.h"

#define GRANT "[Grant]\nUnit=a@.service\nInstances=[0-9]{4}\nVerbs=restart\n"
#define X10 "xxxxxxxxxx"
#define X50 X10 X10 X10 X10 X10

static void test_mistakes(_unused_ void **state)
{
    static const struct {
        const char *text;
        const char *error; /* what the message begins with */
    } CASES[] = {
        /* taken */
        { "", "" },
        { "\n\n", "" },
        { "# nothing\n; nothing\n", "" },
        { GRANT, "" },
        { "[Grant]\nUnit=a@.service\nInstances=x\nVerbs=restart", "" }, /* no newline at the end */
        { "  [Grant]  \n\tUnit = a@.service\n  Instances =\tx \t y  \nVerbs= restart   reload \n", "" },
        { "# a comment that is as long as it likes " X50 X50 X50 X50 X50 "\n" GRANT, "" },
        { GRANT "StartStopped=yes\nDefault=no\nCooldown=5min\n", "" },
        { GRANT "\n# between\n\n[Grant]\nUnit=b@.service\nInstances=x\nVerbs=reset-failed\n", "" },
        { GRANT "[Grant]\nUnit=a@.service\nInstances=[0-9]{4}\nVerbs=reload\n", "" }, /* another verb */
        { GRANT "[Grant]\nUnit=a@.service\nInstances=x\nVerbs=restart\n", "" },       /* other instances */
        { "[Grant]\nVerbs=try-restart\nInstances=x\nUnit=a@.service\n", "" },
        { "[Grant]\nUnit=a:b_c.d-e@.service\nInstances=a:b a=b\nVerbs=restart\n",
          "f:3: Instances=: pattern \"a=b\", character 2: '=' cannot occur" },

        /* lines */
        { "Unit=a@.service\n" GRANT, "f:1: Unit= stands before the first [Grant]" },
        { "\n[Grants]\n", "f:2: unknown section [Grants]; there are only [Grant] and [Policy]" },
        { "[grant]\n", "f:1: unknown section [grant]" },
        { "[ Grant]\n", "f:1: unknown section [ Grant]" },
        { "[Grant] x\n", "f:1: unknown section [Grant] x" },
        { "[Grant]]\n", "f:1: unknown section [Grant]]" },
        { "[Grant\n", "f:1: unknown section [Grant;" },
        { "[]\n", "f:1: unknown section []" },
        { "[" X50 X50 "]\n", "f:1: unknown section [" X50 X50 "]" },
        { GRANT "[Install]\n", "f:5: unknown section [Install]" },
        { GRANT "Foo=bar\n", "f:5: unknown key Foo=; there are Unit=" },
        { "[Grant]\nunit=a@.service\n", "f:2: unknown key unit=" },
        { GRANT "User=bob\n", "f:5: unknown key User=" },
        { GRANT X50 X10 "=1\n", "f:5: unknown key " X50 X10 "=" },
        { GRANT "bar\n", "f:5: is not Key=value" },
        { GRANT "    web-1\n", "f:5: is not Key=value" },
        { GRANT "Default\n", "f:5: is not Key=value" },
        { GRANT "Default:yes\n", "f:5: is not Key=value" },
        { GRANT "Default: a=b\n", "f:5: is not Key=value" },
        { GRANT "=yes\n", "f:5: is not Key=value" },
        { GRANT "Two Words=yes\n", "f:5: is not Key=value" },
        { GRANT "X-Foo=yes\n", "f:5: is not Key=value" },
        { GRANT "\"Default\"=yes\n", "f:5: is not Key=value" },
        { GRANT "    [0-9]{5}\n", "f:5: unknown section" }, /* inih would join it to the line before */
        { GRANT "    Instances=x\n", "f:5: Instances= is given twice" },
        { GRANT "Default=yes ; really\n", "f:5: a comment stands on a line of its own" },
        { GRANT "Default=yes # really\n", "f:5: a comment stands on a line of its own" },
        { GRANT "Default=yes;\n", "f:5: a comment stands on a line of its own" },
        { "[Grant] # x\n", "f:1: a comment stands on a line of its own" },
        { "[Grant]\nUnit=a@.service\nUnit=a@.service\n", "f:3: Unit= is given twice in one [Grant]" },
        { GRANT "Verbs=reload\n", "f:5: Verbs= is given twice in one [Grant]" },
        { GRANT "StartStopped=no\n\nStartStopped=no\n", "f:7: StartStopped= is given twice" },
        { "[Grant]\nUnit=\n", "f:2: Unit= is empty" },
        { "[Grant]\nInstances=   \n", "f:2: Instances= is empty" },
        { "[Grant]\nVerbs=\t\n", "f:2: Verbs= is empty" },
        { GRANT "Default=\n", "f:5: Default= is empty" },
        { "[Grant]\n# " X50 X50 X50 X50 X50 "\nInstances=" X50 X50 X50 X50 X50 "\n",
          "f:3: is longer than 190" },
        { X50 X50 X50 X50 X50 X50 X50 X50, "f:1: is longer than 190" },
        { "\xef\xbb\xbf" GRANT, "f:1: has byte 0xef, maybe a byte order mark" },
        { "# caf\xc3\xa9\n", "f:1: has byte 0xc3" },
        { "\n# caf\xc3\xa9\n", "f:2: has byte 0xc3; only ASCII" },
        { "\n\x01\n", "f:2: has byte 0x01" },
        { "\n\x7f\n", "f:2: has byte 0x7f" },
        { "\n\x1b[2J\n", "f:2: has byte 0x1b" },
        { "\n[Grant]\r\n", "f:2: has a carriage return" },
        { "[Grant]\nUnit=a@.service\\\n", "f:2: Unit=a@.service\\ does not end in .service" },

        /* sections */
        { "[Grant]\n", "f:1: this [Grant] has no Unit=" },
        { "\n\n[Grant]\nUnit=a@.service\n", "f:3: this [Grant] has no Instances=" },
        { "[Grant]\nUnit=a@.service\nInstances=x\n\n[Grant]\n", "f:1: this [Grant] has no Verbs=" },
        { "[Grant]\nInstances=x\nVerbs=restart\n" GRANT, "f:1: this [Grant] has no Unit=" },
        { GRANT "[Grant]", "f:5: this [Grant] has no Unit=" },
        { GRANT GRANT, "f:5: a@.service with instances [0-9]{4} is granted already in f:1" },
        { GRANT "[Grant]\nUnit=b@.service\nInstances=x\nVerbs=restart\n" GRANT,
          "f:9: a@.service with instances [0-9]{4} is granted already in f:1" },
        { GRANT "[Grant]\nUnit=a@.service\nInstances=x [0-9]{4}\nVerbs=reload restart\nStartStopped=yes\n",
          "f:5: a@.service with instances [0-9]{4} is granted already in f:1" },
        { "[Grant]\nUnit=a@.service\nInstances=x y x\nVerbs=restart\n",
          "f:1: Instances= has the pattern x twice" },
        { GRANT "Default=yes\n[Grant]\nUnit=b@.service\nInstances=x\nVerbs=restart\nDefault=yes\n",
          "f:6: a second Default=yes; the first is in f:1" },

        /* values */
        { "[Grant]\nUnit=a.service\n", "f:1: this [Grant] has no Verbs=" },
        { "[Grant]\nUnit=a@1.service\n",
          "f:2: Unit=a@1.service is an instance; write Unit=a@.service and Instances=1" },
        { "[Grant]\nUnit=a@@.service\n", "f:2: Unit=a@@.service is neither a unit's name" },
        { "[Grant]\nUnit=a@.socket\n", "f:2: Unit=a@.socket does not end in .service" },
        { "[Grant]\nUnit=a\n", "f:2: Unit=a does not end in .service" },
        { "[Grant]\nUnit=@.service\n",
          "f:2: Unit=@.service is neither a unit's name, such as nginx.service, nor a template's" },
        { "[Grant]\nUnit=a*@.service\n",
          "f:2: Unit=a*@.service is neither a unit's name, such as nginx.service, nor a template's" },
        { "[Grant]\nUnit=a@.service b@.service\n",
          "f:2: Unit=a@.service b@.service is neither a unit's name" },
        { "[Grant]\nUnit=\"a@.service\"\n", "f:2: Unit=\"a@.service\" does not end in .service" },
        { "[Grant]\nUnit=\"a@.service\n",
          "f:2: Unit=\"a@.service is neither a unit's name, such as nginx.service, nor a template's" },
        { "[Grant]\nUnit==a@.service\n",
          "f:2: Unit==a@.service is neither a unit's name, such as nginx.service, nor a template's" },
        { "[Grant]\nUnit=-a@.service\n",
          "f:2: Unit=-a@.service is neither a unit's name, such as nginx.service, nor a template's" },
        { "[Grant]\nUnit=a/b@.service\n",
          "f:2: Unit=a/b@.service is neither a unit's name, such as nginx.service, nor a template's" },
        { "[Grant]\nInstances=\\d{4}\n", "f:2: Instances=: pattern \"\\d{4}\", character 1: a backslash" },
        { "[Grant]\nInstances=x [0-9\n", "f:2: Instances=: pattern \"[0-9\", character 1: '[' without" },
        { "[Grant]\nInstances=^[0-9]{4}$\n",
          "f:2: Instances=: pattern \"^[0-9]{4}$\", character 1: '^' is not" },
        { "[Grant]\nInstances=\"x\"\n",
          "f:2: Instances=: pattern \"\"x\"\", character 1: '\"' cannot occur" },
        { "[Grant]\nInstances=1,2\n", "f:2: Instances=: pattern \"1,2\", character 2: ',' cannot occur" },
        { "[Grant]\nInstances=a b c d e f g h i j k l m n o p q\n",
          "f:2: Instances= has more than 16 patterns" },
        { "[Grant]\nInstances=.*.*.*x\n",
          "f:2: Instances=: pattern \".*.*.*x\", character 1: too ambiguous" },
        { "[Grant]\nUnit=a@.service\nVerbs=restart\nInstances=.*a.* .*b.* .*c.* .*d.* .*e.* .*f.* .*g.* "
          ".*h.* .*i.*"
          " .*j.* .*k.* .*l.* .*m.* .*n.* .*o.* "
          ".*p.*\n[Grant]\nUnit=b@.service\nVerbs=restart\nInstances=.*a.* "
          ".*b.* .*c.* .*d.* .*e.* .*f.* .*g.* .*h.* .*i.* .*j.* .*k.* .*l.* .*m.* .*n.* .*o.* .*p.*\n",
          "f:5: the patterns up to here are too ambiguous together" },
        { "[Grant]\nVerbs=start\n",
          "f:2: Verbs=: start is never granted: polkit would let StartTransientUnit" },
        { "[Grant]\nVerbs=restart start\n", "f:2: Verbs=: start is never granted" },
        { "[Grant]\nVerbs=stop\n", "f:2: Verbs=: stop is never granted: a restart button" },
        { "[Grant]\nVerbs=kill\n", "f:2: Verbs=: unknown verb kill; there are restart, try-restart" },
        { "[Grant]\nVerbs=Restart\n", "f:2: Verbs=: unknown verb Restart" },
        { "[Grant]\nVerbs=reload-or-try-restart\n", "f:2: Verbs=: unknown verb reload-or-try-restart" },
        { "[Grant]\nVerbs=restart,reload\n", "f:2: Verbs=: put spaces between verbs" },
        { "[Grant]\nVerbs=restart reload restart\n", "f:2: Verbs=: restart is listed twice" },
        { "[Grant]\nVerbs=restart\"\n", "f:2: Verbs=: unknown verb restart\"" },
        { GRANT "StartStopped=maybe\n", "f:5: StartStopped=maybe is neither yes nor no" },
        { GRANT "StartStopped=Yes\n", "f:5: StartStopped=Yes is neither yes nor no" },
        { GRANT "Default=2\n", "f:5: Default=2 is neither yes nor no" },
        { GRANT "Cooldown=soon\n", "f:5: Cooldown=soon is not a time" },
        { GRANT "Cooldown=-1\n", "f:5: Cooldown=-1 is not a time" },
        { GRANT "Cooldown=1.5\n", "f:5: Cooldown=1.5 is not a time" },
        { GRANT "Cooldown=s\n", "f:5: Cooldown=s is not a time" },
        { GRANT "Cooldown=25h\n", "f:5: Cooldown=25h is not a time" },
        { GRANT "Settle=soon\n", "f:5: Settle=soon is not a time" },
        { GRANT "Settle=-1\n", "f:5: Settle=-1 is not a time" },
        { GRANT "Settle=61\n", "f:5: Settle=61 is not a time" },
        { GRANT "Settle=2min\n", "f:5: Settle=2min is not a time" },
        { GRANT "Settle=0.5\n", "f:5: Settle=0.5 is not a time" },
        { GRANT "Settle=1\nSettle=2\n", "f:6: Settle= is given twice" },
        { GRANT "Cooldown=99999999999999999999s\n", "f:5: Cooldown=99999999999999999999s is not a time" },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        _cleanup_(freep) char *error = load_error(CASES[i].text, strlen(CASES[i].text));

        if (strncmp(error, CASES[i].error, strlen(CASES[i].error)) != 0 || (*error && !*CASES[i].error))
            fail_msg("\"%s\" in:\n%s", error, CASES[i].text);
    }
}

static void test_bytes(_unused_ void **state)
{
    static const char nul[] = "[Grant]\nUnit=a@.service\0\nInstances=x\nVerbs=restart\n";
    static const char nul_comment[] = "# \0\n" GRANT;
    _cleanup_(freep) char *error = load_error(nul, sizeof(nul) - 1);
    _cleanup_(freep) char *comment_error = load_error(nul_comment, sizeof(nul_comment) - 1);

    assert_string_equal(error, "f:2: has a NUL byte: this is not a text file");
    assert_string_equal(comment_error, "f:1: has a NUL byte: this is not a text file");

    /* Of everything that is not printable only a newline and a tab are taken, even in a comment. */
    for (int byte = 0; byte < 256; byte++) {
        char text[] = "# X\n" GRANT;
        _cleanup_(freep) char *why = NULL;

        text[2] = (char)byte;
        why = load_error(text, sizeof(text) - 1);
        if (byte == '\n' || byte == '\t' || (byte >= ' ' && byte <= '~'))
            assert_string_equal(why, "");
        else
            assert_string_not_equal(why, "");
        for (const char *p = why; *p; p++)
            assert_in_range(*p, ' ', '~');
    }
}

/* The longest line that is taken, whichever buffer the inih at hand was built with. */
static void test_line_length(_unused_ void **state)
{
    for (size_t length = 170; length < 260; length++) {
        _cleanup_(freep) char *text = NULL, *error = NULL;
        char pattern[260] = "";

        memset(pattern, 'x', length - strlen("Instances="));
        assert_true(asprintf(&text, "[Grant]\nUnit=a@.service\nVerbs=restart\nInstances=%s\n", pattern) > 0);
        error = load_error(text, strlen(text));
        if (length <= POLICY_LINE_MAX)
            assert_string_equal(error, "");
        else
            assert_int_equal(strncmp(error, "f:4: is longer than 190", 23), 0);
    }
}

static void test_grants_max(_unused_ void **state)
{
    char text[8192] = "";
    char *end = text;

    for (unsigned i = 0; i <= POLICY_GRANTS_MAX; i++) {
        _cleanup_(freep) char *error = load_error(text, strlen(text));

        assert_string_equal(error, "");
        end += sprintf(end, "[Grant]\nUnit=a%u@.service\nInstances=x\nVerbs=restart\n", i);
    }
    _cleanup_(freep) char *error = load_error(text, strlen(text));
    assert_string_equal(error, "f:257: there are more than 64 grants");
}

/* No bytes whatever crash the parser, and whatever is refused is refused with a place and a sentence. */
static void test_junk(_unused_ void **state)
{
    static const char valid[] = "# c\n" GRANT "StartStopped=no\n\n[Grant]\nUnit=b@.service\nInstances=a|b c\n"
                                "Verbs=restart reload\nDefault=yes\nCooldown=5min\n";
    struct random random = random_new(4);
    const unsigned rounds = random_rounds(50000);
    unsigned n_taken = 0;

    for (unsigned i = 0; i < rounds; i++) {
        char text[2 * sizeof(valid)];
        size_t size = sizeof(valid) - 1;

        memcpy(text, valid, size);
        for (size_t n = 1 + random_below(&random, 4); n > 0; n--) {
            size_t at = random_below(&random, size), length = random_below(&random, size - at);

            switch (random_below(&random, 3)) {
            case 0:
                text[at] = (char)random_below(&random, 256);
                break;
            case 1: /* some of it again */
                if (size + length < sizeof(text)) {
                    memmove(text + at + length, text + at, size - at);
                    size += length;
                }
                break;
            default: /* some of it less */
                length = random_below(&random, length + 1);
                memmove(text + at, text + at + length, size - at - length);
                size -= length;
                if (size == 0)
                    text[size++] = '\n';
            }
        }

        _cleanup_(freep) char *error = load_error(text, size);
        n_taken += !*error;
        for (const char *p = error; *p; p++)
            assert_in_range(*p, ' ', '~');
        assert_true(!*error || strncmp(error, "f:", 2) == 0);
    }
    assert_in_range(n_taken, rounds / 100, rounds - rounds / 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mistakes),   cmocka_unit_test(test_bytes), cmocka_unit_test(test_line_length),
        cmocka_unit_test(test_grants_max), cmocka_unit_test(test_junk),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
