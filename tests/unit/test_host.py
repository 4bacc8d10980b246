"""Which machine and which boot it is, whether its clock can be believed, and whether the system is stopping."""

import ctypes
import sys
import time
from pathlib import Path

import pytest

from octoprint_uptime.machine import host


@pytest.fixture
def files(monkeypatch, tmp_path):
    """Puts texts in the place of files with absolute paths; None removes the file."""

    def put(path, text):
        (tmp_path / path).unlink(missing_ok=True)
        if text is not None:
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text)

    monkeypatch.setattr(host, "Path", lambda *parts: Path(tmp_path, *(part.lstrip("/") for part in parts)))
    return put


@pytest.fixture
def program(monkeypatch, tmp_path):
    """Puts a shell script into the only folder of programs."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))

    def put(name, script):
        (folder / name).write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{script}\n")
        (folder / name).chmod(0o755)
        return folder / name

    return put


# ~~ The machine and its boot


def test_each_machine_has_a_fingerprint_that_does_not_give_its_id_away(files):
    prints = []
    for machine_id in ("0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdee"):
        for text in (machine_id, machine_id + "\n"):
            files("etc/machine-id", text)
            prints.append(host.machine_fingerprint(3))

    assert prints == ["084"] * 2 + ["4d8"] * 2
    assert len(host.machine_fingerprint(10)) == 10


@pytest.mark.parametrize("content", [None, "", "\n"])
def test_a_system_without_a_machine_id_has_a_fingerprint_of_zeros(files, content):
    files("etc/machine-id", content)

    assert host.machine_fingerprint(3) == "000"


@pytest.mark.parametrize("platform", ["linux", "win32"])
@pytest.mark.parametrize(("content", "boot_id"), [("5ad-1\n", "5ad-1"), ("\n", None), (None, None)])
def test_linux_reports_a_boot_id(monkeypatch, files, platform, content, boot_id):
    monkeypatch.setattr(sys, "platform", platform)
    files("proc/sys/kernel/random/boot_id", content)

    assert host.boot_id() == boot_id


@pytest.mark.parametrize(
    ("platform", "name"),
    [("darwin", "kern.bootsessionuuid"), ("freebsd13", "kern.boot_id"), ("freebsd14", "kern.boot_id")],
)
def test_macos_and_freebsd_report_a_boot_id(monkeypatch, program, platform, name):
    monkeypatch.setattr(sys, "platform", platform)
    assert host.boot_id() is None  # no such program

    script = program("sysctl", f'[ "$*" = "-n {name}" ] && echo " 5AD-2 "')
    assert host.boot_id() == "5AD-2"

    program("sysctl", "echo unknown oid >&2; exit 1")
    assert host.boot_id() is None
    script.chmod(0o644)
    assert host.boot_id() is None


def test_a_program_that_hangs_is_not_waited_for(monkeypatch, program):
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(host._output, "__kwdefaults__", {"timeout": 0.1})
    program("sysctl", "exec sleep 30")
    before = time.monotonic()

    assert host.boot_id() is None
    assert time.monotonic() - before < 10


# ~~ The wall clock


@pytest.fixture
def kernel(monkeypatch, files):
    """Answers adjtimex, in a process with or without a filter of system calls."""
    calls = []

    def answer(state, seccomp="0", child="exit 0"):
        host._may_ask_kernel.cache_clear()
        files("proc/self/status", f"Name:\tpython\nSeccomp:\t{seccomp}\nSeccomp_filters:\t0\n")
        files("python", f"#!/bin/sh\n{child}\n")
        host.Path("/python").chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(host.Path("/python")))

        class Library:
            def adjtimex(self, buffer):
                assert bytes(buffer) == bytes(512)  # it only reads
                calls.append(state)
                return state

        monkeypatch.setattr(ctypes, "CDLL", lambda name: Library())
        return host.clock_is_synchronized()

    answer.calls = calls
    yield answer
    host._may_ask_kernel.cache_clear()


@pytest.mark.parametrize(("state", "synchronized"), [(0, True), (1, True), (4, True), (5, False), (-1, False)])
def test_the_kernel_reports_whether_ntp_keeps_the_clock_right(kernel, state, synchronized):
    assert kernel(state) is synchronized
    assert kernel.calls == [state]


@pytest.mark.parametrize(
    ("seccomp", "child", "asked"),
    [
        ("2", "kill -SYS $$", False),  # Termux
        ("2", "exit 1", False),
        ("2", "exit 0", True),
        ("2", '[ "$1" = -ISc ] && echo "$2" | grep -q adjtimex', True),
        ("0", "kill -SYS $$", True),  # no filter: no child is needed
    ],
)
def test_a_filter_of_system_calls_kills_a_child_and_not_octoprint(kernel, seccomp, child, asked):
    assert kernel(0, seccomp, child) is asked
    assert bool(kernel.calls) is asked
    host.Path("/python").unlink()  # the answer is kept
    assert host.clock_is_synchronized() is asked


def test_the_child_calls_the_kernel_in_this_python():
    assert host._may_ask_kernel() is True
    compile(host._ASK_KERNEL, "", "exec")


@pytest.mark.parametrize("failure", ["status", "executable", "hangs"])
def test_a_clock_is_not_synchronized_as_far_as_is_known_if_the_kernel_cannot_be_asked(
    kernel, files, monkeypatch, failure
):
    monkeypatch.setattr(host, "_SECONDS", 0.1)
    kernel(0, "2", "exec sleep 30" if failure == "hangs" else "exit 0")
    host._may_ask_kernel.cache_clear()
    if failure == "status":
        files("proc/self/status", None)
    if failure == "executable":
        monkeypatch.setattr(sys, "executable", "/nonexistent")

    assert host.clock_is_synchronized() is False


@pytest.mark.parametrize("failure", [AttributeError(), OSError(), TypeError()])
def test_a_system_without_adjtimex_does_not_report_it(kernel, monkeypatch, failure):
    def fail(name):
        raise failure

    kernel(0)
    monkeypatch.setattr(ctypes, "CDLL", fail)

    assert host.clock_is_synchronized() is False


@pytest.mark.parametrize(
    ("clocks", "battery"),
    [
        ({}, False),
        ({"rtc0": ("1\n", 1000)}, True),
        ({"rtc0": ("1\n", 1005)}, True),
        ({"rtc0": ("1\n", 995)}, True),
        ({"rtc0": ("1\n", 1006)}, False),  # the wall clock was set since, or the other one is wrong
        ({"rtc0": ("1\n", 994)}, False),
        ({"rtc0": ("0\n", 1000)}, False),  # the wall clock was not set from it
        ({"rtc0": ("1\n", 12)}, False),  # a Pi 5 without its battery
        ({"rtc0": ("1\n", "?")}, False),
        ({"rtc0": (None, 1000)}, False),
        ({"rtc0": ("1\n", None)}, False),
        ({"rtc0": ("0\n", 5), "rtc1": ("1\n", 1000)}, True),
        ({"other": ("1\n", 1000)}, False),
    ],
)
@pytest.mark.parametrize("platform", ["linux", "freebsd13"])
def test_a_clock_with_a_battery_is_believed_if_the_wall_clock_was_set_from_it(
    monkeypatch, tmp_path, clocks, battery, platform
):
    monkeypatch.setattr(time, "time", lambda: 1000.0)
    monkeypatch.setattr(sys, "platform", platform)
    for clock, (hctosys, seconds) in clocks.items():
        folder = tmp_path / "sys/class/rtc" / clock
        folder.mkdir(parents=True)
        for name, content in (("hctosys", hctosys), ("since_epoch", seconds)):
            if content is not None:
                (folder / name).write_text(f"{content}\n")

    assert host.clock_has_battery(tmp_path) is battery


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_macos_and_windows_run_on_computers_that_have_a_battery(monkeypatch, tmp_path, platform):
    monkeypatch.setattr(sys, "platform", platform)

    assert host.clock_has_battery(tmp_path) is True


# ~~ Whether the system is stopping

SYSTEMD, BUS = "run/systemd/system", "run/dbus/system_bus_socket"


@pytest.fixture
def stopping(program, tmp_path):
    """Whether the system is stopping, if systemctl is this script and these paths are there."""

    def ask(script, *paths, timeout=60.0):
        if script is not None:
            program("systemctl", f'[ "$*" = is-system-running ] || exit 9\n{script}')
        for path in paths:
            (tmp_path / path).mkdir(parents=True)
        return host.is_stopping(timeout, tmp_path)

    return ask


# To root and to others; the bus may stop before the question or after it.
@pytest.mark.parametrize("script", ["echo stopping", "echo stopping; exit 1", "echo unknown", "true", "exit 1"])
def test_the_host_stops_if_systemd_says_so_or_its_bus_is_gone(stopping, script):
    assert stopping(script, SYSTEMD, BUS) is True


@pytest.mark.parametrize("answer", ["running", "degraded", "starting", "maintenance", "offline", "initializing"])
def test_the_host_goes_on_if_only_octoprint_is_stopped(stopping, answer):
    assert stopping(f"echo {answer}; exit 1", SYSTEMD, BUS) is False


@pytest.mark.parametrize(("script", "stops"), [("echo unknown", False), ("true", False), ("echo stopping", True)])
def test_a_systemd_without_a_bus_stops_only_if_it_says_so(stopping, script, stops):
    assert stopping(script, SYSTEMD) is stops


def test_a_container_with_the_bus_of_its_host_is_not_the_host(stopping):
    assert stopping("echo stopping", BUS) is False


def test_a_system_without_systemctl_does_not_report_it(stopping):
    assert stopping(None, SYSTEMD, BUS) is False


def test_a_systemd_that_does_not_answer_in_time_or_at_all_is_stopping(stopping, program, tmp_path):
    before = time.monotonic()
    assert stopping("exec sleep 30", SYSTEMD, BUS, timeout=0.1) is True
    assert time.monotonic() - before < 10

    (tmp_path / "bin/systemctl").chmod(0o644)
    assert host.is_stopping(1.0, tmp_path) is True
