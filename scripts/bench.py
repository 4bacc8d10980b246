"""Measures what the plugin costs and writes docs/performance.md. A figure over its budget is marked, not an error."""

import gzip
import http.client
import platform
import statistics
import threading
import time
import timeit
import zipfile
from pathlib import Path

from octoprint_uptime.durations import format_duration
from octoprint_uptime.history.collector import Collector
from octoprint_uptime.machine.clocks import steady_seconds
from octoprint_uptime.readings import take_reading
from octoprint_uptime.settings import DEFAULTS
from scripts.bench_card import measure_card
from scripts.bench_history import measure_history
from scripts.bench_page import measure_browser
from scripts.bench_slow import measure_slow
from scripts.bench_speed import TIME_UNITS, python_slowness
from tests.harness.basefolder import api_key
from tests.harness.client import PLUGIN
from tests.harness.past_machine import Machine, Memory
from tests.harness.prepare import DEFAULT_VERSION, prepare
from tests.harness.wheel import ROOT, build_wheel

RECEIVED = "ok T:210.12 /210.00 B:60.03 /60.00 @:64 B@:30\n"
PAIRS = 2000
CLIENTS, LOAD_REQUESTS = 50, 20_000

EMPTY_PLUGIN = """
import flask
import octoprint.plugin

class EmptyPlugin(octoprint.plugin.SimpleApiPlugin):
    def is_api_protected(self):
        return False

    def on_api_get(self, request):
        return flask.jsonify({})

__plugin_name__ = "Empty"
__plugin_pythoncompat__ = ">=3.9,<4"
__plugin_implementation__ = EmptyPlugin()
"""

START_COST = """
import time
import octoprint.plugin, octoprint.events, octoprint.access.permissions, flask, flask_babel, psutil, babel.dates
before = time.perf_counter()
import octoprint_uptime
octoprint_uptime.__plugin_load__()
print((time.perf_counter() - before) * 1000)
"""


def main():
    make = prepare(DEFAULT_VERSION)
    server = make(plugins={"empty.py": EMPTY_PLUGIN})
    try:
        server.start()
        rows = [*scaled(measure_python()), *scaled(measure_server(server)), *measure_browser(server)]
        rows += measure_load(server)
    finally:
        server.remove()
    report([*rows, *scaled(measure_history(make)), *scaled(measure_card()), *measure_slow()])


def scaled(rows):
    """Times in Python as they would be on the machine that the budgets are for."""
    for name, value, budget, unit in rows:
        is_budgeted_time = unit in TIME_UNITS and budget is not None
        yield name, value / python_slowness() if is_budgeted_time else value, budget, unit


def measure_python():
    memory = Memory()
    machine = Machine(memory.save)
    machine.boot(time.time() - 3600, "boot")
    document = timeit.timeit(lambda: take_reading(memory.snapshot(3600.0), DEFAULTS, "en"), number=10_000) * 100
    counter = iter(range(10**7, 10**8))
    duration = timeit.timeit(lambda: format_duration(next(counter)), number=100_000) * 10
    yield "CPU to build the document, patterns cached", document, 60, "µs"
    yield "formatting one duration, Python", duration, 3, "µs"
    collector = Collector()
    line = timeit.timeit(lambda: collector.note_line(RECEIVED, steady_seconds()), number=100_000) * 10
    yield "CPU for each line that the printer sends", line, 1, "µs"
    yield "JavaScript and CSS sent, gzip", measure_scripts(), 37, "KB"


def measure_scripts():
    """KB of the bundles that OctoPrint makes of what the wheel has: scripts and styles, and rescue.js in its client."""
    with zipfile.ZipFile(build_wheel()) as wheel:
        static = [name for name in wheel.namelist() if name.endswith((".js", ".css"))]
        others = ["octoprint_uptime/static/css/uptime.css", "octoprint_uptime/static/js/rescue.js"]
        scripts = [name for name in static if name not in others]
        bundles = [b"".join(map(wheel.read, names)) for names in (scripts, others[:1], others[1:])]
    return sum(len(gzip.compress(bundle)) for bundle in bundles) / 1024


def measure_server(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    times = {PLUGIN: [], "/api/plugin/empty": []}
    for _ in range(PAIRS):
        for path, measured in times.items():
            measured.append(timeit.timeit(lambda path=path: fetch(connection, path), number=1))
    ours, empty = (statistics.median(measured) for measured in times.values())
    yield "API median time ÷ that of an empty plugin", ours / empty, 1.1, ""
    yield "time added to OctoPrint's start", float(server.execute("python3", "-c", START_COST)), 50, "ms"


def fetch(connection, path):
    # As the page asks: in a language, which spares OctoPrint to look for the user's.
    connection.request("GET", path + "?l10n=en", headers={"X-Api-Key": api_key("reader")})
    response = connection.getresponse()
    response.read()
    return response.status


def measure_load(server):
    errors = []
    before = usage(server)
    workers = [threading.Thread(target=load, args=(server, errors)) for _ in range(CLIENTS)]
    started = time.monotonic()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    seconds, after = time.monotonic() - started, usage(server)
    yield f"load: errors in {LOAD_REQUESTS} requests of {CLIENTS} clients", len(errors), 0, ""
    yield "load: growth of memory", (after["VmRSS"] - before["VmRSS"]) / 1024, 16, "MB"
    yield "load: growth of threads", after["Threads"] - before["Threads"], CLIENTS, ""
    yield "load: requests a second, for information", LOAD_REQUESTS / seconds, None, ""


def load(server, errors):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    for _ in range(LOAD_REQUESTS // CLIENTS):
        try:
            status = fetch(connection, PLUGIN)
        except (OSError, http.client.HTTPException) as error:
            status = error
        if status != 200:
            errors.append(status)


def usage(server):
    """Resident memory in KB and threads of OctoPrint's process, after it has answered once."""
    lines = Path(f"/proc/{server.pid()}/status").read_text().splitlines()
    values = {line.split(":")[0]: line.split()[1] for line in lines if len(line.split()) > 1}
    return {key: int(values[key]) for key in ("VmRSS", "Threads")}


def report(rows):
    lines = ["| figure | measured | budget | |", "|---|---|---|---|"]
    for name, value, budget, unit in rows:
        verdict = "" if budget is None else "within" if value <= budget else "**over**"
        shown = f"{value:.2f}".rstrip("0").rstrip(".")
        lines.append(f"| {name} | {shown} {unit} | {'' if budget is None else f'≤ {budget} {unit}'} | {verdict} |")
    table = "\n".join(lines)
    print(table)
    slowness = f"{python_slowness():.1f} times as slow as the machine of the budgets"
    machine = f"Python {platform.python_version()}, OctoPrint {DEFAULT_VERSION}, {platform.machine()}, {slowness}"
    page = ROOT / "docs" / "performance.md"
    head = page.read_text().split("<!-- the last run -->")[0]
    page.write_text(f"{head}<!-- the last run -->\n\n{machine}\n\n{table}\n")


if __name__ == "__main__":
    main()
