#!/bin/bash
# tests/unit/remembered skips what a tool was content with, and nothing else: over a project of one file and one header.
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/../machine/lib/tap.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/tests/unit" "$work/bin" "$work/common"
cp "$here/remembered" "$here/texts" "$work/tests/unit/"
cp "$here"/../../.clang-{tidy,format} "$work/"
cd "$work" || exit 1
real=$(command -v clang-tidy)
for tool in clang-tidy cppcheck clang-format; do
    cat >bin/$tool <<END
#!/bin/sh
[ "\$1" = --version ] && { echo "version \${TIDY_VERSION:-1}"; exit; }
echo called >>calls
exec $(command -v $tool) "\$@"
END
    chmod +x bin/$tool
done
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
    rm -rf memory system build
    : >calls
    echo "$header" >common/a.h
    echo "$1" >common/a.c
}

# tidy CALLS STATUS [TOOL]: it ends so (fails as xargs does), and the tool has been called so often since the beginning.
tidy() {
    local status=0
    tests/unit/remembered "${3:-clang-tidy}" common/a.c || status=1
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

header_of_a_header_runs() {
    begin "$clean"
    echo 'int once(int number);' >common/b.h
    echo '#include "common/b.h"' >>common/a.h
    tidy 1 0 && tidy 1 0 && echo '/* A word. */' >>common/b.h && tidy 2 0 && tidy 2 0
}

header_in_what_is_made_runs() {
    begin "#include \"made.h\"
$clean"
    mkdir -p build
    echo '/* Made. */' >build/made.h
    tidy 1 0 && tidy 1 0 && echo '/* Anew. */' >build/made.h && tidy 2 0 && echo '/* In front. */' >made.h && tidy 3 0
    local status=$?
    rm made.h
    return $status
}

# As of another version of a library, and of another number of them.
changed_header_of_the_system_runs() {
    begin "#include <library.h>
$clean"
    mkdir system
    echo '/* A library. */' >system/library.h
    export CPATH=$work/system
    tidy 1 0 && tidy 1 0 && echo '/* Another word. */' >>system/library.h && tidy 2 0 && tidy 2 0 && : >system/more.h && tidy 3 0
    local status=$?
    unset CPATH
    return $status
}

name_put_together_is_not_remembered() {
    begin "#define HEADER \"common/a.h\"
#include HEADER
${clean#*$'\n'}"
    tidy 1 0 && tidy 2 0 && no_stamp
}

others_remember_too() {
    local tool=$1 finding=$2
    begin "$clean"
    tidy 1 0 "$tool" && tidy 1 0 "$tool" && tidy 2 0 && echo '/* A word. */' >>common/a.h && tidy 3 0 "$tool" || return
    begin "$finding"
    tidy 1 1 "$tool" && tidy 2 1 "$tool" && no_stamp
}

check "what was clean is not looked at again" clean_is_remembered
check "a changed file is" changed_file_runs
check "a file with a changed header is" changed_header_runs
check "a file with a changed header of a header is" header_of_a_header_runs
check "a file is whose header is made, or found elsewhere" header_in_what_is_made_runs
check "a file with a changed header of the system is" changed_header_of_the_system_runs
check "a file with a changed comment is" changed_comment_runs
check "every file is after the settings changed" changed_settings_run
check "every file is by another version" other_version_runs
check "a finding is not remembered" finding_is_not_remembered
check "a finding in a header is not remembered" finding_in_a_header_is_not_remembered
check "what does not compile is not remembered" what_does_not_compile_is_not_remembered
check "what was edited meanwhile is not remembered" edited_meanwhile_is_not_remembered
check "what includes nobody knows which header is not remembered" name_put_together_is_not_remembered
check "so is what cppcheck was content with" others_remember_too cppcheck 'int wrong(void) { int a[2] = { 0, 1 }; return a[2]; }'
check "and clang-format" others_remember_too clang-format 'int wrong( void ) ;'
echo "lint-memory: $passed passed, $failed failed"
((failed == 0))
