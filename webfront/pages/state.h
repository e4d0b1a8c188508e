/* The colour of a state; the word itself is always there too. */
#pragma once

/* A class of style.css, for an ActiveState of systemd's. */
const char *state_colour(const char *active_state);
