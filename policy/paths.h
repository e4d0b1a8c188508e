/* Where the policy is, what is rendered from it, and the user that both are about. */
#pragma once

#define POLICY_PATH "/etc/restarter/policy.conf"

#define RULE_NAME "50-restarter.rules"
#define RULE_DIRECTORY "/etc/polkit-1/rules.d"
#define RULE_PATH RULE_DIRECTORY "/" RULE_NAME
/* Whom the rule is about, and the only user it ever names. */
#define RULE_USER "restarter"

/* The bus policy as shipped: what is needed for the verb restart. */
#define BUS_PATH "/usr/share/dbus-1/system.d/restarter.conf"
/* And what goes beyond it. */
#define BUS_VERBS_PATH "/etc/dbus-1/system.d/restarter-verbs.conf"
