/* A program that stands in place of ssh, and says and does what a test tells it to. */
#pragma once

/* A script of /bin/sh whose path is returned: it is there until the process ends, or until the next one. */
const char *liar(const char *script);
