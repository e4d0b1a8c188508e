#!/bin/bash
# However a unit test fails, tests/unit/run says so in a line that begins with FAILED, the file and the test, with what was
# asserted; and counts it once. Over programs that print such reports.
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/../machine/lib/tap.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$here/../.." || exit 1

# program NAME STATUS: prints what it is given, and ends so.
program() {
    { printf '#!/bin/sh\ncat <<"END"\n' && cat && printf 'END\n%s\n' "$2"; } >"$work/$1"
    chmod +x "$work/$1"
}

# says NAME… -- LINE…: those lines are what the run says at its end, after all reports.
says() {
    local programs=()
    while [[ $1 != -- ]]; do
        programs+=("$work/$1")
        shift
    done
    shift
    tests/unit/run "${programs[@]}" 2>/dev/null | tee /dev/stderr | diff - <(printf '%s\n' "$@")
}

program test-array 'exit 0' <<'END'
[ RUN      ] test_one
[       OK ] test_one
END
program test-text 'exit 2' <<'END'
[ RUN      ] test_one
[  ERROR   ] --- 7 is not within the range 2-6
[   LINE   ] --- tests/unit/test-text.c:89: error: Failure!
[  FAILED  ] test_one
[ RUN      ] test_two
ERROR: not 200 with 'this':
the page

[  ERROR   ] --- [   LINE   ] --- tests/unit/web-client.c:56: error: Failure!
[  FAILED  ] test_two
[==========] 2 test(s) run.
[  FAILED  ] 2 test(s), listed below:
[  FAILED  ] test_one
[  FAILED  ] test_two
END
program test-trust 'exit 1' <<'END'
[ RUN      ] test_one
Test failed with exception: Segmentation fault(11)
[  ERROR   ] test_one
END
program test-hash 'kill -ALRM $$' <<'END'
[ RUN      ] test_one
[       OK ] test_one
[ RUN      ] test_two
END
program test-plain 'exit 99' <<'END'
[ RUN      ] test_one
==12== Invalid read of size 1
==12==    at 0x1234: here
[       OK ] test_one
END
program test-policy 'exit 0' </dev/null
program test-prefer 'exit 1' <<'END'
[  FAILED  ] GROUP SETUP
[  ERROR   ] Group setup failed
END

check "what passes is not named" says test-array -- "unit: 1 passed, 0 failed"
check "what is asserted, or said, is told once" says test-text -- \
    "FAILED tests/unit/test-text.c::test_one - 7 is not within the range 2-6; test-text.c:89" \
    "FAILED tests/unit/test-text.c::test_two - not 200 with 'this':; web-client.c:56" "unit: 0 passed, 2 failed"
check "a crash is its test's" says test-trust test-array -- \
    "FAILED tests/unit/test-trust.c::test_one - Segmentation fault(11)" "unit: 1 passed, 1 failed"
check "who never ends is named" says test-hash -- "FAILED tests/unit/test-hash.c::test_two - exit status 142" \
    "unit: 1 passed, 1 failed"
check "what valgrind finds, all tests passed" says test-plain -- \
    "FAILED tests/unit/test-plain.c::all - Invalid read of size 1; exit status 99" "unit: 1 passed, 1 failed"
check "a program without a test" says test-policy -- "FAILED tests/unit/test-policy.c::all - exit status none" \
    "unit: 0 passed, 1 failed"
check "what comes before all of them" says test-prefer -- "FAILED tests/unit/test-prefer.c::GROUP_SETUP" \
    "unit: 0 passed, 1 failed"
echo "failures: $passed passed, $failed failed"
((failed == 0))
