"""The recorder: nothing waits for the disk, no session is lost or sent twice, and what goes wrong is said."""

import pytest

from octoprint_uptime.history import recorder, sessions
from octoprint_uptime.history.files import StoreError
from octoprint_uptime.history.sessions import State, StoppedPrint
from octoprint_uptime.history.store import Store
from octoprint_uptime.readings import take_history
from tests.harness.recorders import Process

HOUR, DAY = 3600, 86_400


class FailingStore(Store):
    """Cannot add to the history, or cannot save at all, as long as there is a problem."""

    problem = adding = deleting = None

    def save(self, state):
        if self.problem:
            raise self.problem
        super().save(state)

    def add(self, state):
        if self.adding:
            raise self.adding
        super().add(state)

    def clear(self, state):
        if self.deleting:
            raise self.deleting
        super().clear(state)


FULL = StoreError("full")


@pytest.fixture
def failing(monkeypatch):
    monkeypatch.setattr(recorder, "Store", FailingStore)


def endings(records):
    return [(getattr(record, "clock", "print"), getattr(record, "ending", "stopped")) for record in records]


def send(process):
    process.recorder.send_events()
    return process.flush()


# ~~ Start


def test_what_happens_before_the_start_is_kept(start):
    process = start(days=None).flap()
    process.start()

    assert process.ended() == [("printer", "lost")]
    assert process.running() == ["host", "octoprint"]
    assert process.store.read().sessions[0].file == "secret.gcode"


def test_what_was_left_running_is_judged_before_anything_reads_it(start):
    start().take("Connected").flush()
    process = start(days=None)
    process.recorder.start(365)  # and no job of the writer has run

    assert process.ended() == [("printer", "carried"), ("octoprint", "silent")]
    assert process.running() == ["host", "octoprint"]


def test_a_clean_stop_is_known_at_the_next_start(start):
    start().recorder.stop()

    assert start().ended() == [("octoprint", "stopped")]


def test_a_new_boot_ends_the_session_of_the_host(start, machine):
    first = start()
    machine.boot("b")
    process = start()

    assert process.ended() == [("octoprint", "carried"), ("host", "silent")]
    assert process.running() == ["host", "octoprint"]
    assert process.recorder.snapshot().ended[1].id == first.state.boot.id != process.state.boot.id


def test_two_boots_with_alternating_ids_keep_three_sessions_of_the_host(start, machine, failing):
    """Also if the disk is full all the time, so that the history does not know the boots."""
    for name in ("a", "b", "a"):
        machine.boot(name)
        process = start(days=None)
        process.store.adding = FULL
        process.start()
    process.store.adding = None
    process.beat()

    hosts = [session for session in process.recorder.snapshot().ended if session.clock == "host"]
    assert len({session.id for session in (*hosts, process.state.running[0])}) == 3
    assert [session.ending for session in hosts] == ["silent", "silent"]
    assert all(process.recorder.snapshot().boots[session.boot].confirmed for session in hosts)


