"""The stories of tests/stories, replayed without an OctoPrint."""

import sqlite3

import pytest

from octoprint_uptime.history import files, heartbeat, sessions
from octoprint_uptime.history.recorder import Recorder
from octoprint_uptime.history.sessions import Session, StoppedPrint
from octoprint_uptime.history.store import Store
from octoprint_uptime.machine import clocks, host, mounts
from octoprint_uptime.readings import take_history
from tests.stories import replay

FORGETTING = [variant for variant in replay.variants() if variant.mounts]
REPLAYED = [variant for variant in replay.variants() if not variant.mounts]
ABOUT_LOCKS = "17-a-share-without-locks.yaml"


def test_all_stories_are_there():
    assert [file.name[:2] for file in replay.FILES] == [f"{number:02}" for number in range(1, 22)]
    for file in replay.FILES:
        assert {"report", "what"} <= set(replay.load(file))
        assert all("sessions" in variant.expect for variant in replay.variants_of(file))


@pytest.mark.parametrize("variant", REPLAYED, ids=str)
def test_a_story_has_the_right_answer(variant):
    story = replay.Replay()

    story.play(variant.steps)

    expect = variant.expect
    assert story.sessions() == [replay.expected_session(told) for told in expect["sessions"]]
    assert story.stopped_prints() == [replay.expected_print(told) for told in expect.get("stopped_prints", [])]
    assert (story.since("printer") is not None) == expect.get("running", False)
    for name, clock in (("connected_since", "printer"), ("host_since", "host"), ("octoprint_since", "octoprint")):
        if name in expect and not (name == "connected_since" and not expect.get("running")):
            assert story.since(clock) == expect[name]


@pytest.mark.parametrize("variant", REPLAYED, ids=str)
def test_one_print_is_told_once(variant):
    story = replay.Replay()

    story.play(variant.steps)

    ended = [record for record in story.events if record.end is not None]
    assert len({(type(record), record.id) for record in ended}) == len(ended)
    started = sum(step[1] == "PrintStarted" for step in variant.steps)
    sent = [one for one in ended if isinstance(one, StoppedPrint) or one.clock == sessions.PRINTER]
    assert sum(one.file is not None for one in sent) <= started
    connections = [one for one in story.sessions() if one["clock"] == sessions.PRINTER]
    assert sum(one["file"] is not None for one in connections + story.stopped_prints()) <= started
    assert len(sent) >= len(connections + story.stopped_prints())


@pytest.mark.parametrize("variant", REPLAYED, ids=str)
def test_no_time_runs_backwards(variant):
    story = replay.Replay()

    story.play(variant.steps)

    for told in story.history()["sessions"]:
        assert told["seconds"] >= 0
        times = [told[name] for name in ("started", "ended", "ended_before") if told[name] is not None]
        assert times == sorted(times)
        if told["ended"]:
            length = replay.parse(told["ended"]) - replay.parse(told["started"])
            assert length == pytest.approx(told["seconds"], abs=1)
    steps = [step[0] for step in variant.steps]
    assert steps == sorted(steps), "the story itself"


@pytest.mark.parametrize("variant", [variant for variant in REPLAYED if "wall" in variant.expect], ids=str)
def test_a_wall_clock_that_was_set_corrects_the_times(variant):
    story = replay.Replay()

    story.play(variant.steps)

    (octoprint,) = [one for one in story.history()["sessions"] if one["clock"] == "octoprint" and not one["ended"]]
    at = story.since("octoprint")
    assert replay.parse(octoprint["started"]) == replay.EPOCH + at + variant.expect["wall"]["offset"]


# ~~ Stories about the folder


class Machine:
    """The clocks and the boot that a Recorder sees."""

    def __init__(self, monkeypatch):
        self.at, self.boot, self.zero = replay.STARTED, 0, -replay.HOST_BEFORE
        for module, name, value in [
            (clocks, "steady_seconds", lambda: self.at - self.zero),
            (clocks, "wall_offset", lambda: replay.EPOCH + self.zero),
            (clocks, "host_start", lambda: 0.0),
            (host, "boot_id", lambda: f"boot {self.boot}"),
            (host, "clock_is_synchronized", lambda: True),
            (host, "is_stopping", lambda *arguments: False),
        ]:
            monkeypatch.setattr(module, name, value)

    def start(self, at, boot, booted=None):
        self.at = at
        if boot == "next":
            self.boot, self.zero = self.boot + 1, booted


