# `make check`: all suites, but for a few four more at once than there are processors (most of their time they wait; with
# three more, a seventh of the processors was idle), one line each when it ends, and one line of counts at the very end. Sourced by ../machine; the inside_ half runs in a cage, and so does each suite in it.

verb_check() {
    local suite
    (($#)) || [[ -z ${QUICK:-} ]] || set -- "${QUICK_SUITES[@]}"
    for suite; do
        suite_known "$suite" || die "no such suite: $suite; there are: ${SUITES[*]} ${QUICK_SUITES[*]}"
    done
    cage "${NAME:-check}" check "$@"
}

inside_check() {
    local begin=$EPOCHREALTIME suite running=0 jobs
    (($#)) || set -- "${SUITES[@]}"
    jobs=$(($(nproc) + 4))
    rm -rf "$TOP/build/check"
    mkdir -p "$TOP/build/check"
    say "restarter: $# suites, $jobs at a time; logs in build/check/"
    check_alone "$@"
    for suite; do
        ! suite_is_alone "$suite" || continue
        ((running < jobs)) || { wait -n || true; running=$((running - 1)); }
        check_suite "$suite" &
        running=$((running + 1))
    done
    wait
    owner_as_tree "$TOP/build"
    check_sum "$begin" "$@"
}

# Those that nothing may run beside come first, one after the other; what they need is made before, all of it at once.
check_alone() {
    local suite all=()
    for suite; do ! suite_is_alone "$suite" || all+=("$suite"); done
    for suite in "${all[@]}"; do
        NAME=$CAGE-$suite-image "$SELF" images "${suite#*-}-toolsinst" >"$TOP/build/check/$suite-image.log" 2>&1 </dev/null &
    done
    wait
    for suite in "${all[@]}"; do check_suite "$suite"; done
}

# One suite, as a process of its own, and its line.
check_suite() {
    local suite=$1 begin=$EPOCHREALTIME log=$TOP/build/check/$1.log
    NAME=$CAGE-$suite timeout --kill-after=10 "$SUITE_SECONDS" "$SELF" suite "$suite" >"$log" 2>&1 </dev/null || true
    check_report "$suite" "$log" "$(seconds_since "$begin")"
}

check_report() {
    local suite=$1 log=$2 seconds=$3 passed=0 failed=1 skipped=0 note=
    read -r passed failed skipped 2>/dev/null <"$TOP/build/check/$suite.counts" || note=" (it did not end)"
    ((passed + failed + skipped > 0)) || [[ -n ${K:-} ]] || { failed=1 note=" (no test ran)"; }
    echo "$passed $failed $skipped" >"$TOP/build/check/$suite.counts"
    {
        printf '  %-20s %4d passed, %d failed%s %10s s%s%s\n' "$suite" "$passed" "$failed" \
            "$( ((skipped == 0)) || echo ", $skipped skipped")" "$seconds" "$(check_processor "$suite")" "$note"
        ((failed == 0)) || check_show_failures "$log"
    } >"$log.report"
    cat "$log.report"
}

# Suites share the processors, so this, and not its seconds, is what a suite costs.
check_processor() {
    local microseconds
    read -r microseconds 2>/dev/null <"$TOP/build/check/$1.processor" || return 0
    printf ' %7d s of a processor' $((microseconds / 1000000))
}

check_show_failures() {
    local names
    names=$(grep -E '^(FAILED|ERROR) |^lint: .* found|^not ok ' "$1" | sort -u | cut -c1-300) || true
    head -n 20 <<<"$names" | sed 's/^/      /'
    (($(wc -l <<<"$names") <= 20)) || say "      … and $(($(wc -l <<<"$names") - 20)) more"
    check_show_assertions "$1"
    show_tail "$1" 8
}

# What was expected, and what the test had printed: what a reader asks for first, and all that some readers get to see.
check_show_assertions() {
    grep -E '^_{3,} .* _{3,}$|^E  |^[a-z_/]+\.py:[0-9]+: |^slowest click ' "$1" | cut -c1-300 | head -n 60 | sed 's/^/      /' || true
}

check_sum() {
    local begin=$1 suite passed=0 failed=0 skipped=0 p f s
    shift
    for suite; do
        read -r p f s <"$TOP/build/check/$suite.counts"
        passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
    done
    say "all suites: $(seconds_since "$begin") s"
    if ((skipped)); then
        say "$passed passed, $failed failed, $skipped skipped"
    else
        say "$passed passed, $failed failed"
    fi
    ((failed == 0 && passed > 0))
}
