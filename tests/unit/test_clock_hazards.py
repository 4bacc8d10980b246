"""What hosts do to clocks, and that the numbers stay right: from the system's clock to the text that is shown."""

import os
import re
import time
from datetime import datetime
from pathlib import Path

import psutil
import pytest

from octoprint_uptime import clocks
from octoprint_uptime.clocks import Epoch, HostClock, OctoPrintClock, PrinterClock
from octoprint_uptime.readings import take_reading
from octoprint_uptime.settings import DEFAULTS
from tests.harness.hazards import run_child, suspend, unshare

DAY = 86400
NIGHT = 8 * 3600

NOT_TOLD = "The host does not report when it started."
NOT_ALLOWED = "OctoPrint is not allowed to read the host’s start time."

# Readings are rounded to milliseconds, the start of a process is known to a hundredth of a second.
ROUNDING = 0.001
TICK = 0.01


def boottime():
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def make_clocks():
    epoch = Epoch()
    return HostClock(epoch), OctoPrintClock(epoch), PrinterClock(epoch)


def read(clocks):
    return take_reading(clocks, DEFAULTS, "en", str)


def seconds_in(text):
    """The opposite of format_uptime: ``1d 2h`` is 93600."""
    units = {"d": DAY, "h": 3600, "m": 60, "s": 1}
    return sum(int(part[:-1]) * units[part[-1]] for part in text.split(" "))


# Children: what they return goes to the test as JSON.


def tell_reading():
    """What the API would answer, between two looks at the system's clock."""
    before = boottime()
    return {"before": before, "reading": read(make_clocks()), "after": boottime()}


def tell_reading_and_proc():
    entries = {name: Path("/proc", name) for name in ("stat", "uptime")}
    proc = {name: path.read_text() if path.exists() else None for name, path in entries.items()}
    return {**tell_reading(), "proc": proc}


def tell_what_a_night_changed():
    all_clocks = make_clocks()
    all_clocks[2].connected()
    first, monotonic, wall = read(all_clocks), time.monotonic(), time.time
    suspend(NIGHT)
    time.time = lambda: wall() + NIGHT  # the wall clock goes on as well while the host sleeps
    return {"first": first, "second": read(all_clocks), "monotonic": time.monotonic() - monotonic}


def assert_host_is_right(told):
    assert told["before"] - ROUNDING <= told["reading"]["seconds"] <= told["after"] + ROUNDING


def assert_process_is_right(told, longest):
    shortest = told["before"] - told["born"]
    assert shortest - ROUNDING <= told["reading"]["octoprint_seconds"] <= longest + TICK


def run_and_time(function, command):
    """What the child told, and the age that it cannot have exceeded."""
    before = time.monotonic()
    return run_child(function, command), time.monotonic() - before


def test_a_host_that_slept_through_the_night_was_up_all_the_time():
    told, longest = run_and_time(tell_what_a_night_changed, unshare("--time"))
    first, second = told["first"], told["second"]

    assert told["monotonic"] < longest  # otherwise this was no sleep
    for prefix in ("", "octoprint_", "printer_"):
        passed = second[prefix + "seconds"] - first[prefix + "seconds"]
        assert NIGHT - ROUNDING <= passed <= NIGHT + longest
        assert second[prefix + "started"] == first[prefix + "started"]


@pytest.mark.parametrize("days", [10, 400, 30 * 365])
def test_a_host_that_is_up_for_long_says_so(days):
    command = unshare("--time", "--fork", "--boottime", str(days * DAY))
    before = boottime()
    told, longest = run_and_time(tell_reading, command)
    after = boottime()

    text = told["reading"]["uptime"]
    assert int(before) <= seconds_in(text) - days * DAY <= after
    assert told["reading"]["uptime_d"] == text.split(" ")[0]
    assert_host_is_right(told)
    assert_process_is_right(told, longest)


def test_a_proc_with_nothing_but_processes_in_it_is_enough():
    command = unshare("--mount", "--pid", "--fork", mount="-t proc -o subset=pid proc /proc")
    told, longest = run_and_time(tell_reading_and_proc, command)

    assert told["proc"] == {"stat": None, "uptime": None}
    assert_host_is_right(told)
    assert_process_is_right(told, longest)


def test_without_any_proc_the_process_counts_from_the_import():
    told, longest = run_and_time(tell_reading_and_proc, unshare("--mount", mount="-t tmpfs tmpfs /proc"))

    assert told["proc"] == {"stat": None, "uptime": None}
    assert_host_is_right(told)
    assert 0 <= told["reading"]["octoprint_seconds"] <= longest


