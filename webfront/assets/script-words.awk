# The words of one language that the script uses, as words.KEY, as its first statement. Reads the pieces of the script, and
# then the language's file; one that is missing there fails the build.
FILENAME ~ /\.js$/ {
    while (match($0, /words\.[a-z][a-z0-9_]*/)) {
        used[substr($0, RSTART + 6, RLENGTH - 6)] = 1
        $0 = substr($0, RSTART + RLENGTH)
    }
    next
}
/^[a-z]/ && $1 in used {
    key = $1
    text = substr($0, length(key) + 4)
    gsub(/\\/, "\\\\", text)
    gsub(/"/, "\\\"", text)
    list = list key ":\"" text "\","
    delete used[key]
}
END {
    for (key in used) { printf "%s has no %s\n", FILENAME, key >"/dev/stderr"; failed = 1 }
    if (failed) exit 1
    print "\"use strict\";const words={" list "};"
}
