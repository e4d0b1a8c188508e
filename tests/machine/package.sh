#!/bin/bash
# The package's life, played on a booted machine that has never seen it: put in by apt, used at once, put in again,
# removed, purged. Run by `make check` inside the machine; ends with one line of counts.
cd "$(dirname "$0")" || exit 1
# shellcheck source=/dev/null
. lib/tap.sh

installed_by_apt() {
    apt-get -q install /var/tmp/restarter.deb || return
    sockets_listen
}

# is-active and is-enabled are content with one of several.
sockets_listen() {
    local name
    for name in restarter-webfront restarter-broker{,-web,-web-proxy} restarter-log{,-broker}; do
        systemctl is-active "$name.socket" && systemctl is-enabled "$name.socket" || return
    done
}

# Those that are for whoever wants them.
others_do_not() {
    local name
    for name in restarter-webfront-{proxy,metrics}.socket restarter-login{,-pam}.socket restarter-check.timer; do
        ! systemctl is-active "$name" && ! systemctl is-enabled "$name" || return
    done
}

only_sockets_run() {
    ! systemctl is-active --quiet restarter-webfront.service && ! systemctl is-active --quiet restarter-broker.service
}

as_restarter() {
    setpriv --reuid=restarter --regid=restarter --clear-groups "$@"
}

# The bus says so itself, and not systemd or polkit, which would answer "interactive authentication required".
bus_denies() {
    local answer
    answer=$(as_restarter busctl call org.freedesktop.systemd1 /org/freedesktop/systemd1 \
        org.freedesktop.systemd1.Manager "$@" 2>&1) && return 1
    echo "$answer"
    [[ $answer == *"not authorized"* || $answer == *"rejected send message"* || $answer == *"Access denied"* ||
        $answer == *"AccessDenied"* || $answer == *"denied"* ]]
}

bus_allows() {
    as_restarter busctl call org.freedesktop.systemd1 /org/freedesktop/systemd1 org.freedesktop.systemd1.Manager \
        ListUnitsByPatterns asas 0 1 'example@*'
}

demo_clicked() {
    systemctl start example@1234.service || return
    local before after
    before=$(systemctl show --value -p InvocationID example@1234.service)
    restartctl restart example@1234.service || return
    after=$(systemctl show --value -p InvocationID example@1234.service)
    echo "$before -> $after"
    [[ -n $after && $before != "$after" ]]
}

exposure_at_most() {
    local exposure
    exposure=$(systemd-analyze security --no-pager "$1" | sed -n 's/.*Overall exposure level.*: \([0-9.]*\) .*/\1/p')
    echo "$1: $exposure"
    [[ -n $exposure ]] && awk "BEGIN { exit !($exposure <= $2) }"
}

units_are_sound() {
    local words units
    mapfile -t units < <(dpkg -L restarter | sed -n 's,.*/systemd/system/\([^/]*\.[a-z]*\)$,\1,p')
    words=$(systemd-analyze verify --man=no "${units[@]}" 2>&1 | grep -i restarter)
    echo "${#units[@]} units: $words"
    ((${#units[@]} >= 20)) && [[ -z $words ]]
}

catalog_explains() {
    journalctl --list-catalog 5e1c7c8a3d5c4c0f9a3f0b6f4a0f1d01 | grep -q restarter
}

conffile_kept() {
    echo '# the hand of an admin' >>/etc/restarter/policy.conf
    apt-get -q install --reinstall /var/tmp/restarter.deb || return
    grep -q 'hand of an admin' /etc/restarter/policy.conf && sockets_listen
}

# One request after the other, each on a connection of its own, until /tmp/asking is gone.
keep_asking() {
    local answer
    while [[ -e /tmp/asking ]]; do
        exec 3<>/dev/tcp/127.0.0.1/8080 || { echo "no connection"; continue; }
        printf 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
        answer=$(tr -d '\r' <&3)
        exec 3>&-
        # The status line alone, or with it the reason for another one.
        [[ $answer == "HTTP/1.1 200 OK"* ]] && echo "HTTP/1.1 200 OK" || echo "${answer%%$'\n'*}: ${answer##*$'\n'}"
    done
}

replaced_under_load() {
    local before after tries
    touch /tmp/asking
    keep_asking >/tmp/answers 2>&1 &
    restartctl list && before=$(systemctl show --value -p MainPID restarter-broker.service)
    apt-get -q install --reinstall /var/tmp/restarter.deb || return
    # The package asks for the new one without waiting for it.
    for ((tries = 0; tries < 100; tries++)); do
        restartctl list >/dev/null && after=$(systemctl show --value -p MainPID restarter-broker.service)
        [[ $after == 0 || $after == "$before" ]] || break
        sleep 0.1
    done
    rm /tmp/asking
    wait
    sort /tmp/answers | uniq -c
    echo "broker: process $before, then $after"
    [[ $(sort -u /tmp/answers) == "HTTP/1.1 200 OK" && $before != 0 && $after != 0 && $before != "$after" ]]
}

# Prints what runs, is loaded or has failed of it; on a machine that has nothing but what the package brings.
anything_of_it() {
    local found=1 process
    for process in /proc/[0-9]*; do
        [[ $(readlink "$process/exe") != */restarter/* ]] || { tr '\0' ' ' <"$process/cmdline"; found=0; }
    done
    systemctl list-units --all --plain --no-legend 'restarter*' | grep -v ' not-found *inactive ' && found=0
    return $found
}

# All doors were opened before, also those for whoever wants them, and daemons run behind them.
removed() {
    systemctl stop restarter-webfront.service
    systemctl start restarter-webfront-{proxy,metrics}.socket restarter-login{,-pam}.socket restarter-check.timer
    anything_of_it >/dev/null && restartctl list >/dev/null || return
    apt-get -q remove restarter || return
    ! anything_of_it && [[ ! -e /run/restarter && -e /etc/restarter/policy.conf ]]
}

purged() {
    apt-get -q purge restarter || return
    local left
    left=$(find /etc /usr /var/lib /run -path /usr/src -prune -o -name '*restarter*' -print 2>/dev/null)
    echo "$left"
    [[ -z $left ]] && ! getent passwd restarter && ! getent group restarter restarter-web restarter-web-proxy restarter-proxy restarter-clients
}

check "apt installs it and the sockets listen" installed_by_apt
check "what is for those who want it does not" others_do_not
check "no daemon runs before the first click" only_sockets_run
check "the units are sound" units_are_sound
check "the bus lets its user read units, at once" bus_allows
check "the bus lets its user stop nothing, at once" bus_denies StopUnit ss example@1234.service replace
check "a click works at once" demo_clicked
check "exposure of the web front end at most 0.1" exposure_at_most restarter-webfront.service 0.1
check "exposure of the broker at most 0.3" exposure_at_most restarter-broker.service 0.3
check "the journal's catalog explains its entries" catalog_explains
check "installed again, the admin's edit stays" conffile_kept
check "a click works after that" demo_clicked
check "replaced while it is used: no request is lost, and the new one runs" replaced_under_load
check "removed: nothing runs or listens" removed
check "purged: nothing is left" purged
echo "package: $passed passed, $failed failed"
((failed == 0))
