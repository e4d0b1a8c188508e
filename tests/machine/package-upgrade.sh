#!/bin/bash
# Upgrades, played on a booted machine: from a version whose polkit rule was a conffile, and to one whose policy file has
# another comment. Nobody is asked about the rule, one that was made by hand stays, and it goes with the package. Run by
# `make check` inside the machine; ends with one line of counts.
cd "$(dirname "$0")" || exit 1
# shellcheck source=/dev/null
. lib/tap.sh

RULE=/etc/polkit-1/rules.d/50-restarter.rules
KEPT=${RULE%.rules}-upgrade.rules
VERBS=/etc/dbus-1/system.d/restarter-verbs.conf
POLICY=/etc/restarter/policy.conf
NEW=/var/tmp/restarter.deb
WORK=$(mktemp -d /var/tmp/upgrade.XXXXXX)

# --- packages ---

# unpacked NAME: the new package, taken apart.
unpacked() {
    rm -rf "${WORK:?}/$1"
    dpkg-deb -R "$NEW" "$WORK/$1"
}

packed() {
    (cd "$WORK/$1" && find . -type f -not -path './DEBIAN/*' -printf '%P\0' | xargs -0 md5sum >DEBIAN/md5sums)
    sed -i "s/^Version: .*/Version: $2/" "$WORK/$1/DEBIAN/control"
    dpkg-deb --root-owner-group -Znone -b "$WORK/$1" "$WORK/$1.deb" >/dev/null
}

# A rule as an earlier version rendered it: another comment, and a checksum that fits.
rendered_earlier() {
    local rest sum
    rest=$(restartctl_of_the_package policy render rule | sed 's,^// Change what,// An earlier one. Change what,')
    sum=$(grep -v 'sha256 of all other lines' <<<"$rest" | sha256sum | cut -d ' ' -f 1)
    sed "s/\(sha256 of all other lines: \).*/\1$sum/" <<<"$rest"
}

restartctl_of_the_package() {
    "$WORK/old/usr/bin/restartctl" --policy="$WORK/old$POLICY" "$@"
}

# As 0.1 was in what matters here: the rule is shipped, as a conffile, and web.sock is where it was.
make_old() {
    local units
    unpacked old
    install -D -m 644 /dev/stdin "$WORK/old$RULE" < <(rendered_earlier)
    echo "$RULE" >>"$WORK/old/DEBIAN/conffiles"
    rm "$WORK/old/DEBIAN/preinst"
    sed -i '/^    make_rule$/d; /^# Up to 0.1 web/,/^fi$/d' "$WORK/old/DEBIAN/postinst"
    sed -i '/^case/,/^esac$/d' "$WORK/old/DEBIAN/postrm"
    units=$(dirname "$(find "$WORK/old" -name restarter-broker-web.socket)")
    sed -i '/^Symlinks=/d; s,/run/restarter/web/web.sock,/run/restarter/web.sock,' "$units/restarter-broker-web.socket"
    sed -i 's,/run/restarter/web:/run/restarter ,/run/restarter/web.sock ,' "$units/restarter-webfront.service"
    packed old 0.1
}

# As 0.2 was before the broker asked for the record: two sockets fewer, and a broker that sees nothing of them.
make_before() {
    local units
    unpacked before
    units=$(dirname "$(find "$WORK/before" -name restarter-broker.service)")
    rm "$units"/restarter-log-broker* "$units/restarter-webfront-metrics.socket"
    sed -i 's, -/run/restarter/log-broker:/run/restarter$,,; s, restarter-log-broker.socket,,' "$units/restarter-broker.service"
    sed -i "s, 'restarter-log-broker.socket',,; s, 'restarter-webfront-metrics.socket',," "$WORK/before/DEBIAN/"post{inst,rm}
    sed -i "s, 'restarter-log-broker.socket',,; s, restarter-webfront-metrics.socket,," "$WORK/before/DEBIAN/prerm"
    sed -i '/restarter-log-broker.socket\|restarter-webfront-metrics.socket/d' "$WORK/before/DEBIAN/postinst"
    packed before 0.1.9
}

