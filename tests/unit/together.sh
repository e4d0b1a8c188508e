#!/bin/bash
# In the program of all unit tests each is what it is by itself: however it ends, that is its own, and the others run; and
# valgrind finds in each what it finds in one. Over tests that are a few lines.
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/../machine/lib/tap.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$here/../.." || exit 1

# a_test NAME: its main(), which has said that it begins.
a_test() {
    {
        printf '#include <signal.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <unistd.h>\nstatic int seen;\n'
        printf 'static int begin(void)\n{\n    puts("[ RUN      ] test_one");\n    fflush(stdout);\n    return seen++;\n}\n'
        printf 'static int end(void)\n{\n    puts("[       OK ] test_one");\n    return 0;\n}\n'
        cat
    } >"$work/$1.c"
    cc -g -O0 -c -o "$work/$1.o" "$work/$1.c" && objcopy --redefine-sym "main=$1" "$work/$1.o"
}

a_test test-good <<<'int main(void) { return begin() == 0 && getchar() == EOF ? end() : 1; }'
a_test test-good-too <<<'int main(void) { return begin() == 0 ? end() : 1; }'
a_test test-bad <<<'int main(void) { begin(); fputs("[  ERROR   ] --- 1 != 2\n[  FAILED  ] test_one\n", stderr); return 1; }'
a_test test-exits <<<'int main(void) { begin(); _exit(7); }'
a_test test-killed <<<'int main(void) { begin(); return raise(SIGKILL); }'
a_test test-overrun <<<'int main(void) { char *c = malloc(9); begin(); c[9] = 1; free(c); return end(); }'
a_test test-unset <<<'int main(void) { int *c = malloc(9); begin(); if (*c) puts("x"); free(c); return end(); }'
a_test test-leak <<<'int main(void) { begin(); if (!malloc(9)) return 1; return end(); }'
a_test test-none <<<'int main(void) { return 0; }'
# Its end hangs on another one that runs at the same time.
a_test test-waits <<END
int main(void) { begin(); for (int i = 0; i < 3000 && access("$work/came", F_OK) != 0; i++) usleep(10000);
    return access("$work/came", F_OK) == 0 ? end() : 1; }
END
a_test test-comes <<<"int main(void) { begin(); fclose(fopen(\"$work/came\", \"w\")); return end(); }"
cc -D_GNU_SOURCE -o "$work/all" tests/unit/main.c "$work"/test-*.o -Wl,--export-dynamic-symbol='test-*'

# says TEST… -- LINE…: those lines are what the run says at its end, after all reports.
says() {
    local tests=()
    while [[ $1 != -- ]]; do
        tests+=("$1")
        shift
    done
    shift
    tests/unit/run --all "$work/all" "${tests[@]}" 2>/dev/null | tee /dev/stderr | diff - <(printf '%s\n' "$@")
}

under_valgrind() {
    VALGRIND=1 says "$@"
}

# named TEST WHAT: the line of one that failed; there is no file of its name here.
named() {
    echo "FAILED $1::$2"
}

check "each begins as if it were alone" says test-good test-good-too test-good -- "unit: 3 passed, 0 failed"
check "however one ends, the others run" says test-good test-bad test-exits test-killed test-none test-good-too -- \
    "$(named test-bad "test_one - 1 != 2")" "$(named test-exits "test_one - exit status 7")" \
    "$(named test-killed "test_one - exit status 137")" "$(named test-none "all - exit status none")" "unit: 2 passed, 4 failed"
check "two are under way side by side" says test-waits test-comes -- "unit: 2 passed, 0 failed"
check "one that is not there" says test-good test-other -- \
    "$(named test-other "all - exit status 127")" "unit: 1 passed, 1 failed"
check "under valgrind what is sound is sound" under_valgrind test-good test-good-too -- "unit: 2 passed, 0 failed"
check "valgrind finds in each what is its own" under_valgrind test-good test-overrun test-unset test-leak test-good-too -- \
    "$(named test-overrun "all - Invalid write of size 1; exit status 99")" \
    "$(named test-unset "all - Conditional jump or move depends on uninitialised value(s); exit status 99")" \
    "$(named test-leak "all - exit status 99")" "unit: 5 passed, 3 failed"
mv "$work/all" "$work/gone"
check "a program that is not there" says test-good -- "FAILED $work/all::all - exit status 127" \
    "$(named test-good "all - exit status 1")" "unit: 0 passed, 2 failed"
echo "together: $passed passed, $failed failed"
((failed == 0))
