"""Measures what the plugin costs a browser; a part of bench.py."""

from scripts.bench_speed import browser_slowness
from tests.harness.chromium import launch_chromium
from tests.harness.client import PLUGIN, Client
from tests.harness.counting import COUNT_WAKES, HOUR, SYNC, hide
from tests.harness.placements import STARTED_UP, answer_with, open_tab
from tests.harness.staged import ago, history, session, told

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
        page.now(page.now() + 1000);
        await null; // for what Knockout puts off until all clocks are drawn
        document.body.offsetHeight;
    }
}"""


DRAW_TIMELINE = """() => {
    const { record } = OctoPrint.coreui.viewmodels.uptimeViewModel;
    record({ ...record(), sessions: record().sessions.slice() });
    ko.tasks.runEarly();
    document.body.getBoundingClientRect();
}"""


def measure_browser(server):
    with launch_chromium() as browser:
        page = open_page(browser, server)
        page.evaluate(FORMAT_JS)  # what is called often gets compiled; that is not what is measured
        yield "formatting one duration, JavaScript", page.evaluate(FORMAT_JS) / browser_slowness(page), 1, "µs"
        open_tab(page)
        metrics = Metrics(page)
        page.evaluate(DRAW, HOUR // 6)
        # The rest of the machine can only add to it.
        busy = min(busy_hour(page, metrics) / browser_slowness(page) for _ in range(6))
        yield "main-thread time of one hour of `full` in all placements", busy, 0.8, "s"
        yield "heap growth over 24 hours, after GC", heap_growth(page, metrics), 1, "MB"
        yield from measure_timeline(browser, server)
        yield from count_requests_and_wakes(browser, server)


def measure_timeline(browser, server):
    """The main thread's time to draw 3,000 sessions, of which each is narrower than a pixel."""
    clocks = {"printer": "lost", "octoprint": "silent", "host": "silent"}
    flapping = [
        session(clock, ago(minutes=20 * n + 19), ago(minutes=20 * n), ending=ending)
        for n in range(1000)
        for clock, ending in clocks.items()
    ]
    document = history(*flapping, recorded_from=ago(minutes=20_000))
    page = open_page(browser, server, answer_with(**told(document)))
    open_tab(page)
    page.locator(".octoprint-uptime-timeline .btn").last.click()
    metrics, took = Metrics(page), []
    for _ in range(5):
        before = metrics.read("TaskDuration")
        page.evaluate(DRAW_TIMELINE)
        took.append(1000 * (metrics.read("TaskDuration") - before) / browser_slowness(page))
    yield "main-thread time to draw 3,000 sessions", min(took), 100, "ms"


def open_page(browser, server, before=lambda page: None):
    page = Client(server, "admin").log_in(browser.new_context()).new_page()
    before(page)
    page.goto(f"{server.url}/?l10n=en")
    page.wait_for_function(STARTED_UP)
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
    hide(page)
    page.clock.run_for(HOUR * 1000)
    yield "requests in the first hour of a hidden page", len(requests), 1, ""


def pass_an_hour(page):
    for _ in range(0, HOUR, 2):
        page.clock.run_for(2000)
        page.evaluate(f"{SYNC}.inFlight")
