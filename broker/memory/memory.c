/* The file of slots. The checksums (FNV-1a) are against accidents: whoever can write the file is the broker.
 */
#include "broker/memory/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/journal.h"

static const uint8_t MAGIC[4] = { 'r', 's', 'm', '1' };

struct memory {
    int fd; /* -1: nothing is remembered */
    unsigned n_slots;
    const char *name;
    bool complained;
};

/* --- one slot --- */

static uint32_t checksum(const uint8_t *bytes, size_t size)
{
    uint32_t sum = 2166136261U;

    for (size_t i = 0; i < size; i++)
        sum = (sum ^ bytes[i]) * 16777619U;
    return sum;
}

static void put(uint8_t *ret, uint32_t value, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        ret[i] = (uint8_t)(value >> 8 * i);
}

static uint32_t get(const uint8_t *bytes, unsigned n)
{
    uint32_t value = 0;

    for (unsigned i = 0; i < n; i++)
        value |= (uint32_t)bytes[i] << 8 * i;
    return value;
}

/* Magic, the size of key and of body (two bytes each), the checksum of each. */
size_t memory_slot_write(uint8_t slot[static MEMORY_SLOT_SIZE], const struct memory_record *record)
{
    uint8_t *key = slot + MEMORY_HEADER_SIZE;

    if (record->key_size > MEMORY_RECORD_MAX || record->body_size > MEMORY_RECORD_MAX - record->key_size)
        return 0;
    memcpy(slot, MAGIC, sizeof(MAGIC));
    memcpy(key, record->key, record->key_size);
    memcpy(key + record->key_size, record->body, record->body_size);
    put(slot + 4, (uint32_t)record->key_size, 2);
    put(slot + 6, (uint32_t)record->body_size, 2);
    put(slot + 8, checksum(key, record->key_size), 4);
    put(slot + 12, checksum(key + record->key_size, record->body_size), 4);
    return MEMORY_HEADER_SIZE + record->key_size + record->body_size;
}

/* Of a cleared slot the magic is gone; what was never written is all zero. */
static bool is_free(const uint8_t *slot)
{
    return get(slot, 4) == 0;
}

int memory_slot_read(const uint8_t slot[static MEMORY_SLOT_SIZE], struct memory_record *ret)
{
    const uint8_t *key = slot + MEMORY_HEADER_SIZE;
    size_t key_size = get(slot + 4, 2), body_size = get(slot + 6, 2);
    struct memory_record record = { 0 };

    *ret = record;
    if (is_free(slot))
        return MEMORY_FREE;
    if (memcmp(slot, MAGIC, sizeof(MAGIC)) != 0 || key_size > MEMORY_RECORD_MAX ||
        checksum(key, key_size) != get(slot + 8, 4))
        return MEMORY_SPOILT;
    record.key = key;
    record.key_size = key_size;
    if (body_size <= MEMORY_RECORD_MAX - key_size &&
        checksum(key + key_size, body_size) == get(slot + 12, 4)) {
        record.body = key + key_size;
        record.body_size = body_size;
    }
    *ret = record;
    return record.body ? MEMORY_TAKEN : MEMORY_SPOILT;
}

/* --- the file --- */

static void complain(struct memory *memory, int error)
{
    if (!memory->complained)
        journal_log(LOG_ERR,
                    "The broker's memory '%s' cannot be used (%s): what it is for ends with the broker.",
                    memory->name, strerror(error));
    memory->complained = true;
}

/* A file of ours, and no other kind of it. */
static int open_file(const char *directory, const char *name)
{
    _cleanup_(freep) char *path = NULL;
    struct stat st;
    int fd;

    if (asprintf(&path, "%s/%s", directory, name) < 0) {
        path = NULL;
        return -ENOMEM;
    }
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0600);
    if (fd < 0)
        return -errno;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
        return fd;
    (void)close(fd);
    return -EBADFD;
}

int memory_new(const char *directory, const char *name, unsigned n_slots, struct memory **ret)
{
    struct memory *memory = calloc(1, sizeof(*memory));

    if (!memory)
        return -ENOMEM;
    memory->fd = -1;
    memory->n_slots = n_slots;
    memory->name = name;
    if (directory && *directory) {
        memory->fd = open_file(directory, name);
        if (memory->fd < 0)
            complain(memory, -memory->fd);
    }
    *ret = memory;
    return 0;
}

struct memory *memory_free(struct memory *memory)
{
    if (!memory)
        return NULL;
    if (memory->fd >= 0)
        (void)close(memory->fd);
    free(memory);
    return NULL;
}

bool memory_works(const struct memory *memory)
{
    return memory->fd >= 0 && !memory->complained;
}

void memory_read(struct memory *memory, memory_take take, void *userdata)
{
    uint8_t slot[MEMORY_SLOT_SIZE];
    struct memory_record record;
    unsigned n_spoilt = 0;

    for (unsigned i = 0; memory->fd >= 0 && i < memory->n_slots; i++) {
        /* The last one that was written may be shorter than a slot. */
        ssize_t n = pread(memory->fd, slot, sizeof(slot), (off_t)i * MEMORY_SLOT_SIZE);
        int state;

        if (n < 0)
            complain(memory, errno);
        if (n <= 0)
            break;
        memset(slot + n, 0, sizeof(slot) - (size_t)n);
        state = memory_slot_read(slot, &record);
        n_spoilt += state == MEMORY_SPOILT;
        if (state != MEMORY_FREE)
            take(i, &record, userdata);
    }
    if (n_spoilt > 0)
        journal_log(LOG_ERR, "%u records of the broker's memory '%s' are spoilt.", n_spoilt, memory->name);
}

static bool write_bytes(struct memory *memory, unsigned slot, const uint8_t *bytes, size_t size)
{
    ssize_t n;

    if (memory->fd < 0 || slot >= memory->n_slots)
        return false;
    n = pwrite(memory->fd, bytes, size, (off_t)slot * MEMORY_SLOT_SIZE);
    if (n >= 0 && (size_t)n == size)
        return true;
    complain(memory, n < 0 ? errno : ENOSPC);
    return false;
}

bool memory_write(struct memory *memory, unsigned slot, const struct memory_record *record)
{
    uint8_t bytes[MEMORY_SLOT_SIZE];
    size_t size = memory_slot_write(bytes, record);

    if (size > 0)
        return write_bytes(memory, slot, bytes, size);
    complain(memory, EMSGSIZE);
    return false;
}

void memory_clear(struct memory *memory, unsigned slot)
{
    const uint8_t nothing[sizeof(MAGIC)] = { 0 };

    (void)write_bytes(memory, slot, nothing, sizeof(nothing));
}
