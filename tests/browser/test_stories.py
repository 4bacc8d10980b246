"""Stories of tests/stories on a real OctoPrint, whose printer is a pseudo-terminal, judged by the API or the page."""

import re
import time
from calendar import timegm
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from tests.harness.client import Client
from tests.harness.firmware import BANNER, BAUDRATE, Firmware
from tests.harness.histories import ended, history, running, wait_until
from tests.harness.placements import BADGE, CLOCKS, NOTICE, STARTED_UP

pytestmark = pytest.mark.smoke

FILE = "benchy.gcode"
GCODE = "G28\n" + "G1 X1\nG1 X2\n" * 3000
FIRMWARE_ERROR = "MCU 'mcu' shutdown: Timer too close"
NO_ANSWER = "Too many consecutive timeouts, printer still connected and alive?"
# A silent printer is asked again after about 1.3 seconds, and given up after twice that.
FIRST_TIMEOUT_SECONDS, GIVEN_UP_SECONDS = 1.6, 2.0
# Between the end of a print that its connection may still explain, and its record.
SETTLE_SECONDS = 5
# The ids of the connections whose print was started.
STARTED = []


@pytest.fixture(scope="module")
def printer():
    firmware = Firmware()
    yield firmware
    firmware.remove()


@pytest.fixture(scope="module")
def server(make_server, printer):
    mounts = ("/dev/pts", printer.folder)  # where a container finds the pseudo-terminal
    server = make_server(config=printer.config(), files={f"uploads/{FILE}": GCODE}, mounts=mounts)
    yield server
    server.stop()


@pytest.fixture
def admin(server):
    return Client(server, "admin")


@pytest.fixture(autouse=True)
def connection(server, admin, printer):
    """Each story ends without a connection."""
    yield
    printer.boot = ()
    if running(server, "printer"):
        disconnect(server, admin)


def state(admin):
    return admin.request("GET", "/api/connection").json["current"]["state"]


def connect(server, admin, printer):
    """The session that has begun."""
    body = {"command": "connect", "port": str(printer.path), "baudrate": BAUDRATE}
    assert admin.request("POST", "/api/connection", body).status == 204
    wait_until(lambda: state(admin) == "Operational" and running(server, "printer"), "the connection")
    (session,) = running(server, "printer")
    return session


def connect_and_print(server, admin, printer):
    session = connect(server, admin, printer)
    printer.received.clear()
    body = {"command": "select", "print": True}
    assert admin.request("POST", f"/api/files/local/{FILE}", body).status == 204
    wait_until(lambda: "G1 X1" in printer.received, "the print")
    STARTED.append(session["session"])
    return session


def disconnect(server, admin):
    """OctoPrint closes the connection before it reports that."""
    assert admin.request("POST", "/api/connection", {"command": "disconnect"}).status == 204
    wait_until(lambda: not running(server, "printer"), "the end of the connection")


@contextmanager
def new_sessions(server, count=1):
    """A list that has the sessions of the printer that ended since, newest first, after the block."""
    known, new = {session["session"] for session in ended(server, "printer")}, []
    yield new

    def look():
        new[:] = [session for session in ended(server, "printer") if session["session"] not in known]
        return len(new) >= count

    wait_until(look, "the end of the session")
    assert len(new) == count


def assert_session(session, before, ending, reason=None, asked=None, file=FILE):
    assert session["session"] == before["session"]
    assert (session["ending"], session["reason"], session["asked"]) == (ending, reason, asked)
    assert (session["print"] and session["print"]["file"]) == file
    assert session["unexpected"] == (asked is None)


def assert_ended_between(session, last_line):
    """At the printer's last line, to the second, and known only when OctoPrint gave up."""
    at, before = (timegm(time.strptime(session[name], "%Y-%m-%dT%H:%M:%SZ")) for name in ("ended", "ended_before"))
    assert abs(at - last_line) <= 1
    assert before - last_line >= GIVEN_UP_SECONDS - 1


def stopped_prints(server):
    return history(server)["stopped_prints"]


