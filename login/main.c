/* restarter-login: who somebody is, by a password of /etc/restarter/users. */
#include "login/program.h"
#include "login/way-password.h"

int main(int argc, char *argv[])
{
    return program_run(&WAY_PASSWORD, argc, argv);
}
