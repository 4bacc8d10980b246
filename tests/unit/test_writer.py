"""The writer's thread, and the recorder with it: no job ends it, nothing waits for the disk, no answer is torn."""

import threading
import time

import pytest

from octoprint_uptime.history import recorder
from octoprint_uptime.history.store import Store
from octoprint_uptime.history.writer import Writer
from octoprint_uptime.machine import clocks
from tests.harness.recorders import SOON

PERIOD = 0.002


def test_jobs_run_in_their_order_and_no_exception_ends_them():
    failed, done = [], []
    writer = Writer(failed.append)
    writer.put(lambda: done.append(1))
    assert done == []
    writer.start()
    for error in (RuntimeError("a"), MemoryError(), RecursionError(), OSError("b")):

        def fail(error=error):
            raise error

        writer.put(fail)
    writer.put(lambda: done.append(2))

    assert writer.flush(SOON)
    assert done == [1, 2]
    assert [type(error) for error in failed] == [RuntimeError, MemoryError, RecursionError, OSError]


def test_a_flush_gives_up_and_a_delayed_job_runs_later():
    writer, go_on, done = Writer(None), threading.Event(), threading.Event()
    writer.put(lambda: go_on.wait(SOON))
    writer.put(done.set, PERIOD)
    writer.start()

    assert not writer.flush(PERIOD)
    assert not done.is_set()
    go_on.set()
    assert done.wait(SOON)
    assert writer.flush(SOON)


class SlowStore(Store):
    """Its disk takes its time, until it is told to go on."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.go_on, self.waits = threading.Event(), threading.Event()

    def save(self, *arguments):
        self.waits.set()
        assert self.go_on.wait(SOON)
        super().save(*arguments)


@pytest.fixture
def slow(start, monkeypatch):
    """A started Process whose disk is not written before its store is told to go on."""
    monkeypatch.setattr(recorder, "Store", SlowStore)
    process = start(days=None, writer=Writer)
    process.recorder.start(365)
    assert process.store.waits.wait(SOON)
    yield process
    process.store.go_on.set()
    process.flush()


def test_events_and_requests_do_not_wait_for_a_slow_disk(slow):
    slow.flap()

    assert slow.ended() == [("printer", "lost")]
    assert not slow.store.go_on.is_set()


def test_clear_and_stop_give_up_and_are_done_later(slow, monkeypatch):
    monkeypatch.setattr(recorder, "STOP_SECONDS", 0.1)
    slow.flap()
    assert slow.recorder.clear() is False
    slow.recorder.stop()

    assert not slow.store.go_on.is_set()
    slow.store.go_on.set()
    slow.flush()
    assert slow.recorder._saved.stop is not None
    assert slow.store.read().sessions == []


def test_two_callers_of_the_stop_share_one_budget_and_systemd_is_asked_once(slow, machine, monkeypatch):
    """The heartbeat's thread and OctoPrint's shutdown."""
    monkeypatch.setattr(recorder, "STOP_SECONDS", 0.4)
    monkeypatch.setattr(clocks, "steady_seconds", time.monotonic)
    taken = []

    def stop():
        started = time.monotonic()
        slow.recorder.stop()
        taken.append(time.monotonic() - started)

    callers = [threading.Thread(target=stop) for _ in range(2)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()

    assert max(taken) < 0.4 + 0.1 + 0.2  # what the second one waits at least, and a busy machine
    assert len(machine.asked) == 1


def test_a_stop_asks_systemd_before_it_waits_for_the_disk_and_reports_in_time(slow, machine, monkeypatch):
    monkeypatch.setattr(recorder, "STOP_SECONDS", 0.2)
    machine.stopping = True
    slow.recorder.stop()

    assert slow.state.host_stops is True


# ~~ Snapshots


def test_what_is_saved_between_the_two_halves_of_a_snapshot_is_in_it_once(start, monkeypatch):
    """Each of these moments is forced: after the State was taken, before and after the history is read."""
    process = start(days=None)
    process.start().take("Connected").flush()
    read, seen = process.store.read, []

    for before, after in ((True, False), (False, True)):

        def interrupted(before=before, after=after):
            if before:
                process.flap().take("Connected").flush()
            stored = read()
            if after:
                process.flap().take("Connected").flush()
            return stored

        with monkeypatch.context() as forced:
            forced.setattr(process.store, "read", interrupted)
            seen.append(process.recorder.snapshot())
    for snapshot in seen:
        ids = [session.id for session in (*snapshot.state.running, *snapshot.ended)]
        assert len(ids) == len(set(ids))
        assert [session.clock for session in snapshot.state.running] == ["host", "octoprint", "printer"]
    assert len(seen[0].ended) < len(seen[1].ended)


class OvertakenStore(Store):
    """Another thread, which read the file before the last change, keeps that just after this one kept what it read."""

    stale = None

    @property
    def _read_before(self):
        return self._kept

    @_read_before.setter
    def _read_before(self, stored):
        self._kept = self.stale or stored


def test_a_slow_reader_does_not_take_sessions_from_a_quick_one(start, monkeypatch):
    monkeypatch.setattr(recorder, "Store", OvertakenStore)
    process = start()
    process.flap().flush()
    stale = process.store.read()
    process.flap().flush()
    process.store.stale = stale

    assert len(process.recorder.snapshot().ended) == 2
    process.store.stale = None
    assert len(process.recorder.snapshot().ended) == 2


def test_no_snapshot_of_many_has_a_session_twice_or_misses_one(start):
    process = start(writer=Writer)
    process.recorder.send_events()
    over, problems, order = threading.Event(), [], []

    def look():
        highest = 0
        while not over.is_set():
            acknowledged = len(order)
            snapshot = process.recorder.snapshot()
            ids = [session.id for session in (*snapshot.state.running, *snapshot.ended)]
            missing = set(order[:acknowledged]) - set(ids)
            if len(ids) != len(set(ids)) or missing or len(ids) < highest - 1:
                problems.append((ids, missing))
            highest = max(highest, len(ids))

    readers = [threading.Thread(target=look) for _ in range(3)]
    for reader in readers:
        reader.start()
    deadline = time.monotonic() + 1.5
    while time.monotonic() < deadline:
        process.machine.up += 1
        process.take("Connected")
        order.append(process.state.running[-1].id)
        process.machine.up += 20
        process.take("Disconnected", error="gone")
        process.flush()
    over.set()
    for reader in readers:
        reader.join()

    assert problems == []
    assert len(order) > 3
