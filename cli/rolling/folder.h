/* The directory in which it is kept how far a rolling restart is: $XDG_STATE_HOME/restarter, or
 * ~/.local/state/restarter. It is made if it is not there; no step of the way to it is taken that somebody
 * other than this user and root could have put there, or could exchange for another one. */
#pragma once

enum { FOLDER_WHY_SIZE = 512 };

enum { FOLDER_E_UNFIT = 1 };

/* 0, with the directory and its path, both the caller's; or FOLDER_E_UNFIT, and why, a sentence without its
 * full stop. */
int rolling_folder_open(int *ret, char **ret_path, char why[static FOLDER_WHY_SIZE]);
