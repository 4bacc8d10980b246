"""What the host's operating system tells beside the time. Each answer may be missing."""

import ctypes
import hashlib
import os
import subprocess

_TIME_ERROR = 5  # what adjtimex answers while nothing has set the clock (man 2 adjtimex)
# While all that runs is being stopped, a small machine takes its time.
_SYSTEMD_SECONDS = 10
_SYSTEM_BUS = "/run/dbus/system_bus_socket"
_MACHINE_ID = "/etc/machine-id"


def machine_mark(digits):
    """Hexadecimal digits that another machine most likely has others of; zeros where the system has no machine id.

    The id itself is not to be told to anybody (man 5 machine-id).
    """
    try:
        with open(_MACHINE_ID, "rb") as file:
            machine_id = file.read().strip()
    except OSError:
        machine_id = b""
    return hashlib.sha256(b"OctoPrint-Uptime " + machine_id).hexdigest()[:digits] if machine_id else digits * "0"


def boot_id():
    """What Linux calls this boot, or None. Not unique everywhere; boots.judge_boot knows what it is worth."""
    try:
        with open("/proc/sys/kernel/random/boot_id") as file:
            return file.read().strip() or None
    except OSError:
        return None


def wall_clock_is_synchronized():
    """Whether NTP keeps the wall clock right, as the kernel of Linux knows; False where nobody tells."""
    try:
        state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512))  # all zeroes: it only reads
    except (AttributeError, OSError, TypeError):  # not Linux
        return False
    return 0 <= state < _TIME_ERROR


def is_stopping():
    """Whether the whole system is going down right now, as systemd knows; False where there is none.

    Only root may ask systemd itself. Everybody else asks by way of the system bus, which is stopped at the same moment
    as OctoPrint: where it has a socket and carries no answer any more, that is the answer.
    """
    command = ["systemctl", "is-system-running"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=_SYSTEMD_SECONDS)  # noqa: S603  a constant
    except (OSError, subprocess.TimeoutExpired):
        return False
    no_answer = answer.stdout.strip() in ("", "unknown") and os.path.exists(_SYSTEM_BUS)
    return answer.stdout.strip() == "stopping" or no_answer
