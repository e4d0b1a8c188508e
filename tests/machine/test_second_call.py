"""restartctl restart on a terminal asks twice: for the restart, and for what became of it. Whatever comes of the second
question, nobody is told that nothing was restarted."""
import pytest

from helpers import liar, system

SOCKET = "/run/restarter-tests-second.sock"
WATCHED = {
    **liar.RESTART,
    "message": "example@1234.service was restarted in 7 ms, and is being watched for 1 s.",
    "verdict": "watching",
}


def fault(code):
    return liar.fault(liar.struct(faultCode=f"<int>{code}</int>", faultString="Nothing was restarted: why."))


SECOND = {
    "busy": fault(9),
    "stopping": fault(10),
    "not granted any more": fault(2),
    "unknown": fault(12),
    "refused": b"HTTP/1.1 503 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    "cut off": b"HTTP/1.1 200 OK\r\n",
}


class InTurn(liar.Broker):
    """The restart first, then something else."""

    second = b""

    def _bytes(self):
        self.answer = liar.response(liar.struct(**WATCHED)) if self.calls == 1 else self.second
        return super()._bytes()


@pytest.mark.parametrize("second", SECOND.values(), ids=SECOND.keys())
def test_second_call_fails(second, monkeypatch):
    monkeypatch.setattr(liar, "Broker", InTurn)
    with liar.broker(SOCKET) as broker:
        broker.second = second
        command = f"restartctl --socket {SOCKET} restart 1234"
        done = system.run("script", "--quiet", "--return", "--command", command, "/dev/null", check=False)
    assert "was restarted in 7 ms" in done.stdout
    assert done.returncode == 5, done
    assert "restartctl status 1234" in done.stdout and "--press=" in done.stdout
    assert "Nothing was restarted" not in done.stdout.splitlines()[-1]
    assert broker.calls == 2
