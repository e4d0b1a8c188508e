"""WebDriver BiDi, as Firefox speaks it over its own port: commands and their answers, values there and back.
Debian has no geckodriver, and this much of the protocol is all that is needed without it."""
import json
import time

import websocket


class Refused(Exception):
    """What the browser says to a command that it does not carry out."""


class Session:
    """One, over a socket of its own. What the browser reports meanwhile is kept in `events`."""

    def __init__(self, address, seconds):
        self.socket = websocket.create_connection(address + "/session", suppress_origin=True, timeout=seconds)
        self.number = 0
        self.events = []
        self.command("session.new", capabilities={})

    def command(self, method, **parameters):
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("id") == self.number:
                break
            self.events.append(message)
        if message["type"] == "error":
            raise Refused(f"{method}: {message['error']}: {message['message']}")
        return message["result"]

    def close(self):
        self.socket.close()


class Node:
    """An element of the page, as the browser names it."""

    def __init__(self, shared_id):
        self.shared_id = shared_id

    def __eq__(self, other):
        return isinstance(other, Node) and self.shared_id == other.shared_id

    def __hash__(self):
        return hash(self.shared_id)


def sent(value):
    """A value of ours, as the protocol writes it."""
    if isinstance(value, Node):
        return {"sharedId": value.shared_id}
    if value is None:
        return {"type": "null"}
    if isinstance(value, (bool, int, float, str)):
        kind = "boolean" if isinstance(value, bool) else "string" if isinstance(value, str) else "number"
        return {"type": kind, "value": value}
    if isinstance(value, dict):
        return {"type": "object", "value": [[key, sent(v)] for key, v in value.items()]}
    return {"type": "array", "value": [sent(v) for v in value]}


def received(remote, node=Node):
    """A value of the page's, as Python has it."""
    kind, value = remote["type"], remote.get("value")
    if kind == "node":
        return node(remote["sharedId"])
    if kind in ("array", "nodelist", "htmlcollection", "set"):
        return [received(v, node) for v in value or []]
    if kind in ("object", "map"):
        return {key if isinstance(key, str) else received(key, node): received(v, node) for key, v in value or []}
    return value


def wait_until(condition, seconds):
    """Asks until the answer is true, or the time is over; returns the last answer. Each asking is work for two processes or
    three, so that it is asked less often what takes longer."""
    end, pause = time.monotonic() + seconds, 0.02
    while not (answer := condition()) and time.monotonic() < end:
        time.sleep(pause)
        pause = min(1.5 * pause, 0.2)
    return answer


def wait_for_line(file, words, process, seconds):
    """The rest of the line that begins with those words, which the process writes to that file."""

    def find():
        lines = file.read_text(errors="replace").splitlines()
        return process.poll() is not None or [line.removeprefix(words) for line in lines if line.startswith(words)]

    found = wait_until(find, seconds)
    assert isinstance(found, list) and found, f"the browser did not come up: {file.read_text(errors='replace')[-2000:]}"
    return found[0].strip()
