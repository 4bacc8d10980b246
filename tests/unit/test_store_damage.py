"""Files that lose their ends or flip a bit: what they held is kept, or they are set aside and that is said."""

import json
import random

import pytest

from octoprint_uptime import schema, sessions
from octoprint_uptime.journal import History
from octoprint_uptime.readings import take_history
from octoprint_uptime.store import Store
from tests.harness.stores import begun, flap, moment, problem_of, snapshot

FLIPS = 2000
SEED = 12
FILES = ("history.db", "running.db", "history.db-wal", "running.db-journal")
# Each sector that a write may have left out, and a byte more or less.
SECTOR = 512


@pytest.fixture(autouse=True)
def hurry(monkeypatch):
    """Nothing here cuts the power."""
    for name in ("RUNNING_SETTINGS", "HISTORY_SETTINGS"):
        monkeypatch.setattr(schema, name, (*getattr(schema, name), "synchronous=OFF"))


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A folder as a power cut leaves it: both files and their logs, and what they hold."""
    folder = tmp_path_factory.mktemp("store")
    store = Store(folder)
    store.open()
    state, ended = flap(begun(), 8)
    for session in ended:
        store.save(state, [session])
    state, _ = sessions.print_begins(sessions.connect(state, 300.0, "last")[0], 301.0, "benchy.gcode")
    store.save(state, [])
    copy = snapshot(folder, folder.parent / "cut")
    store.close()
    return copy, state, ended[::-1]


def use(folder):
    """Start with these files as OctoPrint does; what is found, what goes wrong, and what is said to be set aside."""
    store, left = Store(folder), []
    problems = [problem_of(lambda: left.append(store.open())), problem_of(store.open_history)]
    state, ended = sessions.begin(left[0] if left else None, moment(900.0))
    problems.append(problem_of(store.save, state, ended))
    found = []
    problems.append(problem_of(lambda: found.append(store.read())))
    store.close()
    show(state, *(found[0] if found else ([], {}, None)))
    return (left or [None])[0], found and found[0][0], set(problems) - {None}, store.set_aside


def show(state, ended, boots, recorded):
    """What the page and System Information do with it; neither may fail."""
    history = History(state, ended, {**boots, state.boot.id: state.boot}, recorded, None)
    json.dumps(take_history(history, 3660, "en", 900.0))


def damage(files, tmp_path, name, change):
    folder, state, ended = files
    copy = snapshot(folder, tmp_path / "damaged")
    content = bytearray((copy / name).read_bytes())
    change(content)
    (copy / name).write_bytes(content)
    return use(copy), state, ended


def assert_kept_or_said(found, state, ended, name):
    left, read, problems, set_aside = found
    assert problems <= {"newer"}  # the version is a value like any other
    said = {part for part in ("running", "history") if problems or any(part in name for name in set_aside)}
    if "running" not in said:
        assert left == state
    if "history" not in said:
        # Of one session a value may be another one, or cannot be and is left out.
        before = {session.id for session in ended}
        assert len(before - {session.id for session in read}) <= (name == "history.db")


def lengths(size):
    return sorted({length + more for length in range(SECTOR, size, SECTOR) for more in (-1, 0, 1)})


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_lost_its_end_is_known_to_have(files, tmp_path, name):
    for length in lengths((files[0] / name).stat().st_size):

        def cut(content, length=length):
            del content[length:]

        assert_kept_or_said(*damage(files, tmp_path, name, cut), name)


@pytest.mark.parametrize("name", FILES)
def test_a_flipped_bit_is_found_or_changes_one_value(files, tmp_path, name):
    choose = random.Random(SEED)
    for _ in range(FLIPS // len(FILES)):

        def flip(content):
            content[choose.randrange(len(content))] ^= 1 << choose.randrange(8)

        assert_kept_or_said(*damage(files, tmp_path, name, flip), name)


HOSTILE = ["NULL", "''", "x''", "x'ff'", "'text'", "9e999", "-9e99", "9e99"]
FIELDS = ["start", "end", "before", "completion", "clock", "ending", "boot", "before_boot", "file", "reason", "asked"]


@pytest.mark.parametrize("field", FIELDS)
def test_a_value_that_cannot_be_is_left_out_or_harmless(files, tmp_path, field):
    for value in HOSTILE:
        copy = snapshot(files[0], tmp_path / "changed")
        store = Store(copy)
        store.open()
        store.open_history()
        store._history.executescript(f'UPDATE OR IGNORE sessions SET "{field}" = {value} WHERE n = 3')  # noqa: S608  constants of ours
        found = store.read()
        store.close()

        show(files[1], *found)
        assert len(files[2]) - len(found[0]) <= 1


@pytest.mark.parametrize(("table", "field"), [("boots", "epoch"), ("boots", "confirmed"), ("recorded", "up")])
def test_a_boot_that_cannot_be_has_no_times(files, tmp_path, table, field):
    later = files[1]._replace(boot=files[1].boot._replace(id="later"))
    for value in HOSTILE:
        copy = snapshot(files[0], tmp_path / "changed")
        store = Store(copy)
        store.open()
        store.open_history()
        store._history.executescript(f"UPDATE OR IGNORE {table} SET {field} = {value}")  # noqa: S608  constants of ours
        show(later, *store.read())
        store.close()
