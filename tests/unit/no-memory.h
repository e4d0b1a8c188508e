/* Answers for which there is no memory: what xmlrpc-c is asked for stands here in its place. */
#pragma once

#include <stdbool.h>

/* From now on no answer but a fault can be written, or it can again. */
void no_memory_for_answers(bool none);