def test_a_folder_that_is_relative_records(machine, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    process = Process(machine, "data/uptime").start().flap().flush()
    monkeypatch.chdir("/")
    process.flap().flush()

    assert process.recorder.snapshot().problem is None
    assert process.ended() == [("printer", "lost")] * 2
    assert process.log == []
    process.kill()
    again = Process(machine, tmp_path / "data/uptime").start()
    assert again.ended() == [("octoprint", "silent"), *[("printer", "lost")] * 2]
    again.kill()


def test_a_store_that_is_locked_at_the_start_is_adopted_later(start, machine, monkeypatch):
    opened, former = Store.open, start().take("Connected").flush().state

    def locked(store):
        raise StoreError("locked")

    monkeypatch.setattr(Store, "open", locked)
    process = start().flap().take("Connected").beat()
    assert process.recorder.snapshot().problem == "locked"
    assert process.ended() == [("printer", "lost")]
    assert len(process.log) == 1

    monkeypatch.setattr(Store, "open", opened)
    process.beat(60)
    assert process.recorder.snapshot().problem is None
    assert process.ended() == [("printer", "lost"), ("printer", "carried"), ("octoprint", "silent")]
    assert process.running() == ["host", "octoprint", "printer"]
    assert process.state.boot.id == former.boot.id
    send(process)
    assert endings(process.sent)[-2:] == [("printer", "lost"), ("printer", None)]
    assert [session.id for session in start().recorder.snapshot().ended][2:] == [
        session.id for session in process.recorder.snapshot().ended
    ]


def test_a_damaged_history_does_not_keep_the_rest_from_being_recorded(start, tmp_path):
    start().flap().flush().kill()
    (tmp_path / "history.db").write_bytes(b"no database at all" * 300)
    process = start()

    assert process.recorder.snapshot().problem is None
    assert process.ended()[0] == ("octoprint", "silent")
    assert [text.split(".damaged-")[0] for text in process.log] == ["Damaged history file moved to history.db"]


# ~~ Events on OctoPrint's event bus


def test_each_start_and_end_is_sent_once_as_soon_as_subscribers_are_connected(start):
    start()
    process = start().flap()
    assert process.flush().sent == []

    send(process)
    process.flap().flush()
    began = [("host", None), ("octoprint", None)]
    again = [("octoprint", "silent"), ("octoprint", None)]
    assert endings(process.sent) == [*began, *again, *[("printer", None), ("printer", "lost")] * 2]
    assert endings(send(start()).sent) == again


def test_the_host_that_goes_on_is_not_sent_again(start):
    send(start())

    assert endings(send(start()).sent) == [("octoprint", "silent"), ("octoprint", None)]


def test_an_event_is_not_sent_again_after_a_kill_while_it_is_sent(start):
    class Killed(BaseException):
        pass

    def die(record):
        sent.append(record)
        raise Killed

    sent = []
    process = start(send=die)
    with pytest.raises(Killed):
        send(process)
    process = send(start())

    assert len({(record.id, record.end) for record in sent + process.sent}) == len(sent + process.sent)


def test_an_event_that_cannot_be_sent_is_logged_and_the_others_are_sent(start):
    def fail(record):
        if record.clock == "host":
            raise RuntimeError("no subscribers")
        sent.append(record)

    sent = []
    process = send(start(send=fail))

    assert endings(sent) == [("octoprint", None)]
    assert [str(error) for error in process.tracebacks] == ["no subscribers"]
    assert process.state.unsent == ()


def test_events_are_sent_while_nothing_can_be_written(start, failing):
    process = send(start())
    process.store.problem = process.store.adding = FULL
    process.flap().flush()

    assert endings(process.sent[-2:]) == [("printer", None), ("printer", "lost")]
    assert process.recorder.snapshot().problem == "full"


# ~~ What cannot be written


def test_a_problem_is_logged_once_and_what_ended_is_saved_when_it_is_over(start, failing):
    process = start()
    process.store.adding = FULL
    for _ in range(3):
        process.flap().flush()
    assert process.recorder.snapshot().problem == "full"
    assert len(process.log) == 1
    assert process.ended() == [("printer", "lost")] * 3

    process.store.adding = None
    process.beat(60)
    assert process.recorder.snapshot().problem is None
    assert len(process.store.read().sessions) == 3
    assert process.state.unsaved == ()


def test_two_boots_on_a_full_disk_lose_no_times(start, machine, failing):
    for name in ("a", "b", "c"):
        process = start(days=None)
        process.store.adding = FULL
        process.start().flap().flush()
        machine.boot(name + "2")
    process = start()
    snapshot = process.recorder.snapshot()

    assert snapshot.problem is None
    assert [clock for clock, _ in process.ended()].count("host") == 3
    assert all(boot in snapshot.boots for one in snapshot.ended for boot in (one.boot, one.before_boot))
    stored = process.store.read()
    assert all(boot in stored.boots for one in stored.sessions for boot in (one.boot, one.before_boot))
    assert process.state.past_boots == ()


def test_what_cannot_be_written_does_not_fill_the_memory(start, failing):
    process = start()
    process.store.problem = FULL
    process.flap(sessions.MOST_UNSAVED + 10).flush()

    assert len(process.state.unsaved) == sessions.MOST_UNSAVED
    assert len(process.state.unsent) == sessions.MOST_UNSENT
    assert process.state.unsaved[-1].ending == "lost"


@pytest.mark.parametrize("error", [StoreError("full"), RuntimeError("unforeseen"), MemoryError(), KeyError("x")])
def test_any_exception_of_a_save_is_said_and_the_next_save_is_tried(start, failing, error):
    process = start()
    process.store.problem = error
    process.flap().flush()

    history = take_history(process.recorder.snapshot(), 30, "en")
    assert history["recording"] is False
    assert history["note"]
    assert process.tracebacks == [] if isinstance(error, StoreError) else process.tracebacks[0] is error
    process.store.problem = None
    process.beat()
    assert process.recorder.snapshot().problem is None
    assert process.store.read().sessions[0].ending == "lost"


def test_any_exception_of_an_event_is_said_and_the_next_event_is_taken(start):
    process = start()
    process.take("Error", payload=None)  # that is no mapping
    process.recorder.take(None)
    assert len(process.tracebacks) == 1
    assert process.recorder.snapshot().problem == "failed"

    process.take("Connected")
    assert process.recorder.snapshot().problem is None
    assert process.running() == ["host", "octoprint", "printer"]


def test_any_exception_of_another_job_is_said_until_the_job_works_again(start, monkeypatch):
    process = start()
    with monkeypatch.context() as broken:
        broken.setattr(recorder.retention, "is_due", lambda *arguments: 1 / 0)
        broken.setattr(State, "settle", lambda *arguments: 1 / 0)
        process.take("Connected").take("PrintStarted", name="a").take("PrintFailed", reason="cancelled")
        process.beat(6)
    assert {type(error) for error in process.tracebacks} == {ZeroDivisionError}
    assert process.recorder.snapshot().problem == "failed"

    process.take("PrintStarted", name="b").beat(60)
    assert process.recorder.snapshot().problem is None


def test_a_completion_that_cannot_be_read_neither_stops_the_heartbeat_nor_the_stop(start, machine):
    def disconnects_meanwhile():
        raise KeyError("progress")

    process = start().take("Connected").take("PrintStarted", name="benchy.gcode")
    process.recorder._completion = disconnects_meanwhile
    process.beat(60)
    assert process.state.up == machine.up
    assert isinstance(process.tracebacks[0], KeyError)

    machine.up += 10
    machine.stopping = True
    process.recorder.stop()
    assert (process.state.stop, process.state.host_stops) == (machine.up, True)
    assert process.recorder._saved.host_stops  # the stop has waited for the disk
    machine.boot("b")
    assert ("host", "stopped") in start().ended()


# ~~ Heartbeat and stop


def test_a_heartbeat_is_written_each_minute_during_a_print_and_else_every_five(start, machine):
    process = start()
    began = machine.up
    assert {process.beat(60).recorder._saved.up - began for _ in range(11)} == {0, 300, 600}

    process.take("Connected").take("PrintStarted", name="benchy.gcode").flush()
    for minute in range(3):
        process.completion = 10.0 * minute
        process.beat(60)
        assert process.recorder._saved.up == machine.up
        assert process.recorder._saved.print.completion == 10.0 * minute


def test_a_heartbeat_writes_at_once_that_the_clock_was_set(start, machine):
    machine.synchronized = False
    process = start()
    machine.epoch += 1000
    process.beat(60)

    assert process.recorder._saved.boot.epoch == machine.epoch
    assert process.recorder._saved.boot.confirmed


def test_the_stop_is_written_with_its_clock_and_how_far_the_print_was(start, machine):
    process = start().take("Connected").take("PrintStarted", name="benchy.gcode").flush()
    machine.up, machine.epoch, process.completion = machine.up + 20, machine.epoch + 8 * HOUR, 77.5
    process.recorder.stop()

    saved = process.recorder._saved
    assert (saved.stop, saved.boot.epoch, saved.print.completion) == (machine.up, machine.epoch, 77.5)


def test_after_a_long_pause_and_a_step_of_the_clock_the_stop_is_one_of_the_same_boot(start, machine):
    """The host was a virtual machine that paused, and was set right just before OctoPrint's stop."""
    process = start()
    machine.epoch += 8 * HOUR
    process.recorder.stop()

    assert start().ended() == [("octoprint", "stopped")]


@pytest.mark.parametrize(("what", "host_stops"), [("reboot", True), ("shutdown", True), ("restart", False)])
def test_the_host_stops_if_it_was_asked_to(start, what, host_stops):
    process = start()
    process.recorder.change(State.ask, what)
    process.recorder.stop()

    assert process.recorder._saved.host_stops is host_stops


def test_systemd_is_asked_once_and_within_the_budget(start, machine):
    process = start()
    process.recorder.stop()
    process.recorder.stop()

    assert len(machine.asked) == 1
    assert 0 < machine.asked[0] <= recorder.STOP_SECONDS


# ~~ Deletion


def test_what_is_cleared_is_gone_from_memory_and_disk(start, tmp_path):
    process = start().flap(5).flush()
    process.flap(2)

    assert process.recorder.clear() is True
    assert process.ended() == []
    assert b"secret" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())
    process.beat()
    assert process.ended() == start().ended()[1:] == []