@contextmanager
def new_print(server):
    """A dict that has the print that stopped since, after the block."""
    known, new = len(stopped_prints(server)), {}
    yield new
    wait_until(lambda: len(stopped_prints(server)) > known, "the stopped print")
    new.update(stopped_prints(server)[0])


def assert_print(stopped, cause, reason=None, asked=None):
    assert (stopped["file"], stopped["cause"], stopped["reason"], stopped["asked"]) == (FILE, cause, reason, asked)


@pytest.mark.parametrize("seconds", [0.6, 2])
def test_1_a_printer_that_starts_twice_while_connecting_has_one_connection(server, admin, printer, seconds):
    printer.boot = ((0.2, ("start", *BANNER)), (0.2 + seconds, ("start", *BANNER)))
    with new_sessions(server) as sessions:
        before = connect(server, admin, printer)
        wait_until(lambda: printer.starts == 2 and "M110 N0" in printer.received, "the greeting after the second start")
        disconnect(server, admin)  # is reported after the restart

    assert_session(sessions[0], before, "stopped", asked="disconnect", file=None)


@pytest.mark.parametrize("hello", ["start", "\0start"], ids=["2", "4"])
def test_2_and_4_a_restart_in_a_print_is_a_reset(server, admin, printer, hello):
    with new_sessions(server) as sessions:
        before = connect_and_print(server, admin, printer)
        printer.restart(*BANNER, hello=hello)

    assert_session(sessions[0], before, "reset")
    assert sessions[0]["ended"] == sessions[0]["ended_before"]
    assert running(server, "printer")


REASONS = {
    "Marlin 1.1": (
        ("echo: External Reset", "Marlin 1.1.9"),
        "printer_external_reset",
    ),
    "Marlin 2.1": ((" Watchdog Reset", "Marlin 2.1.2.5"), "printer_watchdog"),
    "Repetier": (("Info:PowerUp", "Info:Brown out Reset", "Free RAM:1234"), "printer_power_on"),
    "Klipper": (("// Klipper state: Ready",), None),
}


@pytest.mark.parametrize("name", REASONS)
def test_the_firmware_reports_why_it_restarted(server, admin, printer, name):
    banner, code = REASONS[name]
    with new_sessions(server) as sessions:
        connect_and_print(server, admin, printer)
        printer.restart(*banner)

    wait_until(lambda: ended(server, "printer")[0]["evidence"] is not None, "the evidence")
    assert ended(server, "printer")[0]["session"] == sessions[0]["session"]
    assert ended(server, "printer")[0]["evidence"] == ([code] if code else [])


def test_3_a_restart_after_a_timeout_is_one_reset(server, admin, printer):
    with new_sessions(server) as sessions:
        before = connect_and_print(server, admin, printer)
        printer.fall_silent()
        time.sleep(FIRST_TIMEOUT_SECONDS)
        printer.restart(*BANNER)

    assert_session(sessions[0], before, "reset")
    assert running(server, "printer")


def test_5_a_printer_that_stops_answering_ended_with_its_last_line(server, admin, printer):
    with new_sessions(server) as sessions:
        before = connect_and_print(server, admin, printer)
        last_line = printer.fall_silent()

    assert_session(sessions[0], before, "lost", NO_ANSWER)
    assert_ended_between(sessions[0], last_line)
    assert not running(server, "printer")


def test_6_a_device_that_disappears_is_lost_at_once(server, admin, printer):
    with new_sessions(server) as sessions:
        before = connect_and_print(server, admin, printer)
        printer.unplug()
        printer.plug_in()

    reason = sessions[0]["reason"]  # OctoPrint 2 has none
    assert reason is None or reason.startswith("SerialException: device reports readiness to read")
    assert_session(sessions[0], before, "lost", reason)


def test_7_a_firmware_error_that_leaves_the_connection_is_a_stopped_print(server, admin, printer):
    with new_sessions(server) as sessions:
        before = connect_and_print(server, admin, printer)
        with new_print(server) as stopped:
            printer.send(f"!! {FIRMWARE_ERROR}")
        disconnect(server, admin)

    assert_print(stopped, "firmware_error", FIRMWARE_ERROR)
    assert_session(sessions[0], before, "stopped", asked="disconnect", file=None)


