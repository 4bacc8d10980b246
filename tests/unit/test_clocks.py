"""Where the seconds come from."""

import os
import subprocess
import sys
import time

import psutil
import pytest

from octoprint_uptime.machine import clocks


def fail_with(failure):
    def fail(*_):
        raise failure

    return fail


@pytest.fixture
def without_steady_clock(monkeypatch):
    """As on Windows."""
    monkeypatch.setattr(clocks, "_STEADY_CLOCK", None)


@pytest.mark.parametrize(
    ("platform", "known", "chosen"),
    [
        ("linux", {"CLOCK_BOOTTIME": 7, "CLOCK_UPTIME": 5, "CLOCK_MONOTONIC": 1}, 7),
        ("freebsd13", {"CLOCK_UPTIME": 5, "CLOCK_MONOTONIC": 1}, 5),
        ("darwin", {"CLOCK_UPTIME": 5, "CLOCK_MONOTONIC": 1}, 1),
        ("win32", {"CLOCK_MONOTONIC": 1}, None),
        ("linux", {"CLOCK_BOOTTIME": 99, "CLOCK_UPTIME": 5}, 5),  # refused by a sandbox
    ],
)
def test_the_steady_clock_counts_from_boot_and_through_suspend(monkeypatch, platform, known, chosen):
    monkeypatch.setattr(sys, "platform", platform)
    for name in ("CLOCK_BOOTTIME", "CLOCK_UPTIME", "CLOCK_MONOTONIC"):
        monkeypatch.delattr(time, name, raising=False)
    for name, number in known.items():
        monkeypatch.setattr(time, name, number, raising=False)
    monkeypatch.setattr(time, "clock_gettime", lambda clock: 5.0 if clock != 99 else fail_with(OSError())())

    assert clocks._find_steady_clock() == chosen
    monkeypatch.setattr(clocks, "_STEADY_CLOCK", chosen)
    monkeypatch.setattr(time, "monotonic", lambda: 77.0)
    assert clocks.steady_seconds() == (5.0 if chosen else 77.0)


def test_the_steady_clock_goes_on():
    before = clocks.steady_seconds()

    assert before < clocks.steady_seconds() < before + 60


# Seconds that the reads take, and the one that counts.
@pytest.mark.parametrize(
    ("reads", "counts"),
    [
        ([0.0], 0),
        ([0.049], 0),
        ([2.1, 0.001], 1),  # a virtual machine paused
        ([0.051, 0.001], 1),
        ([2.1, 0.3, 0.01], 2),
        ([2.1, 0.3, 0.06, 0.2, 0.4], 2),
        ([2.1, 0.3, 0.2, 0.06, 0.07], 3),
        ([0.2, 0.3, 0.2, 0.6, 0.1], 4),
    ],
)
def test_a_read_that_was_interrupted_is_no_step_of_the_wall_clock(monkeypatch, reads, counts):
    times, walls = [], []
    for number, seconds in enumerate(reads):
        times += [1000.0 + 10 * number, 1000.0 + 10 * number + seconds]
        walls.append(5_000_000.0 + 10 * number + 100 * (number != counts) + seconds / 2)
    steady, wall = iter(times), iter(walls)
    monkeypatch.setattr(clocks, "steady_seconds", lambda: next(steady))
    monkeypatch.setattr(time, "time", lambda: next(wall))

    assert clocks.wall_offset() == pytest.approx(4_999_000.0)
    assert list(steady) == list(wall) == []


def test_a_host_whose_clock_starts_at_boot_started_at_zero(monkeypatch):
    monkeypatch.setattr(psutil, "boot_time", fail_with(AssertionError()))

    assert clocks.host_start() == 0.0


def test_elsewhere_psutil_knows_when_the_host_started(monkeypatch, without_steady_clock):
    monkeypatch.setattr(time, "monotonic", lambda: 500.0)
    monkeypatch.setattr(time, "time", lambda: 10_000.0)
    for boot_time, start in ((9_900.0, 400.0), (10_000.0, 500.0), (1_000.0, -8_500.0)):
        monkeypatch.setattr(psutil, "boot_time", lambda boot_time=boot_time: boot_time)
        assert clocks.host_start() == start

    monkeypatch.setattr(psutil, "boot_time", lambda: 10_001.0)
    with pytest.raises(OSError, match="future"):
        clocks.host_start()


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (FileNotFoundError("/proc/stat"), FileNotFoundError),
        (PermissionError("/proc/stat"), PermissionError),
        (psutil.AccessDenied(), PermissionError),
        (psutil.Error(), OSError),
        (RuntimeError("no btime"), OSError),
    ],
)
def test_a_host_that_does_not_report_its_start_says_why(monkeypatch, without_steady_clock, failure, kind):
    monkeypatch.setattr(psutil, "boot_time", fail_with(failure))

    with pytest.raises(OSError) as raised:  # noqa: PT011  the type counts
        clocks.host_start()
    assert type(raised.value) is kind


def test_the_age_of_the_process_counts_from_its_start_and_not_from_the_import():
    code = """import time; time.sleep(0.5)
from octoprint_uptime.machine import clocks
print(clocks.steady_seconds() - clocks.PROCESS_START)"""
    before = time.monotonic()
    age = float(subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.PIPE, text=True).stdout)

    tick = 0.01  # the start is known to a hundredth of a second
    assert 0.5 <= age <= time.monotonic() - before + tick


@pytest.mark.parametrize(("ticks", "age"), [(5000, 10.0), (7000, 0.0)])  # a tick may lie ahead
def test_on_linux_the_age_of_the_process_comes_from_the_kernel_s_ticks(monkeypatch, ticks, age):
    monkeypatch.setattr(sys, "platform", "linux2")
    monkeypatch.setattr(os, "sysconf", lambda name: {"SC_CLK_TCK": 100}[name])
    monkeypatch.setattr(clocks, "_process_start_ticks", lambda: ticks)
    monkeypatch.setattr(clocks, "steady_seconds", lambda: 60.0)

    assert clocks._process_age() == age


@pytest.mark.parametrize("platform", ["linux", "freebsd13"])
@pytest.mark.parametrize(
    "failure", [psutil.AccessDenied(), FileNotFoundError(), RuntimeError(), ValueError(), IndexError()]
)
def test_a_process_that_cannot_learn_its_age_counts_from_the_import(monkeypatch, failure, platform):
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(clocks, "_process_start_ticks", fail_with(failure))
    monkeypatch.setattr(psutil, "Process", fail_with(failure))

    assert clocks._process_age() == 0


@pytest.mark.parametrize(("seconds", "age"), [(0, 0), (90, 90), (3599, 3599), (3600, 0), (-60, 0)])
def test_an_age_that_a_set_clock_made_impossible_is_not_believed(monkeypatch, without_steady_clock, seconds, age):
    class Process:
        def create_time(self):
            return 1_000_000 - seconds

    monkeypatch.setattr(time, "time", lambda: 1_000_000)
    monkeypatch.setattr(psutil, "Process", Process)

    assert clocks._process_age() == age
