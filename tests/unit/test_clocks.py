"""Where the seconds come from."""

import subprocess
import sys
import time

import psutil
import pytest

from octoprint_uptime import clocks
from octoprint_uptime.clocks import Epoch, HostClock, OctoPrintClock, PrinterClock


@pytest.fixture
def wall(monkeypatch):
    """Sets the wall clock."""
    return lambda timestamp: monkeypatch.setattr(time, "time", lambda: timestamp)


@pytest.fixture
def steady(monkeypatch):
    """Sets the steady clock."""
    return lambda seconds: monkeypatch.setattr(clocks, "steady_seconds", lambda: seconds)


def test_the_host_is_older_than_this_process():
    assert 0 < OctoPrintClock(Epoch()).session().seconds < HostClock(Epoch()).session().seconds


def test_the_age_of_the_process_counts_from_its_start_not_from_the_import():
    code = """import time; time.sleep(0.5)
from octoprint_uptime.clocks import Epoch, OctoPrintClock
print(OctoPrintClock(Epoch()).session().seconds)"""
    before = time.monotonic()
    age = float(subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.PIPE, text=True).stdout)

    tick = 0.01  # the start is known to a hundredth of a second
    assert 0.5 <= age <= time.monotonic() - before + tick


@pytest.mark.parametrize("step", [7 * 86400, -9 * 86400, 6.9 * 365 * 86400])
def test_durations_take_no_notice_when_the_wall_clock_is_set(wall, step):
    host, octoprint = HostClock(Epoch()), OctoPrintClock(Epoch())
    before = host.session().seconds, octoprint.session().seconds
    wall(time.time() + step)

    assert host.session().seconds - before[0] < 1
    assert octoprint.session().seconds - before[1] < 1


def test_the_start_follows_when_the_wall_clock_is_set(wall, steady):
    clock = HostClock(Epoch())
    steady(100)
    wall(1_000_000_100)
    assert clock.session().started == 1_000_000_000
    wall(1_000_086_500)
    assert clock.session().started == 1_000_086_400


@pytest.mark.parametrize("phase", [0.5, 0.1, 0.9, 0.4999, 0.5001])
def test_the_start_never_flaps(wall, steady, phase):
    clock = HostClock(Epoch())
    steady(100)
    wall(1_000_000_100 + phase)
    first = clock.session().started
    for jitter in (-0.6, 0.6, -0.01, 0.01, 1.4, -1.4):
        wall(1_000_000_100 + phase + jitter)
        assert clock.session().started == first


def test_a_wall_clock_that_is_set_has_been_confirmed_for_good(wall, steady, monkeypatch):
    monkeypatch.setattr(clocks, "wall_clock_is_synchronized", lambda: False)
    epoch = Epoch()
    steady(100)
    wall(1000)
    assert epoch.check() is False
    wall(1001.9)
    assert epoch.check() is False
    wall(1_000_000)
    assert epoch.check() is True
    assert epoch.check() is True


def test_a_wall_clock_that_ntp_keeps_right_is_confirmed_also_when_ntp_then_fails(monkeypatch):
    epoch = Epoch()
    monkeypatch.setattr(clocks, "wall_clock_is_synchronized", lambda: True)
    assert epoch.check() is True
    monkeypatch.setattr(clocks, "wall_clock_is_synchronized", lambda: False)
    assert epoch.check() is True


@pytest.mark.parametrize(
    "failure",
    [FileNotFoundError("/proc/stat"), PermissionError("/proc/stat"), psutil.AccessDenied(), RuntimeError("no btime")],
)
def test_a_host_that_does_not_tell_has_no_number_and_keeps_the_reason(monkeypatch, failure):
    def fail():
        raise failure

    monkeypatch.setattr(clocks, "_STEADY_CLOCK", None)
    monkeypatch.setattr(psutil, "boot_time", fail)
    host = HostClock(Epoch())

    assert host.session().seconds is None
    assert host.failure is failure


def test_a_host_that_tells_again_has_its_number_back(monkeypatch):
    host = HostClock(Epoch())
    host.failure = OSError()

    assert host.session().seconds > 0
    assert host.failure is None


def test_a_boot_in_the_future_is_no_number(monkeypatch):
    monkeypatch.setattr(clocks, "_STEADY_CLOCK", None)
    monkeypatch.setattr(psutil, "boot_time", lambda: time.time() + 60)

    assert HostClock(Epoch()).session().seconds is None


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
    printer = PrinterClock(Epoch())
    assert printer.session() == (None, None, None)

    steady(100)
    printer.connected()
    steady(130)
    first = printer.session()
    assert first.seconds == 30

    printer.disconnected()
    assert printer.session() == (None, None, None)

    steady(140)
    printer.connected()
    steady(141)
    assert printer.session().seconds == 1
    assert printer.session().id not in (None, first.id)


def test_the_same_news_twice_changes_nothing(steady):
    printer = PrinterClock(Epoch())
    printer.disconnected()
    steady(100)
    printer.connected()
    first = printer.session().id
    steady(130)
    printer.connected()
    steady(150)

    assert printer.session()[:2] == (first, 50)


def test_a_reconnect_within_the_tolerance_has_a_start_of_its_own(steady, wall):
    printer = PrinterClock(Epoch())
    steady(100)
    wall(1000)
    printer.connected()
    first = printer.session().started
    printer.disconnected()
    steady(101)
    wall(1001)
    printer.connected()

    assert printer.session().started > first


def test_octoprint_is_one_session_per_process_and_the_host_has_the_one_it_is_given():
    octoprint, host = OctoPrintClock(Epoch()), HostClock(Epoch())
    assert octoprint.session().id == octoprint.session().id != OctoPrintClock(Epoch()).session().id

    assert host.session().id is None
    host.id = "boot"
    assert host.session().id == "boot"