def test_pending_events_and_unsaved_sessions_are_cleared_too(start, tmp_path, failing):
    process = start()
    process.store.adding = FULL
    process.flap(5).flush()
    assert b"secret" in (tmp_path / "running.db").read_bytes()
    process.store.adding = None

    assert process.recorder.clear() is True
    assert process.ended() == []
    assert b"secret" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert endings(send(process).sent) == [("host", None), ("octoprint", None), *[("printer", None)] * 5]
    process.beat()
    assert process.store.read().sessions == []


def test_a_deletion_that_fails_is_tried_again_and_outlives_a_restart(start, failing):
    process = start().flap(3).flush()
    process.store.deleting = StoreError("locked")
    assert process.recorder.clear() is False
    process.flap().flush()
    assert process.recorder.snapshot().problem == "locked"

    process.kill()
    process = start()  # whose store is well again
    assert process.recorder.snapshot().problem is None
    assert process.state.clearing is False
    # What ended after the request is kept.
    assert process.ended() == [("octoprint", "silent"), ("printer", "lost")]
    assert process.store.read().sessions == process.recorder.snapshot().ended


def test_a_deletion_that_failed_is_tried_by_the_next_request(start, failing):
    process = start().flap(3).flush()
    process.store.deleting = StoreError("locked")
    assert process.recorder.clear() is False
    process.store.deleting = None

    assert process.recorder.clear() is True
    assert process.store.read().sessions == []


