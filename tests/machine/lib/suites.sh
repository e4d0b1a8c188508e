# The suites of `make check`. Each is one function, suite_NAME, that runs in a cage of its own, and leaves its log and
# its counts: build/check/NAME.log and NAME.counts ("passed failed skipped"). Sourced by ../machine.

# The longest first, so that none of them is what everybody waits for at the end.
SUITES=(unit browser machine-bookworm lint policy-bookworm people-bookworm machine-trixie package-bookworm locks-bookworm
    locks-trixie machine-dbusbroker package-trixie people-trixie policy-trixie unit-sanitize fuzz unit-trixie host-bookworm
    host-trixie run far-bookworm far-trixie clients-bookworm crowd-bookworm crowd-trixie)
# In these a click beside a crowd is timed against one alone: what else runs must be the same for both, and the crowd takes
# all of the processors anyway.
suite_is_alone() {
    [[ $1 == crowd-* ]]
}

# What one runs before a commit.
QUICK_SUITES=(quick-machine lint quick-browser quick-unit)
# One that hangs is ended. On a machine with much else to do, the longest took 1,800 seconds.
SUITE_SECONDS=${SUITE_SECONDS:-3000}

suite_known() {
    local suite
    for suite in "${SUITES[@]}" "${QUICK_SUITES[@]}"; do
        [[ $suite == "$1" ]] && return
    done
    return 1
}

verb_suite() {
    local suite=${1:-}
    suite_known "$suite" || die "no such suite: ${suite:-(none given)}; there are: ${SUITES[*]} ${QUICK_SUITES[*]}"
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
    rm -rf "$out" "$out.counts" "$out.processor"
    mkdir -p "$out"
    owner_as_tree "$TOP/build"
    suite_play "$suite"
    sed -n 's/^usage_usec //p' "$CAGE_CGROUP/cpu.stat" >"$out.processor"
}

suite_play() {
    local suite=$1 files
    case $suite in
    unit) suite_make unit bookworm 'make -j$(nproc) unit DIFFERENTIAL=1000000 && make unit VALGRIND=1 DIFFERENTIAL=500 SHARE=5' ;;
    unit-sanitize) suite_make unit-sanitize bookworm 'make -j$(nproc) unit SANITIZE=1' ;;
    unit-trixie) suite_make unit-trixie trixie 'make -j$(nproc) unit' ;;
    lint) suite_make lint bookworm 'make -j$(nproc) lint; for script in tests/unit/*.sh tests/machine/suites-fit.sh; do $script; done; tests/machine/lint' ;;
    fuzz) suite_make fuzz bookworm 'make -j$(nproc) fuzz-here FUZZ_SECONDS=30 FUZZ_FLAGS=-seed=1' ;;
    machine-dbusbroker) suite_pytest "$suite" bookworm dbusbrokerinst -m core tests/machine ;;
    far-*)
        mapfile -t files < <(suite_files far)
        [[ $suite == *-bookworm ]] || files+=(-m 'not once')
        suite_pytest "$suite" "${suite#*-}" farinst "${files[@]}"
        ;;
    clients-*)
        mapfile -t files < <(suite_files clients)
        suite_pytest "$suite" "${suite#*-}" clientsinst "${files[@]}"
        ;;
    machine-* | people-* | locks-* | policy-* | crowd-*)
        mapfile -t files < <(suite_files "${suite%%-*}")
        [[ $suite == *-bookworm ]] || files+=(-m 'not once')
        suite_pytest "$suite" "${suite#*-}" toolsinst "${files[@]}"
        ;;
    quick-unit) suite_make "$suite" bookworm 'make -j$(nproc) unit' ;;
    quick-machine)
        mapfile -t files < <(suite_files quick)
        suite_pytest "$suite" bookworm toolsinst -m core "${files[@]}"
        ;;
    quick-browser) suite_pytest "$suite" bookworm browserinst tests/browser/test_browser.py -k 'load or click' ;;
    browser) suite_pytest "$suite" bookworm browserinst tests/browser ;;
    host-*) suite_host "$suite" "${suite#host-}" ;;
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

