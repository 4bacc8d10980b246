"""What the page tells of restarts: once, to whoever looks next with this browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.harness.counting import SYNC, VIEW_MODEL
from tests.harness.placements import BADGE, CLOCKS, NOTICE, SIDEBAR, STARTED_UP, open_tab
from tests.harness.printer import VirtualPrinter

REFUSE_STORAGE = """for (const method of ["getItem", "setItem"]) {
    const original = Storage.prototype[method];
    Storage.prototype[method] = function (key, ...rest) {
        if (key.startsWith("octoprint_uptime")) throw new Error("refused");
        return original.call(this, key, ...rest);
    };
}"""


@pytest.fixture
def page(open_page, fake):
    page = open_page(before=fake.serve)
    expect(page.locator(CLOCKS)).to_have_count(2)
    return page


def another_window(page, fake):
    """A window of the same browser, at the same OctoPrint."""
    other = page.context.new_page()
    fake.serve(other)
    load(other, page.url)
    return other


def load(page, url):
    page.goto(url)
    page.wait_for_function(STARTED_UP)
    expect(page.locator(BADGE)).to_be_visible()


def restart(page, fake, *clocks):
    fake.restart(*clocks)
    page.evaluate(f"{SYNC}.sync()")


def expect_notices(page, *titles):
    expect(page.locator(f"{NOTICE} .ui-pnotify-title")).to_have_text(list(titles))


def close(notice):
    notice.hover()
    notice.locator(".ui-pnotify-closer").click()


@pytest.mark.parametrize(
    ("clocks", "title"),
    [
        (("host", "octoprint"), "The host restarted"),
        (("octoprint",), "OctoPrint restarted"),
        (("octoprint", "printer"), "OctoPrint restarted"),
    ],
)
def test_the_outermost_that_restarted_is_told_and_since_when(page, fake, clocks, title):
    restart(page, fake, *clocks)

    expect_notices(page, title)
    since = page.locator(f"{SIDEBAR} small").nth(0 if "host" in clocks else 1).inner_text()
    assert re.match(r"Since \w{3}, \w{3} \d", since)
    expect(page.locator(f"{NOTICE}-text")).to_have_text(since)


def test_a_notice_stays_one_however_often_it_restarts(page, fake):
    for _ in range(5):
        restart(page, fake, "octoprint")

    expect_notices(page, "OctoPrint restarted")


def test_it_is_told_at_the_next_visit_until_it_was_closed_and_then_nowhere_any_more(page, fake):
    url = page.url
    page.goto("about:blank")
    fake.restart("host", "octoprint")
    for _ in range(2):
        load(page, url)
        expect_notices(page, "The host restarted")
    other = another_window(page, fake)
    expect_notices(other, "The host restarted")

    close(page.locator(NOTICE))
    for window in (page, other):
        expect_notices(window)
        window.evaluate(f"{SYNC}.sync()")
        expect_notices(window)
        load(window, url)
        expect_notices(window)


def test_who_opens_the_tab_has_been_told(page, fake):
    restart(page, fake, "octoprint")
    expect_notices(page, "OctoPrint restarted")

    open_tab(page)
    expect_notices(page)
    page.evaluate(f"{SYNC}.sync()")
    expect_notices(page)


def test_who_hides_the_hosts_clock_is_told_of_octoprint(page, fake, client):
    client("admin").save({"show_system_uptime": False})
    expect(page.locator(CLOCKS)).to_have_count(1)
    restart(page, fake, "host", "octoprint")

    expect_notices(page, "OctoPrint restarted")


def test_no_notice_where_the_setting_is_off(page, fake, client):
    client("admin").save({"restart_notice": False})
    page.wait_for_function(f"{VIEW_MODEL}.settings.restart_notice() === false")
    restart(page, fake, "octoprint")

    expect(page.locator(f"{CLOCKS} bdi").nth(1)).to_have_text(re.compile(r"^\ds$"))
    expect_notices(page)


def test_a_browser_that_stores_nothing_knows_what_its_page_has_seen(open_page, fake):
    def prepare(page):
        fake.serve(page)
        page.add_init_script(REFUSE_STORAGE)

    page = open_page(before=prepare)
    expect(page.locator(CLOCKS)).to_have_count(2)
    expect_notices(page)
    restart(page, fake, "octoprint")
    expect_notices(page, "OctoPrint restarted")
    close(page.locator(NOTICE))
    expect_notices(page)
    page.evaluate(f"{SYNC}.sync()")
    expect_notices(page)


def test_two_octoprints_below_different_paths_are_kept_apart(page, fake):
    page.evaluate('localStorage.setItem(\'octoprint_uptime.sessions /other/\', \'{"sessions": {"host": "h"}}\')')
    page.evaluate(f"{SYNC}.sync()")

    expect_notices(page)
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('octoprint_uptime')).sort()") == [
        "octoprint_uptime.sessions /",
        "octoprint_uptime.sessions /other/",
    ]


def test_a_printer_that_somebody_reconnects_is_told_and_one_that_the_reader_reconnects_is_not(open_page, client):
    printer = VirtualPrinter(client("admin"))
    page = open_page()
    try:
        for connect, titles in (
            (printer.connect, []),
            (printer.connect, ["The printer was reconnected"]),
            (lambda: page.evaluate("OctoPrint.connection.connect({port: 'VIRTUAL', baudrate: 115200})"), []),
        ):
            connect()
            printer.wait_until_operational()
            expect(page.locator(CLOCKS)).to_have_count(3)
            expect_notices(page, *titles)
            printer.disconnect()
            expect(page.locator(CLOCKS)).to_have_count(2)
            expect_notices(page)
    finally:
        printer.disconnect()
