"""Measures what the history costs; a part of bench.py."""

import gzip
import http.client
import statistics
import tempfile
import time
import timeit
from pathlib import Path

from octoprint_uptime.store import Store
from tests.harness.basefolder import api_key
from tests.harness.client import PLUGIN
from tests.harness.example_history import fill

SESSIONS, DAYS = 3000, 365
REQUESTS = 50
MEMORY_KB = 1024


def measure_history(make):
    """``make`` makes servers. Rows of what SESSIONS ended sessions within DAYS cost a running OctoPrint."""
    bare, full = make(), make()
    try:
        fill(full.folder / "data" / "octoprint_uptime", SESSIONS, DAYS)
        for server in (bare, full):
            server.start()
        yield from measure_answer(full)
        yield f"memory with {SESSIONS} ended sessions, against none", memory(full) - memory(bare), 4, "MB"
    finally:
        bare.remove()
        full.remove()
    yield f"opening the history of {SESSIONS} sessions, in a thread of its own", measure_open(), 50, "ms"


def measure_answer(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    path = f"{PLUGIN}?l10n=en&include=history&days={DAYS}"
    times = [timeit.timeit(lambda: fetch(connection, path), number=1) * 1000 for _ in range(REQUESTS)]
    yield f"API with the history of {DAYS} days, {SESSIONS} sessions", statistics.median(times), 25, "ms"
    yield "the same answer, gzip", len(gzip.compress(fetch(connection, path))) / 1024, 60, "KB"


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
