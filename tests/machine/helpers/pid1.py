"""A unit's properties from PID 1 itself, over the socket that systemctl uses as root. Tests ask thousands of times, and
wait by asking: a process for each question, and all of the unit's properties for one of them, would be a good part of
what a machine does. No library of D-Bus is among the tools, and this little needs none."""
import contextlib
import socket
import struct

SOCKET = "/run/systemd/private"
PATIENCE = 60
NAME, PATH = "org.freedesktop.systemd1", "/org/freedesktop/systemd1/unit/"
CALL, REPLY, ERROR = 1, 2, 3
FIELD_PATH, FIELD_INTERFACE, FIELD_MEMBER, FIELD_REPLY_SERIAL, FIELD_DESTINATION, FIELD_SIGNATURE = 1, 2, 3, 5, 6, 8

# Where a property is found. Only those that systemctl prints as they are: no times, no lists.
INTERFACES = {
    **dict.fromkeys(
        ("ActiveState", "Description", "FragmentPath", "Id", "InvocationID", "LoadState", "SubState", "UnitFileState"),
        f"{NAME}.Unit",
    ),
    **dict.fromkeys(("ExecMainStatus", "MainPID", "NRestarts", "Result", "StatusText"), f"{NAME}.Service"),
}


def answers(unit, properties):
    """Can it be asked here?"""
    if not unit.endswith((".service", ".socket")) or "/" in unit:
        return False
    known = INTERFACES if unit.endswith(".service") else [n for n, i in INTERFACES.items() if i == f"{NAME}.Unit"]
    return all(name in known for name in properties)


def _escaped(unit):
    """As the last part of an object path: all but letters and digits by their numbers, and a digit in front as well."""
    return "".join(
        c if c.isascii() and c.isalpha() or number > 0 and c.isascii() and c.isdigit() else "".join(f"_{b:02x}" for b in c.encode())
        for number, c in enumerate(unit)
    )


def _padded(data, boundary):
    return data + bytes(-len(data) % boundary)


def _string(text):
    return struct.pack("<I", len(text.encode())) + text.encode() + b"\0"


def _field(data, code, kind, text):
    """One more field of a header: each begins at a multiple of eight."""
    value = bytes([len(text)]) + text.encode() + b"\0" if kind == "g" else _string(text)
    return _padded(data, 8) + bytes([code, 1]) + kind.encode() + b"\0" + value


def _call(serial, path, member, *arguments):
    """A call of org.freedesktop.DBus.Properties, all of whose arguments are strings."""
    body = b""
    for argument in arguments:
        body = _padded(body, 4) + _string(argument)
    fields = b""
    for field in (
        (FIELD_PATH, "o", path),
        (FIELD_INTERFACE, "s", "org.freedesktop.DBus.Properties"),
        (FIELD_MEMBER, "s", member),
        (FIELD_DESTINATION, "s", NAME),
        (FIELD_SIGNATURE, "g", "s" * len(arguments)),
    ):
        fields = _field(fields, *field)
    head = struct.pack("<cBBBIII", b"l", CALL, 0, 1, len(body), serial, len(fields))
    return _padded(head + fields, 8) + body


class Connection:
    def __init__(self):
        self.socket = socket.socket(socket.AF_UNIX)
        self.received, self.serial = b"", 0
        try:
            self.socket.settimeout(PATIENCE)
            self.socket.connect(SOCKET)
            self.socket.sendall(b"\0AUTH EXTERNAL 30\r\nBEGIN\r\n")  # 30: the digit of uid 0
            while b"\r\n" not in self.received:
                self._receive()
            line, _, self.received = self.received.partition(b"\r\n")
            if not line.startswith(b"OK "):
                raise ConnectionError(line)
        except OSError:
            self.socket.close()
            raise

    def close(self):
        self.socket.close()

    def _receive(self):
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError("PID 1 has hung up")
        self.received += data

    def _take(self, size):
        while len(self.received) < size:
            self._receive()
        data, self.received = self.received[:size], self.received[size:]
        return data

    def _message(self):
        """(kind, whose answer it is, body): signals come by, too."""
        head = self._take(16)
        kind, body_size, fields_size = head[1], *struct.unpack("<I4xI", head[4:16])
        fields = self._take(fields_size + -fields_size % 8)[:fields_size]
        return kind, _reply_serial(fields), self._take(body_size)

    def get(self, unit, name):
        """The property as systemctl prints it."""
        self.serial += 1
        self.socket.sendall(_call(self.serial, PATH + _escaped(unit), "Get", INTERFACES[name], name))
        while True:
            kind, serial, body = self._message()
            if serial == self.serial and kind in (REPLY, ERROR):
                break
        if kind == ERROR:
            raise ConnectionError(f"{unit}: {name}: {body!r}")
        return _text(body)


def _reply_serial(fields):
    """Of all the fields the one that is a number."""
    at = 0
    while at < len(fields):
        at += -at % 8
        code, kind = fields[at], fields[at + 2 : at + 3]
        at += 4
        if kind == b"g":
            at += fields[at] + 2
            continue
        at += -at % 4
        (number,) = struct.unpack_from("<I", fields, at)
        if code == FIELD_REPLY_SERIAL:
            return number
        at += 4 + (number + 1 if kind in b"so" else 0)
    return 0


def _text(body):
    """A variant: the length of its type's name, that name, and the value where its kind may begin."""
    kind, at = body[1 : 1 + body[0]].decode(), body[0] + 2
    at += -at % 4
    if kind in "ui":
        return str(struct.unpack_from(f"<{'I' if kind == 'u' else 'i'}", body, at)[0])
    (size,) = struct.unpack_from("<I", body, at)
    data = body[at + 4 : at + 4 + size]
    return data.hex() if kind == "ay" else data.decode()


def ask(questions):
    """The values of (unit, property), in order. An OSError says that it could not be asked."""
    with contextlib.closing(Connection()) as connection:
        return [connection.get(unit, name) for unit, name in questions]
