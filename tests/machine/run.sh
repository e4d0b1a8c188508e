#!/bin/bash
# `make run` itself, looked at from outside: that it serves, what it prints, that a second start is refused, and
# that nothing is left of it however it ends; with HOST_PART=1 what another host could change about that. Ends with one
# line of counts.
cd "$(dirname "$0")/../.." || exit 1
export NAME=${NAME:-run-suite}-$$ PORT=$((20000 + RANDOM % 10000))
out=$(mktemp -d) passed=0 failed=0
trap 'rm -rf "$out"' EXIT

check() {
    local title=$1
    shift
    if "$@" >"$out/check" 2>&1; then
        echo "ok $title"
        passed=$((passed + 1))
    else
        echo "not ok $title"
        sed 's/^/    /' "$out/check" "$out/run"
        failed=$((failed + 1))
    fi
}

# In a process group of its own, as on a terminal: what Ctrl-C would reach, also when whoever started this ignores it.
start() {
    # Now, and not when the shell in the background gets to it: the one before must not be taken for the new one.
    : >"$out/run"
    : >"$out/tool"
    env --default-signal=INT setsid --wait bash -c 'echo $$ >"$0"; exec make run' "$out/pid" >"$out/run" 2>&1 &
    runner=$!
    for ((tries = 0; tries < 6000; tries++)); do
        ! grep -q 'Ctrl-C ends it' "$out/run" || { tool >"$out/tool"; return; }
        kill -0 "$runner" 2>/dev/null || return 1
        sleep 0.1
    done
    return 1
}

ended() {
    for ((tries = 0; tries < 100; tries++)); do
        left || return 0
        sleep 0.1
    done
    left
    return 1
}

# Prints what is left and is true when something is.
left() {
    local found=1 process
    for process in /proc/[0-9]*; do
        grep -q "restarter-$NAME\b" "$process/cgroup" 2>/dev/null || grep -q "$NAME" "$process/cmdline" 2>/dev/null || continue
        echo "process ${process#/proc/}: $(tr '\0' ' ' <"$process/cmdline")"
        found=0
    done
    [[ ! -s $out/tool ]] || grep -z machine "/proc/$(<"$out/tool")/cmdline" 2>/dev/null && found=0
    cgroups | grep . && found=0
    scopes | grep . && found=0
    grep -E "restarter|nsfs" /proc/self/mountinfo | grep -v "$PWD" | grep -E "$NAME|nsfs" && found=0
    find "${CACHE:-/var/cache/restarter}/staging" -name "$NAME.*" 2>/dev/null | grep . && found=0
    losetup -a 2>/dev/null | grep restarter && found=0
    return $found
}

cgroups() {
    unshare --mount sh -c 'mount -t cgroup2 cgroup2 /sys/fs/cgroup 2>/dev/null; find /sys/fs/cgroup -type d -name "restarter-$0"' "$NAME"
}

# Where systemd is PID 1, each tool has a scope of its own.
scopes() {
    [[ ! -d /run/systemd/system ]] || systemctl list-units --all --plain --no-legend "restarter-$NAME-*.scope"
}

runs_in_a_scope() {
    scopes | grep -w running && grep "/restarter-$NAME-.*\.scope" "/proc/$(<"$out/tool")/cgroup"
}

# Clients come from the image of the test tools: this host may have neither curl nor Python.
client() {
    tests/machine/machine client "$1"
}

answers() {
    client "curl -sSf http://127.0.0.1:$PORT/" | grep -q '<html'
}

curl_line_works() {
    local answer
    answer=$(client "$(grep -E '^ +curl ' "$out/run")")
    echo "$answer"
    [[ $answer == *'"success"'*true* ]]
}

python_line_works() {
    local answer
    answer=$(client "$(grep -E '^ +python3 ' "$out/run")")
    echo "$answer"
    [[ $answer == *"'success': True"* ]]
}

# The clients above had cages of their own, which have ended since.
mounts_are_there() {
    local process
    for process in /proc/[0-9]*; do
        tr '\0' ' ' <"$process/cmdline" 2>/dev/null | grep "machine inside $NAME run" || continue
        grep ' / /run/systemd/nspawn ' "$process/mountinfo"
        return
    done
    return 1
}

nothing_without_a_login() {
    local page
    page=$(client "curl -sS -o /dev/null -w '%{http_code}\n' http://127.0.0.1:$PORT/api/instances; curl -sSL http://127.0.0.1:$PORT/")
    echo "$page"
    [[ $page == 401* && $page == *password* && $page != *example@* ]]
}

# By the page's own form, with the cookie that it gives.
page_of() {
    client "curl -sSfL -c /tmp/jar -b /tmp/jar --data-urlencode user=$1 --data-urlencode password=$2 http://127.0.0.1:$PORT/login"
}

