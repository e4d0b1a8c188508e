/* Hashes of passwords, in the forms of crypt(5) that mkpasswd and htpasswd -B write: yescrypt ($y$), bcrypt
 * ($2y$, $2b$, $2a$) and sha512crypt ($6$). Others are refused, and so is a cost that is next to none or that
 * would keep a login from ending in its few seconds. */
#pragma once

enum {
    HASH_SIZE = 256,     /* with its NUL */
    PASSWORD_SIZE = 512, /* with its NUL: crypt(3)'s bound */
};

/* NULL for one that may be compared with; otherwise what is wrong, to follow upon "the hash ". It is not
 * quoted. */
const char *hash_mistake(const char *hash);
