"""A walk through everything that the plugin shows on a page, and what there is to read on the way."""

from playwright.sync_api import expect

from tests.harness.placements import BADGE, SETTINGS, SIDEBAR, TAB, TAB_LINK, open_settings, open_tab, restart

NAVBAR = "#navbar_plugin_octoprint_uptime"
SETTINGS_LINK = f"{SETTINGS}_link"
NOTICE = ".ui-pnotify-title, .ui-pnotify-text"

# Everything of ours on the page.
OURS = f":is({NAVBAR}, {SIDEBAR}, {TAB}, {TAB_LINK}, {SETTINGS}, {SETTINGS_LINK}, {NOTICE})"

READ = """(ours) => {
    const shown = (element) => {
        return element.getClientRects().length > 0 || (element.matches("option") && shown(element.parentElement));
    };
    const written = (element) => {
        return Array.from(element.childNodes, (node) => node.nodeType === Node.TEXT_NODE ? node.data : "");
    };
    const spoken = (element) => {
        return ["title", "aria-label", "placeholder", "alt"].map((name) => element.getAttribute(name) || "");
    };
    return Array.from(document.querySelectorAll(`${ours}, ${ours} *`)).filter(shown)
        .flatMap((element) => [...written(element), ...spoken(element)])
        .map((text) => text.trim()).filter(Boolean);
}"""


def read(page):
    """Every text and tooltip of ours that can be read now, by eye or by screen reader."""
    return page.evaluate(READ, OURS)


def walk(page):
    """Go from one thing to see to the next; yields the name of each stop."""
    expect(page.locator(BADGE)).to_be_visible()
    open_tab(page)
    yield "badge, sidebar and tab"
    yield from _walk_settings(page)
    yield from _walk_notices(page)
    refuse_answers(page)
    page.evaluate("OctoPrint.coreui.viewmodels.uptimeViewModel.sync.sync()")
    expect(page.locator(f"{SIDEBAR} .octoprint-uptime-warning").first).to_be_visible()
    yield "not confirmed"


def refuse_answers(page):
    page.route("**/api/plugin/octoprint_uptime*", lambda route: route.abort())


def _walk_settings(page):
    switches = page.locator(f"{SETTINGS} input[type=checkbox]")
    open_settings(page)
    yield "settings"
    for number in page.locator(f"{SETTINGS} input[type=number]").all():
        number.fill("4")
    yield "settings with errors"
    switches.nth(0).uncheck()
    yield "settings with disabled fields"
    for clock in (3, 4, 5):
        switches.nth(clock).uncheck()
    yield "settings without clocks"
    page.locator("#settings_dialog [data-test-id=settings-close-button]").click()
    expect(page.locator("#settings_dialog")).to_be_hidden()
    expect(page.locator(BADGE)).to_be_visible()


def _walk_notices(page):
    for clock in ("host", "octoprint", "printer"):
        restart(page, clock)
    expect(page.locator(".ui-pnotify")).to_have_count(3)
    yield "restart notices"
