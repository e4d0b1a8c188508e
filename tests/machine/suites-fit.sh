#!/bin/bash
# What `make check` runs and what is said about it fit together. Ends with one line of counts.
set -u
cd "$(dirname "$0")/../.." || exit 1
TOP=$PWD
# shellcheck source=/dev/null
. tests/machine/lib/tap.sh
# shellcheck source=/dev/null
. tests/machine/lib/suites.sh
# shellcheck source=/dev/null
. tests/machine/lib/layers.sh

help_names() {
    make --no-print-directory help | grep -E "^check .*\b$1="
}

documented() {
    grep -E "\`$2\`.* \|" "$1"
}

# What the suites of one release play, each file once for each of them that does.
played=$(for kind in machine people locks policy crowd far clients; do suite_files "$kind"; done)

in_one_suite() {
    [[ $(grep -cFx "$1" <<<"$played") == 1 ]]
}

quick_is_a_part() {
    local quick all
    quick=$(suite_files quick) all=$(for kind in machine people locks policy; do suite_files "$kind"; done)
    [[ -n $quick ]] && ! grep -vFx "$all" <<<"$quick"
}

# autopkgtest brings the same tools to the tests as we do.
autopkgtest_has() {
    sed -n '/^Depends:/,/^Restrictions:/p' debian/tests/control | tr -d ',' | tr ' ' '\n' | grep -qFx "$1"
}

for word in QUICK SUITE K; do check "make help names $word=" help_names "$word"; done
for suite in "${SUITES[@]}" "${QUICK_SUITES[@]}"; do
    check "$suite is known" suite_known "$suite"
    check "$suite is in tests/README.md" documented tests/README.md "$suite"
done
for file in tests/machine/test_*.py; do check "$file is in one suite" in_one_suite "$file"; done
for tool in "${TEST_TOOLS[@]}"; do check "debian/tests/control has $tool" autopkgtest_has "$tool"; done
check "debian/tests/machine can be run" test -x debian/tests/machine
check "the quick suite is a part of the others" quick_is_a_part
echo "suites: $passed passed, $failed failed"
((failed == 0))
