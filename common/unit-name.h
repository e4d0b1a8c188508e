/* The closed grammar of the units this software may name: PREFIX.service, a plain unit, and
 * PREFIX@INSTANCE.service, where PREFIX and INSTANCE are made of [A-Za-z0-9:_.-] only. systemd allows more
 * (backslash escapes, a second '@', other types); whatever is not in this smaller grammar is turned away
 * here, in the web front, in the broker and in the policy file alike, so that nothing behind this line needs
 * to think about quoting. */
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
    UNIT_NAME_E_TEMPLATE,     /* "worker@.service", where a unit is needed */
    UNIT_NAME_E_NOT_TEMPLATE, /* anything else, where a template is needed */
};

/* One sentence (no full stop, no newline) on an outcome above; never NULL. */
const char *unit_name_outcome(int outcome);

/* The name of a unit, with its parts. Only unit_name_parse() and unit_name_build() make one, so that whoever
 * holds one holds a name of the grammar: nobody behind them checks it again, or takes it apart. */
struct unit_name {
    char unit[UNIT_NAME_SIZE];     /* "example@0001.service", or "nginx.service" */
    char template[UNIT_NAME_SIZE]; /* "example@.service"; "" for a plain unit */
    char instance[UNIT_NAME_SIZE]; /* "0001"; "" for a plain unit */
};

static inline bool unit_name_is_plain(const struct unit_name *name)
{
    return name->template[0] == '\0';
}

/* From a unit's whole name. 0 or an outcome; *ret is written on success only, here and below. */
int unit_name_parse(const char *unit, struct unit_name *ret);

/* From a template's name and an instance's. */
int unit_name_build(const char *template, const char *instance, struct unit_name *ret);

/* "example@.service": a prefix that starts with a letter, a digit or '_', and no instance. 0 or an outcome.
 */
int unit_template_check(const char *template);

/* "0001": not empty, in the alphabet, and short enough to fit some unit name. */
bool unit_instance_valid(const char *instance);

/* An id is what somebody typed or sent. With an '@', or ending in ".service", it is meant to be a unit's
 * name, otherwise an instance's. "ssh.service" is thus never taken for example@ssh.service.service, nor "ssh"
 * for ssh.service. */
bool unit_id_is_name(const char *id);

/* Such a name, or "worker@blue" for short, which means worker@blue.service. A name that ends in another of
 * systemd's types ("worker@blue.socket") is none. */
int unit_id_parse(const char *id, struct unit_name *ret);

/* 0 when it is one of the two, otherwise an outcome. */
int unit_id_check(const char *id);
