/* Changes to the file of users, as text: all else in it stays as it is, comments and order included. */
#pragma once

/* Puts the line "NAME:HASH" in the place of the user's, or at the end; with NULL for the hash takes the
 * user's line out. 0 and the new text, which the caller wipes and frees; EDIT_E_NOT_THERE for one that cannot
 * be taken out; -ENOMEM. The text is one that users_read() takes. */
enum { EDIT_E_NOT_THERE = 1 };
int edit_user(const char *text, const char *name, const char *hash, char **ret);
