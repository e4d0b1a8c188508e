/* What changes in a file, for somebody to read. */
#pragma once

/* Prints it as diff -u does. NULL: there is no file. */
void file_print_difference(const char *path, const char *before, const char *after);
