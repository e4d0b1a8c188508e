/* restartctl passwd --list: who may log in with a password of their own, and in which groups. */
#pragma once

/* A line each, "USER GROUP,GROUP", in the order of the file. Returns the exit status. */
int passwd_list(void);
