"""Where the seconds come from: the host, the OctoPrint process and the printer connection.

Durations come from one steady clock that starts when the host boots, goes on while the host is
suspended and takes no notice when the wall clock is set. The wall clock serves only to say when
something started.
"""

import math
import os
import sys
import time
from datetime import datetime, timezone
from typing import Optional

import psutil

# A wall clock that was set moves a start time by seconds; reading two clocks one after the other by microseconds.
STARTED_TOLERANCE_SECONDS = 2

# Whoever starts OctoPrint does not wait longer for it, so an older process means that the clock was set meanwhile.
_OLDEST_AGE_AT_IMPORT_SECONDS = 3600

_PSUTIL_FAILURES = (psutil.Error, OSError, RuntimeError)


def _find_steady_clock():
    """The id of the clock that counts from boot and through suspend; None on Windows.

    Linux and OpenBSD call it CLOCK_BOOTTIME, FreeBSD CLOCK_UPTIME. On macOS CLOCK_MONOTONIC is the
    time since boot with sleep counted, other than on Linux and other than ``time.monotonic()``.
    """
    names = ("CLOCK_MONOTONIC",) if sys.platform == "darwin" else ("CLOCK_BOOTTIME", "CLOCK_UPTIME")
    for name in names:
        try:
            time.clock_gettime(getattr(time, name))
            return getattr(time, name)
        except (AttributeError, OSError):  # unknown to this system, or refused by a sandbox
            continue
    return None


_STEADY_CLOCK = _find_steady_clock()


def steady_seconds():
    """Seconds on the steady clock; only differences mean something where the system has no such clock."""
    if _STEADY_CLOCK is None:
        return time.monotonic()
    return time.clock_gettime(_STEADY_CLOCK)


def _process_age():
    """Seconds since this process started, or 0 where the system does not tell. Asked once, at import."""
    try:
        if sys.platform.startswith("linux") and _STEADY_CLOCK is not None:
            return max(0.0, steady_seconds() - _process_start_ticks() / os.sysconf("SC_CLK_TCK"))
        age = time.time() - psutil.Process().create_time()
    except (*_PSUTIL_FAILURES, ValueError, IndexError):
        return 0.0
    return age if 0 <= age < _OLDEST_AGE_AT_IMPORT_SECONDS else 0.0


def _process_start_ticks():
    """Field 22 of /proc/self/stat (man 5 proc): clock ticks between boot and the start of this process."""
    with open("/proc/self/stat", "rb") as stat:
        after_name = stat.read().rsplit(b")", 1)[1]  # the name may hold spaces and brackets
    return int(after_name.split()[19])


_PROCESS_STARTED = steady_seconds() - _process_age()


class Clock:
    """Something that started once. A subclass says how many seconds ago."""

    _latched = None  # the start as timestamp and as text

    def seconds(self) -> Optional[float]:
        """Seconds since the start, >= 0, or None where it has not started or nobody can tell."""
        raise NotImplementedError

    def started(self, seconds) -> Optional[str]:
        """The start time that belongs to ``seconds``, such as ``2026-11-21T08:00:00Z``.

        The same from call to call; it follows when the wall clock is set.
        """
        if seconds is None:
            return None
        timestamp = time.time() - seconds
        latched, text = self._latched or (math.inf, "")
        if abs(timestamp - latched) >= STARTED_TOLERANCE_SECONDS:
            latched = round(timestamp)
            text = datetime.fromtimestamp(latched, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
            self._latched = latched, text
        return text


class HostClock(Clock):
    """The machine that OctoPrint runs on; in a container the machine that runs the container."""

    failure: Optional[Exception] = None

    def seconds(self):
        try:
            seconds = self._read()
            self.failure = None
        except _PSUTIL_FAILURES as failure:
            self.failure = failure
            return None
        return seconds if seconds >= 0 else None

    def _read(self):
        if _STEADY_CLOCK is None:
            return time.time() - psutil.boot_time()
        return steady_seconds()


class OctoPrintClock(Clock):
    """The process that runs OctoPrint. It always has a number."""

    def seconds(self):
        return steady_seconds() - _PROCESS_STARTED


class PrinterClock(Clock):
    """The connection to the printer, from the moment it became operational."""

    _connected = None

    def update(self, operational):
        """Tell the clock whether the printer is operational now; saying the same twice changes nothing."""
        if not operational:
            self._connected = self._latched = None
        elif self._connected is None:
            self._connected = steady_seconds()

    def seconds(self):
        connected = self._connected  # read once: the event thread may clear it meanwhile
        return None if connected is None else steady_seconds() - connected
