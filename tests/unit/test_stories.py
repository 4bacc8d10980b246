"""The stories of tests/stories, replayed without an OctoPrint."""

import sqlite3

import pytest

from octoprint_uptime.history import files, sessions
from octoprint_uptime.history.sessions import Session, StoppedPrint
from octoprint_uptime.history.store import Store
from octoprint_uptime.machine.mounts import forgets
from octoprint_uptime.readings import take_history
from tests.harness.recorders import Process
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
    assert story.sessions() == [replay.expected_session(shown) for shown in expect["sessions"]]
    assert story.stopped_prints() == [replay.expected_print(shown) for shown in expect.get("stopped_prints", [])]
    assert (story.since("printer") is not None) == expect.get("running", False)
    for name, clock in (("connected_since", "printer"), ("host_since", "host"), ("octoprint_since", "octoprint")):
        if name in expect and not (name == "connected_since" and not expect.get("running")):
            assert story.since(clock) == expect[name]


@pytest.mark.parametrize("variant", REPLAYED, ids=str)
def test_one_print_is_recorded_once(variant):
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

    for shown in story.history()["sessions"]:
        assert shown["seconds"] >= 0
        times = [shown[name] for name in ("started", "ended", "ended_before") if shown[name] is not None]
        assert times == sorted(times)
        if shown["ended"]:
            length = replay.parse(shown["ended"]) - replay.parse(shown["started"])
            assert length == pytest.approx(shown["seconds"], abs=1)
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


def left_behind(folder, steps=()):
    """Store the state after these steps, as an OctoPrint leaves it that was killed."""
    story = replay.Replay()
    story.play(steps)
    for file in folder.glob("*"):
        file.unlink()
    store = Store(folder)
    store.open()
    store.save(story.state)
    store.close()
    return story.state


def shown_by(process):
    """What an OctoPrint shows of the history that starts, and is then killed."""
    process.start()
    process.recorder.send_events()
    snapshot = process.flush().recorder.snapshot()
    process.kill()
    return take_history(snapshot, replay.DAYS, "en")


@pytest.mark.parametrize("variant", FORGETTING, ids=str)
def test_a_folder_that_forgets_reports_nothing_twice(variant, tmp_path, machine):
    (tmp_path / "proc" / "self").mkdir(parents=True)
    (tmp_path / "proc" / "self" / "mountinfo").write_text(variant.mounts)
    machine.forgets = forgets("/home/pi/.octoprint/data/octoprint_uptime", tmp_path)
    folder, events = tmp_path / "data", []
    before = [step for step in variant.steps if step[1][0].isupper()]
    left_behind(folder, before)

    for at, what, *details in variant.steps:
        if what == "throw_away":
            left_behind(folder, before)
        elif what == "start":
            booted = details[0]["booted"]
            machine.boot_id, machine.epoch, machine.up = f"boot at {booted}", replay.EPOCH + booted, at - booted
            process = Process(machine, folder)
            history = shown_by(process)
            events += process.sent
            assert (history["recording"], history["note"]) == (False, variant.expect["note"])
            assert [one for one in history["sessions"] if one["ended"]] == variant.expect["sessions"]

    ended = [one for one in events if isinstance(one, Session) and one.end is not None]
    assert len(ended) == variant.expect["ended_events"]


@pytest.mark.parametrize("message", replay.load(replay.FOLDER / ABOUT_LOCKS)["messages"])
def test_a_share_without_locks_is_named_and_nothing_is_set_aside(message, tmp_path, machine, monkeypatch):
    expect = replay.load(replay.FOLDER / ABOUT_LOCKS)["expect"]
    left, connect = left_behind(tmp_path), files.connect

    class Share:
        """A connection to a file on it: all that works is to read its version."""

        def __init__(self, *arguments):
            self._connection = connect(*arguments)

        def execute(self, query, *arguments):
            if "EXCLUSIVE" in query:
                raise sqlite3.OperationalError(message)
            return self._connection.execute(query, *arguments)

        def close(self):
            self._connection.close()

    with monkeypatch.context() as patch:
        patch.setattr(files, "connect", Share)
        history = shown_by(Process(machine, tmp_path))

    assert (history["recording"], history["note"]) == (False, expect["note"])
    assert bool(list(tmp_path.glob("*.damaged-*"))) == expect["set_aside"]
    again = Store(tmp_path)
    assert again.open() == left
    again.close()
