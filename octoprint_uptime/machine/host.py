"""What the host's operating system reports apart from the time. Each answer may be missing."""

import ctypes
import hashlib
import os
import subprocess
import sys
import time
from functools import lru_cache
from pathlib import Path
from typing import Optional

_TIME_ERROR = 5  # adjtimex's answer while nothing has set the clock (man 2 adjtimex)
_ASK_KERNEL = "import ctypes; ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512))"
_SECONDS = 10  # limit for a small program that the system brings
# A battery-backed clock and the wall clock that was set from it may differ by this.
_BATTERY_CLOCK_SECONDS = 5
_BOOT_IDS = {"darwin": "kern.bootsessionuuid", "freebsd": "kern.boot_id"}


def machine_fingerprint(digits: int) -> str:
    """The first hexadecimal digits of a hash of the machine id, which must stay here (man 5 machine-id); or zeros."""
    machine_id = _read("/etc/machine-id")
    hashed = hashlib.sha256(f"OctoPrint-Uptime {machine_id}".encode()).hexdigest()
    return hashed[:digits] if machine_id else digits * "0"


def boot_id() -> Optional[str]:
    """The operating system's id of this boot, or None. Not unique everywhere: see boots.goes_on."""
    name = next((name for system, name in _BOOT_IDS.items() if sys.platform.startswith(system)), None)
    if name is None:
        return _read("/proc/sys/kernel/random/boot_id") or None
    try:
        return _output("sysctl", "-n", name) or None
    except (OSError, subprocess.TimeoutExpired):
        return None


def clock_is_synchronized() -> bool:
    """Whether NTP keeps the wall clock right, according to the kernel of Linux; False if it does not report that."""
    if not _may_ask_kernel():
        return False
    try:
        state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512))  # all zeros: it only reads
    except (AttributeError, OSError, TypeError):  # not Linux
        return False
    return 0 <= state < _TIME_ERROR


@lru_cache(maxsize=1)
def _may_ask_kernel():
    """Android's filter of system calls kills a process that calls adjtimex: if there is a filter, a child tries it."""
    try:
        filtered = "Seccomp:\t2" in Path("/proc/self/status").read_text()
        return not filtered or subprocess.run([sys.executable, "-ISc", _ASK_KERNEL], timeout=_SECONDS).returncode == 0  # noqa: S603  a constant
    except (OSError, subprocess.TimeoutExpired):
        return False


def clock_has_battery(root="/") -> bool:
    """Whether the wall clock was set at boot from a clock with a battery that still agrees with it."""
    if sys.platform in ("darwin", "win32"):  # their computers have one
        return True
    # Documentation/ABI/testing/rtc-cdev and sysfs-class-rtc
    return any(map(_set_the_wall_clock, Path(root, "sys/class/rtc").glob("rtc*")))


def _set_the_wall_clock(clock):
    seconds = _read(clock, "since_epoch")
    agrees = seconds.isdecimal() and abs(int(seconds) - time.time()) <= _BATTERY_CLOCK_SECONDS
    return agrees and _read(clock, "hctosys") == "1"


def is_stopping(timeout: float, root="/") -> bool:
    """Whether the whole system is going down now, according to systemd; False if this system does not run it.

    Only root may ask systemd itself. OctoPrint asks through the system bus, which stops at the same moment: if its
    socket is there and nothing answers within ``timeout`` seconds, the system is stopping.
    """
    if not os.path.isdir(os.path.join(root, "run/systemd/system")):  # man 3 sd_booted; a container has only the bus
        return False
    try:
        answer = _output("systemctl", "is-system-running", timeout=timeout)
    except FileNotFoundError:
        return False
    except (OSError, subprocess.TimeoutExpired):
        answer = ""
    no_answer = answer in ("", "unknown") and os.path.exists(os.path.join(root, "run/dbus/system_bus_socket"))
    return answer == "stopping" or no_answer


def _read(*path):
    """The text of a file of the system; empty if it cannot be read."""
    try:
        return Path(*path).read_text(errors="replace").strip()
    except OSError:
        return ""


def _output(*command, timeout=_SECONDS):
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout).stdout.strip()  # noqa: S603  constants
