#!/bin/bash
# compile_commands.json names every C file of the programs and the unit tests, and what it says compiles. Ends with one
# line of counts.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=/dev/null
. tests/machine/lib/tap.sh

names_every_file() {
    make -s compile_commands.json || return
    python3 - <<'END'
import glob, json
named = [row["file"] for row in json.load(open("compile_commands.json"))]
folders = ("common", "policy", "polkit", "broker", "webfront", "login", "log", "far", "cli")
there = [path for folder in folders for path in glob.glob(f"{folder}/**/*.c", recursive=True)]
assert sorted(named) == sorted(there + glob.glob("tests/unit/*.c")), set(named) ^ set(there)
END
}

compiles() {
    python3 - <<'END'
import json, subprocess
row = next(row for row in json.load(open("compile_commands.json")) if row["file"] == "common/daemon.c")
subprocess.run([*row["arguments"], "-fsyntax-only"], cwd=row["directory"], check=True)
END
}

check "compile_commands.json names every C file" names_every_file
check "what it says compiles" compiles
echo "commands: $passed passed, $failed failed"
((failed == 0))
