"""A printer on a USB device that really disappears, or stays while the printer stops answering."""

import pytest

from tests.harness.firmware import BAUDRATE, Firmware
from tests.harness.machine import Machine
from tests.harness.machine.calendar import EVENING
from tests.harness.machine.disk import PRINT_FILE

PORT = "/dev/ttyUSB0"
PATIENCE = {"timeoutCommunication": 5, "timeoutCommunicationBusy": 5, "maxTimeoutsPrinting": 1, "maxTimeoutsLong": 1}


@pytest.fixture
def firmware():
    firmware = Firmware(pace=0.5)
    yield firmware
    firmware.remove()


@pytest.fixture
def machine(disk, firmware):
    machine = Machine(disk, serial=firmware.path)
    yield machine
    machine.remove()


def start_print(machine):
    machine.start(at=EVENING)
    plug_in(machine)
    assert machine.admin.request("POST", "/api/settings", {"serial": PATIENCE}).status == 200
    connect(machine)
    machine.printer.start_print(PRINT_FILE)
    machine.printer.wait_until_printed_for(5)


def plug_in(machine):
    machine.plug_in_usb()
    machine.run(f"until test -c {PORT}; do sleep 0.1; done; udevadm settle")


def connect(machine):
    body = {"command": "connect", "port": PORT, "baudrate": BAUDRATE}
    assert machine.admin.request("POST", "/api/connection", body).status == 204
    machine.printer.wait_until_operational()


def connections(machine, evidence):
    """The sessions of the printer, newest first, as soon as the newest that ended has this evidence."""

    def has_it(document):
        ended = [one for one in document["sessions"] if one["clock"] == "printer" and one["ending"]]
        return bool(ended) and ended[0]["evidence"] is not None

    sessions = machine.history_when(has_it).of("printer")
    (newest, *_) = [session for session in sessions if session["ending"]]
    assert (newest["ending"], newest["evidence"]) == ("lost", evidence)
    return sessions


def test_a_device_that_is_removed_while_printing_is_gone(machine):
    start_print(machine)
    machine.unplug_usb()

    (lost,) = connections(machine, ["usb_gone"])
    assert lost["print"]["file"] == PRINT_FILE


def test_a_device_that_is_back_at_once_was_gone_as_well(machine):
    start_print(machine)
    machine.unplug_usb()
    machine.run("sleep 0.3")
    plug_in(machine)

    connections(machine, ["usb_gone"])
    connect(machine)
    assert machine.history().endings("printer") == [None, "lost"]


def test_a_device_stays_while_the_printer_behind_it_stops_answering(machine, firmware):
    start_print(machine)
    firmware.fall_silent()

    connections(machine, ["usb_stayed"])
    assert PORT in machine.run(f"ls {PORT}")
