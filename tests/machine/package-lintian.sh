#!/bin/bash
# lintian has nothing to say about the packages in /srv/out. Run by `make check` in the check chroot; ends with one
# line of counts.
set -u
# shellcheck source=/dev/null
. "$(dirname "$0")/lib/tap.sh"

says_nothing() {
    local said
    said=$(lintian --fail-on error,warning "$1" 2>&1) || { echo "$said"; return 1; }
    echo "$said"
    [[ -z $said ]]
}

for deb in /srv/out/*.deb; do check "lintian says nothing about ${deb##*/}" says_nothing "$deb"; done
echo "package-lintian: $passed passed, $failed failed"
((failed == 0))
