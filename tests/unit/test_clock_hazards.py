"""What hosts do to clocks, and that the numbers stay right: from the system's clock to the text that is shown."""

import os
import re
import time
from datetime import datetime
from pathlib import Path

import psutil
import pytest

from octoprint_uptime.history import sessions
from octoprint_uptime.machine import clocks
from octoprint_uptime.readings import take_reading
from octoprint_uptime.settings import DEFAULTS
from tests.harness.hazards import run_child, suspend, unshare
from tests.harness.states import DAY, HOUR, connect, moment, snapshot

NIGHT = 8 * 3600

# Readings are rounded to milliseconds, the start of a process is known to a hundredth of a second.
ROUNDING = 0.001
TICK = 0.01
PREFIXES = ("", "octoprint_", "printer_")


def boottime():
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class Reader:
    """Reads this machine's clocks as the recorder does, without its files."""

    def __init__(self, connected=False):
        self.problem = start = None
        try:
            start = clocks.host_start()
        except OSError as problem:
            self.problem = problem
        up = clocks.steady_seconds()
        now = moment(up, None, clocks.wall_offset(), False, host_start=start, octoprint_start=clocks.PROCESS_START)
        self.state = sessions.begin(None, now)
        if connected:
            self.state = connect(self.state, up)

    def read(self):
        up, epoch = clocks.steady_seconds(), clocks.wall_offset()
        self.state = self.state.see_clock(up, epoch, False)
        return take_reading(snapshot(self.state, up, host_problem=self.problem), DEFAULTS, "en")


def seconds_in(text):
    """The opposite of format_uptime: ``1d 2h`` is 93600."""
    units = {"d": DAY, "h": 3600, "m": 60, "s": 1}
    return sum(int(part[:-1]) * units[part[-1]] for part in text.split(" "))


# Children: what they return comes to the test as JSON.


def report_reading():
    """What the API would answer, between two reads of the system's clock."""
    before = boottime()
    return {"before": before, "reading": Reader().read(), "after": boottime()}


def report_reading_and_proc():
    entries = {name: Path("/proc", name) for name in ("stat", "uptime")}
    proc = {name: path.read_text() if path.exists() else None for name, path in entries.items()}
    return {**report_reading(), "proc": proc}


def report_what_a_night_changed():
    reader = Reader(connected=True)
    first, monotonic, wall = reader.read(), time.monotonic(), time.time
    suspend(NIGHT)
    time.time = lambda: wall() + NIGHT  # the wall clock goes on as well while the host sleeps
    return {"first": first, "second": reader.read(), "monotonic": time.monotonic() - monotonic}


def assert_host_is_right(child):
    assert child["before"] - ROUNDING <= child["reading"]["seconds"] <= child["after"] + ROUNDING


def assert_process_is_right(child, longest):
    shortest = child["before"] - child["born"]
    assert shortest - ROUNDING <= child["reading"]["octoprint_seconds"] <= longest + TICK


def run_and_time(function, command):
    """What the child reported, and the age that it cannot have exceeded."""
    before = time.monotonic()
    return run_child(function, command), time.monotonic() - before


def test_a_host_that_slept_through_the_night_was_up_all_the_time():
    child, longest = run_and_time(report_what_a_night_changed, unshare("--time"))
    first, second = child["first"], child["second"]

    assert child["monotonic"] < longest  # otherwise this was no sleep
    for prefix in PREFIXES:
        passed = second[prefix + "seconds"] - first[prefix + "seconds"]
        assert NIGHT - ROUNDING <= passed <= NIGHT + longest
        assert second[prefix + "started"] == first[prefix + "started"]


@pytest.mark.parametrize("days", [10, 30 * 365])
def test_a_host_that_has_been_up_for_long_says_so(days):
    command = unshare("--time", "--fork", "--boottime", str(days * int(DAY)))
    before = boottime()
    child, longest = run_and_time(report_reading, command)
    after = boottime()

    text = child["reading"]["uptime"]
    assert int(before) <= seconds_in(text) - days * DAY <= after
    assert child["reading"]["uptime_d"] == text.split(" ")[0]
    assert_host_is_right(child)
    assert_process_is_right(child, longest)


