"""How a connection to the printer ended: whatever the virtual printer can do, idle, printing and paused."""

import time

import pytest

from octoprint_uptime.history.printer import CONNECTING_SECONDS
from tests.harness.client import Client
from tests.harness.histories import ended, history, remembered_print, running, wait_until
from tests.harness.printer import LONG_PRINT, VirtualPrinter

# How OctoPrint's API calls what is no connection.
OVER = ("Closed", "Offline")

# What is sent, how the connection ends, and whether OctoPrint says why.
ENDS = {
    "drop_connection": ("lost", None),
    "action_disconnect": ("stopped", False),
    "trigger_fatal_error_marlin": ("lost", True),
    "send start": ("reset", False),
}
SITUATIONS = {"idle": None, "printing": "Printing", "paused": "Paused"}
# What every OctoPrint has to pass each time.
SMOKE = [("trigger_fatal_error_marlin", "printing"), ("send start", "printing"), ("drop_connection", "idle")]


@pytest.fixture(scope="module")
def server(make_server):
    server = make_server(files={"uploads/long.gcode": LONG_PRINT})
    yield server
    server.stop()


@pytest.fixture
def admin(server):
    return Client(server, "admin")


@pytest.fixture
def printer(admin):
    printer = VirtualPrinter(admin)
    printer.connect()
    yield printer
    admin.request("POST", "/api/job", {"command": "cancel"})
    printer.disconnect()


def bring_about(situation, admin):
    if situation == "idle":
        return
    assert admin.request("POST", "/api/files/local/long.gcode", {"command": "select", "print": True}).status < 300
    wait_until(lambda: state(admin) == "Printing", "the print")
    if situation == "paused":
        admin.request("POST", "/api/job", {"command": "pause", "action": "pause"})
        wait_until(lambda: state(admin) == "Paused", "the pause")


def state(admin):
    return admin.request("GET", "/api/connection").json["current"]["state"]


@pytest.mark.parametrize(
    ("command", "situation"),
    [
        pytest.param(command, situation, marks=[pytest.mark.smoke] if (command, situation) in SMOKE else [])
        for command in ENDS
        for situation in SITUATIONS
    ],
)
def test_the_end_of_a_connection_is_what_it_was(server, admin, printer, command, situation):
    ending, says_why = ENDS[command]
    if (command, situation) == ("send start", "idle"):
        time.sleep(CONNECTING_SECONDS + 1)  # before, it counts as a part of the connecting
    bring_about(situation, admin)
    (before,) = running(server, "printer")

    printer.send(f"!!DEBUG:{command}")

    wait_until(lambda: before["session"] in [session["session"] for session in ended(server, "printer")], "the end")
    (last,) = [session for session in ended(server, "printer") if session["session"] == before["session"]]
    assert (last["ending"], last["ended"]) == (ending, last["ended_before"])
    assert says_why is None or (last["reason"] is not None) == says_why
    assert (last["print"] and last["print"]["file"]) == (None if situation == "idle" else "long.gcode")
    # A printer that lost count of the lines may be given up by OctoPrint after its restart.
    wait_until(lambda: bool(running(server, "printer")) != state(admin).startswith(OVER), "the next connection")


@pytest.mark.parametrize("situation", ["idle", "printing"])
def test_a_disconnect_through_the_api_was_asked_for(server, admin, printer, situation):
    bring_about(situation, admin)
    Client(server, "reader").disconnect_printer()  # is refused
    Client(server).disconnect_printer()
    printer.disconnect()
    wait_until(lambda: not running(server, "printer"), "the end")

    last = ended(server, "printer")[0]
    assert (last["ending"], last["reason"], last["asked"], last["unexpected"]) == ("stopped", None, "disconnect", False)
    assert bool(last["print"]) == (situation == "printing")


def test_a_disconnect_that_was_refused_is_not_why_a_plugin_disconnects(server, admin, printer):
    bring_about("printing", admin)
    Client(server, "reader").disconnect_printer()
    Client(server).disconnect_printer()
    printer.send("!!DEBUG:action_disconnect")
    wait_until(lambda: not running(server, "printer"), "the end")

    last = ended(server, "printer")[0]
    assert (last["ending"], last["asked"], last["unexpected"]) == ("stopped", None, True)


@pytest.mark.smoke
def test_a_print_that_is_cancelled_through_the_api_is_recorded_once(server, admin, printer):
    bring_about("printing", admin)
    before = history(server)["stopped_prints"]
    admin.request("POST", "/api/job", {"command": "cancel"})
    wait_until(lambda: len(history(server)["stopped_prints"]) > len(before), "the stopped print")

    stopped = history(server)["stopped_prints"][0]
    assert (stopped["file"], stopped["cause"], stopped["asked"]) == ("long.gcode", "cancelled", "cancel")
    wait_until(lambda: state(admin) == "Operational", "the end of the print")
    printer.disconnect()
    wait_until(lambda: not running(server, "printer"), "the end")
    assert ended(server, "printer")[0]["print"] is None
    assert len(history(server)["stopped_prints"]) == len(before) + 1


@pytest.mark.smoke
@pytest.mark.parametrize("end", ["stop", "kill"])
def test_what_was_printed_when_octoprint_ended_is_told_in_the_morning(server, admin, printer, end):
    bring_about("printing", admin)
    wait_until(lambda: remembered_print(server) == "long.gcode", "what is to be remembered")
    getattr(server, end)()
    server.start()

    octoprint, connection = ended(server, "octoprint")[0], ended(server, "printer")[0]
    assert octoprint["ending"] == {"stop": "stopped", "kill": "silent"}[end]
    assert connection["ending"] == "carried"
    assert octoprint["print"]["file"] == connection["print"]["file"] == "long.gcode"
    printer.connect()
