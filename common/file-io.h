/* Reading and writing to the end. */
#pragma once

#include <stddef.h>

/* Until the file's end, or until the buffer is full. 0 or a negative errno. */
int read_all(int fd, char *buffer, size_t size, size_t *ret_size);
int write_all(int fd, const char *text, size_t size);
