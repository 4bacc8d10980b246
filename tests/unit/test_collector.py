"""What is collected about the end of a printer connection, from folders of a USB bus and from the printer's lines."""

import pytest

from octoprint_uptime.history.collector import LINES_SECONDS, USB_SECONDS, Collector
from octoprint_uptime.machine import evidence
from tests.harness.bus import Bus

PORT = "/dev/ttyUSB0"


@pytest.fixture
def bus(tmp_path, monkeypatch):
    """A bus with a printer at 1-1.1, which the Collector takes for that of this machine."""
    bus = Bus(tmp_path)
    bus.plug("1-1.1", 4)
    bus.tty("1-1.1", "ttyUSB0")
    look, judge = evidence.usb_connection, evidence.usb_evidence
    monkeypatch.setattr(evidence, "usb_connection", lambda port: look(port, tmp_path))
    monkeypatch.setattr(evidence, "usb_evidence", lambda *arguments: judge(*arguments, tmp_path))
    return bus


@pytest.fixture
def collector(bus):
    collector = Collector()
    collector.connected(PORT)
    return collector


def test_a_device_that_stays_has_stayed(collector):
    seconds, collect = collector.lost()

    assert seconds == USB_SECONDS
    assert collect() == ("usb_stayed",)


def test_a_device_that_is_back_at_the_second_look_was_gone(bus, collector):
    bus.unplug("1-1.1")
    _, collect = collector.lost()
    bus.plug("1-1.1", 4)

    assert collect() == ("usb_gone",)


def test_a_device_that_leaves_after_the_first_look_is_gone(bus, collector):
    _, collect = collector.lost()
    bus.unplug("1-1.1")

    assert collect() == ("usb_gone",)


@pytest.mark.parametrize("port", [None, "VIRTUAL", "/dev/ttyS0"])
def test_without_a_usb_device_nothing_is_waited_for_and_nothing_said(collector, port):
    collector.connected(port)
    seconds, collect = collector.lost()

    assert (seconds, collect()) == (0, None)


def test_before_a_connection_nothing_is_said(bus):
    seconds, collect = Collector().lost()

    assert (seconds, collect()) == (0, None)


def test_a_heartbeat_sees_what_was_plugged_in_since(bus, collector):
    bus.plug("1-1.3", 5)
    collector.heartbeat()
    bus.unplug("1-1.1")
    bus.unplug("1-1.3")

    assert collector.lost()[1]() == ("usb_hub_gone",)


def test_a_heartbeat_does_not_take_another_device_for_the_printer(bus, collector):
    bus.plug("1-1.1", 6)
    collector.heartbeat()

    assert collector.lost()[1]() == ("usb_gone",)


def test_a_heartbeat_while_the_device_is_away_forgets_nothing(bus, collector):
    bus.unplug("1-1.1")
    collector.heartbeat()

    assert collector.lost()[1]() == ("usb_gone",)


# ~~ The printer's lines


def codes(collector, up=100.5):
    seconds, collect = collector.restarted(up)
    assert seconds == LINES_SECONDS
    return collect()


def send(collector, *lines):
    for at, line in lines:
        collector.note_line(line, at)


@pytest.mark.parametrize("start", ["start", "start\n", "\0start\r\n"])
def test_the_lines_after_the_restart_count(collector, start):
    send(collector, (100.0, start), (100.6, "echo: External Reset\n"), (101.9, "Marlin 2.1.2\n"))

    assert codes(collector) == ("printer_external_reset",)


def test_lines_from_before_the_restart_do_not_count(collector):
    send(collector, (90.0, "start"), (90.1, "PowerUp"), (99.9, "PowerUp"), (100.0, "start"), (100.2, "Watchdog Reset"))

    assert codes(collector) == ("printer_watchdog",)


def test_lines_that_come_too_late_do_not_count(collector):
    send(collector, (100.0, "start"), (100.0 + LINES_SECONDS, "Watchdog Reset"))

    assert codes(collector) == ()


def test_of_two_restarts_in_a_row_each_has_its_own_lines(collector):
    first, second = collector.restarted(100.1)[1], collector.restarted(101.1)[1]
    send(collector, (100.0, "start"), (100.2, "Brown out Reset"), (101.0, "start"), (101.2, "Software Reset"))

    assert first() == ("printer_brown_out",)
    assert second() == ("printer_software_reset",)


def test_a_firmware_that_says_nothing_points_to_nothing(collector):
    send(collector, (100.0, "start"), (100.1, "Klipper state: Ready"), (100.2, "T:20 PowerUp"))

    assert codes(collector) == ()


def test_without_a_start_the_restart_itself_is_the_beginning(collector):
    send(collector, (100.0, "PowerUp"), (100.7, "External Reset"))

    assert codes(collector) == ("printer_external_reset",)


def test_only_so_many_lines_are_remembered(collector):
    send(collector, *((at, "PowerUp") for at in range(1000)))

    assert len(collector._lines) < 100
