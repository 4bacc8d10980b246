"""Measures what the plugin costs and writes docs/performance.md. A figure over its budget is marked, not an error."""

import gzip
import http.client
import platform
import statistics
import threading
import time
import timeit
from pathlib import Path

from octoprint_uptime.clocks import HostClock, OctoPrintClock, PrinterClock
from octoprint_uptime.durations import format_duration
from octoprint_uptime.readings import take_reading
from octoprint_uptime.settings import DEFAULTS
from tests.browser.chromium import launch_chromium
from tests.browser.client import PLUGIN, Client
from tests.octoprint.basefolder import api_key
from tests.octoprint.prepare import DEFAULT_VERSION, ensure_docker, prepare
from tests.octoprint.wheel import ROOT

HOUR = 3600
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

VIEW_MODEL = "OctoPrint.coreui.viewmodels.uptimeViewModel"

FORMAT_JS = """() => {
    const { formatDuration } = OctoPrintUptime.durations;
    const started = performance.now();
    for (let i = 0; i < 100000; i += 1) formatDuration(93784 + i, "full", "narrow", "en");
    return (performance.now() - started) / 100;
}"""

# Each round is a second: the clocks are a second older, all placements are drawn, the browser lays them out.
DRAW = """async seconds => {
    const page = OctoPrint.coreui.viewmodels.uptimeViewModel;
    for (let i = 0; i < seconds; i += 1) {
        Object.values(page.clocks.anchors).filter(Boolean).forEach(anchor => (anchor.age += 1000));
        page.clocks.page.changed();
        await null; // for what Knockout puts off until all clocks are drawn
        document.body.offsetHeight;
    }
}"""

COUNT_WAKES = """() => {
    const { prototype } = OctoPrintUptime.Clocks;
    const wake = prototype.wake;
    OctoPrintUptime.wakes = 0;
    prototype.wake = function () {
        OctoPrintUptime.wakes += 1;
        wake.call(this);
    };
}"""

HIDE = """() => {
    Object.defineProperty(document, "hidden", { value: true, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


def main():
    ensure_docker()
    server = prepare(DEFAULT_VERSION)(plugins={"empty.py": EMPTY_PLUGIN})
    try:
        server.start()
        rows = [*measure_python(), *measure_server(server), *measure_browser(server), *measure_load(server)]
    finally:
        server.remove()
    report(rows)


def measure_python():
    clocks = {"host": HostClock(), "octoprint": OctoPrintClock(), "printer": PrinterClock()}
    clocks["printer"].update(True)
    document = timeit.timeit(lambda: take_reading(clocks, DEFAULTS, "en"), number=10_000) * 100
    counter = iter(range(10**7, 10**8))
    duration = timeit.timeit(lambda: format_duration(next(counter)), number=100_000) * 10
    bundles = [
        [path.read_bytes() for path in ROOT.glob(f"octoprint_uptime/static/*/*.{kind}")] for kind in ("js", "css")
    ]
    sent = sum(len(gzip.compress(b"".join(bundle))) for bundle in bundles) / 1024
    yield "CPU to build the document, patterns cached", document, 60, "µs"
    yield "formatting one duration, Python", duration, 3, "µs"
    yield "JavaScript and CSS sent, gzip", sent, 8, "KB"


def measure_server(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    times = {PLUGIN: [], "/api/plugin/empty": []}
    for _ in range(PAIRS):
        for path, measured in times.items():
            measured.append(timeit.timeit(lambda path=path: fetch(connection, path), number=1))
    ours, empty = (statistics.median(measured) for measured in times.values())
    yield "API median time ÷ that of an empty plugin", ours / empty, 1.08, ""
    yield "time added to OctoPrint's start", float(server.execute("python3", "-c", START_COST)), 50, "ms"


def fetch(connection, path):
    # As the page asks: in a language, which spares OctoPrint to look for the user's.
    connection.request("GET", path + "?l10n=en", headers={"X-Api-Key": api_key("reader")})
    response = connection.getresponse()
    response.read()
    return response.status


def measure_browser(server):
    with launch_chromium() as browser:
        page = open_page(browser, server)
        page.evaluate(FORMAT_JS)  # what is called often gets compiled; that is not what is measured
        yield "formatting one duration, JavaScript", page.evaluate(FORMAT_JS), 1, "µs"
        page.evaluate("$('#tab_plugin_octoprint_uptime_link a').tab('show')")
        metrics = Metrics(page)
        page.evaluate(DRAW, HOUR // 6)
        busy = min(busy_hour(page, metrics) for _ in range(3))  # the rest of the machine can only add to it
        yield "main-thread time of one hour of `full` in all placements", busy, 1, "s"
        yield "heap growth over 24 hours, after GC", heap_growth(page, metrics), 1, "MB"
        yield from count_requests_and_wakes(browser, server)


def open_page(browser, server, before=lambda page: None):
    page = Client(server, "admin").log_in(browser.new_context()).new_page()
    before(page)
    page.goto(f"{server.url}/?l10n=en")
    page.wait_for_function("window.OctoPrint && OctoPrint.coreui && OctoPrint.coreui.startedUp")
    page.locator("#navbar_plugin_octoprint_uptime a").wait_for()
    return page


class Metrics:
    """What Chromium counts of a page; its durations are the CPU time of the main thread, in seconds."""

    def __init__(self, page):
        self.session = page.context.new_cdp_session(page)
        self.session.send("Performance.setTimeDomain", {"timeDomain": "threadTicks"})
        self.session.send("Performance.enable")

    def read(self, name):
        metrics = self.session.send("Performance.getMetrics")["metrics"]
        return next(metric["value"] for metric in metrics if metric["name"] == name)

    def heap(self):
        self.session.send("HeapProfiler.collectGarbage")
        return self.read("JSHeapUsedSize")


def busy_hour(page, metrics):
    before = metrics.read("TaskDuration")
    page.evaluate(DRAW, HOUR)
    return metrics.read("TaskDuration") - before


def heap_growth(page, metrics):
    before = metrics.heap()
    page.evaluate(DRAW, 24 * HOUR)
    return (metrics.heap() - before) / 2**20


def count_requests_and_wakes(browser, server):
    requests = []

    def prepare_page(page):
        page.clock.install()
        page.on("request", lambda request: PLUGIN + "?" in request.url and requests.append(request.url))

    for format, budget in (("dhm", 75), ("full", 3700)):
        Client(server, "admin").save({"display_format": format})
        requests.clear()
        page = open_page(browser, server, prepare_page)
        page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 1)
        page.evaluate(COUNT_WAKES)
        pass_an_hour(page)
        yield f"timer wake-ups in an hour, `{format}`", page.evaluate("OctoPrintUptime.wakes"), budget, ""
    yield "requests in the first hour of a visible page", len(requests), 13, ""
    page = open_page(browser, server, prepare_page)
    requests[:-1] = []
    page.evaluate(HIDE)
    page.clock.run_for(HOUR * 1000)
    yield "requests in the first hour of a hidden page", len(requests), 1, ""


def pass_an_hour(page):
    for _ in range(0, HOUR, 2):
        page.clock.run_for(2000)
        page.evaluate(f"{VIEW_MODEL}.clocks.inFlight")


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
    machine = f"Python {platform.python_version()}, OctoPrint {DEFAULT_VERSION}, {platform.machine()}"
    page = ROOT / "docs" / "performance.md"
    head = page.read_text().split("<!-- the last run -->")[0]
    page.write_text(f"{head}<!-- the last run -->\n\n{machine}\n\n{table}\n")


if __name__ == "__main__":
    main()