each_sees_their_own() {
    local name password other page n=0
    while read -r name password; do
        page=$(page_of "$name" "$password") || return 1
        for other in anna bert carl; do
            grep -q "example@$other" <<<"$page" && [[ $other != "$name" ]] && { echo "$name sees $other's"; [[ $name == carl ]] || return 1; }
        done
        grep -q "example@$name" <<<"$page" || { echo "$name does not see example@$name: $page"; return 1; }
        n=$((n + 1))
    done < <(sed -n 's/^  \([a-z]*\), password \(.*\)$/\1 \2/p' "$out/run")
    ((n == 3))
}

other_login_is_refused() {
    make run >"$out/second" 2>&1 && return 1
    grep -q "LOGIN=nonsense" "$out/second"
}

second_is_refused() {
    PORT=$((PORT + 1)) make run >"$out/second" 2>&1 && return 1
    cat "$out/second"
    grep -q 'runs already' "$out/second"
}

port_in_use_is_said() {
    NAME=$NAME-port make run >"$out/second" 2>&1 && return 1
    cat "$out/second"
    grep -q "port $PORT .* in use" "$out/second"
}

# The page answers before all of the machine is up.
demo_runs() {
    local tries
    for ((tries = 0; tries < 50; tries++)); do
        tests/machine/machine exec "$NAME" systemctl is-active example@1234.service example@0666.service && return
        sleep 0.2
    done
    return 1
}

shell_opens() {
    echo 'echo $((6 * 7)) in $PWD; systemctl is-system-running' | make shell NAME="$NAME" | tee /dev/stderr |
        grep -q '42 in /root'
}

end_with() {
    local signal=$1 whom=$2 tries
    [[ -n ${whom#-} ]] || { echo "nobody to kill is known"; return 1; }
    kill "-$signal" -- "$whom" || return 1
    # Not `wait` alone: what does not end is to fail the test, not to stop it.
    for ((tries = 0; tries < 300; tries++)); do
        kill -0 "$runner" 2>/dev/null || break
        sleep 0.1
    done
    ! kill -0 "$runner" 2>/dev/null || { echo "it did not end"; kill -KILL -- "-$(<"$out/pid")"; return 1; }
    wait "$runner" 2>/dev/null
    ended
}

# The tool is the child of make.
tool() {
    grep -lx "PPid:.$(<"$out/pid")" /proc/[0-9]*/status 2>/dev/null | tr -dc '0-9\n' | head -n 1
}

# What a host, its PID 1 and its tools have a part in: that it comes up, and goes with all that it brought however it ends.
on_any_host() {
    local lacking
    lacking=$(command -v systemd-nspawn mmdebstrap >/dev/null || echo something)
    check "make run serves" start
    [[ -z $lacking ]] || check "it says what it installs on the host" grep "installing on this host.*: .*systemd-container" "$out/run"
    [[ ! -d /run/systemd/system ]] || check "it runs in a scope of its own" runs_in_a_scope
    check "the page answers" answers
    check "another one that ends takes nothing from it" mounts_are_there
    check "make shell opens a shell in it" shell_opens
    check "Ctrl-C leaves nothing behind" end_with INT "-$(<"$out/pid")"
    check "it starts again" start
    check "kill -9 of make leaves nothing behind" end_with KILL "$(<"$out/pid")"
    check "it starts again after that" start
    check "kill -9 of the tool leaves nothing behind" end_with KILL "$(<"$out/tool")"
}

on_one_host() {
    check "it starts once more" start
    check "the demonstration runs" demo_runs
    check "its curl line works" curl_line_works
    check "its Python line works" python_line_works
    check "a second start is refused" second_is_refused
    check "a port in use is said" port_in_use_is_said
    check "SIGTERM leaves nothing behind" end_with TERM "$(<"$out/tool")"
}

with_a_login() {
    export LOGIN=password
    check "make run LOGIN=password serves" start
    check "whoever is not logged in gets nothing" nothing_without_a_login
    check "three accounts are printed, and each sees their own" each_sees_their_own
    check "its curl line works" curl_line_works
    check "its Python line works" python_line_works
    check "Ctrl-C leaves nothing behind" end_with INT "-$(<"$out/pid")"
    LOGIN=nonsense check "another LOGIN= is refused" other_login_is_refused
}

# By ssh the first call may take longer than a page waits for another machine.
shows_the_others() {
    local tries page
    for ((tries = 0; tries < 60; tries++)); do
        page=$(client "curl -sSf http://127.0.0.1:$PORT/")
        [[ $page != */machines/web1/instances/* || $page != */machines/web2/instances/* ]] || return 0
        sleep 1
    done
    echo "$page"
    return 1
}

click_goes_there() {
    client "curl -sSf -H 'Accept: application/json' -d 'service_id=1234&machine=web2' http://127.0.0.1:$PORT/restart" | grep '"success": true'
}

with_others() {
    export MACHINES=3
    check "make run MACHINES=3 serves" start
    check "the page shows the others" shows_the_others
    check "a click goes to another one" click_goes_there
    check "Ctrl-C leaves nothing behind" end_with INT "-$(<"$out/pid")"
    export MACHINES=1
}

on_any_host
if [[ -z ${HOST_PART:-} ]]; then
    on_one_host
    with_others
    with_a_login
fi
echo "run: $passed passed, $failed failed"
((failed == 0))