def test_a_proc_with_nothing_but_processes_in_it_is_enough():
    command = unshare("--mount", "--pid", "--fork", mount="-t proc -o subset=pid proc /proc")
    child, longest = run_and_time(report_reading_and_proc, command)

    assert child["proc"] == {"stat": None, "uptime": None}
    assert_host_is_right(child)
    assert_process_is_right(child, longest)


def test_without_any_proc_the_process_counts_from_the_import():
    child, longest = run_and_time(report_reading_and_proc, unshare("--mount", mount="-t tmpfs tmpfs /proc"))

    assert child["proc"] == {"stat": None, "uptime": None}
    assert_host_is_right(child)
    assert 0 <= child["reading"]["octoprint_seconds"] <= longest


# A constant of the program under proot; under LXC it is the container's own.
def test_a_frozen_proc_uptime_is_not_mixed_in(tmp_path):
    (tmp_path / "uptime").write_text("124.08 932.48\n")
    command = unshare("--mount", mount=f"--bind {tmp_path}/uptime /proc/uptime")
    child, longest = run_and_time(report_reading_and_proc, command)

    assert child["proc"]["uptime"] == "124.08 932.48\n"
    assert_host_is_right(child)
    assert_process_is_right(child, longest)


@pytest.fixture
def step_wall_clock(monkeypatch, tmp_path):
    """Sets the wall clock as Linux does: the time of boot in /proc/stat, as psutil reads it, moves along."""
    wall, stat = time.time, Path("/proc/stat").read_text()
    for name in ("self", str(os.getpid())):
        (tmp_path / name).symlink_to(f"/proc/{name}")
    monkeypatch.setattr(psutil, "PROCFS_PATH", str(tmp_path))

    def step(seconds):
        moved = re.sub(r"(?m)^btime (\d+)", lambda match: f"btime {int(match[1]) + int(seconds)}", stat)
        (tmp_path / "stat").write_text(moved)
        monkeypatch.setattr(time, "time", lambda: wall() + seconds)

    step(0)
    return step


def test_a_wall_clock_that_is_set_again_and_again_moves_the_starts_and_nothing_else(step_wall_clock):
    reader = Reader(connected=True)
    begin, offset = boottime(), 0
    first = reader.read()
    for step in (7 * DAY, -9 * DAY, 60_750, -202, 2520 * DAY):  # the last one is 6.9 years
        offset += step
        step_wall_clock(offset)
        reading = reader.read()
        for prefix in PREFIXES:
            passed = reading[prefix + "seconds"] - first[prefix + "seconds"]
            assert -ROUNDING <= passed <= boottime() - begin + 2 * ROUNDING
            assert moved(first[prefix + "started"], reading[prefix + "started"]) == pytest.approx(offset, abs=1)


def moved(earlier, later):
    """Seconds between two start times."""
    times = [datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ") for text in (earlier, later)]
    return (times[1] - times[0]).total_seconds()


@pytest.mark.parametrize("phase", [0.1, 0.4999, 0.5, 0.5001, 0.9])
def test_the_starts_have_one_value_wherever_in_a_second_the_boot_was(monkeypatch, phase):
    starts, reader = [], None
    monkeypatch.setattr(clocks, "PROCESS_START", 4000.0)
    # Clocks are steered, and reading one after the other takes some time, more of it on a host that is busy.
    for second, delay in enumerate((0, 0.0002, 0.01, -0.6, 0.6, 1.9, -1.9, 0)):
        monkeypatch.setattr(clocks, "steady_seconds", lambda second=second: 5000.0 + second)
        monkeypatch.setattr(time, "time", lambda now=1_000_005_000 + phase + second + delay: now)
        reader = reader or Reader()
        reading = reader.read()
        starts.append((reading["started"], reading["octoprint_started"]))

    assert len(set(starts)) == 1


def test_the_host_is_older_than_its_process():
    reading = Reader().read()

    assert 0 < reading["octoprint_seconds"] < reading["seconds"]
    assert reading["octoprint_seconds"] < HOUR


def test_on_linux_psutil_is_not_needed(monkeypatch):
    def fail(*_):
        raise AssertionError("psutil was called")

    monkeypatch.setattr(psutil, "boot_time", fail)
    monkeypatch.setattr(psutil, "Process", fail)

    assert Reader().read()["seconds"] == pytest.approx(boottime(), abs=1)
    assert clocks._process_age() > 0