def test_a_deletion_that_failed_is_tried_by_the_next_heartbeat(start, failing):
    process = start().flap(3).flush()
    process.store.deleting = StoreError("locked")
    process.recorder.clear()
    process.store.deleting = None
    process.beat(60)

    assert process.store.read().sessions == []
    assert process.recorder.snapshot().problem is None


def test_with_no_days_nothing_is_kept_and_that_is_said(start):
    start().flap().flush()
    process = start(days=0).flap().flush()
    history = take_history(process.recorder.snapshot(), 30, "en")
    assert (history["recording"], history["sessions"]) == (False, [])
    assert process.store.read().sessions == []

    process.recorder.keep(30)
    process.flap().flush()
    assert process.recorder.snapshot().problem is None
    assert process.ended() == [("printer", "lost")]
    process.recorder.keep(0)
    process.flush()
    assert process.store.read().sessions == []


def test_a_printer_that_flaps_for_days_deletes_nothing_that_is_young(start, machine):
    process = start(days=2)
    for _ in range(12):
        process.flap()
        process.beat(6 * HOUR)

    assert 7 <= len(process.store.read().sessions) <= 8
    assert [text for text in process.log if "Deleted" in text]


def test_one_wrong_clock_deletes_nothing(start, machine):
    process = start()
    for _ in range(40):
        process.flap()
        process.beat(DAY)
    machine.boot("ahead", off=400 * DAY)  # which is not true
    machine.battery = True
    process = start()
    for _ in range(8):
        process.beat(HOUR)
    assert len([1 for clock, _ in process.ended() if clock == "printer"]) == 40

    machine.boot("right", off=-400 * DAY)
    process = start()
    for _ in range(8):
        process.beat(HOUR)
    assert len([1 for clock, _ in process.ended() if clock == "printer"]) == 40


