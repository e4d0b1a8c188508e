/* passwd(1) makes hashes as libcrypt likes them best, and so does this. */
#include "login/effort.h"

#include <crypt.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"

void effort_make(const char *password)
{
    _cleanup_(freep) struct crypt_data *data = calloc(1, sizeof(*data));
    char setting[CRYPT_GENSALT_OUTPUT_SIZE];

    if (!data || !crypt_gensalt_rn(NULL, 0, NULL, 0, setting, sizeof(setting)))
        return;
    (void)crypt_rn(password, setting, data, sizeof(*data));
    explicit_bzero(data, sizeof(*data));
}
