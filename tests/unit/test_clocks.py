"""Where the seconds come from."""

import subprocess
import sys
import time

import psutil
import pytest

from octoprint_uptime import clocks
from octoprint_uptime.clocks import Clock, HostClock, OctoPrintClock, PrinterClock


@pytest.fixture
def wall(monkeypatch):
    """Sets the wall clock."""
    return lambda timestamp: monkeypatch.setattr(time, "time", lambda: timestamp)


@pytest.fixture
def steady(monkeypatch):
    """Sets the steady clock."""
    return lambda seconds: monkeypatch.setattr(clocks, "steady_seconds", lambda: seconds)


def test_the_host_is_older_than_this_process():
    assert 0 < OctoPrintClock().seconds() < HostClock().seconds()


def test_the_age_of_the_process_counts_from_its_start_not_from_the_import():
    code = """import time; time.sleep(0.5)
from octoprint_uptime.clocks import OctoPrintClock
print(OctoPrintClock().seconds())"""
    before = time.monotonic()
    age = float(subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.PIPE, text=True).stdout)

    tick = 0.01  # the start is known to a hundredth of a second
    assert 0.5 <= age <= time.monotonic() - before + tick


@pytest.mark.parametrize("step", [7 * 86400, -9 * 86400, 6.9 * 365 * 86400])
def test_durations_take_no_notice_when_the_wall_clock_is_set(wall, step):
    host, octoprint = HostClock(), OctoPrintClock()
    before = host.seconds(), octoprint.seconds()
    wall(time.time() + step)

    assert host.seconds() - before[0] < 1
    assert octoprint.seconds() - before[1] < 1


def test_the_start_follows_when_the_wall_clock_is_set(wall):
    clock = Clock()
    wall(1_000_000_100)
    assert clock.started(100) == "2001-09-09T01:46:40Z"
    wall(1_000_086_500)
    assert clock.started(100) == "2001-09-10T01:46:40Z"


@pytest.mark.parametrize("phase", [0.5, 0.1, 0.9, 0.4999, 0.5001])
def test_the_start_never_flaps(wall, phase):
    clock = Clock()
    wall(1_000_000_100 + phase)
    first = clock.started(100)
    for jitter in (-0.6, 0.6, -0.01, 0.01, 1.4, -1.4):
        wall(1_000_000_100 + phase + jitter)
        assert clock.started(100) == first


def test_what_has_not_started_has_no_start():
    assert Clock().started(None) is None


@pytest.mark.parametrize(
    "failure",
    [FileNotFoundError("/proc/stat"), PermissionError("/proc/stat"), psutil.AccessDenied(), RuntimeError("no btime")],
)
def test_a_host_that_does_not_tell_has_no_number_and_keeps_the_reason(monkeypatch, failure):
    def fail():
        raise failure

    monkeypatch.setattr(clocks, "_STEADY_CLOCK", None)
    monkeypatch.setattr(psutil, "boot_time", fail)
    host = HostClock()

    assert host.seconds() is None
    assert host.failure is failure


def test_a_host_that_tells_again_has_its_number_back(monkeypatch):
    host = HostClock()
    host.failure = OSError()

    assert host.seconds() > 0
    assert host.failure is None


def test_a_boot_in_the_future_is_no_number(monkeypatch):
    monkeypatch.setattr(clocks, "_STEADY_CLOCK", None)
    monkeypatch.setattr(psutil, "boot_time", lambda: time.time() + 60)

    assert HostClock().seconds() is None


@pytest.mark.parametrize("failure", [psutil.AccessDenied(), FileNotFoundError(), RuntimeError()])
def test_a_process_that_cannot_learn_its_age_counts_from_the_import(monkeypatch, failure):
    def fail(*_):
        raise failure

    monkeypatch.setattr(clocks, "_process_start_ticks", fail)
    monkeypatch.setattr(clocks, "_STEADY_CLOCK", None)
    monkeypatch.setattr(psutil, "Process", fail)

    assert clocks._process_age() == 0


@pytest.mark.parametrize("created", [-7200, +60])
def test_an_age_that_a_set_clock_made_impossible_is_not_believed(monkeypatch, created):
    class Process:
        def create_time(self):
            return time.time() + created

    monkeypatch.setattr(clocks, "_STEADY_CLOCK", None)
    monkeypatch.setattr(psutil, "Process", Process)

    assert clocks._process_age() == 0


def test_the_printer_clock_runs_from_connect_to_disconnect(steady):
    printer = PrinterClock()
    assert printer.seconds() is None

    steady(100)
    printer.update(True)
    steady(130)
    assert printer.seconds() == 30

    printer.update(False)
    assert printer.seconds() is None

    steady(140)
    printer.update(True)
    steady(141)
    assert printer.seconds() == 1


def test_the_same_news_twice_changes_nothing(steady):
    printer = PrinterClock()
    printer.update(False)
    steady(100)
    printer.update(True)
    steady(130)
    printer.update(True)
    steady(150)

    assert printer.seconds() == 50


def test_a_reconnect_within_the_tolerance_has_a_start_of_its_own(steady, wall):
    printer = PrinterClock()
    steady(100)
    wall(1000)
    printer.update(True)
    first = printer.started(printer.seconds())
    printer.update(False)
    steady(101)
    wall(1001)
    printer.update(True)

    assert printer.started(printer.seconds()) > first
