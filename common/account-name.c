/* Line by line, up to the one that fits. */
#include "common/account-name.h"

#include <pwd.h>
#include <stdio.h>
#include <string.h>

enum { LINE_SIZE = 1024 };

bool account_name(uid_t uid, char ret[static PERSON_NAME_SIZE])
{
    FILE *file = uid == ACCOUNT_UNMAPPED ? NULL : fopen("/etc/passwd", "re");
    struct passwd entry, *found = NULL;
    char line[LINE_SIZE];
    bool good = false;

    while (file && fgetpwent_r(file, &entry, line, sizeof(line), &found) == 0 && found)
        if (found->pw_uid == uid) {
            good = strlen(found->pw_name) < PERSON_NAME_SIZE;
            (void)snprintf(ret, PERSON_NAME_SIZE, "%s", good ? found->pw_name : "");
            break;
        }
    if (file)
        (void)fclose(file);
    return good;
}
