/* What PID 1 asks, word by word: seen on the bus of systemd 252 and 257. The verbs without an unprivileged
 * method in these versions (clean, freeze, thaw) are asked as well: a rule must not count on that. */
#include "polkit/ask/ask.h"

#include <string.h>

#define REQUIRED "Authentication is required to "

const struct ask_verb ASK_VERBS[] = {
    { "restart", REQUIRED "restart '$(unit)'." },
    { "try-restart", REQUIRED "restart '$(unit)'." },
    { "reload", REQUIRED "reload '$(unit)'." },
    { "reload-or-restart", REQUIRED "restart '$(unit)'." },
    { "reset-failed", REQUIRED "reset the \"failed\" state of '$(unit)'." },
    { "start", REQUIRED "start '$(unit)'." },
    { "stop", REQUIRED "stop '$(unit)'." },
    { "reload-or-try-restart", REQUIRED "restart '$(unit)'." },
    { "kill", REQUIRED "send a UNIX signal to the processes of '$(unit)'." },
    { "set-property", REQUIRED "set properties on '$(unit)'." },
    { "ref", NULL },
    { "bind-mount", REQUIRED "mount on '$(unit)'." },
    { "mount-image", REQUIRED "mount on '$(unit)'." },
    { "clean", REQUIRED "delete files and directories associated with '$(unit)'." },
    { "freeze", REQUIRED "freeze or thaw the processes of '$(unit)' unit." },
    { "thaw", REQUIRED "freeze or thaw the processes of '$(unit)' unit." },
};
const size_t ASK_N_VERBS = sizeof(ASK_VERBS) / sizeof(*ASK_VERBS);

int ask_verb_find(const char *word)
{
    for (size_t i = 0; i < ASK_N_VERBS; i++)
        if (strcmp(ASK_VERBS[i].word, word) == 0)
            return (int)i;
    return -1;
}
