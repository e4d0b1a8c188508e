/* Asked by being the broker's user, as with any other file that somebody else has to read. */
#include "polkit/locks/policy-read.h"

#include "policy/files.h"

enum { NOT_READ = 1 };

/* What is in it is for others to judge. */
static int take_file(_unused_ const char *file, _unused_ const char *text, _unused_ size_t size,
                     _unused_ void *userdata, _unused_ struct policy_error *error)
{
    return 0;
}

static int read_all(void *userdata)
{
    _cleanup_(policy_error_done) struct policy_error error = { 0 };

    return policy_read_files(userdata, 0, take_file, NULL, &error) == 0 ? 0 : NOT_READ;
}

bool policy_is_readable(const struct account *broker, const char *path)
{
    return account_do(broker, read_all, (void *)(uintptr_t)path) != NOT_READ;
}
