/* restartctl passwd: who may log in with a password of their own. */
#include <crypt.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>

#include "cli/shared/cli.h"
#include "cli/shared/secret.h"
#include "cli/verbs/passwd-list.h"
#include "common/accounts/edit.h"
#include "common/accounts/groups.h"
#include "common/accounts/trust.h"
#include "common/cleanup.h"
#include "polkit/locks/files.h"

/* Beside the file, which is another one after each change. */
#define LOCK_FILE "/etc/restarter/.users.lock"

static const char *const CANNOT = "%s: %s; nothing was changed.";

static void wipe_text(char **text)
{
    if (*text)
        explicit_bzero(*text, strlen(*text));
    free(*text);
}

static int say_mistake(const struct mistake *mistake)
{
    return fail_self(CLI_EXIT_FAILED, "%s. Nothing was changed: mend that first.", mistake->text);
}

/* Held until the process ends. */
static int lock_users(void)
{
    int fd = open(LOCK_FILE, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
        return CLI_EXIT_OK;
    if (fd >= 0 && errno == EWOULDBLOCK) {
        return fail_self(CLI_EXIT_REFUSED, CANNOT, USERS_FILE, "somebody else is changing it");
    }
    return fail_self(CLI_EXIT_UNAVAILABLE, CANNOT, LOCK_FILE, strerror(errno));
}

/* Its text, "" when there is none. */
static int read_file(const char *path, char **ret)
{
    int r = file_read(path, ret);

    if (r == 0 && !*ret)
        r = (*ret = strdup("")) ? 0 : -ENOMEM;
    if (r == 0)
        return CLI_EXIT_OK;
    return fail_self(CLI_EXIT_UNAVAILABLE, CANNOT, path, strerror(-r));
}

/* Whoever else could read it has the hashes: it is not made good again in passing. */
static int check_owner(void)
{
    struct mistake mistake;

    return trust_users(USERS_FILE, &mistake) == 0 ? CLI_EXIT_OK : say_mistake(&mistake);
}

static int check_users(const char *text)
{
    _cleanup_(users_done) struct users users = { .list = NULL };
    struct mistake mistake = { "out of memory" };

    return users_read(USERS_FILE, text, strlen(text), &users, &mistake) == 0 ? CLI_EXIT_OK
                                                                             : say_mistake(&mistake);
}

/* With these users, is each member of a group still somebody? */
static int check_groups(const char *text)
{
    _cleanup_(users_done) struct users users = { .list = NULL };
    _cleanup_(freep) char *groups = NULL;
    struct mistake mistake = { "out of memory" };
    int r = read_file(GROUPS_FILE, &groups);

    if (r != CLI_EXIT_OK)
        return r;
    if (users_read(USERS_FILE, text, strlen(text), &users, &mistake) == 0 &&
        groups_read(GROUPS_FILE, groups, strlen(groups), &users, NULL, &mistake) == 0)
        return CLI_EXIT_OK;
    (void)say_mistake(&mistake);
    return CLI_EXIT_REFUSED;
}

static int write_users(const char *text)
{
    int r = file_replace(USERS_FILE, 0600, text);

    if (r == 0)
        return CLI_EXIT_OK;
    return fail_self(CLI_EXIT_UNAVAILABLE, CANNOT, USERS_FILE, strerror(-r));
}

static int edit_failed(int r, const char *user)
{
    if (r == EDIT_E_NOT_THERE)
        return fail_self(CLI_EXIT_FAILED, "%s: there is no user %s.", USERS_FILE, user);
    return fail_self(CLI_EXIT_FAILED, CANNOT, USERS_FILE, strerror(-r));
}

/* yescrypt, at the cost that this system's crypt(3) has for its own accounts. */
static int make_hash(const char *password, char ret[static HASH_SIZE])
{
    char setting[CRYPT_GENSALT_OUTPUT_SIZE];
    struct crypt_data *data = calloc(1, sizeof(*data));
    const char *hash = NULL;

    if (data && crypt_gensalt_rn("$y$", 0, NULL, 0, setting, sizeof(setting)))
        hash = crypt_rn(password, setting, data, sizeof(*data));
    if (hash)
        (void)snprintf(ret, HASH_SIZE, "%s", hash);
    if (data)
        explicit_bzero(data, sizeof(*data));
    free(data);
    if (hash)
        return CLI_EXIT_OK;
    return fail_self(CLI_EXIT_FAILED, CANNOT, "the password", "no hash of it can be made");
}

static int ask_for_hash(const char *user, char ret[static HASH_SIZE])
{
    char password[PASSWORD_SIZE] = "";
    int r = CLI_EXIT_FAILED;

    if (secret_read(user, password))
        r = make_hash(password, ret);
    explicit_bzero(password, sizeof(password));
    return r;
}

/* Among users whose lines are in order. */
static bool is_there(const char *text, const char *user)
{
    _cleanup_(users_done) struct users users = { .list = NULL };
    struct mistake mistake;

    return users_read(USERS_FILE, text, strlen(text), &users, &mistake) == 0 && users_find(&users, user);
}

static int set_password(const char *user, const char *text)
{
    _cleanup_(wipe_text) char *changed = NULL;
    char hash[HASH_SIZE];
    int r = ask_for_hash(user, hash);

    if (r != CLI_EXIT_OK)
        return r;
    r = edit_user(text, user, hash, &changed);
    if (r != 0)
        return edit_failed(r, user);
    r = check_users(changed);
    if (r == CLI_EXIT_OK)
        r = write_users(changed);
    if (r == CLI_EXIT_OK)
        (void)printf(is_there(text, user) ? "User %s has another password.\n"
                                          : "User %s is new, and has a password.\n",
                     user);
    return r;
}

static int delete_user(const char *user, const char *text)
{
    _cleanup_(wipe_text) char *changed = NULL;
    int r = edit_user(text, user, NULL, &changed);

    if (r != 0)
        return edit_failed(r, user);
    r = check_groups(changed);
    if (r == CLI_EXIT_OK)
        r = write_users(changed);
    if (r == CLI_EXIT_OK)
        (void)printf(
            "User %s is no more, and cannot log in again. Tickets that there are last until they end.\n",
            user);
    return r;
}

static int change(const char *user, bool delete)
{
    _cleanup_(wipe_text) char *text = NULL;
    int r;

    if (geteuid() != 0) {
        return fail_self(CLI_EXIT_UNAVAILABLE, CANNOT, USERS_FILE, "only root may change it");
    }
    if ((r = lock_users()) != CLI_EXIT_OK || (r = read_file(USERS_FILE, &text)) != CLI_EXIT_OK ||
        (r = check_owner()) != CLI_EXIT_OK || (r = check_users(text)) != CLI_EXIT_OK)
        return r;
    return delete ? delete_user(user, text) : set_password(user, text);
}

/* `argv` begins before the first argument, where getopt_long() expects the program. */
static int parse_options(int argc, char *argv[], bool *delete, bool *list)
{
    static char program[] = "restartctl"; /* who complains */
    static const struct option OPTIONS[] = {
        { "delete", no_argument, NULL, 'd' },
        { "list", no_argument, NULL, 'l' },
        { NULL, 0, NULL, 0 },
    };

    argv[0] = program;
    optind = 0; /* glibc: begin anew, with these arguments */
    for (int c; (c = getopt_long(argc, argv, ":dl", OPTIONS, NULL)) >= 0;) {
        if (c != 'd' && c != 'l')
            return cli_usage_option(c, argv);
        *(c == 'd' ? delete : list) = true;
    }
    if (*list)
        return argc == optind && !*delete ? CLI_EXIT_OK : cli_usage_error("passwd --list takes nothing else");
    if (argc - optind != 1)
        return cli_usage_error("passwd takes one user");
    if (!person_name_valid(argv[optind]))
        return cli_usage_error(
            "that is no name of a user: 1 to %d of A-Z a-z 0-9 _ . @ -, the first of them a "
            "letter, a digit or '_'",
            PERSON_NAME_MAX);
    return CLI_EXIT_OK;
}

int cli_passwd(const struct cli_options *options, int argc, char *argv[])
{
    bool delete = false, list = false;
    int r = parse_options(argc + 1, argv - 1, &delete, &list);

    (void)options;
    if (r == CLI_EXIT_OK && list)
        return passwd_list();
    return r == CLI_EXIT_OK ? change(argv[optind - 1], delete) : r;
}
