/* What a password costs that is compared with a hash as this system makes them; for whoever has none. */
#pragma once

/* Nothing comes of it. */
void effort_make(const char *password);
