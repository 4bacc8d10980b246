"""What was left behind cannot be read when OctoPrint starts, but later on."""

from octoprint_uptime import beat, clocks, journal, sessions
from octoprint_uptime.files import StoreError
from octoprint_uptime.store import Store
from tests.harness.journals import wait_until


class TakenStore(Store):
    """Another OctoPrint has it, until it is free."""

    free = False

    def _open(self):
        if not self.free:
            raise StoreError("second")
        return super()._open()


def free(setup):
    """The other OctoPrint is gone, which the next beat finds out."""
    setup.journal._store.free = True
    setup.journal.change(sessions.beat, clocks.Epoch().seconds(), True)
    wait_until(lambda: setup.journal.read().problem is None)


def test_what_cannot_be_read_at_the_start_is_judged_as_soon_as_it_can(make, monkeypatch):
    make().start().settle().journal.change(sessions.connect, "left")
    monkeypatch.setattr(journal, "Store", TakenStore)
    setup = make().start().settle()
    host = setup.clocks[0].id
    setup.journal.change(sessions.connect, "p")
    setup.journal.change(sessions.disconnect, sessions.LOST)
    setup.journal.change(sessions.connect, "q")
    assert setup.settle().journal.read().problem == "second"

    free(setup)

    assert setup.ended() == [("printer", "lost"), ("printer", "carried"), ("octoprint", "silent")]
    assert [session.id for session in setup.journal.read().ended[:2]] == ["p", "left"]
    assert [session.id for session in setup.journal.state.running] == [host, setup.clocks[1].running()[0], "q"]
    assert setup.clocks[0].id == host
    assert len(setup.log) == 1
    monkeypatch.setattr(journal, "Store", Store)
    assert make().start().settle().ended()[:2] == [("printer", "carried"), ("octoprint", "silent")]


def test_what_is_judged_late_is_told_once(make, monkeypatch):
    make().start().settle()
    monkeypatch.setattr(journal, "Store", TakenStore)
    monkeypatch.setattr(beat, "TELL_AFTER_SECONDS", 0)
    setup = make().start().settle()
    setup.journal.change(sessions.connect, "p")
    wait_until(lambda: not setup.journal.state.untold)
    at_once = [(session.clock, session.ending) for session in setup.told]

    free(setup)
    setup.journal.change(sessions.disconnect, sessions.STOPPED)
    wait_until(lambda: not setup.journal.state.untold)

    assert at_once == [("host", None), ("octoprint", None), ("printer", None)]
    late = [(session.clock, session.ending) for session in setup.told[3:]]
    assert late == [("octoprint", None), ("octoprint", "silent"), ("printer", "stopped")]


def test_what_waits_for_what_was_left_behind_does_not_fill_the_memory(make, monkeypatch):
    monkeypatch.setattr(journal, "Store", TakenStore)
    monkeypatch.setattr(journal, "MOST_EARLY", 5)
    setup = make().start().settle()
    for number in range(10):
        setup.journal.change(sessions.connect, f"p{number}")
        setup.journal.change(sessions.beat, 0.0, True)
        setup.journal.change(sessions.disconnect, sessions.LOST)

    free(setup)

    assert [session.id for session in setup.journal.read().ended] == ["p9", "p8"]
