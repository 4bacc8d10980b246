"""Where the journal keeps its sessions, and what is around the files: a full disk, one to read only, no SQLite."""

import sqlite3
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from octoprint_uptime.history import sessions
from octoprint_uptime.history.boots import Boot
from octoprint_uptime.history.files import MOST_DAMAGED, StoreError
from octoprint_uptime.history.sessions import MOST_UNSAVED, MOST_UNSENT, State
from octoprint_uptime.history.store import Store
from tests.harness.hazards import run_child, unshare
from tests.harness.states import EPOCH, UP, begun, flap, moment
from tests.harness.stores import keep, kept, problem_of

# More sessions than the log of a small history has room for.
MANY = 40

# What a file has of a disk at least.
DISK_BLOCK = 4096

# Where the tests with a small disk mount it, in a mount namespace of their own.
SMALL_DISK = Path("/mnt")


def test_a_second_octoprint_on_the_same_folder_is_told_so_and_reads_on(opened, tmp_path, monkeypatch):
    monkeypatch.setattr("octoprint_uptime.history.files.LOCK_SECONDS", 0)
    state = flap(begun(), 1)
    keep(opened, state)
    second = Store(tmp_path)

    assert problem_of(second.open) == problem_of(second.save, state) == "locked"
    assert second.read().sessions == list(state.unsaved)


def test_a_program_that_holds_the_history_does_not_keep_the_state_from_being_saved(opened, tmp_path, monkeypatch):
    monkeypatch.setattr("octoprint_uptime.history.files.LOCK_SECONDS", 0)
    keep(opened, begun())
    opened._history.connection.execute("PRAGMA busy_timeout=0")
    state = flap(begun(), 1)
    reader = sqlite3.connect(tmp_path / "history.db", isolation_level=None)
    reader.execute("BEGIN IMMEDIATE")

    assert problem_of(keep, opened, state) == "locked"
    reader.close()
    opened.close()
    assert kept(tmp_path)[0].unsaved == state.unsaved


@pytest.mark.parametrize("name", ["running.db", "history.db"])
@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_a_file_of_a_newer_version_is_not_touched(tmp_path, name, mode):
    newer = sqlite3.connect(tmp_path / name)
    newer.executescript(f"PRAGMA journal_mode={mode}; CREATE TABLE later (x); PRAGMA user_version=3")
    newer.close()
    before = (tmp_path / name).read_bytes()
    opened = Store(tmp_path)

    assert "newer" in (problem_of(opened.open), problem_of(opened.oldest_end))
    opened.close()
    assert (tmp_path / name).read_bytes() == before


def test_damaged_files_are_set_aside_with_their_names_and_the_newest_few_are_kept(tmp_path, monkeypatch):
    names = []
    for number in range(5):
        monkeypatch.setattr("time.strftime", lambda format, number=number: f"20261124-00000{number}")
        (tmp_path / "running.db").write_bytes(b"no database at all, and long enough to be one" * 30)
        opened = Store(tmp_path)
        assert opened.open() is None
        names += opened.set_aside
        opened.close()

    assert names == [f"running.db.damaged-20261124-00000{number}" for number in range(5)]
    assert sorted(path.name for path in tmp_path.glob("*damaged*")) == names[-MOST_DAMAGED:]


def on_a_disk_that_fills_up():
    """What is acknowledged on a disk without room, and what is left of it afterwards."""
    opened = Store(SMALL_DISK)
    opened.open()
    state = begun()
    keep(opened, state)
    fill()
    added = 0
    for up in (200.0, 300.0):  # the log has room for some
        with suppress(StoreError):
            state = keep(opened, flap(state, MANY, up, file=f"{'long' * 20}.gcode"))
            added += MANY
    state = flap(state, MANY, up=400.0, file=f"{'long' * 20}.gcode")
    state = state._replace(unsent=state.unsaved[-MOST_UNSENT:])
    problems = []
    for change, *arguments in [(State.ask, 500.0, "reboot"), (State.begin_stop, 501.0, EPOCH, True)]:
        state = change(state, *arguments)
        problems.append(problem_of(keep, opened, state))
    opened.close()
    again = Store(SMALL_DISK)
    left = again.open()
    refused = problem_of(again.add, left)
    known = len(again.known_boots())
    (SMALL_DISK / "filling").unlink()
    keep(again, sessions.begin(left, moment(600.0)))
    endings = [session.ending for session in again.read().sessions]
    return {"problems": [*problems, refused], "stop": left.stop, "read": endings, "added": added, "known": known}


def fill():
    with open(SMALL_DISK / "filling", "wb", buffering=0) as filling:
        for size in (4096, 1):
            try:
                while filling.write(b"\0" * size):
                    pass
            except OSError:
                continue


def test_on_a_full_disk_the_stop_is_written_and_what_ended_waits_for_room():
    report = run_child(on_a_disk_that_fills_up, unshare("--mount", mount=f"-t tmpfs -o size=400k tmpfs {SMALL_DISK}"))

    assert report["problems"][:2] == ["full", "full"]
    assert report["stop"] == 501.0
    assert sorted(report["read"]) == ["lost"] * (report["added"] + MANY) + ["stopped"]


def on_a_read_only_disk():
    opened = Store(SMALL_DISK)
    return {"problems": [problem_of(opened.open), problem_of(opened.save, begun())]}


def test_a_folder_that_nobody_may_write_to_is_said_to_be_one():
    report = run_child(on_a_read_only_disk, unshare("--mount", mount=f"-t tmpfs -o ro tmpfs {SMALL_DISK}"))

    assert report["problems"] == ["readonly", "readonly"]


def test_without_sqlite_the_store_says_so():
    code = """import sys; sys.modules["sqlite3"] = None
from octoprint_uptime.history.store import Store, StoreError
for attempt in (Store("x").open, Store("x").read):
    try: attempt()
    except StoreError as error: print(error)"""
    report = subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.PIPE, text=True).stdout

    assert report.split() == ["no_sqlite", "no_sqlite"]


def test_a_boot_that_ended_on_a_full_disk_is_known_by_what_was_left(opened, tmp_path):
    first = begun()
    opened.save(first._replace(boot=first.boot._replace(epoch=EPOCH + 7)))
    opened.close()

    state = sessions.begin(kept(tmp_path)[0], moment(60.0, boot_id="b"))
    again = Store(tmp_path)
    again.open()
    keep(again, state)
    assert again.read().boots == {
        first.boot.id: Boot(first.boot.id, "a", EPOCH + 7, True),
        state.boot.id: state.boot,
    }
    again.close()


def test_what_has_to_wait_does_not_make_the_files_grow(opened, tmp_path):
    """However often it is overwritten: a full disk has no room for that, nor for a longer rollback journal."""
    keep(opened, begun())
    size = (tmp_path / "running.db").stat().st_size
    state = flap(begun(), 2 * MOST_UNSAVED)
    state = state._replace(unsent=state.unsaved[-MOST_UNSENT:])
    for up in range(5):
        opened.save(state._replace(up=UP + up))

    assert (tmp_path / "running.db").stat().st_size == size
    assert (tmp_path / "running.db-journal").stat().st_size <= DISK_BLOCK
