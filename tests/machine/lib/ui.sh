# What the tool says while it works: one line a step with its seconds, the rest in a log whose tail is shown when a
# step fails. Sourced by ../machine.

say() {
    printf '%s\n' "$*"
}

die() {
    printf 'restarter: %s\n' "$*" >&2
    exit 1
}

seconds_since() {
    local now=${EPOCHREALTIME/[.,]/} then=${1/[.,]/}
    printf '%d.%d' $(((now - then) / 1000000)) $(((now - then) / 100000 % 10))
}

# step TITLE LOG CMD…: runs CMD with its output in LOG. It runs in a subshell that is waited for, not in an `if`,
# because bash drops `set -e` for everything an `if` calls.
step() {
    local title=$1 log=$2 begin=$EPOCHREALTIME status=0
    shift 2
    mkdir -p "${log%/*}"
    printf '  %-56s ' "$title"
    ("$@") >>"$log" 2>&1 &
    wait $! || status=$?
    if ((status == 0)); then
        printf '%6s s\n' "$(seconds_since "$begin")"
        return
    fi
    printf '%6s s  failed\n' "$(seconds_since "$begin")"
    show_tail "$log"
    exit "$status"
}

show_tail() {
    [[ -s $1 ]] || return 0
    printf '\n--- the end of %s\n' "$1"
    tail -n "${2:-40}" "$1"
    printf -- '---\n'
}