def test_9_a_firmware_that_stops_itself_is_lost_with_its_words(server, admin, printer):
    with new_sessions(server) as sessions:
        before = connect_and_print(server, admin, printer)
        printer.halt("Error:Heating failed, system stopped! Heater_ID: 0", "Error:Printer halted. kill() called!")

    reason = "Heating failed, system stopped! Heater_ID: 0 - Printer halted. kill() called!"
    assert_session(sessions[0], before, "lost", reason)


def test_10_a_connection_that_ends_after_a_firmware_error_takes_the_print_along(server, admin, printer):
    with new_sessions(server) as sessions:
        before, known = connect_and_print(server, admin, printer), stopped_prints(server)
        with new_print(server) as stopped:
            printer.send(f"!! {FIRMWARE_ERROR}")
        assert_print(stopped, "firmware_error", FIRMWARE_ERROR)
        last_line = printer.fall_silent()

    assert_session(sessions[0], before, "lost", FIRMWARE_ERROR)
    assert_ended_between(sessions[0], last_line)
    assert stopped_prints(server) == known


def test_12_a_user_who_disconnects_has_asked_for_it(server, admin, printer):
    with new_sessions(server) as sessions:
        before = connect_and_print(server, admin, printer)
        disconnect(server, admin)

    assert_session(sessions[0], before, "stopped", asked="disconnect")


def test_18_a_print_that_the_user_cancels_is_a_stopped_print(server, admin, printer):
    with new_sessions(server) as sessions:
        before = connect_and_print(server, admin, printer)
        with new_print(server) as stopped:
            assert admin.request("POST", "/api/job", {"command": "cancel"}).status == 204
        wait_until(lambda: state(admin) == "Operational", "the end of the print")
        disconnect(server, admin)

    assert_print(stopped, "cancelled", asked="cancel")
    assert_session(sessions[0], before, "stopped", asked="disconnect", file=None)


HOUR = 3600


def an_hour_later(page):
    """The page is opened an hour after the answers of the server."""

    def change(route):
        response = route.fetch()
        document = response.json()
        later = {name: document[name] + HOUR for name in ("seconds", "octoprint_seconds")}
        route.fulfill(response=response, json={**document, **later})

    page.clock.install(time=time.time() + HOUR)
    page.route("**/api/plugin/octoprint_uptime?*", change)


def test_a_printer_that_was_lost_in_a_print_is_the_first_thing_to_see_an_hour_later(server, admin, printer, open_page):
    connect_and_print(server, admin, printer)
    page = open_page()
    expect(page.locator(CLOCKS)).to_have_count(3)
    context = page.context
    page.close()
    with new_sessions(server) as sessions:
        printer.unplug()
    printer.plug_in()
    assert sessions[0]["ending"] == "lost"

    page = context.new_page()
    an_hour_later(page)
    page.goto(f"{server.url}/?l10n=en")
    page.wait_for_function(STARTED_UP)
    stopped = re.compile(rf"Printing .*{FILE}.* stopped at [\d.]+%\.")
    expect(page.locator(f"{NOTICE} .ui-pnotify-title")).to_have_text(["The printer is no longer connected"])
    expect(page.locator(f"{NOTICE} .ui-pnotify-text")).to_contain_text(stopped)
    expect(page.locator(f"{CLOCKS}.octoprint-uptime-lost")).to_be_visible()
    page.locator(BADGE).hover()
    answer = page.locator(".octoprint-uptime-popover")
    expect(answer).to_contain_text(stopped)
    expect(answer).to_contain_text("The connection to the printer was lost.")
    expect(answer).to_contain_text("The host and OctoPrint kept running.")
    expect(answer).to_contain_text("The printer has not been reconnected since.")


def test_each_print_was_recorded_once(server):
    time.sleep(SETTLE_SECONDS)

    connections = [session["session"] for session in ended(server, "printer") if session["print"]]
    assert len(connections) + len(stopped_prints(server)) == len(STARTED)
    assert set(connections) <= set(STARTED)
