/* What is answered, line by line. */
#pragma once

#include "common/record/line.h"
#include "log/found.h"

enum { ANSWER_PATIENCE_SEC = 5 /* for whoever does not read */ };

/* For all that follows; 0 or a negative errno. */
int answer_begin(int fd);
/* 0 or a negative errno. The text is without its newline. */
int answer_text(int fd, const char *text);
int answer_line(int fd, const struct record_line *line);
/* All of it, the oldest first, and the end. */
int answer_found(int fd, const struct found *found);
/* error: "refused", "malformed", "unavailable". */
int answer_refuse(int fd, const char *error, const char *message);
