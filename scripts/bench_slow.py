"""Measures what the plugin costs a computer as slow as a Raspberry Pi Zero; a part of bench.py."""

import http.client
import statistics
import time

from scripts.bench_card import PRINTING
from scripts.bench_history import DAYS, SESSIONS
from tests.harness.basefolder import api_key
from tests.harness.client import PLUGIN
from tests.harness.example_history import fill
from tests.harness.prepare import DEFAULT_VERSION, docker_answers, prepare

SHARE = 0.1
REQUESTS = 20

# `?_refresh` has OctoPrint make its page anew, which it does after each start and then keeps.
PAGE = "/?l10n=en&_refresh=yes"
HISTORY = PLUGIN + "?l10n=en&include=history&days="

# Runs beside OctoPrint, on the same share.
BEATS = f"""
import tempfile, time
folder = tempfile.mkdtemp()
{PRINTING}
started = time.perf_counter()
for up in range(2000, 2000 + {REQUESTS}):
    state = beat(state, up + 0.123456)
print((time.perf_counter() - started) * 1000 / {REQUESTS})
"""


def measure_slow():
    """Rows, for information. Only a server in a container can be held back, without one there are none."""
    if not docker_answers():
        return
    ours, bare = prepare(DEFAULT_VERSION)(), prepare(DEFAULT_VERSION, with_plugin=False)()
    try:
        fill(ours.folder / "data" / "octoprint_uptime", SESSIONS, DAYS)
        for server in (ours, bare):
            server.start()
            server.slow_down(SHARE)
        for name, milliseconds in measure(ours, bare):
            yield f"at a tenth of a core, for information: {name}", milliseconds, None, "ms"
    finally:
        ours.remove()
        bare.remove()


def measure(ours, bare):
    without = answer_time(bare, PAGE)
    yield "OctoPrint's page, made anew, without the plugin", without
    yield "time that the plugin adds to it", answer_time(ours, PAGE) - without
    yield "API", answer_time(ours, PLUGIN + "?l10n=en")
    for days in (7, 30, DAYS):
        milliseconds = answer_time(ours, HISTORY + str(days))
        yield f"API with the history of {days} of {DAYS} days, {SESSIONS} sessions in all", milliseconds
    yield "a beat", float(ours.execute("python3", "-c", BEATS))


def answer_time(server, path):
    """The median of milliseconds until the answer is there, once it has been asked for."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    return statistics.median([fetch(connection, path) for _ in range(REQUESTS + 1)][1:])


def fetch(connection, path):
    started = time.perf_counter()
    connection.request("GET", path, headers={"X-Api-Key": api_key("reader")})
    response = connection.getresponse()
    response.read()
    if response.status != 200:
        raise RuntimeError(f"{path} was answered with {response.status}")
    return (time.perf_counter() - started) * 1000
