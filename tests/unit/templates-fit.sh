#!/bin/bash
# What makes C of templates and words refuses a hole where its text could be more than text, and words that are not the same
# in all languages. Ends with one line of counts.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=/dev/null
. tests/machine/lib/tap.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
assets=webfront/assets

# A template of that text: what becomes of it.
made() {
    printf '%s\n' "$1" >"$work/mine.html"
    awk -v what="${2:-source}" -f $assets/templates.awk $assets/words/en.conf "$work/mine.html" 2>"$work/said"
}
refused() {
    ! made "$1" >/dev/null && grep -q "$2" "$work/said"
}
taken() {
    made "$1" | grep -qF "$2"
}

check "text is escaped" taken '<p>{a}</p>' 'html_text(html, holes->a)'
check "in a value, too" taken '<p class="x {a}">' 'html_text(html, holes->a)'
check "a word is ours, and escaped" taken '<p>{#close}</p>' 'html_word(html, WORD_CLOSE)'
check "what fills a word's holes is text" taken '<p>{#restarted_in}</p>' '{ "span", holes->span }'
check "markup that is declared is a function's" taken '<!-- markup: a --><p>{a}</p>' 'html_part(html, &holes->a)'
check "behind a path in an address it is encoded" taken '<a href="/x/{a}">' 'html_encoded(html, holes->a)'
check "so it is in a query" taken '<button formaction="/x?y={a}">' 'html_encoded(html, holes->a)'
check "and in no other value" taken '<p id="/x/{a}">' 'html_text(html, holes->a)'
check "an address that is declared comes encoded" taken '<!-- address: a --><a href="{a}">' 'html_text(html, holes->a)'
check "a flag is no text" taken '<p{if a} hidden{end}>' 'if (holes->a)'
check "a text that may be missing" taken '{if a}<p>{a}</p>{end}' 'if (html_has(holes->a))'
check "a line of its own" taken '<b>x</b>' '"<b>x</b>\n"'
check "no line of its own" taken '<!-- inline --><b>x</b>' '"<b>x</b>")'
check "no attribute without quotes" refused '<p class={a}>' 'outside of a quoted value'
check "no name of an attribute" refused '<p {a}>' 'outside of a quoted value'
check "no name of a tag" refused '<{a}>' 'outside of a quoted value'
check "no single quotes" refused "<p class='{a}'>" 'single quote'
check "no script" refused '<script>{a}</script>' 'in a script'
check "no style" refused '<style>{a}</style>' 'in a script or a style'
check "no attribute of style" refused '<p style="{a}">' 'in style'
check "no event" refused '<p onclick="{a}">' 'in onclick'
check "no address of anywhere" refused '<a href="{a}">' 'address'
check "nor of another host" refused '<a href="//{a}">' 'address'
check "nor by a form" refused '<button formaction="{a}">' 'address'
check "no markup in a value" refused '<!-- markup: a --><p class="{a}">' 'markup, in a value'
check "no word that is none" refused '<p>{#nothing_at_all}</p>' 'no word'
check "no condition around half a tag" refused '<p{if a}>{end}' 'elsewhere'
check "no condition without an end" refused '<p>{if a}</p>' 'ends in the middle'
check "nothing odd" refused '<p>{A b}</p>' 'what is'

# Words as they stand, but for what sed makes of one file.
words() {
    rm -rf "$work/words"
    cp -r $assets/words "$work/words"
    sed -i "$2" "$work/words/$1.conf"
    awk -v what=source -f $assets/words.awk "$work/words/en.conf" "$work/words/de.conf" >/dev/null 2>"$work/said"
}
words_refused() {
    ! words "$1" "$2" && grep -q "$3" "$work/said"
}

check "words as they stand" words en ''
check "none missing in another language" words_refused de '/^close = /d' 'has no close'
check "none missing in the first" words_refused en '/^close = /d' 'has no close'
check "none twice" words_refused de '/^close = /p' 'there twice'
check "none empty" words_refused de 's/^close = .*/close = /' 'not "key = text"'
check "the same holes" words_refused de 's/{span}/{sprang}/' 'other holes'

used() {
    { grep -oh '{#[a-z0-9_]*}' $assets/*.html | tr -d '{#}'
      grep -oh 'words\.[a-z][a-z0-9_]*' $assets/script/*.js | sed 's/words\.//'
      grep -rohE 'WORD_[A-Z0-9_]+' webfront --include='*.c' | sed 's/WORD_//' | tr A-Z a-z; } | sort -u
}
nothing_left_over() {
    local left
    left=$(grep -o '^[a-z][a-z0-9_]*' $assets/words/en.conf | sort -u | comm -23 - <(used))
    [[ -z $left ]] || { echo "nobody says: $left"; false; }
}
check "no word that nobody says" nothing_left_over

echo "templates: $passed passed, $failed failed"
((failed == 0))
