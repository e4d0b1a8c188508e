#!/bin/bash
# The package that was built from this tree, built again: in another folder, at another time, in another zone and
# language, by one job, with other rights and nothing remembered. Its bytes are the same. Run by `make check` in the
# build chroot, where the first one lies in /srv/out; ends with one line of counts.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=/dev/null
. tests/machine/lib/tap.sh
elsewhere=$HOME/another/folder/of-the-package

build_again() {
    mkdir -p "${elsewhere%/*}" && cp -r . "$elsewhere" || return
    find "$elsewhere" -exec touch --no-dereference --date '2001-02-03 04:05:06' {} +
    cd "$elsewhere" || return
    umask 027
    env PATH="${PATH#/usr/lib/ccache:}" CCACHE_DISABLE=1 TZ=UTC-14 LC_ALL=C DEB_BUILD_OPTIONS=parallel=1 \
        dpkg-buildpackage --build=binary --unsigned-source --unsigned-changes --build-profiles=nocheck
}

same_bytes() {
    local again=${elsewhere%/*}/${1##*/}
    cmp "$1" "$again" && return
    diff <(dpkg-deb --contents "$1") <(dpkg-deb --contents "$again")
    return 1
}

check "it builds again" build_again
for deb in /srv/out/*.deb; do check "${deb##*/} has the same bytes" same_bytes "$deb"; done
echo "package-same: $passed passed, $failed failed"
((failed == 0))
