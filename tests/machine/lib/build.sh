# Building: the package out of a clean export of the tree, and any other command over such an export, in a chroot of
# a release with all that debian/control asks for and no network. Sourced by ../machine; needs a cage.

DEB_CHANGES_NOT="^(debian/tests/|tests/(machine|browser|bench|fuzz)/.*[^k]$|\.ci/|(README|SECURITY)\.md|docs/.*\.(png|md)$|tests/README)"

# The files that belong to the project, NUL separated: tracked or at least not ignored; all but build/ where there
# is no git.
tree_files() {
    cd "$TOP" || return
    if [[ -e .git ]] && command -v git >/dev/null; then
        git -c safe.directory="$TOP" ls-files -co --exclude-standard --deduplicate -z | tree_existing
    else
        find . -path ./build -prune -o \( -type f -o -type l \) -printf '%P\0'
    fi
}

tree_existing() {
    local file
    while IFS= read -r -d '' file; do
        [[ ! -e $file && ! -L $file ]] || printf '%s\0' "$file"
    done
}

tree_tar() {
    tar -C "$TOP" --null --no-recursion --sort=name --owner=0 --group=0 --numeric-owner -T - -cf - "$@"
}

tree_export() {
    mkdir -p "$1"
    tree_files | tree_tar | tar -C "$1" --no-same-owner -xf -
}

# What the package is made from; a changed test or README.md makes no other package.
deb_inputs_hash() {
    tree_files | grep -zvE "$DEB_CHANGES_NOT" | tree_tar --mtime=@0 --mode=a+rX,u+w,go-w | sha256sum | cut -c1-16
}

build_depends() {
    sed -n '/^Source:/p; /^Build-Depends[^:]*:/,/^[^ ]/{ /^Build-Depends/p; /^ /p }; /^$/q' "$TOP/debian/control"
}

# Linters are the bulk of what checking needs, and one release's opinion is enough.
check_profiles() {
    [[ $1 == bookworm ]] && echo pkg.restarter.lint || echo pkg.restarter.nolint
}

# Prints the newest package built for RELEASE.
deb_file() {
    local debs=("$TOP/build/$1"/restarter_*.deb)
    [[ -f ${debs[0]} ]] || die "no package for $1 yet: make deb RELEASE=$1"
    echo "${debs[0]}"
}

verb_deb() {
    local release=${1:-}
    need_release "$release"
    cage "deb-$release-$$" deb "$release"
}

inside_deb() {
    local release=$1
    deb_make "$release"
    say "$(deb_file "$release")"
}

# Two steps, the second of which is skipped when nothing changed since the last time.
deb_make() {
    local release=$1 log=$TOP/build/log/deb-$1.log lock
    mkdir -p "$TOP/build/log"
    exec {lock}>"$TOP/build/log/.deb-$release.lock"
    flock "$lock"
    rm -f "$log"
    layer_ready "$release" build ||
        step "build chroot, $release (once; then cached)" "$log" layer_ensure "$release" build
    deb_is_current "$release" || step "package, $release" "$log" deb_build "$release"
    exec {lock}>&-
}

deb_is_current() {
    local stamp=$TOP/build/$1/.inputs
    [[ -f $stamp && $(<"$stamp") == "$(deb_inputs_hash) $(layer_key "$1" build)" ]] &&
        compgen -G "$TOP/build/$1/restarter_*.deb" >/dev/null
}

deb_build() {
    local release=$1 hash out=$TOP/build/$1
    hash="$(deb_inputs_hash) $(layer_key "$release" build)"
    rm -rf "$out"
    mkdir -p "$out"
    over_tree "$release" build "$out" /srv/out \
        'dpkg-buildpackage --build=binary --unsigned-source --unsigned-changes --build-profiles=nocheck \
            && cp ../*.deb /srv/out'
    echo "$hash" >"$out/.inputs"
    owner_as_tree "$TOP/build"
}

# What one build leaves for the next, in any tree and of any suite: ccache's objects, and what linters were
# content with. Both are found by a hash of what they were made from, so several may use them at once. On this host nobody
# but root comes in: what is put there ends up in programs that run as root.
BUILD_MEMORY=/var/cache/builder
BUILD_REMEMBERS="export PATH=/usr/lib/ccache:\$PATH CCACHE_DIR=$BUILD_MEMORY/ccache CCACHE_MAXSIZE=500M LINT_MEMORY=$BUILD_MEMORY/lint"

# build_memory RELEASE UID: prints the folder of that release, which belongs to that user.
build_memory() {
    local dir=$CACHE/$1/memory
    install -d -m 700 "$dir"
    install -d -m 700 -o "$2" "$dir/builder"
    echo "$dir/builder"
}

# over_tree RELEASE KIND DIR MOUNTPOINT SHELL-COMMAND: runs the command as an ordinary user in a fresh export of the
# tree; DIR is the host's side of MOUNTPOINT, the one place that stays beside what is remembered.
over_tree() {
    local release=$1 kind=$2 out=$3 inside=$4 command=$5 dir memory status=0
    dir=$(mktemp -d "$WORK/tree.XXXXXX")
    mkdir "$dir/upper" "$dir/work" "$dir/root"
    overlay "$release" "$kind" "$dir" "$dir/root"
    tree_export "$dir/root/home/builder/restarter"
    # The package of ccache has no "cc" where it was put in together with the compiler, and then nothing is remembered.
    [[ -e $dir/root/usr/lib/ccache/cc ]] || ln -s ../../bin/ccache "$dir/root/usr/lib/ccache/cc"
    chroot "$dir/root" chown -R builder:builder /home/builder
    chmod 1777 "$out"
    memory=$(build_memory "$release" "$(chroot "$dir/root" id -u builder)")
    image_run "$dir/root" --private-network --user=builder --chdir=/home/builder/restarter --bind="$out:$inside" \
        --bind="$memory:$BUILD_MEMORY" -- bash -c "$BUILD_REMEMBERS; $command" || status=$?
    chmod 755 "$out"
    umount -l "$dir/root"
    return "$status"
}

# What sudo made in the tree belongs to whom the tree belongs.
owner_as_tree() {
    chown -R --reference="$TOP" "$1"
}

verb_chroot() {
    local release=${1:-}
    need_release "$release"
    (($# > 1)) || set -- "$release" bash
    cage "${NAME:-chroot-$release-$$}" chroot "$@"
}

inside_chroot() {
    local release=$1 out=$TOP/build/chroot-$1
    shift
    mkdir -p "$out"
    layer_ready "$release" check ||
        step "check chroot, $release (once; then cached)" "$TOP/build/log/chroot-$release.log" \
            layer_ensure "$release" check
    over_tree "$release" check "$out" /srv/out "$(printf '%q ' "$@")"
}