# A later version, whose policy file has another comment.
make_later() {
    unpacked later
    sed -i '1s/.*/# What the restart button may touch (see policy.conf(5))./' "$WORK/later$POLICY"
    packed later 99
}

# A later version that cannot be unpacked: its preinst fails at the end.
make_failing() {
    unpacked failing
    echo 'exit 1' >>"$WORK/failing/DEBIAN/preinst"
    packed failing 99
}

# --- what is done ---

# As somebody does who has nobody to answer questions.
get() {
    dpkg --install "$1" </dev/null >"$WORK/out.log" 2>&1
    local status=$?
    cat "$WORK/out.log"
    return $status
}

get_by_apt() {
    apt-get -q -y install "$1" </dev/null
}

fresh() {
    dpkg --purge restarter </dev/null >/dev/null 2>&1
    rm -rf /etc/restarter "$RULE"*
    get "$1"
}

click() {
    systemctl start example@1234.service && restartctl restart example@1234
}

page_is_there() {
    local tries
    for ((tries = 0; tries < 100; tries++)); do
        answer_of_healthz | grep -q ' 200 ' && return
        sleep 0.1
    done
    return 1
}

answer_of_healthz() {
    exec 3<>/dev/tcp/127.0.0.1/8080 || return
    printf 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
    cat <&3
}

no_conffile() {
    dpkg-query --show --showformat='${Conffiles}' restarter
    ! dpkg-query --show --showformat='${Conffiles}' restarter | grep -q rules.d && [[ ! -e $KEPT ]] &&
        ! ls "$RULE".* 2>/dev/null
}

is_rendered() {
    diff "$RULE" <(restartctl policy render rule) && [[ $(stat -c '%a %U %G' "$RULE") == "644 root root" ]]
}

# --- what is to be seen ---

untouched() {
    fresh "$WORK/old.deb" && click && page_is_there && grep -q 'An earlier one' "$RULE" || return
    dpkg-query --show --showformat='${Conffiles}' restarter | grep rules.d || return
    get "$NEW" && ! grep 'restarter: ' "$WORK/out.log" && no_conffile && is_rendered && click && page_is_there
}

upgraded_while_a_page_is_open() {
    local name
    fresh "$WORK/old.deb" && page_is_there && systemctl is-active restarter-webfront.service || return
    get "$NEW" && page_is_there && click || return
    for name in broker broker-web webfront; do systemctl is-active "restarter-$name.socket" || return; done
}

# What an admin has set, opened and shut: files by what is in them, doors by the very sockets.
state_of_the_admin() {
    local name
    sha256sum "$POLICY" "$POLICY.d/10-worker.conf" /etc/restarter/{webfront.conf,users} /etc/default/restarter
    for name in restarter-webfront{,-proxy}.socket restarter-broker{,-web,-web-proxy}.socket restarter-log{,in}.socket; do
        echo "$name: $(systemctl is-enabled "$name") $(systemctl is-active "$name")"
    done
    stat -c '%n %i' /run/restarter/{broker,web,proxy,login}.sock
    sed -n 's/^.*: 0100007F:1F90 [^ ]* 0A [^ ]* [^ ]* [^ ]* *[0-9]* *[0-9]* \([0-9]*\) .*/page \1/p' /proc/net/tcp
}

new_doors_are_there() {
    local name=restarter-log-broker.socket
    systemctl is-active $name && systemctl is-enabled $name && [[ -S /run/restarter/log-broker.sock ]] || return
    ! systemctl is-active restarter-webfront-metrics.socket && ! systemctl is-enabled restarter-webfront-metrics.socket
}

