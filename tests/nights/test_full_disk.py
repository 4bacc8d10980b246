"""The disk gets full while OctoPrint runs, and has room again later."""

import time

import pytest

from tests.harness.machine.calendar import EVENING, MORNING

FILL = "fallocate --length $(df --output=avail --block-size=1 / | tail -n 1) /full; cat /dev/zero >>/full; sync"
# Each line that OctoPrint cannot log costs it a traceback: in an emulated machine, minutes for each connection.
LOG_INTO_MEMORY = """
    systemctl stop octoprint && mount -t tmpfs logs /octoprint/logs && chown octoprint: /octoprint/logs
    systemctl start octoprint
"""
MOST_CONNECTIONS = 300  # SQLite has room in the files that it has


def reconnect_printer_until(machine, holds):
    """Disconnect and connect the printer until this holds of the history."""
    for _ in range(MOST_CONNECTIONS):
        machine.printer.disconnect()
        machine.printer.connect()
        history = machine.history()
        if holds(history.document):
            return history
    pytest.fail(f"nothing changed: {history.document}")


def connections(history):
    """Those to the printer, newest first."""
    return [session["session"] for session in history.of("printer")]


def make_room(machine):
    """OctoPrint does not start while the disk is full, the system does."""
    while "done" not in machine.run("rm -f /full && systemctl restart octoprint && echo done", check=False):
        time.sleep(1)
    machine.wait_for_octoprint()


def test_a_full_disk_is_said_and_nothing_is_lost_by_it_nor_by_a_power_cut_then(machine):
    machine.start(at=EVENING)
    machine.run(LOG_INTO_MEMORY)
    machine.wait_for_octoprint()
    machine.printer.connect()
    reconnect_printer_until(machine, lambda document: document["recording"])
    machine.run(FILL, check=False)

    full = reconnect_printer_until(machine, lambda document: not document["recording"])
    assert full.document["note"] == "Nothing is being recorded: the disk is full."
    assert machine.admin.reading()["uptime_available"] is True
    machine.run("sleep 5")  # what was answered is on the disk by then

    machine.cut()
    machine.power_on(at=MORNING)
    make_room(machine)
    morning = machine.history_when(lambda document: document["recording"])
    assert "note" not in morning.document
    assert connections(morning) == connections(full)
    assert morning.endings("printer") == ["carried", *["stopped"] * (len(connections(full)) - 1)]
    assert morning.endings("host") == [None, "silent"]
    assert "damaged" not in machine.run("ls /octoprint/data/octoprint_uptime")