def test_a_second_octoprint_on_the_folder_deletes_nothing_of_the_first(start, machine, tmp_path, monkeypatch):
    monkeypatch.setattr("octoprint_uptime.history.files.LOCK_SECONDS", 0)
    process = start().flap().flush()
    second = Process(machine, tmp_path).start(days=1)
    for _ in range(10):
        second.beat(DAY / 2)

    assert second.recorder.snapshot().problem == "locked"
    assert len(process.store.read().sessions) == 1
    assert second.recorder.clear() is False
    assert len(process.recorder.snapshot().ended) == 1
    second.kill()


def test_without_sqlite_it_still_knows_what_is_running_and_says_why_nothing_is_recorded(start, monkeypatch):
    monkeypatch.setattr("octoprint_uptime.history.files.sqlite3", None)
    process = start().flap().beat(DAY).beat(DAY)

    assert process.recorder.snapshot().problem == "no_sqlite"
    assert process.ended() == [("printer", "lost")]
    assert process.running() == ["host", "octoprint"]
    assert (len(process.log), process.tracebacks) == (1, [])


# ~~ Folders that forget


def test_a_folder_that_forgets_is_said_and_repeats_nothing(start, machine, tmp_path):
    machine.forgets = True
    image = start().flap().flush()
    image.kill()
    files = {path: path.read_bytes() for path in tmp_path.iterdir()}
    for name in ("b", "c"):
        for path, content in files.items():  # the host has booted with the folder as it was
            path.write_bytes(content)
        machine.boot(name)
        process = start()
        assert endings(send(process).sent) == [("host", None), ("octoprint", None)]
        assert process.recorder.snapshot().problem == "forgets"
        assert process.running() == ["host", "octoprint"]
    process.beat()
    assert process.recorder.snapshot().problem == "forgets"
    restarted = start()  # OctoPrint alone
    assert endings(send(restarted).sent) == [("octoprint", "silent"), ("octoprint", None)]


# ~~ Snapshots


def test_a_print_that_stopped_is_there_once_while_it_is_saved(start, machine):
    process = start().take("Connected").take("PrintStarted", name="benchy.gcode")
    process.take("PrintCancelling", firmwareError="Thermal runaway").take("PrintFailed", reason="cancelled")
    process.beat(10)
    assert [type(one) for one in process.recorder.snapshot().prints] == [StoppedPrint]

    before = process.state
    process.take("PrintStarted", name="next.gcode").flush()
    process.recorder._state = before  # as a request that took the State just before
    assert [one.file for one in process.recorder.snapshot().prints] == ["benchy.gcode"]


def test_the_revision_changes_with_what_happened_and_not_with_time(start, machine):
    process = start().flap().flush()
    revision = process.recorder.snapshot().revision
    process.beat(60)
    process.beat(300)
    assert process.recorder.snapshot().revision == revision

    revisions = {revision}
    for change in (
        lambda: process.take("Connected"),
        lambda: process.recorder.change(State.report_undervoltage, True, True),
        lambda: process.take("Disconnected", error="gone"),
        lambda: process.recorder.clear(),
        lambda: setattr(machine, "epoch", machine.epoch + 100),
    ):
        change()
        revisions.add(process.flush().recorder.snapshot().revision)
    assert len(revisions) == 6
