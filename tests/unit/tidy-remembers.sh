#!/bin/bash
# tests/unit/tidy skips what clang-tidy was content with, and nothing else: over a project of one file and one header.
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/../machine/lib/tap.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/tests/unit" "$work/bin" "$work/common"
cp "$here/tidy" "$work/tests/unit/"
cp "$here/../../.clang-tidy" "$work/"
cd "$work" || exit 1
real=$(command -v clang-tidy)
cat >bin/clang-tidy <<END
#!/bin/sh
[ "\$1" = --version ] && { echo "version \${TIDY_VERSION:-1}"; exit; }
echo called >>calls
exec $real "\$@"
END
chmod +x bin/clang-tidy
export PATH=$work/bin:$PATH LINT_MEMORY=$work/memory

header='int twice(int number);'
clean='#include "common/a.h"
int twice(int number)
{
    return 2 * number; // twice
}'
# bugprone-branch-clone
wrong='#include "common/a.h"
int twice(int number)
{
    if (number) {
        return 2 * number;
    } else { // NOLINT
        return 2 * number;
    }
}'

begin() {
    rm -rf memory
    : >calls
    echo "$header" >common/a.h
    echo "$1" >common/a.c
}

# tidy CALLS STATUS: it ends so, and clang-tidy has been called so often since the beginning.
tidy() {
    local status=0
    tests/unit/tidy common/a.c || status=$?
    echo "status $status, calls $(wc -l <calls), stamps $(find memory -type f 2>/dev/null | wc -l)"
    [[ $(wc -l <calls) == "$1" && $status == "$2" ]]
}

no_stamp() {
    [[ -z $(find memory -type f 2>/dev/null) ]]
}

clean_is_remembered() {
    begin "$clean"
    tidy 1 0 && tidy 1 0 && touch common/a.c && tidy 1 0
}

changed_file_runs() {
    begin "$clean"
    tidy 1 0 && sed -i 's/2 \* number/number * 2/' common/a.c && tidy 2 0 && tidy 2 0
}

changed_header_runs() {
    begin "$clean"
    tidy 1 0 && echo '/* A word. */' >>common/a.h && tidy 2 0 && echo "$header" >common/a.h && tidy 2 0
}

changed_comment_runs() {
    begin "${wrong//if (/if ( \/\/ NOLINT$'\n'}"
    tidy 1 0 && sed -i 's,// NOLINT,// no more,' common/a.c && tidy 2 1
}

changed_settings_run() {
    begin "$clean"
    tidy 1 0 && echo '# A word.' >>.clang-tidy && tidy 2 0
}

other_version_runs() {
    begin "$clean"
    tidy 1 0 && TIDY_VERSION=2 tidy 2 0 && tidy 2 0
}

finding_is_not_remembered() {
    begin "${wrong/ \/\/ NOLINT/}"
    tidy 1 1 && tidy 2 1 && no_stamp
}

finding_in_a_header_is_not_remembered() {
    begin "$clean"
    echo 'static inline int same(int a) { return a - a; }' >>common/a.h
    tidy 1 1 && tidy 2 1 && no_stamp
}

what_does_not_compile_is_not_remembered() {
    begin '#include "common/gone.h"'
    tidy 1 1 && tidy 2 1 && no_stamp
}

edited_meanwhile_is_not_remembered() {
    begin "${wrong/ \/\/ NOLINT/}"
    printf '%s\n' '#!/bin/sh' '[ "$1" = --version ] && exit' "printf '%s\\n' '$clean' >common/a.c" "exec $real \"\$@\"" >bin/editor
    chmod +x bin/editor
    mkdir -p editing && cp bin/editor editing/clang-tidy
    PATH=$work/editing:$PATH tidy 0 0 && no_stamp
}

check "what was clean is not looked at again" clean_is_remembered
check "a changed file is" changed_file_runs
check "a file with a changed header is" changed_header_runs
check "a file with a changed comment is" changed_comment_runs
check "every file is after the settings changed" changed_settings_run
check "every file is by another version" other_version_runs
check "a finding is not remembered" finding_is_not_remembered
check "a finding in a header is not remembered" finding_in_a_header_is_not_remembered
check "what does not compile is not remembered" what_does_not_compile_is_not_remembered
check "what was edited meanwhile is not remembered" edited_meanwhile_is_not_remembered
echo "lint-memory: $passed passed, $failed failed"
((failed == 0))
