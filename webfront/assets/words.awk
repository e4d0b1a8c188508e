# Words of all languages as C: -v what=header|source, and the files of the languages, the first of which is what is spoken
# to who asks for none of them. A line is "key = text"; text may have {holes}. All languages have the same keys, and in
# each text the same holes: otherwise the build fails.

function fail(text) { printf "%s:%d: %s\n", FILENAME, FNR, text >"/dev/stderr"; failed = 1; exit 1 }

# The names of the holes, sorted, so that two texts can be compared.
function holes_of(text,    n, i, j, t, names, all) {
    while (match(text, /\{[^}]*\}/)) {
        names[++n] = substr(text, RSTART + 1, RLENGTH - 2)
        if (names[n] !~ /^[a-z_]+$/) fail("a hole is called {" names[n] "}")
        text = substr(text, RSTART + RLENGTH)
    }
    for (i = 2; i <= n; i++)
        for (j = i; j > 1 && names[j] < names[j - 1]; j--) { t = names[j]; names[j] = names[j - 1]; names[j - 1] = t }
    for (i = 1; i <= n; i++) all = all " " names[i]
    return all
}

function quote(text) { gsub(/\\/, "\\\\", text); gsub(/"/, "\\\"", text); return "\"" text "\"" }

FNR == 1 {
    language = FILENAME
    sub(/.*\//, "", language)
    sub(/\.conf$/, "", language)
    languages[++n_languages] = language
}
/^#/ || /^$/ { next }
{
    if (!match($0, /^[a-z][a-z0-9_]* = [^ ]/)) fail("not \"key = text\": " $0)
    key = $1
    text = substr($0, length(key) + 4)
    if ((language, key) in texts) fail(key " is there twice")
    if (n_languages > 1 && !((languages[1], key) in texts)) fail(languages[1] " has no " key)
    texts[language, key] = text
    if (n_languages == 1) { keys[++n_keys] = key; holes[key] = holes_of(text) }
    else if (holes_of(text) != holes[key]) fail(key " has other holes than in " languages[1])
}

function header(    i) {
    print "/* Made by words.awk. */\n#pragma once\n\nenum language {"
    for (i = 1; i <= n_languages; i++) printf "    LANGUAGE_%s,\n", toupper(languages[i])
    print "    LANGUAGE_MAX,\n};\n\nenum word {"
    for (i = 1; i <= n_keys; i++) printf "    WORD_%s,\n", toupper(keys[i])
    print "    WORD_MAX,\n};\n"
    print "extern const char *const WORD_LANGUAGES[LANGUAGE_MAX];"
    print "extern const char *const WORD_TEXTS[LANGUAGE_MAX][WORD_MAX];"
}

function source(    i, j) {
    print "/* Made by words.awk. */\n#include \"webfront/pages/words.h\"\n"
    print "const char *const WORD_LANGUAGES[LANGUAGE_MAX] = {"
    for (i = 1; i <= n_languages; i++) printf "    %s,\n", quote(languages[i])
    print "};\n\nconst char *const WORD_TEXTS[LANGUAGE_MAX][WORD_MAX] = {"
    for (i = 1; i <= n_languages; i++) {
        print "    {"
        for (j = 1; j <= n_keys; j++) printf "        %s,\n", quote(texts[languages[i], keys[j]])
        print "    },"
    }
    print "};"
}

END {
    if (failed) exit 1
    for (i = 2; i <= n_languages; i++)
        for (j = 1; j <= n_keys; j++)
            if (!((languages[i], keys[j]) in texts)) {
                printf "%s.conf has no %s\n", languages[i], keys[j] >"/dev/stderr"
                exit 1
            }
    if (what == "header") header(); else source()
}
