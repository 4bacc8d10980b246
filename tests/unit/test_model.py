"""A model of the recorder: whatever happens, in any order, no session is lost, doubled or moved, on a real folder.

EXAMPLES=1000 for a long run.
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from octoprint_uptime.history import recorder, schema, sessions
from octoprint_uptime.history.files import StoreError
from octoprint_uptime.history.rows import dump_state, load_state
from octoprint_uptime.history.sessions import CLOCKS, HOST, MOST_UNSAVED, MOST_UNSENT, PRINTER, State
from octoprint_uptime.history.store import Store
from octoprint_uptime.readings import take_history
from tests.harness.recorders import FakeMachine, Process

EXAMPLES = int(os.environ.get("EXAMPLES", "40"))
STEPS = 30
PHASES = [Phase.generate] if os.environ.get("NO_SHRINK") else tuple(Phase)
HOUR, DAY = 3600, 86_400
WAYS_TO_DIE = ("save", "saved", "add", "added", "clear", "cleared", "send")


class Killed(BaseException):
    """The process is gone at this moment."""


class HazardousStore(Store):
    """Fails while the disk is full, and is killed before or after a commit."""

    full, dies = False, None

    def save(self, state):
        self._die("save")
        super().save(state)
        self._die("saved")

    def add(self, state):
        self._die("add")
        if self.full:
            raise StoreError("full")
        super().add(state)
        self._die("added")

    def clear(self, state):
        self._die("clear")
        if self.full:
            raise StoreError("full")
        super().clear(state)
        self._die("cleared")

    def _die(self, moment):
        if self.dies == moment:
            self.dies = None
            raise Killed


class Model(RuleBasedStateMachine):
    """What has to be there: ``history`` are the ids of records that the history has acknowledged."""

    def __init__(self):
        super().__init__()
        self.patches = pytest.MonkeyPatch()
        for name in ("RUNNING_SETTINGS", "HISTORY_SETTINGS"):
            self.patches.setattr(schema, name, (*getattr(schema, name), "synchronous=OFF"))
        self.patches.setattr(recorder, "Store", HazardousStore)
        self.machine = FakeMachine().install(self.patches)
        self.folder = Path(tempfile.mkdtemp())
        self.process, self.full, self.boots = None, False, 0
        self.acknowledged, self.sent, self.unsendable = [], [], False
        self.days, self.forgotten = 365, False  # boots whose ids may therefore be used again
        self.hosts = set()

    def teardown(self):
        if self.process is not None:
            self.process.kill()
        self.patches.undo()
        shutil.rmtree(self.folder)

    # ~~ Processes

    @initialize(days=st.sampled_from([365, 365, 365, 0]))
    def begin(self, days):
        self.days, self.forgotten = days, days == 0
        self.start()

    def start(self):
        if self.process is not None:
            self.process.kill()
            self.passes(1)
        self.process = Process(self.machine, self.folder, send=self.send)
        self.process.store.full = self.full
        self.process.recorder.start(self.days)
        self.note()

    def send(self, record):
        self.hosts |= {record.id} if getattr(record, "clock", None) == HOST else set()
        self.sent.append((record.id, getattr(record, "end", None)))
        if self.process.store.dies == "send":
            self.process.store.dies = None
            raise Killed

    def note(self):
        """What the history has now must stay in it, in this order."""
        if self.process.state.clearing:
            return
        found = self.process.store.read()
        known = set(self.acknowledged)
        self.acknowledged += [one.id for one in (*found.sessions[::-1], *found.prints[::-1]) if one.id not in known]

    def passes(self, seconds):
        self.machine.up += seconds

    def flush(self):
        try:
            self.process.flush()
        except Killed:
            self.unsendable = True
            self.start()
        self.note()

    # ~~ What happens

    @rule(seconds=st.sampled_from([0.5, 4, 60, 300, 3000]))
    def time_passes(self, seconds):
        self.passes(seconds)

    @rule()
    def the_writer_runs(self):
        self.flush()

    @rule()
    def heartbeat(self):
        self.process.recorder.heartbeat()

    @rule()
    def subscribers_connect(self):
        self.process.recorder.send_events()

    @rule(seconds=st.sampled_from([0.01, 1, 20]))
    def the_printer_connects(self, seconds):
        self.passes(seconds)
        self.process.take("Connecting", "Connected")

    @rule(how=st.sampled_from(["stopped", "lost", "reset", "timeout"]), seconds=st.sampled_from([0.01, 1, 20]))
    def the_connection_ends(self, how, seconds):
        self.passes(seconds)
        if how == "reset":
            self.process.take("PrinterReset")
        elif how == "stopped":
            self.process.take("Disconnecting", "Disconnected", asked=seconds == 1)
        elif how == "timeout":
            self.process.take("Error", error="Too many timeouts", reason="timeout").take("Disconnected", error="x")
        else:
            self.process.take("Disconnected", error="SerialException: gone")

    @rule(name=st.sampled_from(["a.gcode", "caf\udce9.gcode"]))
    def a_print_starts(self, name):
        self.passes(1)
        self.process.take("PrintStarted", name=name)

    @rule(how=st.sampled_from(["done", "cancelled", "asked", "firmware", "error"]))
    def the_print_ends(self, how):
        self.passes(1)
        if how == "done":
            self.process.take("PrintDone")
        elif how == "error":
            self.process.take("PrintFailed", reason="error")
        else:
            words = {"firmwareError": "Thermal runaway"} if how == "firmware" else {}
            self.process.take("PrintCancelling", asked=how == "asked", **words)
            self.process.take("PrintFailed", reason="cancelled", progress=12)

    @rule(what=st.sampled_from(["restart", "reboot", "shutdown", "update"]))
    def something_is_asked(self, what):
        self.process.recorder.change(State.ask, what)

    @rule(seconds=st.sampled_from([-2 * DAY, -100, 30, 400 * DAY]), synchronized=st.booleans())
    def the_clock_is_set(self, seconds, synchronized):
        self.machine.epoch += seconds
        self.machine.synchronized = synchronized

    @rule(full=st.booleans())
    def the_disk_fills_up_or_has_room(self, full):
        self.full = self.process.store.full = full

    # ~~ How a process ends

    @rule(host_stops=st.booleans(), wait=st.booleans())
    def octoprint_stops(self, host_stops, wait):
        self.machine.stopping = host_stops
        try:
            self.process.recorder.stop()
        except Killed:
            self.unsendable = True
        if wait:
            self.passes(30)

    @rule(moment=st.sampled_from(WAYS_TO_DIE))
    def the_process_will_be_killed(self, moment):
        self.process.store.dies = moment

    @rule(moment=st.sampled_from(["saved", "added"]))
    def the_process_is_killed_after_a_commit(self, moment):
        self.passes(1)
        self.process.take("Connected")
        self.passes(20)
        self.process.take("Disconnected", error="SerialException: gone")
        self.process.store.dies = moment
        self.flush()

    @rule(seconds=st.sampled_from([1, 60, DAY]), clock=st.sampled_from([0, 0, 8 * HOUR, -8 * HOUR]))
    def octoprint_starts_again(self, seconds, clock):
        self.passes(seconds)
        self.machine.epoch += clock
        self.start()

    @rule(
        boot_id=st.sampled_from(["a", "b", None]), off=st.sampled_from([5, 90, 3 * DAY]), clock=st.sampled_from([0, 9])
    )
    def the_host_boots(self, boot_id, off, clock):
        if self.forgotten:  # the history has no boots any more whose ids may not be used again
            boot_id = f"{boot_id} {self.boots}"
        self.machine.boot(boot_id, off, up=20.0 + self.boots)
        self.machine.epoch += clock
        self.boots += 1
        self.start()

    @rule()
    def the_container_is_replaced(self):
        self.boots += 1
        self.passes(10)
        self.machine.boot_id = f"container {self.boots}"
        self.start()

    # ~~ What the user does

    @rule()
    def the_history_is_cleared(self):
        try:
            self.process.recorder.clear()
        except Killed:
            self.unsendable = True
            self.start()
        self.acknowledged = []
        self.forgotten = True

    @rule(days=st.sampled_from([0, 1, 365]))
    def history_days_are_set(self, days):
        self.days = days
        self.process.recorder.keep(days)
        self.forgotten |= days < 365
        if days == 0:
            self.acknowledged = []

    # ~~ What always holds

    @invariant()
    def all_of_it_holds(self):
        if self.process is None:
            return
        snapshot = self.process.recorder.snapshot()
        self.an_answer_has_each_session_once_and_each_acknowledged_one(snapshot)
        self.what_is_running_makes_sense(snapshot)
        self.ends_are_not_before_starts(snapshot)
        self.the_state_is_bounded_and_reloads_to_the_same(snapshot)
        self.a_print_is_reported_once(snapshot)
        sent = [key for key in self.sent if not (self.forgotten and key[0] in self.hosts)]
        assert len(sent) == len(set(sent))
        assert self.process.tracebacks == []
        self.unsendable |= len(snapshot.state.unsent) == MOST_UNSENT

    def an_answer_has_each_session_once_and_each_acknowledged_one(self, snapshot):
        ids = [one.id for one in (*snapshot.state.running, *snapshot.ended, *snapshot.prints)]
        assert len(ids) == len(set(ids))
        if snapshot.problem == "off":
            assert snapshot.ended == snapshot.prints == []
            return
        if not snapshot.state.clearing:
            lost = set(self.acknowledged) - set(ids)
            assert not lost or self.days == 1
            order = [id for id in ids if id in set(self.acknowledged)]
            ended = [one.id for one in snapshot.ended]
            kept = [id for id in self.acknowledged if id in set(ended)]
            assert kept == [id for id in ended[::-1] if id in set(kept)], order
        take_history(snapshot, 3660, "en")

    def what_is_running_makes_sense(self, snapshot):
        state = snapshot.state
        clocks = [session.clock for session in state.running]
        assert sorted(set(clocks)) == sorted(clocks)
        assert {HOST, "octoprint"} <= set(clocks) <= set(CLOCKS)
        assert all(session.boot == state.boot.id and session.end is None for session in state.running)
        assert state.print is None or PRINTER in clocks
        host = sessions.first(state.running, HOST)
        assert host.id == state.boot.id

    def ends_are_not_before_starts(self, snapshot):
        for one in snapshot.ended:
            assert one.start <= one.end
            assert one.before_boot != one.boot or one.end <= one.before
            assert one.boot in snapshot.boots
            assert one.ending in sessions.ENDINGS

    def the_state_is_bounded_and_reloads_to_the_same(self, snapshot):
        state = snapshot.state
        assert load_state(*dump_state(state)) == state
        assert len(state.unsaved) <= MOST_UNSAVED
        assert len(state.unsent) <= MOST_UNSENT
        assert len(state.past_boots) <= 2 * MOST_UNSAVED

    def a_print_is_reported_once(self, snapshot):
        """With the session that ended, or among the stopped prints."""
        interrupted = {
            (one.boot, one.file, one.end) for one in snapshot.ended if one.clock == PRINTER and one.file is not None
        }
        assert not interrupted & {(one.boot, one.file, one.end) for one in snapshot.prints}

    @precondition(lambda self: self.process is not None)
    @rule()
    def the_disk_is_well_and_everything_is_written(self):
        """Then the files have all that is known, and everything has been sent."""
        self.full = self.process.store.full = False
        self.process.store.dies = None
        self.process.recorder.send_events()
        self.passes(400)
        self.process.recorder.heartbeat()
        self.flush()
        self.flush()
        state = self.process.state
        assert self.process.recorder.snapshot().problem == ("off" if self.days == 0 else None)
        assert (state.unsaved, state.unsent, state.clearing) == ((), (), False)
        assert self.unsendable or {(one.id, None) for one in state.running} <= set(self.sent)
        copy = Path(shutil.copytree(self.folder, f"{self.folder}-copy"))
        try:
            left = Store(copy)
            loaded = left.open()
            assert loaded.saved(loaded.unsaved)._replace(past_boots=()) == state._replace(past_boots=())
            assert left.read()._replace(changes=0) == self.process.store.read()._replace(changes=0)
            left.close()
        finally:
            shutil.rmtree(copy)


def test_whatever_happens_nothing_is_lost_or_doubled():
    quiet = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        derandomize=EXAMPLES <= 40,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=PHASES,
    )
    run_state_machine_as_test(Model, settings=quiet)
