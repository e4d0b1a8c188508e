# bash completion for restartctl(1)

# What may be restarted, if the broker tells us: full names, since ids alone may mean something else.
__restartctl_units() {
    restartctl list 2>/dev/null </dev/null | cut -d' ' -f1
}

# The machines and groups of machines.conf.
__restartctl_machines() {
    sed -n 's/^\[\(Machine\|Group\)  *\([A-Za-z0-9.-]*\) *\]$/\2/p' /etc/restarter/machines.conf 2>/dev/null
}

# Who has a password, for root.
__restartctl_users() {
    sed -n 's/^\([A-Za-z0-9_][A-Za-z0-9_.@-]*\):.*/\1/p' /etc/restarter/users 2>/dev/null
}

# Puts those of the words that fit into COMPREPLY. Names of units may have colons in them.
__restartctl_reply() {
    local word
    COMPREPLY=()
    for word in $1; do
        [[ $word == "$cur"* ]] && COMPREPLY+=("$word")
    done
    declare -F __ltrim_colon_completions >/dev/null && __ltrim_colon_completions "$cur"
}

_restartctl() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} words=() word i
    COMPREPLY=()

    # Bash makes three words of --json=short.
    [[ $cur == = ]] && cur=
    [[ $prev == = ]] && prev=${COMP_WORDS[COMP_CWORD - 2]}=
    [[ ($prev == --json || $prev == --resume) && ${COMP_WORDS[COMP_CWORD]} == = ]] && prev+="="
    case ${prev%=} in
    -s | --socket | -p | --policy)
        mapfile -t COMPREPLY < <(compgen -f -- "$cur")
        return
        ;;
    -H | --host)
        __restartctl_reply "$(__restartctl_machines)"
        return
        ;;
    --resume)
        if [[ $prev == *= ]]; then
            __restartctl_reply "again skip"
            return
        fi
        ;;
    --settle | --timeout | --press | --reason | --max-failures | --pause | -n | --lines) return ;;
    -S | --since)
        __restartctl_reply "today yesterday -1h -1d"
        return
        ;;
    --unit)
        __restartctl_reply "$(__restartctl_units)"
        return
        ;;
    -u | --user)
        mapfile -t COMPREPLY < <(compgen -u -- "$cur")
        return
        ;;
    -g | --group)
        mapfile -t COMPREPLY < <(compgen -g -- "$cur")
        return
        ;;
    --json)
        if [[ $prev == *= ]]; then
            __restartctl_reply "pretty short off"
            return
        fi
        ;;
    --state)
        __restartctl_reply "failed restarting running stopped"
        return
        ;;
    -v | --verb)
        __restartctl_reply "restart try-restart reload reload-or-restart start stop kill"
        return
        ;;
    esac

    # The verbs so far, without options and their arguments.
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        case $word in
        -H | --host | -s | --socket | -p | --policy | -v | --verb | -u | --user | -g | --group | --settle | --timeout | --press | --reason | --max-failures | --pause | -n | --lines | -S | --since | --unit | --state)
            ((i++))
            [[ ${COMP_WORDS[i]} == = ]] && ((i++))
            ;;
        --json | --resume) [[ ${COMP_WORDS[i + 1]} == = ]] && ((i += 2)) ;;
        -*) ;;
        *) words+=("$word") ;;
        esac
    done

    if [[ $cur == -* ]]; then
        case "${words[*]:0:2}" in
        restart* | try-restart* | reload*) __restartctl_reply "--json --max-failures --no-block --no-settle --pause --press --quiet --reason --resume --rolling --settle --timeout" ;;
        "policy apply") __restartctl_reply "--dry-run --force --offline --policy" ;;
        "policy table") __restartctl_reply "--all --group --json --policy --user --verb" ;;
        "policy explain") __restartctl_reply "--group --json --policy --user" ;;
        "policy check") __restartctl_reply "--json --policy --quiet --skip-polkit --verb" ;;
        "policy "*) __restartctl_reply "--json --policy" ;;
        list*) __restartctl_reply "--json --no-legend --state" ;;
        log*) __restartctl_reply "--json --lines --no-pager --since --unit --user" ;;
        passwd*) __restartctl_reply "--delete --list" ;;
        watch*) __restartctl_reply "--json" ;;
        bridge*) __restartctl_reply "--authorized-key" ;;
        check) __restartctl_reply "--json --policy --quiet --skip-polkit --verb" ;;
        *) __restartctl_reply "--help --host --json --no-legend --no-pager --policy --socket --version" ;;
        esac
        return
    fi
    case "${words[*]:0:2}" in
    "") __restartctl_reply "list allowed status restart try-restart reload reload-or-restart check policy passwd log bridge watch" ;;
    bridge) mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
    passwd) __restartctl_reply "$(__restartctl_users)" ;;
    policy) __restartctl_reply "render apply table check explain wait" ;;
    "policy render") ((${#words[@]} == 2)) && __restartctl_reply "rule bus" ;;
    "policy explain")
        case ${#words[@]} in
        2) __restartctl_reply "$(__restartctl_units)" ;;
        3) __restartctl_reply "restart try-restart reload reload-or-restart" ;;
        esac
        ;;
    "policy table") __restartctl_reply "$(__restartctl_units)" ;;
    restart | try-restart | reload | reload-or-restart | status | watch | "watch "* | "restart "* | "try-restart "* | "reload "* | "reload-or-restart "*) __restartctl_reply "$(__restartctl_units)" ;;
    esac
}

complete -F _restartctl restartctl
