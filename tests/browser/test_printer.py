"""The printer's clock, with OctoPrint's virtual printer: in the API and on an open page."""

import re
import time

import pytest
from playwright.sync_api import expect

from octoprint_uptime import format_uptime
from octoprint_uptime.history.printer import CONNECTING_SECONDS
from tests.harness.basefolder import AUTOCONNECT
from tests.harness.client import Client
from tests.harness.counting import VIEW_MODEL
from tests.harness.placements import CLOCKS, SIDEBAR, TAB, open_tab
from tests.harness.printer import VirtualPrinter

FIELDS = ("seconds", "uptime", "uptime_dhm", "uptime_dh", "uptime_d", "uptime_short", "started")

ERRORS = ["!!DEBUG:trigger_fatal_error_marlin", "!!DEBUG:drop_connection"]

SESSION = f"{VIEW_MODEL}.clocks().printer.session"

# Between OctoPrint's knowing of the connection and its telling the plugins.
EVENT_SECONDS = 1

# Two seconds of waiting, then it is over.
SHORT_PRINT = b"G28\nG4 S2\nM117 done\n"


@pytest.fixture
def printer(client):
    """The virtual printer; disconnected again at the end."""
    printer = VirtualPrinter(client("admin"))
    yield printer
    printer.disconnect()


@pytest.fixture(scope="module")
def autoconnecting_server(make_server):
    server = make_server(config=AUTOCONNECT)
    yield server
    server.stop()


def printer_fields(reader):
    reading = reader.reading()
    return {field: reading["printer_" + field] for field in FIELDS}


def assert_not_running(reader):
    assert set(printer_fields(reader).values()) == {None}


def assert_counts_since(reader, moment):
    """The clock runs, and started after this moment of ``time.monotonic()``."""
    fields = printer_fields(reader)
    assert 0 <= fields["seconds"] <= time.monotonic() - moment
    assert fields["uptime"] == format_uptime(fields["seconds"])
    assert None not in fields.values()


def test_the_clock_runs_from_each_connect_to_the_next_disconnect(printer, client):
    reader = client("reader")
    assert_not_running(reader)

    for _ in range(2):
        before = time.monotonic()
        printer.connect()
        assert_counts_since(reader, before)

        printer.disconnect()
        assert_not_running(reader)


def test_a_reconnect_counts_anew_also_when_nobody_looked_meanwhile(printer, client):
    reader = client("reader")
    printer.connect()
    assert_counts_since(reader, 0)

    printer.disconnect()
    before = time.monotonic()
    printer.connect()

    assert_counts_since(reader, before)


@pytest.mark.parametrize("error", ERRORS)
def test_an_error_ends_the_connection_and_the_next_one_counts_anew(printer, client, error):
    reader = client("reader")
    printer.connect()
    assert_counts_since(reader, 0)

    printer.send(error)
    printer.wait_until_operational(False)
    assert_not_running(reader)

    before = time.monotonic()
    printer.connect()
    assert_counts_since(reader, before)


def test_a_print_is_no_reason_to_count_anew(printer, client, open_page, server):
    reader, page = client("reader"), open_page()
    printer.connect()
    before = printer_fields(reader)

    file = {"name": "short.gcode", "mimeType": "text/plain", "buffer": SHORT_PRINT}
    upload = {"file": file, "print": "true"}
    assert page.request.post(server.url + "/api/files/local", multipart=upload).ok
    printer.wait_until_operational(False)  # but printing
    during = printer_fields(reader)
    printer.wait_until_operational()
    after = printer_fields(reader)

    assert before["seconds"] < during["seconds"] < after["seconds"]
    assert before["started"] == during["started"] == after["started"]


def test_a_printer_that_connects_when_octoprint_starts_counts_from_then(autoconnecting_server, open_page):
    admin = Client(autoconnecting_server, "admin")
    printer = VirtualPrinter(admin)
    printer.wait_until_operational()
    connected = time.monotonic()
    while time.monotonic() - connected < 2 * EVENT_SECONDS:
        assert printer.is_operational()  # without asking the plugin, who would then look for itself

    reading = admin.reading()
    assert time.monotonic() - connected - EVENT_SECONDS < reading["printer_seconds"] < reading["octoprint_seconds"]
    expect_connected(open_page(on=autoconnecting_server))


def expect_connected(page):
    expect(page.locator(CLOCKS)).to_have_count(3)
    expect(sidebar_row(page)).to_contain_text(re.compile(r"Printer connection\s*\d+s\s*Since "))
    open_tab(page)
    expect(tab_card(page)).to_contain_text(re.compile(r"Printer connection\s*\d+\s+seconds?\s*Since "))


def expect_not_connected(page):
    expect(page.locator(CLOCKS)).to_have_count(2)
    away = re.compile(r"Printer connection\s*not connected\s*(Disconnected: .*)?\s*$")
    expect(sidebar_row(page)).to_contain_text(away)
    open_tab(page)
    expect(tab_card(page)).to_contain_text(away)


def sidebar_row(page):
    return page.locator(f"{SIDEBAR} .octoprint-uptime-row").nth(2)


def tab_card(page):
    return page.locator(f"{TAB} .octoprint-uptime-card").nth(2)


def test_an_open_page_follows_connect_and_disconnect(printer, open_page):
    page = open_page()
    expect_not_connected(page)

    for _ in range(2):
        printer.connect()
        expect_connected(page)

        printer.disconnect()
        expect_not_connected(page)


def test_a_printer_that_connects_during_the_first_answer_is_not_missed(printer, open_page):
    """The answer was made before, and the page knows of the printer before it has the answer."""

    def hold(page):
        held = []

        def answer(route):
            response = route.fetch()
            if not held:
                held.append(route)
                printer.connect()
                page.wait_for_function("OctoPrint.coreui.viewmodels.printerStateViewModel.isOperational()")
            route.fulfill(response=response)

        page.route("**/api/plugin/octoprint_uptime?*", answer)

    expect_connected(open_page(before=hold))


def test_a_page_that_octoprint_tells_little_misses_no_connection(printer, open_page):
    """A browser that cannot keep up asks OctoPrint to tell it less often how things stand."""
    page = open_page()
    printer.connect()
    expect_connected(page)
    page.evaluate("OctoPrint.socket.sendMessage('throttle', 1000)")
    first = page.evaluate(SESSION)
    page.wait_for_timeout(1000 * (CONNECTING_SECONDS + 1))  # before, a restart counts as a part of the connecting

    printer.send("!!DEBUG:send start")
    page.wait_for_function(f"![null, '{first}'].includes({SESSION})")
    printer.disconnect()

    expect_not_connected(page)


def test_an_open_page_follows_an_error(printer, open_page):
    page = open_page()
    printer.connect()
    expect_connected(page)

    printer.send(ERRORS[0])

    expect(page.locator(f"{CLOCKS}.octoprint-uptime-lost")).to_be_visible()
    expect(page.locator(SIDEBAR)).to_contain_text("Connection lost: ")
    expect(page.get_by_text("Offline after error").first).to_be_visible()


def test_an_open_page_counts_with_the_server(printer, open_page, client):
    page, reader = open_page(), client("reader")
    printer.connect()
    expect_connected(page)

    before = reader.reading()["printer_seconds"]
    text = page.locator(f"{CLOCKS} bdi").nth(2).inner_text()
    after = reader.reading()["printer_seconds"]

    # The page may be on its way from one second to the next.
    assert text in [format_uptime(seconds) for seconds in range(max(int(before) - 1, 0), int(after) + 1)]
