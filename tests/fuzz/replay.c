/* Runs a target over files, without libFuzzer and its sanitizers, so that valgrind can watch what the
 * distribution's libraries do with them. A file in a folder pass/ or stop/ is a seed, and is held to what
 * that says. */
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <string.h>

enum { FILE_MAX = 1024 * 1024 };

static uint8_t *read_file(const char *path, size_t *ret_size)
{
    FILE *file = fopen(path, "re");
    uint8_t *data = malloc(FILE_MAX);

    if (!file || !data) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    *ret_size = fread(data, 1, FILE_MAX, file);
    (void)fclose(file);
    return realloc(data, *ret_size > 0 ? *ret_size : 1);
}

/* 0, or 1 for a seed that is not what its folder says. */
static int check_seed(const char *path, const uint8_t *data, size_t size)
{
    bool pass = strstr(path, "/pass/") != NULL, seed = pass || strstr(path, "/stop/");

    if (!seed || fuzz_passes(data, size) == pass)
        return 0;
    (void)fprintf(stderr, "%s %s\n", path, pass ? "is stopped" : "passes");
    return 1;
}

int main(int argc, char *argv[])
{
    int wrong = 0;

    for (int i = 1; i < argc; i++) {
        size_t size = 0;
        uint8_t *data = read_file(argv[i], &size);

        wrong += check_seed(argv[i], data, size);
        (void)LLVMFuzzerTestOneInput(data, size);
        free(data);
    }
    if (fuzz_seeds_done)
        fuzz_seeds_done();
    return wrong == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
