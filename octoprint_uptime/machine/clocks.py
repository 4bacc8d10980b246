"""Seconds from a steady clock, and the offset that turns them into dates.

The steady clock starts when the host boots, counts through suspend and ignores changes of the wall clock.
"""

import os
import sys
import time
from contextlib import suppress

import psutil

# If OctoPrint's process seems to be older than this at import, the wall clock was set in between.
_OLDEST_AGE_AT_IMPORT_SECONDS = 3600
# Reading the two clocks takes microseconds; a slower read was interrupted.
_SLOW_READ_SECONDS, _READS = 0.05, 5


def _find_steady_clock():
    """The id of the clock that counts from boot and through suspend; None on Windows.

    Linux and OpenBSD call it CLOCK_BOOTTIME, FreeBSD CLOCK_UPTIME. On macOS CLOCK_MONOTONIC counts the time since
    boot including sleep, unlike on Linux and unlike ``time.monotonic()``.
    """
    for name in ("CLOCK_MONOTONIC",) if sys.platform == "darwin" else ("CLOCK_BOOTTIME", "CLOCK_UPTIME"):
        with suppress(AttributeError, OSError):  # unknown to this system, or refused by a sandbox
            time.clock_gettime(getattr(time, name))
            return getattr(time, name)
    return None


_STEADY_CLOCK = _find_steady_clock()


def steady_seconds() -> float:
    """Seconds on the steady clock; if the system has no such clock, only differences mean something."""
    return time.monotonic() if _STEADY_CLOCK is None else time.clock_gettime(_STEADY_CLOCK)


def wall_offset() -> float:
    """The Unix seconds at which the steady clock stood at zero. Repeats a read that was interrupted."""
    best, quickest = 0.0, float("inf")
    for _ in range(_READS):
        before, wall, after = steady_seconds(), time.time(), steady_seconds()
        if after - before < quickest:
            best, quickest = wall - (before + after) / 2, after - before
        if quickest < _SLOW_READ_SECONDS:
            break
    return best


def host_start() -> float:
    """When the host started, on the steady clock. Raises PermissionError or, if that is not reported, OSError."""
    if _STEADY_CLOCK is not None:
        return 0.0
    try:
        start = steady_seconds() - (time.time() - psutil.boot_time())
    except psutil.AccessDenied as error:
        raise PermissionError(str(error)) from error
    except (psutil.Error, RuntimeError) as error:
        raise OSError(str(error)) from error
    if start > steady_seconds():
        raise OSError("the host seems to start in the future")
    return start


def _process_age():
    """Seconds since this process started, or 0 if the system does not report it. Called once, at import."""
    try:
        if sys.platform.startswith("linux") and _STEADY_CLOCK is not None:
            return max(0.0, steady_seconds() - _process_start_ticks() / os.sysconf("SC_CLK_TCK"))
        age = time.time() - psutil.Process().create_time()
    except (psutil.Error, OSError, RuntimeError, ValueError, IndexError):
        return 0.0
    return age if 0 <= age < _OLDEST_AGE_AT_IMPORT_SECONDS else 0.0


def _process_start_ticks():
    """Field 22 of /proc/self/stat (man 5 proc): clock ticks between boot and the start of this process."""
    with open("/proc/self/stat", "rb") as stat:
        after_name = stat.read().rsplit(b")", 1)[1]  # the name may contain spaces and brackets
    return int(after_name.split()[19])


PROCESS_START = steady_seconds() - _process_age()
