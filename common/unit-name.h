/* The closed grammar of the units this software may name: PREFIX@INSTANCE.service, where PREFIX and INSTANCE
 * are made of [A-Za-z0-9:_.-] only. systemd allows more (backslash escapes, a second '@', other types);
 * whatever is not in this smaller grammar is turned away here, in the web front, in the broker and in the
 * policy file alike, so that nothing behind this line needs to think about quoting. */
#pragma once

#include <stdbool.h>

/* Longest unit name, with its NUL: systemd's own limit. */
#define UNIT_NAME_SIZE 256

/* What ends every unit name and every template name. */
#define UNIT_NAME_SUFFIX ".service"

/* Outcomes, all of them "no": the caller must not go on with the name. */
enum {
    UNIT_NAME_E_INVALID = 1,  /* empty prefix or instance, a second '@', or a byte outside the alphabet */
    UNIT_NAME_E_TOO_LONG,     /* more than UNIT_NAME_SIZE - 1 bytes */
    UNIT_NAME_E_NOT_SERVICE,  /* does not end in ".service" */
    UNIT_NAME_E_NOT_INSTANCE, /* no '@', or a template where an instance is needed, or the other way round */
};

/* One sentence (no full stop, no newline) on an outcome above; never NULL. */
const char *unit_name_outcome(int outcome);

/* "0001": not empty, in the alphabet, and short enough to fit some unit name. */
bool unit_instance_valid(const char *instance);

/* "example@.service": a prefix that starts with a letter, a digit or '_', and no instance. */
bool unit_template_valid(const char *template_name);

/* The same, with the outcome that says why not. */
int unit_template_check(const char *template_name);

/* "example@0001.service" to "example@.service" and "0001". 0 or an outcome; outputs are written on success
 * only. */
int unit_name_split(const char *unit, char ret_template[static UNIT_NAME_SIZE],
                    char ret_instance[static UNIT_NAME_SIZE]);

/* The way back. 0 or an outcome. What it builds, unit_name_split() takes apart again. */
int unit_name_build(const char *template_name, const char *instance, char ret_unit[static UNIT_NAME_SIZE]);

/* What somebody typed or sent: with an '@', or ending in ".service", it is meant to be a whole unit name,
 * otherwise an instance. "ssh.service" is thus refused as what it is, and never taken for
 * example@ssh.service.service. */
bool unit_name_looks_full(const char *id);

/* Such a whole name, or "worker@blue" for short, which means worker@blue.service, taken apart as
 * unit_name_split() does. A name that ends in another of systemd's types ("worker@blue.socket") is none. */
int unit_id_split(const char *id, char ret_template[static UNIT_NAME_SIZE],
                  char ret_instance[static UNIT_NAME_SIZE]);

/* 0 when it is one of the two, otherwise an outcome. */
int unit_id_check(const char *id);
