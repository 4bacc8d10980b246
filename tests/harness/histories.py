"""What a server's API tells of what happened before, and what makes it happen."""

import time

from tests.harness.client import PLUGIN, Client

TIMEOUT_SECONDS = 60


def history(server, query=""):
    """The history, as soon as the journal has looked."""
    known = []

    def ask():
        known.append(Client(server, "reader").reading(f"?l10n=en&include=history{query}")["history"])
        return known[-1] is not None

    wait_until(ask, "the first look")
    return known[-1]


def ended(server, clock):
    """The sessions of a clock that ended, newest first."""
    return [session for session in history(server)["sessions"] if session["clock"] == clock and session["ended"]]


def running(server, clock):
    return [session for session in history(server)["sessions"] if session["clock"] == clock and not session["ended"]]


def ask(server, command, name="admin"):
    """Choose a command of OctoPrint's menu."""
    return Client(server, name).request("POST", f"/api/system/commands/core/{command}").status


def clear(server):
    return Client(server, "admin").request("POST", PLUGIN, {"command": "clear_history"})


def wait_until(true, what="it"):
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while not true():
        assert time.monotonic() < deadline, f"{what} did not happen"
        time.sleep(0.1)
