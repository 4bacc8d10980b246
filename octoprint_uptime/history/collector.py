"""Collects evidence about why the connection to a printer ended: from the printer's USB device and its own lines."""

import threading
import time
from collections import deque
from typing import NamedTuple, Optional

from octoprint_uptime.machine import evidence
from octoprint_uptime.machine.evidence import UsbConnection

USB_SECONDS = 5  # after the loss, for the second look: a device that leaves the bus may stay visible for a moment
LINES_SECONDS = 2  # after a restart; the firmware sends its reasons within one second
START = "start"  # the line by which OctoPrint recognizes a restart, exactly
MOST_LINES = 20


class _Usb(NamedTuple):
    connection: UsbConnection
    at: float  # seconds of time.monotonic, which like the bus does not count the time in suspend


class Collector:
    """Watches the printer while it is connected. All threads may use it."""

    def __init__(self):
        self._lock = threading.Lock()
        self._port: Optional[str] = None
        self._usb: Optional[_Usb] = None
        self._lines: deque = deque(maxlen=MOST_LINES)  # (seconds of the steady clock, START or a code)

    def connected(self, port):
        """The printer is connected through this port."""
        with self._lock:
            self._port, self._usb = port, _look(port)

    def heartbeat(self):
        """Renew the description of the USB device, if it is still the same one."""
        with self._lock:
            newer = _look(self._port)
            if newer and self._usb and _identity(newer) == _identity(self._usb):
                self._usb = newer

    def note_line(self, line, up):
        """Take in a line that the printer sent at ``up``. Called for each line."""
        words = line.replace("\0", "").strip()  # some boards send zeros when they start
        what = START if words == START else evidence.restart_code(words)
        if what:
            self._lines.append((up, what))

    def lost(self):
        """The connection was lost: look at the USB device now.

        Returns after how many seconds to look again, and a function that does and returns the codes, or None.
        """
        with self._lock:
            usb = self._usb
        lost_at = time.monotonic()

        def look():
            return usb and evidence.usb_evidence(usb.connection, lost_at - usb.at, time.monotonic() - lost_at)

        first = look()

        def collect():
            code = evidence.combine_looks(first, look())
            return (code,) if code else None

        return USB_SECONDS if usb else 0, collect

    def restarted(self, up):
        """The printer restarted, as was reported at ``up``. Returns the same as ``lost``, from the printer's lines."""
        return LINES_SECONDS, lambda: self._codes_after(up)

    def _codes_after(self, up):
        starts = [at for at, what in tuple(self._lines) if what == START]
        begin = max((at for at in starts if at <= up), default=up)
        end = min((at for at in starts if at > begin), default=begin + LINES_SECONDS)
        return evidence.restart_evidence(what for at, what in tuple(self._lines) if begin <= at < end and what != START)


def _look(port):
    connection = evidence.usb_connection(port)
    return connection and _Usb(connection, time.monotonic())


def _identity(usb):
    return usb.connection.device.path, usb.connection.device.number
