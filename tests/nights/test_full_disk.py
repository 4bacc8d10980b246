"""The disk gets full while OctoPrint runs, and has room again later."""

from contextlib import suppress

import pytest

from tests.harness.machine.calendar import EVENING, MORNING

FILL = "fallocate --length $(df --output=avail --block-size=1 / | tail -n 1) /full; cat /dev/zero >>/full; sync"
RESTART = "!!DEBUG:send start"
MOST_RESTARTS = 300  # SQLite has room in the files that it has


def restart_printer_until(machine, holds):
    """Let the printer restart, so that a connection ends each time and another begins, until this holds of it all."""
    for _ in range(MOST_RESTARTS):
        with suppress(TimeoutError):  # once more or less is all the same
            machine.printer.send(RESTART)
        history = machine.history()
        if holds(history.document):
            return history
    pytest.fail(f"nothing changed: {history.document}")


def connections(history):
    """Those to the printer, newest first."""
    return [session["session"] for session in history.of("printer")]


def test_a_full_disk_is_said_and_nothing_is_lost_once_there_is_room(machine):
    machine.start(at=EVENING)
    machine.printer.connect()
    restart_printer_until(machine, lambda document: document["recording"])
    machine.run(FILL, check=False)

    full = restart_printer_until(machine, lambda document: not document["recording"])
    assert full.document["note"] == "Nothing is being recorded: the disk is full."
    assert machine.admin.reading()["uptime_available"] is True

    machine.run("rm /full")
    room = restart_printer_until(machine, lambda document: document["recording"])
    assert connections(room)[-len(connections(full)) :] == connections(full)
    machine.cut()
    machine.start(at=MORNING)

    morning = machine.history()
    assert "note" not in morning.document
    assert connections(morning) == connections(room)
    assert morning.endings("printer") == ["carried", *["reset"] * (len(connections(room)) - 1)]
    assert morning.endings("host") == [None, "silent"]
    assert "damaged" not in machine.run("ls /octoprint/data/octoprint_uptime")
