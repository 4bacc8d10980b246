"""Takes the pictures of README and docs from the running plugin, into docs/images."""

import hashlib
import json
from datetime import datetime, timezone

from octoprint_uptime.readings import MOST_DAYS, take_history
from tests.harness import example_history
from tests.harness.basefolder import AUTOCONNECT
from tests.harness.chromium import launch_chromium
from tests.harness.client import Client
from tests.harness.past_machine import Machine, Memory
from tests.harness.placements import BADGE, SETTINGS, SIDEBAR, STARTED_UP, TAB, open_settings, open_tab
from tests.harness.prepare import DEFAULT_VERSION, prepare
from tests.harness.printer import VirtualPrinter
from tests.harness.wheel import ROOT

IMAGES = ROOT / "docs" / "images"
RECORD = IMAGES / "taken-from.json"

LOCALES = ("en", "de", "ja", "ar")

# The morning after the last night of the example history.
NOW = datetime(2026, 5, 20, 8, 30, tzinfo=timezone.utc)

# Without one of its own tabs, OctoPrint does not put that of the plugin into a menu.
CONFIG = {**AUTOCONNECT, "appearance": {"components": {"disabled": {"tab": ["timelapse"]}}}}

# Where the badge has room for all it shows; OctoPrint's page itself is no wider than 980.
WIDTH, HEIGHT, SETTINGS_HEIGHT = 1920, 900, 1600

PLACEMENTS = {"navbar": "#navbar_plugin_octoprint_uptime", "sidebar": SIDEBAR, "tab": TAB}
PAGE = {"x": (WIDTH - 980) / 2, "y": 0, "width": 980, "height": 640}
PREFIXES = {"host": "", "octoprint": "octoprint_", "printer": "printer_"}

DRAW_MS = 1000  # what fades in, and what the tab asks for when it opens


def main():
    server = prepare(DEFAULT_VERSION)(config=CONFIG, environment={"TZ": "UTC"})
    try:
        server.start()
        VirtualPrinter(Client(server, "admin")).wait_until_operational()
        IMAGES.mkdir(parents=True, exist_ok=True)
        with launch_chromium() as browser:
            for locale in LOCALES:
                _take_all(browser, server, locale)
                _take_phone(browser, server, locale)
        RECORD.write_text(json.dumps(sources(), indent=2) + "\n")
    finally:
        server.remove()


def sources():
    """What the pictures show: a hash of each file that they depend on."""
    files = [*ROOT.glob("octoprint_uptime/templates/*"), *ROOT.glob("octoprint_uptime/static/**/*.*")]
    return {str(path.relative_to(ROOT)): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(files)}


class Story:
    """What the plugin would answer at NOW, if the example history had happened to it."""

    def __init__(self):
        memory = Memory()
        example_history.live(Machine(memory.save), NOW.timestamp(), NOW.timestamp(), timezone.utc)
        self._epoch = memory.state.boot.epoch
        self._snapshot = memory.snapshot(NOW.timestamp() - self._epoch)

    def tell(self, route):
        """Answer a request of the page's with it; settings, texts and the like are those of the server."""
        response = route.fetch()
        answer = response.json()
        if "history" in answer:
            answer["history"] = {**self._told(), "days": answer["history"]["days"]}
        for session in self._snapshot.state.running:
            answer.update(self._fields(session))
        route.fulfill(response=response, json=answer)

    def _told(self):
        return take_history(self._snapshot, MOST_DAYS, "en")

    def _fields(self, session):
        started = round(self._epoch + session.start)
        fields = {"session": session.id, "seconds": NOW.timestamp() - started, "started_timestamp": started}
        fields["started"] = datetime.fromtimestamp(started, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        return {PREFIXES[session.clock] + name: value for name, value in fields.items()}


def _open(browser, server, locale, width=WIDTH, **options):
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT}, timezone_id="UTC", device_scale_factor=2, **options
    )
    page = Client(server, "admin").log_in(context).new_page()
    page.clock.set_fixed_time(NOW)
    page.add_init_script("performance.now = () => 0")
    page.route("**/api/plugin/octoprint_uptime*", Story().tell)
    page.goto(f"{server.url}/?l10n={locale}")
    page.wait_for_function(STARTED_UP)
    page.locator(BADGE).wait_for()
    open_tab(page)
    page.wait_for_timeout(DRAW_MS)
    return page


def _take_all(browser, server, locale):
    page = _open(browser, server, locale)
    page.screenshot(path=IMAGES / f"page-{locale}.png", clip=PAGE)
    for name, selector in PLACEMENTS.items():
        page.locator(selector).screenshot(path=IMAGES / f"{name}-{locale}.png")
    page.set_viewport_size({"width": WIDTH, "height": SETTINGS_HEIGHT})  # the dialog grows with it
    open_settings(page)
    page.wait_for_timeout(DRAW_MS)
    page.locator(SETTINGS).screenshot(path=IMAGES / f"settings-{locale}.png")
    _close(page)


def _take_phone(browser, server, locale):
    """A phone shows all of OctoPrint's wide page, made smaller."""
    page = _open(browser, server, locale, width=412, is_mobile=True, has_touch=True)
    page.screenshot(path=IMAGES / f"phone-{locale}.png")
    _close(page)


def _close(page):
    page.unroute_all(behavior="ignoreErrors")  # an answer may still be on its way
    page.context.close()


if __name__ == "__main__":
    main()
