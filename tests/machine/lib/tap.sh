# check TITLE COMMAND…: runs it in a subshell, counts it as passed or failed, and shows what a failed one said. Sourced by
# the scripts that play the package's life.
passed=0 failed=0

check() {
    local title=$1
    shift
    if ("$@") >/tmp/check.out 2>&1; then
        echo "ok $title"
        passed=$((passed + 1))
    else
        echo "not ok $title"
        sed 's/^/    /' /tmp/check.out
        failed=$((failed + 1))
    fi
}