@pytest.mark.parametrize("variant", FORGETTING, ids=str)
def test_a_folder_that_forgets_tells_nothing_twice(variant, tmp_path, monkeypatch):
    folder, machine, events = tmp_path / "data", Machine(monkeypatch), []
    (tmp_path / "proc" / "self").mkdir(parents=True)
    (tmp_path / "proc" / "self" / "mountinfo").write_text(variant.mounts)
    at_home = "/home/pi/.octoprint/data/octoprint_uptime"
    assert mounts.forgets(at_home, tmp_path)
    monkeypatch.setattr(mounts, "forgets", lambda _, forgets=mounts.forgets: forgets(at_home, tmp_path))

    def leave_state(kept):
        """What each boot finds: the state of a session that was running when the folder was made."""
        story = replay.Replay()
        story.play(kept)
        for file in folder.glob("*"):
            file.unlink()
        store = Store(folder)
        store.open()
        store.save(story.state)
        store.close()

    before = [step for step in variant.steps if step[1] not in ("kill", "throw_away", "start")]
    leave_state(before)
    for at, what, *details in variant.steps:
        if what == "throw_away":
            leave_state(before)
        elif what == "start":
            machine.start(at, **details[0])
            snapshot = run(folder, events)
            history = take_history(snapshot, replay.DAYS, "en")
            assert (history["recording"], snapshot.problem) == (variant.expect["recording"], variant.expect["problem"])
            assert [one for one in history["sessions"] if one["ended"]] == variant.expect["sessions"]

    ended = [one for one in events if isinstance(one, Session) and one.end is not None]
    assert len(ended) == variant.expect["ended_events"]


def run(folder, events):
    """What a Recorder shows that starts and is then killed."""
    recorder = Recorder(folder, lambda: None, events.append, None, Silent())
    recorder._writer = OwnThread()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(heartbeat, "start", lambda recorder: None)
        recorder.start(90)
    recorder.send_events()
    recorder._writer.flush()
    snapshot = recorder.snapshot()
    recorder._store.close()
    return snapshot


class OwnThread:
    """A writer that works in the thread of the test."""

    def __init__(self):
        self._jobs = []

    def start(self):
        pass

    def put(self, job, delay=0.0):
        self._jobs.append(job)

    def flush(self, seconds=None):
        while self._jobs:
            self._jobs.pop(0)()


class Silent:
    def info(self, *arguments, **options):
        pass

    warning = error = info


@pytest.mark.parametrize("message", replay.load(replay.FOLDER / ABOUT_LOCKS)["messages"])
def test_a_share_without_locks_is_named_and_nothing_is_set_aside(message, tmp_path, monkeypatch):
    expect = replay.load(replay.FOLDER / ABOUT_LOCKS)["expect"]
    left = replay.Replay()
    store = Store(tmp_path)
    store.open()
    store.save(left.state)
    store.close()
    connect = files.connect

    class Share:
        """A connection to a file on it: only its version can be read."""

        def __init__(self, *arguments):
            self._connection = connect(*arguments)

        def execute(self, query, *arguments):
            if "EXCLUSIVE" in query:
                raise sqlite3.OperationalError(message)
            return self._connection.execute(query, *arguments)

        def close(self):
            self._connection.close()

    events = []
    with monkeypatch.context() as patch:
        patch.setattr(files, "connect", Share)
        with pytest.raises(files.StoreError, match=f"^{expect['problem']}$"):
            Store(tmp_path).open()
        snapshot = run(tmp_path, events)
    history = take_history(snapshot, replay.DAYS, "en")

    assert (history["recording"], history["note"]) == (False, expect["note"])
    assert bool(list(tmp_path.glob("*.damaged-*"))) == expect["set_aside"]
    again = Store(tmp_path)
    assert again.open() == left.state
    again.close()