# From a version without the newer sockets, with everything in use and set as an admin did.
set_by_an_admin() {
    fresh "$WORK/before.deb" && [[ ! -e /run/restarter/log-broker ]] || return
    mkdir -p "$POLICY.d"
    sed -i 's/^Verbs=.*/Verbs=restart reload/' "$POLICY"
    printf '[Grant]\nUnit=worker@.service\nInstances=blue\nVerbs=restart\n' >"$POLICY.d/10-worker.conf"
    printf '[Web]\nLogin=password\n' >/etc/restarter/webfront.conf
    echo a-long-password | restartctl passwd anna && echo IDLE_EXIT_SEC=600 >/etc/default/restarter || return
    restartctl policy apply && systemctl enable --now restarter-{login,webfront-proxy}.socket || return
    systemctl disable --now restarter-log.socket
    page_is_there && click && state_of_the_admin >"$WORK/state" || return
    systemctl is-active restarter-{webfront,broker}.service && get "$NEW" && ! grep 'restarter: ' "$WORK/out.log" || return
    diff "$WORK/state" <(state_of_the_admin) && new_doors_are_there && the_broker_asks && page_is_there && click
}

# The new broker runs, and what it did is found by the door that is new.
the_broker_asks() {
    local tries
    for ((tries = 0; tries < 100; tries++)); do
        restartctl --json list | grep -q '"restarted_verdict": *"[a-z]' && return
        sleep 0.1
    done
    restartctl --json list
    return 1
}

applied_by_an_admin() {
    fresh "$WORK/old.deb" || return
    mkdir -p "$POLICY.d"
    printf '[Grant]\nUnit=worker@.service\nInstances=blue\nVerbs=restart reload\n' >"$POLICY.d/10-worker.conf"
    # What an earlier `policy apply` left: a rule other than the one that was shipped, and the bus policy beside it.
    restartctl policy apply --force && [[ -e $VERBS ]] || return
    get "$NEW" && ! grep 'restarter: ' "$WORK/out.log" && no_conffile && is_rendered && grep worker@ "$RULE" && click
}

made_by_hand() {
    fresh "$WORK/old.deb" || return
    sed -i 's/"\[0-9\]{4}"/"[0-8]{4}"/' "$RULE"
    cp "$RULE" "$WORK/hand"
    get "$NEW" && cmp "$RULE" "$WORK/hand" && no_conffile && grep "restarter: .*$RULE was edited by hand" "$WORK/out.log" || return
    journalctl -t restarter -b --no-pager | grep "edited by hand" && click
}

# Again by the next upgrade, with nothing to be moved any more.
made_by_hand_again() {
    get "$WORK/later.deb" && cmp "$RULE" "$WORK/hand" && no_conffile
}

polkitd_sees_a_rule_all_the_while() {
    fresh "$WORK/old.deb" && click || return
    touch "$WORK/clicking"
    (while [[ -e $WORK/clicking ]]; do restartctl policy table --verb=restart example@1234.service | grep '^example@1234'; done) \
        >"$WORK/table" 2>&1 &
    get "$NEW"
    local status=$?
    rm "$WORK/clicking"
    wait
    sort "$WORK/table" | uniq -c
    ((status == 0)) && [[ -s $WORK/table ]] && ! grep -E 'DEAD|EXCESS' "$WORK/table"
}

changed_comment() {
    fresh "$NEW" && get_by_apt "$WORK/later.deb" && head -n 1 "$POLICY" | grep 'see policy.conf' && no_conffile && is_rendered
}

changed_comment_and_a_drop_in() {
    fresh "$NEW" || return
    mkdir -p "$POLICY.d"
    printf '[Grant]\nUnit=worker@.service\nInstances=blue\nVerbs=restart\n' >"$POLICY.d/10-worker.conf"
    restartctl policy apply && get "$WORK/later.deb" && is_rendered && grep worker@ "$RULE"
}

