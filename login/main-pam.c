/* restarter-login-pam: who somebody is, by PAM. A program of its own, so that the other one has nothing of
 * PAM in it. */
#include "login/program.h"
#include "login/way-pam.h"

int main(int argc, char *argv[])
{
    return program_run(&WAY_PAM, argc, argv);
}
