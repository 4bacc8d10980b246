"""The journal's two threads: nobody waits for the disk, nothing is lost, and what fails is said once."""

import threading

from octoprint_uptime import beat, journal, sessions, store
from octoprint_uptime.files import StoreError
from octoprint_uptime.readings import take_history
from octoprint_uptime.store import Store
from tests.harness.journals import SOON, wait_until


class SlowStore(Store):
    """Its disk takes its time, until it is told to go on."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.go_on, self.waits = threading.Event(), threading.Event()

    def save(self, *arguments):
        self.waits.set()
        assert self.go_on.wait(SOON)
        super().save(*arguments)


def test_what_happens_before_the_journal_has_looked_is_not_lost(make):
    setup = make()
    setup.journal.change(sessions.connect, "p")
    setup.journal.change(sessions.print_begins, "benchy.gcode")
    setup.journal.change(sessions.disconnect, sessions.LOST, "SerialException")
    setup.start().settle()

    (lost,) = setup.journal.read().ended
    assert (lost.id, lost.file, lost.reason) == ("p", "benchy.gcode", "SerialException")
    assert [session.clock for session in setup.journal.read().state.running] == ["host", "octoprint"]


def test_what_ran_when_the_process_was_gone_is_judged_by_the_next(make):
    make().start().settle().journal.change(sessions.connect, "p")
    after = make().start().settle()

    assert after.ended() == [("printer", "carried"), ("octoprint", "silent")]
    assert after.clocks[0].session().id == after.journal.read().state.boot.id


def test_a_stop_that_was_told_is_known_at_the_next_start(make):
    make().start().settle().journal.stop()

    assert make().start().settle().ended() == [("octoprint", "stopped")]


class StoreSlowToOpen(SlowStore):
    def open(self):
        assert self.go_on.wait(SOON)
        return super().open()


def test_a_stop_that_comes_before_the_journal_has_looked_waits_for_it(make, monkeypatch):
    monkeypatch.setattr(journal, "Store", StoreSlowToOpen)
    before = make().start()
    threading.Timer(0.2, before.journal._store.go_on.set).start()
    before.journal.stop()
    assert before.journal._tried.stop is not None

    monkeypatch.setattr(journal, "Store", Store)
    assert make().start().settle().ended() == [("octoprint", "stopped")]


def test_nobody_waits_for_a_slow_disk_but_the_stop_and_that_not_for_ever(make, monkeypatch):
    monkeypatch.setattr(journal, "Store", SlowStore)
    monkeypatch.setattr(journal, "STOP_SECONDS", 0.1)
    setup = make().start()
    slow = setup.journal._store
    assert slow.waits.wait(SOON)

    setup.journal.change(sessions.connect, "p")
    setup.journal.change(sessions.disconnect, sessions.LOST)
    assert setup.ended() == [("printer", "lost")]
    assert setup.journal.clear() is False
    setup.journal.stop()

    assert not slow.go_on.is_set()  # none of them waited for it
    slow.go_on.set()
    setup.settle()
    assert setup.journal.read().state.stop is not None


class FailingStore(Store):
    """Cannot write as long as there is a problem."""

    problem = None

    def _save_ended(self, *arguments):
        if self.problem:
            raise StoreError(self.problem)
        super()._save_ended(*arguments)


def test_what_fails_is_said_once_and_kept_once_there_is_room(make, monkeypatch):
    monkeypatch.setattr(journal, "Store", FailingStore)
    setup = make().start().settle()
    setup.journal._store.problem = "full"
    for number in range(3):
        setup.journal.change(sessions.connect, f"p{number}")
        setup.journal.change(sessions.disconnect, sessions.LOST)
        setup.settle()

    assert setup.journal.read().problem == "full"
    assert len(setup.log) == 1
    assert "full" in setup.log[0]
    assert setup.ended() == [("printer", "lost")] * 3

    setup.journal._store.problem = None
    setup.journal.change(sessions.beat, 0.0, True)
    setup.settle()
    assert setup.journal.read().problem is None
    assert len(make().start().settle().ended()) == 4


def test_without_sqlite_it_still_knows_what_runs(make, monkeypatch):
    monkeypatch.setattr(store, "sqlite3", None)
    setup = make().start().settle()
    setup.journal.change(sessions.connect, "p")
    setup.journal.change(sessions.disconnect, sessions.LOST)

    assert setup.settle().journal.read().problem == "no_sqlite"
    assert setup.ended() == [("printer", "lost")]
    assert len(setup.log) == 1
    assert len(setup.journal.read().state.running) == 2


def test_what_cannot_be_kept_does_not_fill_the_memory(make, monkeypatch):
    monkeypatch.setattr(journal, "Store", FailingStore)
    setup = make().start().settle()
    setup.journal._store.problem = "full"
    for number in range(journal.MOST_UNSAVED + 10):
        setup.journal.change(sessions.connect, f"p{number}")
        setup.journal.change(sessions.disconnect, sessions.LOST)

    assert len(setup.journal.read().ended) == journal.MOST_UNSAVED


def test_with_no_days_nothing_is_kept_and_that_is_said(make):
    make().start().settle()
    setup = make().start(days=0)
    setup.journal.forget()
    setup.settle()

    history = setup.journal.read()
    assert history.problem == "off"
    assert take_history(history, 30, "en", 100.0)["sessions"] == []
    assert setup.settle().journal._store.read()[0] == []

    setup.journal.keep(30)
    assert setup.settle().journal.read().problem is None


def test_what_is_cleared_is_gone(make):
    make().start().settle()
    setup = make().start().settle()
    assert setup.ended()

    assert setup.journal.clear() is True
    assert setup.ended() == []


def test_what_began_and_ended_is_told_once_when_those_who_listen_are_there(make, monkeypatch):
    make().start().settle()  # gone before anybody was told
    monkeypatch.setattr(beat, "TELL_AFTER_SECONDS", 0)
    setup = make().start().settle()
    setup.journal.change(sessions.connect, "p")
    setup.journal.change(sessions.disconnect, sessions.LOST)
    wait_until(lambda: not setup.journal.read().state.untold)

    told = [(session.clock, session.ending) for session in setup.told]
    assert told[:4] == [("host", None), ("octoprint", None), ("octoprint", "silent"), ("octoprint", None)]
    assert told[4:] == [("printer", None), ("printer", "lost")]
    again = make().start().settle()
    wait_until(lambda: not again.journal.read().state.untold)
    assert [session.clock for session in again.told] == ["octoprint", "octoprint"]
