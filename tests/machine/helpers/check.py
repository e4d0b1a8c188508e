"""restartctl check, and states that it should find."""

import contextlib
import json
import os
import pathlib
import re

from .policy import OK
from .system import reload_manager, replaced, run

RUN = pathlib.Path("/run/systemd/system")
ETC = pathlib.Path("/etc/systemd/system")
PASSWD, SHADOW, GROUP, GSHADOW = (pathlib.Path(f"/etc/{name}") for name in ("passwd", "shadow", "group", "gshadow"))


def check(*arguments, status=None):
    done = run("restartctl", "check", *arguments, check=False, timeout=300)
    if status is not None:
        assert done.returncode == status, done.stdout + done.stderr
    return done


class Findings:
    """What check finds, polkitd being asked about one verb only; or nothing, where the test is about something else: that
    takes a tenth of the time."""

    def __init__(self, polkit=False):
        done = check("--json", "--verb=restart" if polkit else "--skip-polkit")
        data = json.loads(done.stdout)
        assert data["clean"] == (done.returncode == OK), done.stdout
        self.all = [
            (f["level"], f["file"] + (f":{f['line']}" if f["line"] else ""), f["message"])
            for f in data["findings"]
        ]

    def one(self, place, *words, level="finding"):
        """The one at that place with those words in it."""
        matching = [m for lv, p, m in self.all if lv == level and p == str(place) and all(w in m for w in words)]
        assert len(matching) == 1, (place, words, self.all)
        return matching[0]

    def any(self, *words, level="finding"):
        """Is there one of those words, wherever?"""
        return any(lv == level and all(w in m for w in words) for lv, _, m in self.all)

    def clean(self):
        return all(level == "note" for level, _, _ in self.all)


def assert_clean(polkit=False):
    found = Findings(polkit)
    assert found.clean(), found.all


@contextlib.contextmanager
def _placed(path, text, mode):
    path = pathlib.Path(path)
    made = [p for p in (path.parent, *path.parent.parents) if not p.exists()]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)
    try:
        yield path
    finally:
        path.unlink()
        for folder in made:
            folder.rmdir()


@contextlib.contextmanager
def files_with(texts, mode=0o644):
    """Files of those texts for a while, with the folders that they need; systemd reads its units anew, once."""
    try:
        with contextlib.ExitStack() as stack:
            paths = [stack.enter_context(_placed(path, text, mode)) for path, text in texts.items()]
            reload_manager()
            yield paths
    finally:
        reload_manager()


@contextlib.contextmanager
def file_with(path, text, mode=0o644):
    """One of them."""
    with files_with({path: text}, mode) as (placed,):
        yield placed


@contextlib.contextmanager
def mode_and_owner(path, mode=None, uid=-1, gid=-1):
    before = os.stat(path)
    os.chown(path, uid, gid)
    if mode is not None:
        os.chmod(path, mode)
    try:
        yield
    finally:
        os.chown(path, before.st_uid, before.st_gid)
        os.chmod(path, before.st_mode & 0o7777)


@contextlib.contextmanager
def edited(path, *changes):
    """A file with each (pattern, replacement) applied, for a while."""
    text = path.read_text()
    for pattern, replacement in changes:
        changed = re.sub(pattern, replacement, text, flags=re.M)
        assert changed != text, pattern
        text = changed
    with replaced(path, text):
        yield


def line_in(path, beginning):
    lines = pathlib.Path(path).read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.startswith(beginning))
