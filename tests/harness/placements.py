"""Where the plugin's elements are on the page, and how to get at them."""

from playwright.sync_api import expect

STARTED_UP = "() => window.OctoPrint && OctoPrint.coreui && OctoPrint.coreui.startedUp"

BADGE = "#navbar_plugin_octoprint_uptime a"
CLOCKS = f"{BADGE} .octoprint-uptime-clock"
SIDEBAR = "#sidebar_plugin_octoprint_uptime_wrapper"
TAB = "#tab_plugin_octoprint_uptime"
TAB_LINK = f"{TAB}_link"
SETTINGS = "#settings_plugin_octoprint_uptime"

ANSWER = f"{TAB} .octoprint-uptime-answer"
PIECE = f"{TAB} .octoprint-uptime-piece"
ITEM = f"{TAB} .octoprint-uptime-list li"
SPAN = f"{TAB} .octoprint-uptime-timeline .btn"
SIGN = f"{BADGE} .fa-exclamation-triangle"
NOTICE = ".ui-pnotify"

BAR_HEIGHT = "document.querySelector('#navbar').offsetHeight"

DAY = 86400
LONG_AGO = {"seconds": 400 * DAY - 1.5, "octoprint_seconds": 399 * DAY - 1.5, "printer_seconds": 398 * DAY - 1.5}

TYPICAL = {
    "seconds": 12.0 * DAY + 7 * 3600 + 23 * 60,
    "octoprint_seconds": 2.0 * DAY + 17 * 3600 + 5 * 60,
    "printer_seconds": 3605.0,
}


def answer_with(**fields):
    """For open_page: let the server's answers pass, with some fields changed."""

    def change(route):
        response = route.fetch()
        document = response.json()
        changed = {name: value for name, value in fields.items() if name != "history" or name in document}
        route.fulfill(response=response, json={**document, **changed})

    return lambda page: page.route("**/api/plugin/octoprint_uptime?*", change)


RESTART = """(name) => {
    const { clocks, notices } = OctoPrint.coreui.viewmodels.uptimeViewModel;
    for (const session of ["the one before", "the one after"]) {
        const clock = { ...clocks()[name], zero: performance.now(), started: "2026-05-08T19:07:00Z", session };
        clocks({ ...clocks(), [name]: clock });
        notices.compare();
    }
}"""


def restart(page, clock):
    """Let the page think that a clock started anew, until the next answer."""
    page.wait_for_function("OctoPrint.coreui.viewmodels.uptimeViewModel.clocks().host")
    page.evaluate(RESTART, clock)


def visible_clocks(page):
    return page.locator(f"{CLOCKS}:visible")


def open_tab(page):
    page.evaluate(f"$('{TAB_LINK} a').tab('show')")
    expect(page.locator(TAB)).to_be_visible()


def open_settings(page):
    page.evaluate("OctoPrint.coreui.viewmodels.settingsViewModel.show('settings_plugin_octoprint_uptime')")
    expect(page.locator(SETTINGS)).to_be_visible()


def save_settings(page):
    page.locator("#settings_dialog [data-test-id=settings-save]").click()
    expect(page.locator("#settings_dialog")).to_be_hidden()
