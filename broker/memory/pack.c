/* Little-endian numbers of eight bytes; texts with their length, in two bytes, before them. */
#include "broker/memory/pack.h"

#include <string.h>

static void pack_bytes(struct pack *pack, uint64_t value, unsigned n)
{
    if (pack->failed || pack->size - pack->used < n) {
        pack->failed = true;
        return;
    }
    for (unsigned i = 0; i < n; i++)
        pack->data[pack->used++] = (uint8_t)(value >> 8 * i);
}

void pack_number(struct pack *pack, uint64_t value)
{
    pack_bytes(pack, value, 8);
}

void pack_text(struct pack *pack, const char *text)
{
    size_t length = strlen(text);

    pack->failed |= length > UINT16_MAX;
    pack_bytes(pack, length, 2);
    if (pack->failed || pack->size - pack->used < length) {
        pack->failed = true;
        return;
    }
    memcpy(pack->data + pack->used, text, length);
    pack->used += length;
}

static uint64_t unpack_bytes(struct unpack *unpack, unsigned n)
{
    uint64_t value = 0;

    if (unpack->failed || unpack->size - unpack->used < n) {
        unpack->failed = true;
        return 0;
    }
    for (unsigned i = 0; i < n; i++)
        value |= (uint64_t)unpack->data[unpack->used++] << 8 * i;
    return value;
}

uint64_t unpack_number(struct unpack *unpack)
{
    return unpack_bytes(unpack, 8);
}

static bool is_printable(const uint8_t *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] < ' ' || text[i] > '~')
            return false;
    return true;
}

void unpack_text(struct unpack *unpack, char *ret, size_t size)
{
    size_t length = (size_t)unpack_bytes(unpack, 2);

    ret[0] = '\0';
    if (unpack->failed || length >= size || unpack->size - unpack->used < length ||
        !is_printable(unpack->data + unpack->used, length)) {
        unpack->failed = true;
        return;
    }
    memcpy(ret, unpack->data + unpack->used, length);
    ret[length] = '\0';
    unpack->used += length;
}

bool unpack_is_whole(const struct unpack *unpack)
{
    return !unpack->failed && unpack->used == unpack->size;
}