# The tests of the machine are suites of about the same length, so that none goes on alone: crowds; what restartctl policy
# and the documents say; the locks, and what restartctl check says of them; who asks; and all the rest.
suite_of() {
    case ${1##*/} in
    test_crowd_*) echo crowd ;;
    test_far_*) echo far ;;
    test_client_*) echo clients ;;
    test_policy_* | test_docs.py | test_completion.py) echo policy ;;
    test_lock* | test_check* | test_impostors.py | test_carriers.py | test_plain_units.py | test_security_page.py) echo locks ;;
    test_people* | test_login* | test_passwd* | test_tickets* | test_basic* | test_gates* | test_proxy_*) echo people ;;
    test_web_* | test_log.py | test_reason* | test_explain_*) echo people ;;
    *) echo machine ;;
    esac
}

# The quick one goes without those that do one thing for a minute.
suite_is_quick() {
    case ${1##*/} in
    test_crowd_* | test_far_* | test_client_* | test_idle.py | test_check.py | test_policy_in_force.py) return 1 ;;
    esac
}

suite_files() {
    local file
    for file in "$TOP"/tests/machine/test_*.py; do
        if [[ $1 == quick ]]; then suite_is_quick "$file"; else [[ $(suite_of "$file") == "$1" ]]; fi || continue
        echo "${file#"$TOP/"}"
    done
}

# suite_pytest SUITE RELEASE KIND PYTEST-ARGS…: inside a booted machine.
suite_pytest() {
    local suite=$1 release=$2 kind=$3 out=$TOP/build/check/$1
    shift 3
    [[ -z ${K:-} ]] || set -- "$@" -k "$K"
    MACHINE_OUT=$out machine_up "$release" "$kind" "$out/boot.log"
    machine_in_tree python3 -m pytest -q -rfE --durations=25 -p no:cacheprovider \
        --junit-xml=/var/tmp/out/junit.xml "$@" || SUITE_STATUS=$?
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

# What its file is, before anybody installs it. What would make its bytes differ, or displease lintian, is in our
# makefiles, and the same for both releases: one of them is enough.
suite_package_file() {
    local release=$1 out=$2
    [[ $release == bookworm ]] || return 0
    cp "$TOP/build/$release"/*.deb "$out/"
    over_tree "$release" build "$out" /srv/out tests/machine/package-same.sh || SUITE_STATUS=$?
    layer_ensure "$release" check
    over_tree "$release" check "$out" /srv/out tests/machine/package-lintian.sh || SUITE_STATUS=$?
}

# The package's life on a machine that has never seen it, and upgrades.
suite_package() {
    local suite=$1 release=$2 out=$TOP/build/check/$1 deb
    deb_make "$release"
    suite_package_file "$release" "$out"
    layer_ensure "$release" plain
    machine_prepare "$release" boot
    machine_mask_generators "$ROOT"
    deb=$(deb_file "$release")
    cp "$deb" "$ROOT/var/tmp/restarter.deb"
    tree_export "$ROOT/usr/src/restarter"
    MACHINE_LOG=$out/console.log
    machine_start "$ROOT" --private-network --bind="$out:/var/tmp/out" \
        --bind="$(apt_archives "$release" plain):/var/cache/apt/archives"
    machine_in_tree tests/machine/package.sh || SUITE_STATUS=$?
    machine_in_tree tests/machine/package-upgrade.sh || SUITE_STATUS=$?
    suite_count_lines "$suite"
}

# What a host has a part in of the suite `run`, on one whose PID 1 is systemd: a machine that may do what such a host may, with this
# host's network and cache, and with nothing of its own but make.
suite_host() {
    local suite=$1 release=$2 out=$TOP/build/check/$1 kind tree
    deb_make "$release"
    for kind in plain tools host; do layer_ensure "$release" "$kind"; done
    machine_prepare "$release" host
    tree=$ROOT/usr/src/restarter
    tree_export "$tree"
    mkdir -p "$tree/build"
    cp -a "$TOP/build/$release" "$tree/build/"
    MACHINE_LOG=$out/console.log
    machine_start "$ROOT" --capability=all --bind="$CACHE:/var/cache/restarter" \
        --bind="$(apt_archives "$release" host):/var/cache/apt/archives"
    machine_in_tree NAME="$suite" HOST_PART=1 tests/machine/run.sh || SUITE_STATUS=$?
    suite_count_lines "$suite"
}

# Not in a cage: it starts `make run`, which brings its own, and looks from outside whether anything is left.
suite_run_from_outside() {
    rm -f "$TOP/build/check/run.counts"
    "$TOP/tests/machine/run.sh" || SUITE_STATUS=$?
    suite_count_lines run
}
