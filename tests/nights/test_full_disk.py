"""The disk gets full while OctoPrint runs, and has room again later."""

import pytest

from tests.harness.machine.calendar import EVENING, MORNING

FILL = "fallocate --length $(df --output=avail --block-size=1 / | tail -n 1) /full; cat /dev/zero >>/full; sync"
MOST_CONNECTIONS = 40  # SQLite may still have room in the file that it has


def connect_until(machine, holds):
    """Connect the printer and disconnect it, so that something is written. Returns how many times it took."""
    for count in range(1, MOST_CONNECTIONS):
        machine.printer.connect()
        machine.printer.disconnect()
        machine.run("sleep 1")
        if holds(machine.history().document):
            return count
    pytest.fail(f"nothing changed: {machine.history().document}")


def test_a_full_disk_is_said_and_nothing_is_lost_once_there_is_room(machine):
    machine.start(at=EVENING)
    assert connect_until(machine, lambda document: document["recording"]) == 1
    machine.run(FILL, check=False)

    before = 1 + connect_until(machine, lambda document: not document["recording"])

    assert machine.history().document["note"] == "Nothing is being recorded: the disk is full."
    assert machine.history().endings("printer") == ["stopped"] * before
    assert machine.admin.reading()["uptime_available"] is True

    machine.run("rm /full")
    after = connect_until(machine, lambda document: document["recording"])
    machine.cut()
    machine.start(at=MORNING)

    assert "note" not in machine.history().document
    assert machine.history().endings("printer") == ["stopped"] * (before + after)
    assert machine.history().endings("host") == [None, "silent"]
    assert "damaged" not in machine.run("ls /octoprint/data/octoprint_uptime")
