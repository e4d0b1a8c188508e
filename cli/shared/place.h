/* Where a broker is asked. */
#pragma once

struct cli_place {
    const char *socket; /* of this machine, a path; NULL: the host */
    const char *name;   /* of another machine, as whoever asks calls it */
    const char *host;   /* for ssh, as common/machines/machine-host.h takes it */
    unsigned port;      /* 0: as ssh knows it */
};
