"""Owns the State: the only place that knows what is running.

Events, requests, heartbeats and the stop change the State under one lock, which keeps them in order. The writer thread
saves it and sends events about it; nothing else waits for the disk. Readers get a Snapshot.
"""

import threading
from contextlib import contextmanager
from typing import Optional

from octoprint_uptime.history import heartbeat, printer, retention, sessions, snapshot
from octoprint_uptime.history.boots import FINGERPRINT_DIGITS, Moment
from octoprint_uptime.history.collector import Collector
from octoprint_uptime.history.files import StoreError
from octoprint_uptime.history.sessions import PRINTER, State, first
from octoprint_uptime.history.snapshot import Snapshot
from octoprint_uptime.history.store import EMPTY, Store
from octoprint_uptime.history.writer import Writer
from octoprint_uptime.machine import clocks, evidence, host, mounts

STOP_SECONDS = 2.5  # may delay OctoPrint's stop: Docker waits for 10 seconds, s6 for about 3
EVENT_SECONDS = 1  # OctoPrint's page and clients may get an event a moment before the plugin
HEARTBEAT_SECONDS, PRINTING_HEARTBEAT_SECONDS = 300, 60
OFF, FAILED, FORGETS = "off", "failed", "forgets"


class Recorder:
    """``completion`` returns the percentage of the print that is running, or None; ``send`` sends an event about a
    Session or StoppedPrint; ``safe_mode`` is when OctoPrint last started without plugins (Unix seconds), or None.
    """

    def __init__(self, folder, completion, send, safe_mode, logger):
        self._folder, self._completion, self._send, self._logger = folder, completion, send, logger
        self._store, self._writer, self._collector = Store(folder), Writer(self._report), Collector()
        self.note_line = self._collector.note_line
        self._lock, self._stopping = threading.Condition(), threading.Lock()
        self._host_problem: Optional[OSError] = None
        self._start = self._take_moment(safe_mode)
        self._state = sessions.begin(None, self._start)
        self._saved: Optional[State] = None
        self._adopted = self._sends = False
        self._problems: dict[str, str] = {}
        self._days: Optional[int] = None  # until start

    def start(self, days):
        """Load what was left behind, and record from now on. What ends is kept for so many days; 0 keeps nothing."""
        self._days = days
        with self._guarded("store"):
            self._adopt()
        self._writer.start()
        self._change(State.clear) if days == 0 else self._writer.put(self._save)
        heartbeat.start(self)

    # ~~ What happens

    def take(self, event):
        """Take in one of OctoPrint's events about the printer."""
        with self._guarded("events"), self._lock:
            before = self._state
            self._change(printer.apply, event)
            if self._state.stopped not in (None, before.stopped):
                self._writer.put(lambda: self.change(State.settle), sessions.SETTLE_SECONDS)
            if self._state.awaited != before.awaited:
                self._collect_evidence(event, self._state.awaited[-1])
            if event.name == "Connected":
                self._collector.connected(event.payload.get("port"))

    def change(self, change, *arguments):
        """Apply a method of the State that takes the current moment and these arguments."""
        with self._guarded("events"), self._lock:
            self._change(change, clocks.steady_seconds(), *arguments)

    def heartbeat(self):
        """Record that everything is still running, if it is time to; delete what is old."""
        with self._guarded("heartbeat"):
            up, epoch, synchronized = clocks.steady_seconds(), clocks.wall_offset(), host.clock_is_synchronized()
            state = self._state.see_clock(up, epoch, synchronized)
            pause = PRINTING_HEARTBEAT_SECONDS if state.print else HEARTBEAT_SECONDS
            late = up - state.up > pause - PRINTING_HEARTBEAT_SECONDS / 2  # there is a look in each minute
            if late or state != self._saved:
                seen = up, epoch, synchronized, self._percentage()
                kills = evidence.oom_kills()
                self._change(lambda state: state.see_oom_kills(up, kills).heartbeat(*seen))  # one change: one write
            if evidence.undervoltage():
                self._change(State.see_undervoltage, up)
            self._collector.heartbeat()
            self._writer.put(self._delete_old)

    def stop(self):
        """Record that OctoPrint stops, and wait for the disk, but not longer than STOP_SECONDS."""
        deadline = clocks.steady_seconds() + STOP_SECONDS
        with self._stopping:
            if self._state.stop is None:
                with self._guarded("stop"):
                    up, epoch = clocks.steady_seconds(), clocks.wall_offset()
                    self._change(State.begin_stop, up, epoch, host.clock_is_synchronized())
                    self._change(State.heartbeat, up, epoch, False, self._percentage())
                    if host.is_stopping(max(0.1, deadline - clocks.steady_seconds())):
                        self._change(lambda state: state._replace(host_stops=True))
            self._writer.flush(max(0.1, deadline - clocks.steady_seconds()))

    def send_events(self):
        """Subscribers have connected: send the events so far, and from now on each at once."""
        self._sends = True
        self._writer.put(self._send_events)

    def keep(self, days):
        """Keep what has ended for so many days from now on."""
        self._days, before = days, self._days
        if days == 0 != before:
            self._change(State.clear)

    def clear(self):
        """Delete what has ended. False if the disk needs longer than STOP_SECONDS; it is then tried again."""
        self._change(State.clear)
        self._writer.put(self._save)  # again, if the last attempt failed
        return self._writer.flush(STOP_SECONDS) and not self._state.clearing

    def wait_for_printer(self, connected):
        """Wait until the events about the printer have come to what OctoPrint itself says, EVENT_SECONDS at most."""
        with self._lock:
            self._lock.wait_for(lambda: bool(first(self._state.running, PRINTER)) == connected, EVENT_SECONDS)

    def snapshot(self) -> Snapshot:
        """What is known now. Does not wait for the disk to be written."""
        up, epoch = clocks.steady_seconds(), clocks.wall_offset()
        with self._lock:
            state, problem = self._state, next(iter(self._problems.values()), None)
        try:
            stored = EMPTY if self._days == 0 else self._store.read()
        except StoreError as error:
            stored, problem = EMPTY, problem or str(error)
        problem = OFF if self._days == 0 else problem
        return snapshot.take(state, stored, up, epoch, problem, self._host_problem)

    # ~~ The State

    def _collect_evidence(self, event, id):
        """Have the evidence about the end of the printer's session with this id added, some seconds from now."""
        is_lost = event.name == "Disconnected"
        seconds, collect = self._collector.lost() if is_lost else self._collector.restarted(event.up)
        self._writer.put(lambda: self.change(State.add_evidence, id, collect()), seconds)

    def _take_moment(self, safe_mode):
        try:
            host_start = clocks.host_start()
        except OSError as error:
            host_start, self._host_problem = None, error
        return Moment(
            boot_id=host.boot_id(),
            up=clocks.steady_seconds(),
            epoch=clocks.wall_offset(),
            synchronized=host.clock_is_synchronized(),
            battery=host.clock_has_battery(),
            host_start=host_start,
            octoprint_start=clocks.PROCESS_START,
            fingerprint=host.machine_fingerprint(FINGERPRINT_DIGITS),
            safe_mode=safe_mode,
            oom_kills=evidence.oom_kills(),
            board=evidence.board_evidence(),
        )

    def _change(self, change, *arguments):
        with self._lock:
            state = change(self._state, *arguments)
            if self._days == 0:
                state = state._replace(unsaved=(), past_boots=())
            if state != self._state:
                self._state = state
                self._lock.notify_all()
                self._writer.put(self._save)

    def _percentage(self):
        """How far the print has come; None if none is running, or if OctoPrint cannot say, as during a disconnect."""
        with self._guarded("completion"):
            return None if self._state.print is None else self._completion()

    # ~~ Jobs of the writer

    def _adopt(self):
        """Open the store, and take over what was left in it."""
        left = self._store.open()
        if mounts.forgets(self._folder):
            self._problems["folder"] = FORGETS
            left = left if left is not None and left.boot.boot_id == self._start.boot_id else None
        if left is not None:
            known = self._store.known_boots()
            with self._lock:
                self._state = sessions.adopt(self._state, left, self._start, known)
        self._adopted = True

    def _save(self):
        self._write()
        self._send_events()

    def _write(self):
        state = self._state
        if state is self._saved:
            return
        with self._guarded("store"):
            if not self._adopted:
                self._adopt()
                state = self._state
            self._store.save(state)
            if state.clearing:
                self._store.clear(state)
                self._change(lambda state: state._replace(clearing=False))
            complete = state.complete(state.unsaved)
            self._store.add(state._replace(unsaved=complete))
            with self._lock:  # that the history has it is no reason to write the State again
                unchanged = self._state is state
                self._state = self._state.saved(complete) if complete else self._state
                self._saved = self._state if unchanged else state

    def _send_events(self):
        """Each event is saved as sent before it is sent: a crash in between must not send it twice."""
        with self._lock:  # which of them are sent is known to what happens next
            records = self._state.complete(self._state.unsent) if self._sends else ()
            self._change(lambda state: state._replace(unsent=state.unsent[len(records) :]))
        if records:  # otherwise a disk that refuses would be tried twice for each change
            self._write()
        for record in records:
            with self._guarded("sending"):
                self._send(record)

    def _delete_old(self):
        state, days, up = self._state, self._days, clocks.steady_seconds()
        with self._guarded("deleting"):
            if days and self._adopted and retention.is_due(state, days, up):
                oldest = self._store.oldest_end() if state.deleted is None else None
                deleted = retention.advance(state.deleted, days, state.boot, up, oldest)
                count = self._store.delete_before(deleted.before, state.boot)
                if count:
                    self._logger.info("Deleted %s sessions that ended more than %s days ago", count, days)
                self._change(lambda state: state._replace(deleted=deleted))

    # ~~ What goes wrong

    @contextmanager
    def _guarded(self, part):
        """No exception leaves the block: it is logged, and nothing counts as recorded until the part works again."""
        try:
            yield
        except Exception as error:
            self._report(error, part)
        else:
            with self._lock:
                self._problems.pop(part, None)
        finally:
            while self._store.set_aside:
                self._logger.warning("Damaged history file moved to %s", self._store.set_aside.pop())

    def _report(self, error, part="writer"):
        """Log what went wrong: a problem of the disk once, anything else with its traceback."""
        if not isinstance(error, StoreError):
            self._logger.error("Not recording: unexpected error", exc_info=error)
        elif self._problems.get(part) != str(error):
            self._logger.error("Not recording: %s (%s)", error, error.__cause__)
        with self._lock:
            self._problems[part] = str(error) if isinstance(error, StoreError) else FAILED
