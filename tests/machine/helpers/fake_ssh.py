"""A program in place of ssh, first in PATH, that does as a test tells it."""
import os

import pytest

# Runs what it is told to run there, here.
HONEST = 'while [ "$1" != -- ]; do shift; done; shift 2; exec "$@"'


@pytest.fixture
def ssh(tmp_path):
    """Puts a script in place of ssh: for all hosts, or for one."""

    def put(script, host=None):
        path = tmp_path / "ssh"
        if host:
            here = tmp_path / f"ssh-{host}"
            here.write_text(f"#!/bin/bash\n{script}\n")
            here.chmod(0o755)
            script = f'for word; do [ -x "$0-$word" ] && exec "$0-$word" "$@"; done\n{HONEST}'
        path.write_text(f"#!/bin/bash\n{script}\n")
        path.chmod(0o755)

    put(HONEST)
    os.environ["PATH"] = f"{tmp_path}:{os.environ['PATH']}"
    try:
        yield put
    finally:
        os.environ["PATH"] = os.environ["PATH"].split(":", 1)[1]
