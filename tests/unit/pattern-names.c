#include "tests/unit/pattern-names.h"

#include <string.h>

void name_add(struct name *name, char c)
{
    if (name->length + 1 < sizeof(name->text))
        name->text[name->length++] = c;
    name->text[name->length] = '\0';
}

void name_add_string(struct name *name, const char *text)
{
    while (*text)
        name_add(name, *text++);
}

static char charset_pick(const struct charset *set, struct random *random)
{
    for (;;) {
        char c = (char)(' ' + random_below(random, '~' - ' '));

        if (charset_has(set, c))
            return c;
    }
}

void name_add_match(struct name *name, const struct node *node, struct random *random)
{
    const struct node *child = node->child;
    size_t n = 0;

    switch (node->kind) {
    case NODE_SET:
        name_add(name, charset_pick(&node->set, random));
        break;
    case NODE_CONCAT:
        for (; child; child = child->next)
            name_add_match(name, child, random);
        break;
    case NODE_ALTERNATE:
        for (; child; child = child->next)
            n++;
        n = random_below(random, n);
        for (child = node->child; child; child = child->next)
            if (n-- == 0)
                name_add_match(name, child, random);
        break;
    case NODE_REPEAT:
        n = node->max == REPEAT_UNBOUNDED ? node->min + random_below(random, 12)
                                          : node->min + random_below(random, node->max - node->min + 1);
        for (; n > 0; n--)
            name_add_match(name, child, random);
        break;
    }
}

void name_mutate(struct name *name, struct random *random)
{
    static const char characters[] =
        "abcxyzABCXYZ0123456789:_.-@0a-\\/ \n\t\"'%$^*+?()[]{}|!~\x01\x7f\xc3\xe9";
    size_t at = random_below(random, name->length + 1);
    char c = random_char(random, characters), *text = name->text;

    switch (random_below(random, 5)) {
    case 0:
        if (name->length + 1 == sizeof(name->text))
            break;
        memmove(text + at + 1, text + at, name->length - at + 1);
        text[at] = c;
        name->length++;
        break;
    case 1:
        if (at == name->length)
            break;
        memmove(text + at, text + at + 1, name->length - at);
        name->length--;
        break;
    case 2:
        if (at < name->length)
            text[at] = c;
        break;
    case 3:
        if (at < name->length && name->length + 1 < sizeof(name->text)) {
            memmove(text + at + 1, text + at, name->length - at + 1);
            name->length++;
        }
        break;
    default:
        if (at + 1 < name->length) {
            c = text[at];
            text[at] = text[at + 1];
            text[at + 1] = c;
        }
    }
}

void random_pattern(struct random *random, char *ret, size_t size)
{
    static const char *const PIECES[] = { "a",  "b",  "ab", "[ab]", "[a-c]",  "(a|b)", "(",  ")",   "|",
                                          "*",  "+",  "?",  "{2}",  "{1,}",   "{0,3}", ".",  "[b]", "(ab)",
                                          "a",  "b",  "-",  "[.]",  "c",      "(a",    "b)", "c?",  "a+",
                                          "b*", "\\", "]",  "{70}", "{0,80}", "{65,}" };
    size_t n = 1 + random_below(random, 9);

    *ret = '\0';
    for (size_t i = 0; i < n && strlen(ret) + 8 < size; i++)
        strcat(ret, PIECES[random_below(random, sizeof(PIECES) / sizeof(*PIECES))]);
}