broken_policy() {
    fresh "$NEW" || return
    cp "$RULE" "$WORK/good"
    echo Colour=red >>"$POLICY"
    get "$NEW" && grep "restarter: .*$POLICY:[0-9]*: " "$WORK/out.log" && cmp "$RULE" "$WORK/good"
}

# What an admin's shell has restartctl ask by itself is not what a package is for.
another_machine_in_the_environment() {
    fresh "$NEW" && rm "$RULE" || return
    RESTARTER_HOST=web1 get "$NEW" && is_rendered && ! grep 'not made anew' "$WORK/out.log"
}

failed_upgrade() {
    fresh "$WORK/old.deb" && cp "$RULE" "$WORK/shipped" || return
    ! get "$WORK/failing.deb" && [[ ! -e $KEPT ]] && cmp "$RULE" "$WORK/shipped" || return
    dpkg-query --show --showformat='${Status} ${Version} ${Conffiles}\n' restarter | grep 'ok installed 0.1' && click
}

# Between unpacking and configuring, which never comes: the rule is where preinst has put it, and polkitd reads it there.
removed_before_it_was_configured() {
    fresh "$WORK/old.deb" && dpkg --unpack "$NEW" && [[ -e $KEPT ]] || return
    dpkg --remove restarter && ! ls "$RULE"* "$KEPT"* 2>/dev/null
}

removed() {
    fresh "$NEW" && dpkg --remove restarter && ! ls "$RULE"* 2>/dev/null || return
    get "$NEW" && is_rendered && click
}

removed_with_a_rule_made_by_hand() {
    fresh "$NEW" && sed -i 's/"\[0-9\]{4}"/"[0-8]{4}"/' "$RULE" && cp "$RULE" "$WORK/hand" || return
    dpkg --remove restarter && [[ ! -e $RULE ]] && cmp "$RULE.removed" "$WORK/hand" || return
    get "$NEW" && cmp "$RULE" "$WORK/hand" && [[ ! -e $RULE.removed ]]
}

purged() {
    dpkg --remove restarter && dpkg --purge restarter || return
    ! find /etc /usr /var/lib /run -path /usr/src -prune -o -name '*restarter*' -print | grep .
}

# The template of the machines is not what a system has at first.
clean_on_a_fresh_system() {
    fresh "$NEW" || return
    systemctl stop 'example@*'
    mv /etc/systemd/system/example@.service "$WORK/"
    systemctl daemon-reload
    restartctl policy check
    local status=$?
    mv "$WORK/example@.service" /etc/systemd/system/
    systemctl daemon-reload
    systemctl start example@1234.service
    return $status
}

make_old && make_before && make_later && make_failing || exit 1
check "check is clean on a fresh system" clean_on_a_fresh_system
check "from a version with a conffile: an untouched rule is replaced, silently" untouched
check "the page comes back while it is open" upgraded_while_a_page_is_open
check "what an admin has set, opened and shut stays so, and new sockets listen" set_by_an_admin
check "a rule that an admin has applied follows" applied_by_an_admin
check "a rule made by hand stays, and that is said" made_by_hand
check "and stays at the next upgrade" made_by_hand_again
check "polkitd has a rule all the while" polkitd_sees_a_rule_all_the_while
check "another comment in the policy file: nobody is asked" changed_comment
check "nor with grants of the admin's own" changed_comment_and_a_drop_in
check "a broken policy file does not stop the package" broken_policy
check "RESTARTER_HOST= in the environment is nothing to it" another_machine_in_the_environment
check "an upgrade that fails leaves everything as it was" failed_upgrade
check "removed before it was configured: no rule is left" removed_before_it_was_configured
check "removed: no rule is left, and it comes back" removed
check "removed: a rule made by hand is out of force, and comes back" removed_with_a_rule_made_by_hand
check "purged: nothing is left" purged
rm -rf "$WORK"
echo "package-upgrade: $passed passed, $failed failed"
((failed == 0))
