"""Where the journal keeps its sessions, and what is around the files: a full disk, one to read only, no SQLite."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from octoprint_uptime import sessions
from octoprint_uptime.boots import Boot
from octoprint_uptime.files import MOST_DAMAGED
from octoprint_uptime.journal import MOST_UNSAVED
from octoprint_uptime.store import Store
from tests.harness.hazards import run_child, unshare
from tests.harness.stores import EPOCH, UP, begun, flap, kept, moment, problem_of

# More sessions than the log of a small history has room for.
MANY = 40

# What a file has of a disk at least.
DISK_BLOCK = 4096

# Where the tests with a small disk mount it, in a mount namespace of their own.
SMALL_DISK = Path("/mnt")


def test_a_second_octoprint_on_the_same_folder_is_told_so_and_reads_on(opened, tmp_path, monkeypatch):
    monkeypatch.setattr("octoprint_uptime.files.LOCK_SECONDS", 0)
    state, ended = flap(begun(), 1)
    opened.save(state, ended)
    second = Store(tmp_path)

    assert problem_of(second.open) == problem_of(second.open_history) == problem_of(second.save, state, []) == "second"
    assert second.read()[0] == ended


def test_somebody_who_holds_the_history_is_not_taken_for_a_second_octoprint(opened, tmp_path, monkeypatch):
    monkeypatch.setattr("octoprint_uptime.files.LOCK_SECONDS", 0)
    opened.save(begun(), [])
    state, ended = flap(begun(), 1)
    reader = sqlite3.connect(tmp_path / "history.db", isolation_level=None)
    reader.execute("BEGIN IMMEDIATE")

    assert problem_of(opened.save, state, ended) == "failed"
    reader.close()
    assert kept_after_a_kill(opened, tmp_path)[0].waiting == tuple(ended)


def kept_after_a_kill(opened, folder):
    opened.close()
    return kept(folder)


@pytest.mark.parametrize("name", ["running.db", "history.db"])
@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_a_file_of_a_newer_version_is_not_touched(tmp_path, name, mode):
    newer = sqlite3.connect(tmp_path / name)
    newer.executescript(f"PRAGMA journal_mode={mode}; CREATE TABLE later (x); PRAGMA user_version=2")
    newer.close()
    before = (tmp_path / name).read_bytes()
    opened = Store(tmp_path)

    assert "newer" in (problem_of(opened.open), problem_of(opened.open_history))
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
    opened.save(state, [])
    fill()
    state, ended = flap(state, MANY, file=f"{'long' * 20}.gcode")
    problems = []
    for change, *arguments in [(sessions.ask, 300.0, "reboot"), (sessions.stop, 301.0)]:
        state, _ = change(state, *arguments)
        problems.append(problem_of(opened.save, state, ended))
    opened.close()
    again = Store(SMALL_DISK)
    left = again.open()
    refused = problem_of(again.open_history)
    (SMALL_DISK / "filling").unlink()
    again.save(*sessions.begin(left, moment(400.0)))
    return {"problems": [*problems, refused], "stop": left.stop, "read": [row.ending for row in again.read()[0]]}


def fill():
    with open(SMALL_DISK / "filling", "wb", buffering=0) as filling:
        for size in (4096, 1):
            try:
                while filling.write(b"\0" * size):
                    pass
            except OSError:
                continue


def test_on_a_full_disk_the_stop_is_written_and_what_ended_waits_for_room():
    told = run_child(on_a_disk_that_fills_up, unshare("--mount", mount=f"-t tmpfs -o size=400k tmpfs {SMALL_DISK}"))

    assert told["problems"][:2] == ["full", "full"]
    assert told["stop"] == 301.0
    assert sorted(told["read"]) == ["lost"] * MANY + ["stopped"]


def on_a_read_only_disk():
    opened = Store(SMALL_DISK)
    return {"problems": [problem_of(opened.open), problem_of(opened.save, begun(), [])]}


def test_a_folder_that_nobody_may_write_to_is_said_to_be_one():
    told = run_child(on_a_read_only_disk, unshare("--mount", mount=f"-t tmpfs -o ro tmpfs {SMALL_DISK}"))

    assert told["problems"] == ["readonly", "readonly"]


def test_without_sqlite_the_store_says_so():
    code = """import sys; sys.modules["sqlite3"] = None
from octoprint_uptime.store import Store, StoreError
for attempt in (Store("x").open, Store("x").read, Store("x").open_history):
    try: attempt()
    except StoreError as error: print(error)"""
    told = subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.PIPE, text=True).stdout

    assert told.split() == ["no_sqlite", "no_sqlite", "failed"]


def test_a_boot_that_ended_on_a_full_disk_is_known_by_what_was_left(opened, tmp_path):
    state = begun()
    opened._save_running(state._replace(boot=state.boot._replace(epoch=EPOCH + 7)))

    state, ended = sessions.begin(kept_after_a_kill(opened, tmp_path)[0], moment(60.0, boot_id="b"))
    again = Store(tmp_path)
    again.open()
    again.save(state, ended)
    assert again.read()[1] == {ended[0].boot: Boot(ended[0].boot, "a", EPOCH + 7, 1), state.boot.id: state.boot}
    again.close()


def test_what_has_to_wait_does_not_make_the_files_grow(opened, tmp_path):
    """However often it is overwritten: a full disk has no room for that, nor for a longer rollback journal."""
    opened.save(begun(), [])
    size = (tmp_path / "running.db").stat().st_size
    state, ended = flap(begun(), 2 * MOST_UNSAVED)
    state = state._replace(untold=tuple(ended), waiting=tuple(ended[-MOST_UNSAVED:]))
    for up in range(5):
        opened._save_running(state._replace(up=UP + up))

    assert (tmp_path / "running.db").stat().st_size == size
    assert (tmp_path / "running.db-journal").stat().st_size <= DISK_BLOCK
