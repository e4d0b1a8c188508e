/* What is said to somebody who would have to be logged in. */
#pragma once

#include "broker/outcome/outcome.h"

/* How a call stands to the ticket that came with it, or did not. */
enum login {
    LOGIN_GOOD, /* it is good, or none came and none is needed */
    LOGIN_MISSING,
    LOGIN_MALFORMED,
    LOGIN_FORGED,
    LOGIN_EXPIRED, /* left alone for too long, or at its absolute end */
    LOGIN_NOT_YET,
    LOGIN_OTHER_WAY, /* by another login than the one that the settings name */
    LOGIN_SIGNED_OUT,
    LOGIN_NO_KEY,    /* there is nothing to verify it with */
    LOGIN_UNSETTLED, /* not known whether one is needed: webfront.conf is broken, and was always */
    LOGINS
};

/* Not for LOGIN_GOOD. */
void sentence_login(struct outcome *outcome, enum login login);
/* For what only who has a ticket can do. */
void sentence_no_session(struct outcome *outcome);
/* It could not be written down that somebody signed out. */
void sentence_sign_out_lost(struct outcome *outcome);
