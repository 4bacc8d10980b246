"""Where the seconds come from: the host, the OctoPrint process and the printer connection.

Durations come from one steady clock that starts when the host boots, goes on while the host is
suspended and takes no notice when the wall clock is set. The wall clock serves only to say when
something started.
"""

import os
import sys
import time
import uuid
from typing import NamedTuple, Optional

import psutil

from octoprint_uptime.boots import ID_DIGITS, MARK_DIGITS, Moment
from octoprint_uptime.host import boot_id, machine_mark, wall_clock_is_synchronized

# A wall clock that was set moves by seconds against the steady one; reading one after the other by microseconds.
STEP_SECONDS = 2

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


class Epoch:
    """What the wall clock showed when the steady clock stood at zero: the one thing that turns either into the other.

    It stays put until the wall clock is set, and then follows at once.
    """

    def __init__(self):
        self._seconds: Optional[float] = None
        self.confirmed = False

    def seconds(self):
        """Unix seconds; the same from call to call while the wall clock is left alone."""
        seconds = time.time() - steady_seconds()
        if self._seconds is None or abs(seconds - self._seconds) >= STEP_SECONDS:
            # Whoever sets a clock looked at a better one.
            self.confirmed = self.confirmed or self._seconds is not None
            self._seconds = seconds
        return self._seconds

    def check(self):
        """Ask whether the wall clock has been set since the host booted; what was true once stays true."""
        self.seconds()
        self.confirmed = self.confirmed or wall_clock_is_synchronized()
        return self.confirmed


class Session(NamedTuple):
    """What a clock says of one moment. All None where nothing runs or nobody can tell."""

    id: Optional[str] = None  # another one means that the clock started anew
    seconds: Optional[float] = None  # since the start, >= 0
    started: Optional[int] = None  # the same start in Unix seconds


class Clock:
    """Something that starts anew now and then. A subclass says which session runs, and since when."""

    name: str
    prefix: str  # of its fields in the API

    def __init__(self, epoch):
        self._epoch = epoch

    def running(self) -> "tuple[Optional[str], Optional[float]]":
        """The id of the session that runs and its start on the steady clock; None for what nobody can tell."""
        raise NotImplementedError

    def session(self):
        """The session that runs, with its age and its start, of one moment."""
        id, start = self.running()
        if start is None:
            return Session()
        return Session(id, max(0.0, steady_seconds() - start), round(self._epoch.seconds() + start))


class HostClock(Clock):
    """The machine that OctoPrint runs on; in a container the machine that runs the container."""

    name, prefix = "host", ""
    failure: Optional[Exception] = None
    # Comes from whoever remembers the last boot: this one alone does not know whether it is the same.
    id: Optional[str] = None

    def running(self):
        self.failure = None
        if _STEADY_CLOCK is not None:
            return self.id, 0.0
        try:
            start = steady_seconds() - (time.time() - psutil.boot_time())
        except _PSUTIL_FAILURES as failure:
            self.failure = failure
            return None, None
        return (self.id, start) if start <= steady_seconds() else (None, None)


class OctoPrintClock(Clock):
    """The process that runs OctoPrint. It always has a number."""

    name, prefix = "octoprint", "octoprint_"

    def __init__(self, epoch):
        super().__init__(epoch)
        self._id = new_id()

    def running(self):
        return self._id, _PROCESS_STARTED


class PrinterClock(Clock):
    """The connection to the printer, from the moment it became operational. It knows what it is told."""

    name, prefix = "printer", "printer_"

    _running: "tuple[Optional[str], Optional[float]]" = (None, None)

    def connected(self):
        """A connection became operational. Saying so twice changes nothing."""
        if self._running[0] is None:
            self._running = new_id(), steady_seconds()

    def disconnected(self):
        """The connection ended."""
        self._running = None, None

    def running(self):
        return self._running


def new_id():
    """A session id that no other session has, and no other machine's begins like."""
    return machine_mark(MARK_DIGITS) + uuid.uuid4().hex[:ID_DIGITS]


def see(clocks, epoch, safe_mode):
    """The Moment in which OctoPrint starts; ``safe_mode`` is when it last did so without plugins, or None."""
    host, octoprint, _ = clocks
    return Moment(
        boot_id=boot_id(),
        up=steady_seconds(),
        epoch=epoch.seconds(),
        confirmed=epoch.check(),
        host_start=host.running()[1],
        octoprint=octoprint.running(),
        new_id=new_id(),
        safe_mode=safe_mode,
    )
