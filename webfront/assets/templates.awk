# Page templates as C: -v what=header|source, words/en.conf, and then the templates. Each NAME.html becomes a struct of its
# holes and a function, both called template_NAME, which writes it (html.h). In a template
#   {name}          is a text from anywhere: it is escaped, and encoded where it stands behind a path in an address
#   {#key}          is a text of words/*.conf; the holes that it has are the template's
#   {if name} {if not name} {else} {end}: whether there is such a text; without a hole of that name it is a flag
#   <!-- markup: name ... -->    declares holes that a function of ours fills with markup, of templates that is
#   <!-- address: name ... -->   declares holes that a whole address of ours may stand in
#   <!-- inline -->              declares that the template stands within a line: its own does not end
# Other comments, and the space before a line, stay behind. A hole stands between tags or inside a double-quoted value:
# anywhere else, in a script, a style or an event's attribute, or where it would make an address, it is refused.

function fail(text) { printf "%s: %s\n", file, text >"/dev/stderr"; failed = 1; exit 1 }

# --- what is read ---

function read_word(    key) {
    key = $1
    word_holes[key] = ""
    rest = $0
    while (match(rest, /\{[a-z_]+\}/)) {
        word_holes[key] = word_holes[key] " " substr(rest, RSTART + 1, RLENGTH - 2)
        rest = substr(rest, RSTART + RLENGTH)
    }
}

function declare(comment,    n, words, i) {
    n = split(comment, words, /[ \t\n]+/)
    if (words[2] == "inline") inline = 1
    if (words[2] != "markup:" && words[2] != "address:") return
    for (i = 3; i < n; i++) kinds[words[i]] = words[2] == "markup:" ? "markup" : "address"
}

# --- where a hole may stand ---

function walk(text,    i, c) {
    for (i = 1; i <= length(text); i++) {
        c = substr(text, i, 1)
        if (state == "text" && c == "<") { state = "tag"; tag = attribute = "" }
        else if (state == "tag" && c == ">") { state = "text"; raw = tag ~ /^(script|style)([ \n]|$)/ }
        else if (state == "tag" && c == "\"") {
            state = "value"; value = ""
            attribute = tag
            sub(/=$/, "", attribute)
            sub(/.*[ \n]/, "", attribute)
        }
        else if (state == "tag" && c == "'") fail("a single quote in a tag")
        else if (state == "tag") tag = tag c
        else if (state == "value" && c == "\"") { state = "tag"; tag = tag " " }
        else if (state == "value") value = value c
    }
}

function place() { return state == "value" ? state attribute : state }

function is_address() { return state == "value" && tolower(attribute) ~ /^(href|src|action|formaction|poster|data)$/ }

function check_place(name) {
    if (raw) fail("{" name "} in a script or a style")
    if (state == "tag") fail("{" name "} in a tag, outside of a quoted value")
    if (state == "text") return
    if (kinds[name] == "markup") fail("{" name "}, which is markup, in a value")
    if (tolower(attribute) ~ /^(on|style$|srcdoc$)/) fail("{" name "} in " attribute)
    if (is_address() && value !~ /^\/[^\/]/ && kinds[name] != "address")
        fail("{" name "} may make an address of " attribute ": declare it, or have a path before it")
    value = value "x"
}

# --- what is written ---

function c_string(text) {
    gsub(/\\/, "\\\\", text); gsub(/"/, "\\\"", text); gsub(/\n/, "\\n", text)
    return "\"" text "\""
}

function flush() { if (literal != "") body = body "    html_raw(html, " c_string(literal) ");\n"; literal = "" }

function literal_add(text) { walk(text); literal = literal text }

function hole(name, kind) {
    if (name !~ /^[a-z][a-z0-9_]*$/) fail("a hole is called {" name "}")
    if (!(name in types)) { order[++n_holes] = name; types[name] = kind }
    else if (types[name] == "bool") types[name] = kind
}

# Behind a path in an address stands what has to be encoded there; a whole address comes as one.
function writer(name) {
    if (kinds[name] == "markup") return "html_part(html, &holes->" name ")"
    if (is_address() && kinds[name] != "address") return "html_encoded(html, holes->" name ")"
    return "html_text(html, holes->" name ")"
}

function write_hole(name) {
    check_place(name)
    hole(name, kinds[name] == "markup" ? "markup" : "text")
    flush()
    body = body "    " writer(name) ";\n"
}