# A container's own under LXC, a constant of the program under proot.
@pytest.mark.parametrize("frozen", ["6.00 6.00\n", "124.08 932.48\n"])
def test_a_frozen_proc_uptime_is_not_mixed_in(tmp_path, frozen):
    (tmp_path / "uptime").write_text(frozen)
    command = unshare("--mount", mount=f"--bind {tmp_path}/uptime /proc/uptime")
    told, longest = run_and_time(tell_reading_and_proc, command)

    assert told["proc"]["uptime"] == frozen
    assert_host_is_right(told)
    assert_process_is_right(told, longest)


@pytest.fixture
def step_wall_clock(monkeypatch, tmp_path):
    """Sets the wall clock the way Linux does: the time of boot in /proc/stat, as psutil reads it, moves along."""
    wall, stat = time.time, Path("/proc/stat").read_text()
    for name in ("self", str(os.getpid())):
        (tmp_path / name).symlink_to(f"/proc/{name}")
    monkeypatch.setattr(psutil, "PROCFS_PATH", str(tmp_path))

    def step(seconds):
        moved = re.sub(r"(?m)^btime (\d+)", lambda match: f"btime {int(match[1]) + seconds}", stat)
        (tmp_path / "stat").write_text(moved)
        monkeypatch.setattr(time, "time", lambda: wall() + seconds)

    step(0)
    return step


def test_a_wall_clock_that_is_set_again_and_again_moves_the_starts_and_nothing_else(step_wall_clock):
    all_clocks = make_clocks()
    all_clocks[2].connected()
    begin, offset = boottime(), 0
    first = read(all_clocks)
    for step in (7 * DAY, -9 * DAY, 2520 * DAY):  # the last one is 6.9 years
        offset += step
        step_wall_clock(offset)
        reading = read(all_clocks)
        for prefix in ("", "octoprint_", "printer_"):
            passed = reading[prefix + "seconds"] - first[prefix + "seconds"]
            assert -ROUNDING <= passed <= boottime() - begin + 2 * ROUNDING
            assert moved(first[prefix + "started"], reading[prefix + "started"]) == pytest.approx(offset, abs=1)


def moved(earlier, later):
    """Seconds between two start times."""
    times = [datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ") for text in (earlier, later)]
    return (times[1] - times[0]).total_seconds()


@pytest.mark.parametrize("phase", [0.1, 0.4999, 0.5, 0.5001, 0.9])
def test_the_starts_have_one_value_wherever_in_a_second_the_boot_was(monkeypatch, phase):
    all_clocks, starts = make_clocks(), []
    monkeypatch.setattr(clocks, "_PROCESS_STARTED", 4000)
    # Reading one clock after the other takes some time, and more of it on a host that is busy.
    for second, delay in enumerate((0, 0.0002, 0.01, 0.0001, 0.6, 0)):
        monkeypatch.setattr(clocks, "steady_seconds", lambda second=second: 5000 + second)
        monkeypatch.setattr(time, "time", lambda now=1_000_005_000 + phase + second + delay: now)
        reading = read(all_clocks)
        starts.append((reading["started"], reading["octoprint_started"]))

    assert len(set(starts)) == 1


@pytest.mark.parametrize(
    ("failure", "note"),
    [
        (FileNotFoundError("/proc/stat"), NOT_TOLD),
        (PermissionError("/proc/stat"), NOT_ALLOWED),
        (psutil.AccessDenied(), NOT_ALLOWED),
        (RuntimeError("line 'btime' not found"), NOT_TOLD),
    ],
)
def test_where_psutil_fails_the_answer_says_why_and_still_has_the_process(monkeypatch, failure, note):
    def fail(*_):
        raise failure

    monkeypatch.setattr(clocks, "_STEADY_CLOCK", None)  # elsewhere than on Linux nobody but psutil knows
    monkeypatch.setattr(psutil, "boot_time", fail)
    monkeypatch.setattr(psutil, "Process", fail)
    monkeypatch.setattr(clocks, "_PROCESS_STARTED", clocks.steady_seconds() - clocks._process_age())
    reading = read(make_clocks())

    assert {reading[field] for field in ("seconds", "uptime", "uptime_d", "started")} == {None}
    assert reading["uptime_available"] is False
    assert reading["uptime_note"] == note
    assert 0 <= reading["octoprint_seconds"] < 1
    assert reading["octoprint_uptime"] == "0s"


def test_on_linux_a_psutil_that_fails_is_not_missed(monkeypatch):
    def fail(*_):
        raise AssertionError("psutil was asked")

    monkeypatch.setattr(psutil, "boot_time", fail)
    monkeypatch.setattr(psutil, "Process", fail)

    assert HostClock(Epoch()).session().seconds == pytest.approx(boottime(), abs=1)
    assert OctoPrintClock(Epoch()).session().seconds == pytest.approx(clocks._process_age(), abs=1)
