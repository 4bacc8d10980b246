"""Recorders on a machine whose clocks a test sets, and a writer that runs its jobs when the test wants it to."""

import logging
import threading
from collections import deque

from octoprint_uptime.history import heartbeat, recorder
from octoprint_uptime.history.printer import Event
from octoprint_uptime.history.recorder import Recorder
from octoprint_uptime.history.writer import Writer
from octoprint_uptime.machine import clocks, evidence, host, mounts
from octoprint_uptime.machine.evidence import UsbConnection, UsbDevice
from tests.harness.states import EPOCH, UP, WORDS

PRINTER_USB = UsbConnection(UsbDevice("/sys/devices/usb1/1-1", 4, 1000), None, ())
SOON = 10  # seconds that nothing here needs


class FakeMachine:
    """What the machine reports, as the test sets it."""

    def __init__(self):
        self.up, self.epoch, self.boot_id = UP, EPOCH, "a"
        self.synchronized, self.battery, self.stopping, self.forgets = True, False, False, False
        self.oom_kills, self.board, self.undervoltage = None, None, None
        self.usb = None  # what usb_evidence answers if the printer has a USB device
        self.asked = []  # the timeouts with which systemd was asked whether the system stops

    def install(self, monkeypatch):
        monkeypatch.setattr(clocks, "steady_seconds", lambda: self.up)
        monkeypatch.setattr(clocks, "wall_offset", lambda: self.epoch)
        monkeypatch.setattr(clocks, "host_start", lambda: 0.0)
        monkeypatch.setattr(host, "boot_id", lambda: self.boot_id)
        monkeypatch.setattr(host, "clock_is_synchronized", lambda: self.synchronized)
        monkeypatch.setattr(host, "clock_has_battery", lambda: self.battery)
        monkeypatch.setattr(host, "machine_fingerprint", lambda digits: "5ad"[:digits])
        monkeypatch.setattr(host, "is_stopping", self._is_stopping)
        for name in ("oom_kills", "undervoltage"):
            monkeypatch.setattr(evidence, name, lambda name=name: getattr(self, name))
        monkeypatch.setattr(evidence, "board_evidence", lambda: self.board)
        monkeypatch.setattr(evidence, "usb_connection", lambda port: self.usb and PRINTER_USB)
        monkeypatch.setattr(evidence, "usb_evidence", lambda connection, seconds, later: self.usb)
        monkeypatch.setattr(mounts, "forgets", lambda folder: self.forgets)
        monkeypatch.setattr(heartbeat, "start", lambda recorder: None)  # the test calls the recorder itself
        self._set_process_start = lambda: monkeypatch.setattr(clocks, "PROCESS_START", self.up - 5.0)
        return self

    def _is_stopping(self, timeout):
        self.asked.append(timeout)
        return self.stopping

    def start_process(self):
        """OctoPrint starts now."""
        self._set_process_start()

    def boot(self, boot_id, off=60.0, up=30.0):
        """The host was off for so many seconds, and OctoPrint starts so many seconds after its boot."""
        self.epoch, self.up, self.boot_id = self.epoch + self.up + off, up, boot_id


class InlineWriter(Writer):
    """Runs its jobs only when it is flushed; those with a delay when they are due."""

    def __init__(self, failed):
        super().__init__(failed)
        self._waiting, self._due = deque(), []

    def start(self):
        """No thread is needed."""

    def put(self, job, delay=0.0):
        if delay:
            self._due.append((clocks.steady_seconds() + delay, job))
        else:
            self._waiting.append(job)

    def flush(self, seconds=SOON):
        due = [(at, job) for at, job in self._due if at <= clocks.steady_seconds()]
        self._due = [pair for pair in self._due if pair not in due]
        self._waiting.extend(job for _, job in due)
        while self._waiting:
            job = self._waiting.popleft()
            try:
                job()
            except Exception as error:
                self._failed(error)
        return True


class Log(logging.Handler):
    """Keeps what was logged."""

    def __init__(self):
        super().__init__()
        self.texts, self.tracebacks = [], []

    def emit(self, record):
        self.texts.append(record.getMessage())
        if record.exc_info:
            self.tracebacks.append(record.exc_info[1])


class Process:
    """An OctoPrint with a recorder."""

    def __init__(self, machine, folder, writer=InlineWriter, send=None, safe_mode=None):
        machine.start_process()
        self.machine, self.folder, self.completion = machine, folder, 50.0
        self.sent, log, logger = [], Log(), logging.Logger("recorder")
        self.log, self.tracebacks = log.texts, log.tracebacks
        logger.addHandler(log)
        former, recorder.Writer = recorder.Writer, writer
        try:
            self.recorder = Recorder(folder, lambda: self.completion, send or self.sent.append, safe_mode, logger)
        finally:
            recorder.Writer = former

    @property
    def state(self):
        return self.recorder._state

    @property
    def store(self):
        return self.recorder._store

    def start(self, days=365):
        self.recorder.start(days)
        return self.flush()

    def flush(self):
        """Wait until the jobs so far have run."""
        assert self.recorder._writer.flush(SOON)
        return self

    def take(self, *events, error=None, asked=False, **payload):
        """OctoPrint reports these events."""
        for name in events:
            self.recorder.take(Event(name, self.machine.up, payload, error, asked))
        return self

    def flap(self, count=1, file="secret.gcode"):
        """The printer is connected for a second, starts to print, and is lost."""
        for _ in range(count):
            self.take("Connected").take("PrintStarted", name=file)
            self.machine.up += 1
            self.take("Disconnected", error=WORDS)
        return self

    def beat(self, seconds=300):
        """A heartbeat after so many seconds."""
        self.machine.up += seconds
        self.recorder.heartbeat()
        return self.flush()

    def ended(self):
        return [(session.clock, session.ending) for session in self.recorder.snapshot().ended]

    def running(self):
        return [session.clock for session in self.recorder.snapshot().state.running]

    def kill(self):
        """The process is gone: its files are free, and nothing more is written."""
        self.recorder._writer.put = lambda *arguments: None
        self.store.close()


def wait_until(true):
    for _ in range(int(SOON / 0.01)):
        if true():
            return
        threading.Event().wait(0.01)
    raise AssertionError("this did not come true")
