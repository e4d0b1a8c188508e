"""An open page as the web front sees it: a stream of events, read as they come."""
import collections
import http.client
import re
import time

from . import web

Event = collections.namedtuple("Event", "kind id data")


class Page:
    """Opens a stream, and closes it at the end. What is waited for has to come within `patience` seconds."""

    def __init__(self, query="", last=None, patience=60):
        self.patience, self.seen = patience, []
        self.connection = http.client.HTTPConnection(web.HOST, web.PORT, timeout=patience)
        headers = {"Accept": "text/event-stream", **({"Last-Event-ID": last} if last else {})}
        self.connection.request("GET", "/events" + query, headers=headers)
        self.answer = self.connection.getresponse()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.answer.close()
        self.connection.close()

    def next(self):
        """The next event; None at the end of the stream."""
        kind, number, data = None, None, []
        while True:
            line = self.answer.readline().decode()
            if not line:
                return None
            line = line.rstrip("\n")
            if line.startswith("event: "):
                kind = line[7:]
            elif line.startswith("id: "):
                number = line[4:]
            elif line.startswith("data: "):
                data.append(line[6:])
            elif not line and kind:
                self.seen.append(kind)
                return Event(kind, number, "\n".join(data))
            elif not line:
                return Event("pulse", None, "")

    def wait(self, fits):
        """The first event that fits, and those before it are over."""
        end = time.monotonic() + self.patience
        while time.monotonic() < end:
            event = self.next()
            assert event, "the stream has ended"
            if fits(event):
                return event
        raise AssertionError(f"not told within {self.patience} seconds, but {self.seen}")

    def wait_for_end(self):
        """Until the other side has ended the stream. One that is cut off raises an error of http.client's."""
        while self.next():
            pass

    def wait_for(self, kind):
        return self.wait(lambda event: event.kind == kind)

    def wait_for_row(self, unit, group):
        """Until the row of that unit is told to be in that group, whether in a change or in the whole list."""
        return self.wait(lambda event: group_of(event, unit) == group)

    def wait_for_row_outside(self, unit, group):
        return self.wait(lambda event: group_of(event, unit) not in (None, group))


def group_of(event, unit):
    found = re.search(rf'<li data-unit="{re.escape(unit)}" data-group="([a-z]*)"', event.data)
    return found and found[1]