function write_word(key,    n, names, i, list) {
    if (!(key in word_holes)) fail("there is no word {#" key "}")
    check_place("#" key)
    flush()
    n = split(word_holes[key], names, " ")
    for (i = 1; i <= n; i++) { hole(names[i], "text"); list = list "{ \"" names[i] "\", holes->" names[i] " }, " }
    if (n == 0) body = body "    html_word(html, WORD_" toupper(key) ");\n"
    else body = body "    html_words(html, WORD_" toupper(key) ", (const struct word_hole[]){ " list "{ NULL, NULL } });\n"
}

function write_if(name, not) {
    hole(name, "bool")
    flush()
    body = body "    if (" not "HAS_" name "_HERE) {\n"
    depth++
    at_if[depth] = place()
}

function directive(text,    words, n) {
    n = split(text, words, " ")
    if (text ~ /^#/) write_word(substr(text, 2))
    else if (words[1] == "if" && n == 2) write_if(words[2], "")
    else if (words[1] == "if" && words[2] == "not" && n == 3) write_if(words[3], "!")
    else if (text == "else" || text == "end") {
        if (depth == 0 || at_if[depth] != place()) fail("{" text "} stands elsewhere than its {if}")
        flush()
        body = body (text == "else" ? "    } else {\n" : "    }\n")
        if (text == "end") depth--
    }
    else if (n == 1) write_hole(text)
    else fail("what is {" text "}?")
}

function condition(name) {
    if (types[name] == "bool") return "holes->" name
    return types[name] == "markup" ? "holes->" name ".write" : "html_has(holes->" name ")"
}

function finish_template(    i, name, function_name) {
    if (file == "") return
    while (match(page, /<!--[^>]*-->\n?/)) {
        declare(substr(page, RSTART, RLENGTH))
        page = substr(page, 1, RSTART - 1) substr(page, RSTART + RLENGTH)
    }
    if (inline) sub(/\n$/, "", page)
    state = "text"; raw = 0; alone = 1
    while (match(page, /\{[^}]*\}/)) {
        literal_add(substr(page, 1, RSTART - 1))
        text = substr(page, RSTART + 1, RLENGTH - 2)
        after = substr(page, RSTART + RLENGTH)
        # A line that is nothing but this leaves no line behind.
        if (text !~ /^#/ && (text ~ /^(if |else$|end$)/ || kinds[text] == "markup") && after ~ /^\n/ && (literal ~ /\n$/ || (literal == "" && alone)))
            after = substr(after, 2)
        alone = substr(page, RSTART + RLENGTH, 1) == "\n"
        page = after
        directive(text)
    }
    literal_add(page)
    flush()
    if (state != "text" || depth != 0) fail(file " ends in the middle of something")
    function_name = file
    sub(/.*\//, "", function_name); sub(/\.html$/, "", function_name); gsub(/-/, "_", function_name)
    head = head "struct template_" function_name " {\n"
    for (i = 1; i <= n_holes; i++) {
        name = order[i]
        gsub("HAS_" name "_HERE", condition(name), body)
        head = head (types[name] == "bool" ? "    bool " name ";\n" : types[name] == "markup" ? "    struct html_part " name ";\n" : "    const char *" name ";\n")
    }
    if (n_holes == 0) head = head "    char nothing; /* no hole at all */\n"
    head = head "};\nvoid template_" function_name "(struct html *html, const struct template_" function_name " *holes);\n\n"
    code = code "\nvoid template_" function_name "(struct html *html, " (n_holes ? "" : "__attribute__((unused)) ") "const struct template_" function_name " *holes)\n{\n" body "}\n"
    split("", types); split("", order); split("", kinds)
    n_holes = inline = 0
    page = body = literal = file = ""
}

FILENAME ~ /\.conf$/ { if ($0 !~ /^(#|$)/) read_word(); next }
FNR == 1 { finish_template(); file = FILENAME }
{ sub(/^[ \t]+/, ""); page = page $0 "\n" }

END {
    if (!failed) finish_template()
    if (failed) exit 1
    if (what == "header")
        printf "/* Made by templates.awk. */\n#pragma once\n\n#include <stdbool.h>\n\n#include \"webfront/pages/html.h\"\n\n%s", head
    else
        printf "/* Made by templates.awk. */\n#include \"webfront/pages/templates.h\"\n%s", code
}
