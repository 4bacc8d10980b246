"""A printer on a pseudo-terminal: speaks as much of Marlin as OctoPrint needs, and misbehaves when a test says so.

OctoPrint runs on the same machine and opens ``path``, which its setting ``serial.additionalPorts`` has to name.
"""

import os
import pty
import re
import select
import shutil
import tempfile
import threading
import time
import tty
from pathlib import Path

BAUDRATE = 115200

# Marlin's words after a restart, when the reset line of the board was pulled.
BANNER = ("echo: External Reset", "Marlin bugfix-2.1.x", "echo: Last Updated: 2026-11-01 | Author: (none)")

NUMBERED = re.compile(rb"^N\d+\s*(.*?)\s*\*\d+$")
TEMPERATURES = "ok T:20.0 /0.0 B:20.0 /0.0 @:0 B@:0"
ANSWERS = {
    "M105": [TEMPERATURES],
    "M114": ["X:0.00 Y:0.00 Z:0.00 E:0.00 Count X:0 Y:0 Z:0", "ok"],
    "M115": ["FIRMWARE_NAME:Marlin bugfix-2.1.x MACHINE_TYPE:Story EXTRUDER_COUNT:1", "ok"],
}

# With these, OctoPrint gives up a silent printer after about three seconds, and stays connected after an error that
# does not end the firmware.
IMPATIENT = {
    "disconnectOnErrors": False,
    "maxCommunicationTimeouts": {"idle": 1, "printing": 1, "long": 1},
    "timeout": {
        "communication": 0.5,
        "communicationBusy": 0.5,
        "connection": 3,
        "temperature": 0.3,
        "temperatureTargetSet": 0.3,
    },
}

POLL_MILLISECONDS = 20


class Firmware:
    """The printer, which is plugged in from the start. ``remove`` ends it.

    ``boot`` says what happens when OctoPrint opens the port, as (seconds, lines): by default nothing, like a board that
    does not restart then. Until the first of them is due, commands are lost.
    """

    def __init__(self, pace=0.02):
        self.folder = Path(tempfile.mkdtemp(prefix="octoprint-uptime-printer-"))
        self.path = self.folder / "printer"  # stays the same when the device comes back under another number
        self.boot = ()
        self.received = []  # the commands that arrived since it restarted last
        self.starts = 0  # how often it has sent "start" since OctoPrint opened the port
        self.last_line = None  # Unix seconds at which a line was sent last
        self._pace = pace  # seconds for each move
        self._silent = False
        self._pending = []  # (monotonic seconds, lines) still to be sent
        self._lock = threading.RLock()
        self._pair = None
        self._unplugged = threading.Event()
        self.plug_in()

    def config(self):
        """OctoPrint's configuration for this printer."""
        return {"serial": {**IMPATIENT, "additionalPorts": [str(self.path)], "baudrate": BAUDRATE}}

    def plug_in(self):
        """Make the device appear."""
        main, secondary = pty.openpty()
        tty.setraw(secondary)
        path = os.ttyname(secondary)
        os.close(secondary)  # from now on, a hang-up says that OctoPrint has not opened it
        self.path.symlink_to(path)
        self._pair, self._silent = main, False
        self._unplugged = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(main, self._unplugged), daemon=True)
        self._thread.start()

    def unplug(self):
        """Make the device disappear."""
        self.path.unlink()
        self._unplugged.set()
        self._thread.join()

    def remove(self):
        if self.path.is_symlink():
            self.unplug()
        shutil.rmtree(self.folder)

    def send(self, *lines, after=0.0):
        """Send these lines, now or in some seconds."""
        with self._lock:
            self._pending.append((time.monotonic() + after, lines))
            self._pending.sort(key=lambda entry: entry[0])

    def restart(self, *banner, hello="start"):
        """Restart while OctoPrint is connected."""
        self._silent = False
        self.send(hello, *banner)

    def fall_silent(self):
        """Ignore every command from now on. Returns the moment of its last line, in Unix seconds."""
        with self._lock:
            self._silent = True
            return self.last_line

    def halt(self, *lines):
        """Send these lines, and nothing any more until OctoPrint opens the port again."""
        with self._lock:
            self._silent = True
            self._write(lines)

    def _serve(self, main, unplugged):
        opened, buffer = False, b""
        poll = select.poll()
        poll.register(main, select.POLLIN | select.POLLHUP)
        while not unplugged.is_set():
            events = dict(poll.poll(POLL_MILLISECONDS)).get(main, 0)
            if events & select.POLLHUP:
                opened, buffer = False, b""
                time.sleep(POLL_MILLISECONDS / 1000)
                continue
            if not opened:
                opened = True
                self._start()
            self._send_what_is_due()
            if events & select.POLLIN:
                *lines, buffer = (buffer + os.read(main, 4096)).split(b"\n")
                for line in lines:
                    self._obey(line)
        os.close(main)

    def _start(self):
        """OctoPrint has opened the port: a board that restarts at that answers only when it has booted."""
        with self._lock:
            self._silent, self._pending, self.starts = bool(self.boot), [], 0
            for after, lines in self.boot:
                self.send(*lines, after=after)

    def _send_what_is_due(self):
        with self._lock:
            while self._pending and self._pending[0][0] <= time.monotonic():
                lines = self._pending.pop(0)[1]
                if "start" in lines[0]:
                    self._silent, self.starts = False, self.starts + 1
                    self.received.clear()
                self._write(lines)

    def _obey(self, line):
        line = line.strip()
        numbered = NUMBERED.match(line)
        command = (numbered.group(1) if numbered else line).decode("ascii", "replace")
        if not command:
            return
        with self._lock:
            self.received.append(command)
            if self._silent:
                return
        if command.startswith("G") and numbered:
            time.sleep(self._pace)
        with self._lock:
            if not self._silent:
                self._write(ANSWERS.get(command.split()[0], ["ok"]))

    def _write(self, lines):
        os.write(self._pair, "".join(f"{line}\n" for line in lines).encode())
        self.last_line = time.time()
