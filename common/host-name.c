/* Anybody's bytes, as far as the kernel is concerned. */
#include "common/host-name.h"

#include <string.h>
#include <unistd.h>

#include "common/text.h"

/* As the kernel has it before anybody has set one. */
#define NO_NAME "(none)"

void host_name_of(const char *name, char ret[static HOST_NAME_SIZE])
{
    (void)text_clean(strcmp(name, NO_NAME) == 0 ? "" : name, ret, HOST_NAME_SIZE);
}

void host_name(char ret[static HOST_NAME_SIZE])
{
    char name[HOST_NAME_SIZE] = "";

    if (gethostname(name, sizeof(name) - 1) < 0)
        name[0] = '\0';
    host_name_of(name, ret);
}
