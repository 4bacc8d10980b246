"""What a server's API tells of what happened before, and what makes it happen."""

import json
import sqlite3
import time
from contextlib import closing, suppress

from tests.harness.client import PLUGIN, Client

TIMEOUT_SECONDS = 60
RUNNING = "data/octoprint_uptime/running.db"


def history(server, query=""):
    """The history as the API has it."""
    return Client(server, "reader").reading(f"?l10n=en&include=history{query}")["history"]


def ended(server, clock):
    """The sessions of a clock that ended, newest first."""
    return [session for session in history(server)["sessions"] if session["clock"] == clock and session["ended"]]


def running(server, clock):
    return [session for session in history(server)["sessions"] if session["clock"] == clock and not session["ended"]]


def remembered_print(server):
    """The file of the print that is running, as the disk has it; OctoPrint keeps that locked."""
    address = (server.folder / RUNNING).as_uri() + "?immutable=1"
    with suppress(sqlite3.Error, ValueError), closing(sqlite3.connect(address, uri=True)) as running:
        (state,) = running.execute("SELECT state FROM running").fetchone()
        return json.loads(state).get("print", {}).get("file")
    return None  # read while it was being written


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
