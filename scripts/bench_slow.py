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
BUSY_SECONDS = 30  # for so long after its start, OctoPrint has more to do than to answer

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
        time.sleep(BUSY_SECONDS)
        for server in (ours, bare):
            server.slow_down(SHARE)
        for name, milliseconds in measure(ours, bare):
            yield f"at a tenth of a core, for information: {name}", milliseconds, None, "ms"
    finally:
        ours.remove()
        bare.remove()


def measure(ours, bare):
    # The best of each, since whatever else the machine does only adds to them, and would be all of their difference.
    with_plugin, without = answer_times(PAGE, ours, bare, of=min)
    yield "OctoPrint's page, made anew, without the plugin", without
    yield "what the plugin adds to that", with_plugin - without
    yield "API", *answer_times(PLUGIN + "?l10n=en", ours)
    for days in (7, 30, DAYS):
        name = f"API with the history of {days} of {DAYS} days, {SESSIONS} sessions in all"
        yield name, *answer_times(HISTORY + str(days), ours)
    yield "a beat", float(ours.execute("python3", "-c", BEATS))


def answer_times(path, *servers, of=statistics.median):
    """The milliseconds until each of the servers, asked in turn, has answered."""
    connections = [http.client.HTTPConnection("127.0.0.1", server.port) for server in servers]
    rounds = [[fetch(connection, path) for connection in connections] for _ in range(REQUESTS + 1)]
    return [of(times) for times in zip(*rounds[1:])]  # the first of each also loads what the others use


def fetch(connection, path):
    started = time.perf_counter()
    connection.request("GET", path, headers={"X-Api-Key": api_key("reader")})
    response = connection.getresponse()
    response.read()
    if response.status != 200:
        raise RuntimeError(f"{path} was answered with {response.status}")
    return (time.perf_counter() - started) * 1000
