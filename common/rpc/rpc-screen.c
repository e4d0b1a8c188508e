/* The screen before the XML parser: a scan that understands no XML, only the few tags that XML-RPC needs.
 * What it lets through has no declaration, comment, CDATA section, processing instruction (but the XML
 * declaration at the very start), attribute or deep nesting, and no element but those of the types that our
 * methods use, so the parser behind it has nothing left to be fooled with. (Two of the others kill
 * xmlrpc-c 1.33: <i8>A</i8> when it is read, <double>inf</double> when it is written.) */
#include "common/rpc/rpc.h"

#include <string.h>

struct scan {
    const char *at, *end;
    unsigned depth;
    const char *reason;
};

static bool refuse(struct scan *scan, const char *reason)
{
    scan->reason = reason;
    return false;
}

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_' || c == ':';
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_known(const char *name, size_t length)
{
    static const char *const ELEMENTS[] = {
        "value", "string", "member",  "name",   "param",      "struct",     "array",          "data",
        "int",   "i4",     "boolean", "params", "methodName", "methodCall", "methodResponse", "fault",
    };

    for (size_t i = 0; i < sizeof(ELEMENTS) / sizeof(*ELEMENTS); i++)
        if (strlen(ELEMENTS[i]) == length && memcmp(ELEMENTS[i], name, length) == 0)
            return true;
    return false;
}

static void skip(struct scan *scan, bool (*matches)(char))
{
    while (scan->at < scan->end && matches(*scan->at))
        scan->at++;
}

static bool accept_byte(struct scan *scan, char c)
{
    if (scan->at == scan->end || *scan->at != c)
        return false;
    scan->at++;
    return true;
}

/* `<?xml … ?>`, only where a document may have it. Its encoding= is harmless: all bytes are ASCII, and a
 * parser that takes them for UTF-16 finds no markup. */
static bool skip_declaration(struct scan *scan)
{
    static const char OPEN[] = "<?xml ";
    const char *close;

    if ((size_t)(scan->end - scan->at) < sizeof(OPEN) - 1 || memcmp(scan->at, OPEN, sizeof(OPEN) - 1) != 0)
        return true;
    close = memchr(scan->at, '>', (size_t)(scan->end - scan->at));
    if (!close || close[-1] != '?')
        return refuse(scan, "an XML declaration that does not end");
    scan->at = close + 1;
    return true;
}

/* One tag; the '<' has been read. */
static bool scan_tag(struct scan *scan)
{
    bool closing = accept_byte(scan, '/'), empty;
    const char *name = scan->at;

    skip(scan, is_name_byte);
    if (scan->at == name)
        return refuse(scan, "markup other than plain tags");
    if (!is_known(name, (size_t)(scan->at - name)))
        return refuse(scan, "an element that no method here uses");
    skip(scan, is_space);
    empty = accept_byte(scan, '/');
    if (!accept_byte(scan, '>') || (closing && empty))
        return refuse(scan, "a tag with attributes or without an end");
    if (closing)
        return scan->depth-- > 0 || refuse(scan, "a closing tag too many");
    if (!empty && ++scan->depth > RPC_DEPTH_MAX)
        return refuse(scan, "elements nested too deep");
    return true;
}

static bool scan_bytes(struct scan *scan)
{
    while (scan->at < scan->end) {
        unsigned char c = (unsigned char)*scan->at++;

        if (c > 0x7e || (c < 0x20 && !is_space((char)c)))
            return refuse(scan, "bytes that are not printable ASCII (write others as character references)");
        if (c == '<' && !scan_tag(scan))
            return false;
    }
    return true;
}

bool rpc_screen(const char *xml, size_t size, const char **ret_reason)
{
    struct scan scan = { .at = xml, .end = xml + size };

    if (size == 0)
        return refuse(&scan, "nothing") || (*ret_reason = scan.reason, false);
    if (skip_declaration(&scan) && scan_bytes(&scan))
        return true;
    *ret_reason = scan.reason;
    return false;
}
