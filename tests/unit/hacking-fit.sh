#!/bin/bash
# Every file that HACKING.md names is there, and it names what a click comes to. Ends with one line of counts.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=/dev/null
. tests/machine/lib/tap.sh

named() {
    grep -oE '`(common|policy|polkit|broker|webfront|login|log|cli|units|tests)/[A-Za-z0-9_./*-]+`' HACKING.md | tr -d '`' | sort -u
}

# A name with a * stands for some.
files_are_there() {
    local name missing=0
    for name in $(named); do
        compgen -G "$name" >/dev/null || { echo "HACKING.md names $name, which is not there"; missing=1; }
    done
    return $missing
}

names_are_found() {
    [[ $(named | wc -l) -gt 50 ]]
}

check "every file that HACKING.md names is there" files_are_there
check "there are names in it" names_are_found
echo "hacking: $passed passed, $failed failed"
((failed == 0))
