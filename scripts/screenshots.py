"""Takes the pictures of README and docs from the running plugin, into docs/images."""

import hashlib
import json

from tests.harness.basefolder import ONLINE
from tests.harness.chromium import launch_chromium
from tests.harness.client import Client
from tests.harness.placements import STARTED_UP, open_tab
from tests.harness.prepare import DEFAULT_VERSION, ensure_docker, prepare
from tests.harness.wheel import ROOT

IMAGES = ROOT / "docs" / "images"
RECORD = IMAGES / "taken-from.json"

LOCALES = ("en", "de", "ja", "ar")
DAY, HOUR, MINUTE = 86400, 3600, 60

# Ages that tell a story: the host is up for days, OctoPrint was restarted this morning.
AGES = {"": 12 * DAY + 7 * HOUR + 23 * MINUTE, "octoprint_": 3 * HOUR + 41 * MINUTE, "printer_": 2 * HOUR + 8 * MINUTE}
NOW = "2026-05-20T14:30:00"

SETTINGS = {"display_format": "dhm"}


def main():
    ensure_docker()
    server = prepare(DEFAULT_VERSION)(config=ONLINE, environment={"TZ": "UTC"})
    try:
        server.start()
        Client(server, "admin").save(SETTINGS)
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


def _open(browser, server, locale, width=1280, height=900, **options):
    context = browser.new_context(
        viewport={"width": width, "height": height}, timezone_id="UTC", device_scale_factor=2, **options
    )
    page = Client(server, "admin").log_in(context).new_page()
    page.clock.set_fixed_time(NOW)
    page.route("**/api/plugin/octoprint_uptime*", _tell_the_story)
    page.goto(f"{server.url}/?l10n={locale}")
    page.wait_for_function(STARTED_UP)
    page.locator("#navbar_plugin_octoprint_uptime a").wait_for()
    return page


def _tell_the_story(route):
    response = route.fetch()
    fields = {prefix + "seconds": seconds for prefix, seconds in AGES.items()}
    starts = {"started": "2026-05-08T07:07:00Z", "octoprint_started": "2026-05-20T10:49:00Z"}
    starts["printer_started"] = "2026-05-20T12:22:00Z"
    route.fulfill(response=response, json={**response.json(), **fields, **starts})


def _take_all(browser, server, locale):
    page = _open(browser, server, locale)
    open_tab(page)
    page.screenshot(path=IMAGES / f"page-{locale}.png", clip={"x": 150, "y": 0, "width": 980, "height": 420})
    page.locator("#navbar_plugin_octoprint_uptime").screenshot(path=IMAGES / f"navbar-{locale}.png")
    page.locator("#sidebar_plugin_octoprint_uptime_wrapper").screenshot(path=IMAGES / f"sidebar-{locale}.png")
    page.locator("#tab_plugin_octoprint_uptime").screenshot(path=IMAGES / f"tab-{locale}.png")
    page.evaluate("OctoPrint.coreui.viewmodels.settingsViewModel.show('settings_plugin_octoprint_uptime')")
    page.wait_for_timeout(1000)  # the dialog fades in
    page.locator("#settings_plugin_octoprint_uptime").screenshot(path=IMAGES / f"settings-{locale}.png")
    _close(page)


def _take_phone(browser, server, locale):
    """A phone shows all of OctoPrint's wide page, made smaller."""
    page = _open(browser, server, locale, width=412, is_mobile=True, has_touch=True)
    open_tab(page)
    page.screenshot(path=IMAGES / f"phone-{locale}.png")
    _close(page)


def _close(page):
    page.unroute_all(behavior="ignoreErrors")  # an answer may still be on its way
    page.context.close()


if __name__ == "__main__":
    main()
