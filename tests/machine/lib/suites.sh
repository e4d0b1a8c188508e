# The suites of `make check`. Each is one function, suite_NAME, that runs in a cage of its own, and leaves its log and
# its counts: build/check/NAME.log and NAME.counts ("passed failed skipped"). Sourced by ../machine.

# The longest first, so that none of them is what everybody waits for at the end.
SUITES=(machine-trixie machine-bookworm unit machine-dbusbroker lint unit-sanitize browser unit-trixie run
    package-trixie package-bookworm)
SUITE_SECONDS=${SUITE_SECONDS:-900}

suite_known() {
    local suite
    for suite in "${SUITES[@]}"; do
        [[ $suite == "$1" ]] && return
    done
    return 1
}

verb_suite() {
    local suite=${1:-}
    suite_known "$suite" || die "no such suite: ${suite:-(none given)}; there are: ${SUITES[*]}"
    host_need_root
    host_need_tools
    mkdir -p "$TOP/build/check"
    if [[ $suite == run ]]; then
        suite_run_from_outside
    else
        cage "${NAME:-$suite}" suite "$suite"
    fi
    cat "$TOP/build/check/$suite.counts"
}

inside_suite() {
    local suite=$1 out=$TOP/build/check/$1
    rm -rf "$out" "$out.counts"
    mkdir -p "$out"
    owner_as_tree "$TOP/build"
    case $suite in
    unit) suite_make unit bookworm 'make -j$(nproc) unit DIFFERENTIAL=1000000 && make unit VALGRIND=1 DIFFERENTIAL=2000' ;;
    unit-sanitize) suite_make unit-sanitize bookworm 'make -j$(nproc) unit SANITIZE=1' ;;
    unit-trixie) suite_make unit-trixie trixie 'make -j$(nproc) unit' ;;
    lint) suite_make lint bookworm 'make -j$(nproc) lint; tests/machine/lint' ;;
    machine-dbusbroker) suite_pytest "$suite" bookworm dbusbrokerinst tests/machine -m core ;;
    machine-*) suite_pytest "$suite" "${suite#machine-}" toolsinst tests/machine ;;
    browser) suite_pytest "$suite" bookworm browserinst tests/browser ;;
    package-*) suite_package "$suite" "${suite#package-}" ;;
    esac
}

# suite_make SUITE RELEASE COMMAND: in the check chroot. What it runs ends with "…: N passed, N failed", once or more.
suite_make() {
    local suite=$1 release=$2 command=$3
    layer_ensure "$release" check
    over_tree "$release" check "$TOP/build/check/$suite" /srv/out "$command" || SUITE_STATUS=$?
    suite_count_lines "$suite"
}

suite_count_lines() {
    local log=$TOP/build/check/$1.log passed failed
    passed=$(sed -nE 's/^[a-z-]+: ([0-9]+) passed, ([0-9]+) failed.*/\1/p' "$log" | paste -sd+ | bc_add)
    failed=$(sed -nE 's/^[a-z-]+: ([0-9]+) passed, ([0-9]+) failed.*/\2/p' "$log" | paste -sd+ | bc_add)
    suite_counts "$1" "$passed" "$failed" 0
}

bc_add() {
    local sum
    read -r sum || sum=0
    echo $((sum))
}

# A suite that ended badly without naming a failure has failed all the same.
suite_counts() {
    local passed=$2 failed=$3 skipped=$4
    ((${SUITE_STATUS:-0} == 0 || failed > 0)) || failed=1
    echo "$passed $failed $skipped" >"$TOP/build/check/$1.counts"
}

# suite_pytest SUITE RELEASE KIND DIR PYTEST-ARGS…: inside a booted machine.
suite_pytest() {
    local suite=$1 release=$2 kind=$3 dir=$4 out=$TOP/build/check/$1
    shift 4
    [[ -z ${K:-} ]] || set -- "$@" -k "$K"
    MACHINE_OUT=$out machine_up "$release" "$kind" "$out/boot.log"
    machine_in_tree python3 -m pytest -q -rfE -p no:cacheprovider -o 'markers=core: also run with dbus-broker' \
        --junit-xml=/var/tmp/out/junit.xml "$@" "$dir" || SUITE_STATUS=$?
    machine_run sh -c 'journalctl --boot --no-pager --output=short-monotonic >/var/tmp/out/journal.log' || true
    suite_count_junit "$suite" "$out/junit.xml"
}

suite_count_junit() {
    local total failures errors skipped
    # pytest's 5: no test was collected; that is as it should be when K= chose none here.
    [[ -z ${K:-} || ${SUITE_STATUS:-0} != 5 ]] || SUITE_STATUS=0
    total=$(junit_number tests "$2")
    failures=$(junit_number failures "$2")
    errors=$(junit_number errors "$2")
    skipped=$(junit_number skipped "$2")
    suite_counts "$1" $((total - failures - errors - skipped)) $((failures + errors)) "$skipped"
}

junit_number() {
    local number
    number=$(grep -o "<testsuite [^>]*" "$2" 2>/dev/null | grep -oE "\b$1=\"[0-9]+\"" | tr -dc '0-9') || true
    echo "${number:-0}"
}

# The package's life on a machine that has never seen it.
suite_package() {
    local suite=$1 release=$2 out=$TOP/build/check/$1 deb
    deb_make "$release"
    layer_ensure "$release" plain
    machine_prepare "$release" boot
    deb=$(deb_file "$release")
    cp "$deb" "$ROOT/var/tmp/restarter.deb"
    tree_export "$ROOT/usr/src/restarter"
    MACHINE_LOG=$out/console.log
    machine_start "$ROOT" --private-network --bind="$out:/var/tmp/out" \
        --bind="$(apt_archives "$release" plain):/var/cache/apt/archives"
    machine_in_tree tests/machine/package.sh || SUITE_STATUS=$?
    suite_count_lines "$suite"
}

# Not in a cage: it starts `make run`, which brings its own, and looks from outside whether anything is left.
suite_run_from_outside() {
    rm -f "$TOP/build/check/run.counts"
    "$TOP/tests/machine/run.sh" || SUITE_STATUS=$?
    suite_count_lines run
}
