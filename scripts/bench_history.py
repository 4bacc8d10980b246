"""Measures what the history costs; a part of bench.py."""

import gzip
import http.client
import statistics
import tempfile
import time
import timeit
from pathlib import Path

from octoprint_uptime.history.store import Store
from tests.harness.basefolder import api_key
from tests.harness.client import PLUGIN
from tests.harness.example_history import fill

SESSIONS, DAYS = 3000, 365
EVERYTHING = f"{PLUGIN}?l10n=en&include=history&days={DAYS}"
REQUESTS = 50
ROUNDS = 3
MEMORY_KB = 1024

# What OctoPrint keeps of an answer that long is not the plugin's.
TALKATIVE_PLUGIN = """
import flask
import octoprint.plugin

class TalkativePlugin(octoprint.plugin.SimpleApiPlugin):
    def is_api_protected(self):
        return False

    def on_api_get(self, request):
        return flask.Response("x" * int(request.args["length"]))

__plugin_name__ = "Talkative"
__plugin_pythoncompat__ = ">=3.9,<4"
__plugin_implementation__ = TalkativePlugin()
"""


def measure_history(make):
    """``make`` makes servers. Rows of what SESSIONS ended sessions within DAYS cost a running OctoPrint."""
    rounds = [measure_round(make) for _ in range(ROUNDS)]
    yield from rounds[-1][0]
    # What the system leaves to a process differs by some megabytes from run to run.
    yield f"memory with {SESSIONS} ended sessions", min(memory for _, memory in rounds), 4, "MB"
    yield f"opening the history of {SESSIONS} sessions, in a separate thread", measure_open(), 50, "ms"


def measure_round(make):
    """The rows about the answer, and the megabytes that the plugin takes with SESSIONS ended sessions."""
    bare, full = make(plugins={"talkative.py": TALKATIVE_PLUGIN}), make()
    try:
        fill(full.folder / "data" / "octoprint_uptime", SESSIONS, DAYS)
        for server in (bare, full):
            server.start()
        return list(measure_answer(full)), memory(full) - memory_of_talk(bare, full)
    finally:
        bare.remove()
        full.remove()


def measure_answer(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    times = [timeit.timeit(lambda: fetch(connection, EVERYTHING), number=1) * 1000 for _ in range(REQUESTS)]
    yield f"API with the history of {DAYS} days, {SESSIONS} sessions", statistics.median(times), 30, "ms"
    yield "the same answer, gzip", len(gzip.compress(fetch(connection, EVERYTHING))) / 1024, 60, "KB"


def memory_of_talk(bare, full):
    """What an OctoPrint takes that gives answers as long as the other one's, and as many."""
    length = len(fetch(http.client.HTTPConnection("127.0.0.1", full.port), EVERYTHING))
    connection = http.client.HTTPConnection("127.0.0.1", bare.port)
    for _ in range(REQUESTS + 2):
        fetch(connection, f"/api/plugin/talkative?length={length}")
    return memory(bare)


def fetch(connection, path):
    connection.request("GET", path, headers={"X-Api-Key": api_key("reader")})
    return connection.getresponse().read()


def memory(server):
    (line,) = [line for line in Path(f"/proc/{server.pid()}/status").read_text().splitlines() if "VmRSS" in line]
    return int(line.split()[1]) / MEMORY_KB


def measure_open():
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder), SESSIONS, DAYS)
        started = time.perf_counter()
        Store(folder).open()
        return (time.perf_counter() - started) * 1000
