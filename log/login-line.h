/* The login's lines, which are sentences: it may open no socket, and so journald has no fields of it. */
#pragma once

#include "common/person.h"

struct login_line {
    char user[PERSON_NAME_SIZE]; /* "": it is about nobody, or somebody whom nobody knows */
    char decision[16];           /* allowed, refused; "": neither */
};

void login_line_read(const char *message, struct login_line *ret);
