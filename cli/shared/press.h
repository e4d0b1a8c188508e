/* A press of the button, as the broker counts them: a word that is made at random for each. */
#pragma once

enum { PRESS_BYTES = 16, PRESS_SIZE = 2 * PRESS_BYTES + 1 };

/* 0 or a negative errno. */
int press_make(char ret[static PRESS_SIZE]);
