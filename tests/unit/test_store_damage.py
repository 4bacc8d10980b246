"""Files that lose their ends or flip a bit: what they held is kept, or they are set aside and that is said."""

import json
import random
import sqlite3
import zlib

import pytest

from octoprint_uptime.history import sessions
from octoprint_uptime.history.rows import dump_state
from octoprint_uptime.history.store import EMPTY, Store
from octoprint_uptime.readings import take_history
from tests.harness.recorders import FakeMachine, Process
from tests.harness.states import begun, connect, flap, moment, snapshot, start_print
from tests.harness.stores import copied, keep, problem_of

pytestmark = pytest.mark.usefixtures("hurry")

FLIPS = 2000
SEED = 12
FILES = ("history.db", "running.db", "history.db-wal", "running.db-journal")
# Each sector that a write may have left out, and a byte more or less.
SECTOR = 512


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A folder as a power cut leaves it: both files and their logs, the State, and the Sessions that had ended."""
    folder = tmp_path_factory.mktemp("store")
    store = Store(folder)
    store.open()
    state, ended = begun(), []
    for number in range(8):
        state = flap(state, 1, 100.0 + 2 * number)
        ended += state.unsaved
        state = keep(store, state)
    state = start_print(connect(state, 300.0), 301.0)
    store.save(state)
    copy = copied(folder, folder.parent / "cut")
    store.close()
    return copy, state, ended[::-1]


def use(folder):
    """Start with these files as the recorder does; what is found, what goes wrong, and which files were set aside."""
    store, left, found = Store(folder), [], []
    problems = [problem_of(lambda: left.append(store.open()))]
    state = sessions.begin(left[0] if left else None, moment(900.0), store.known_boots())
    problems.append(problem_of(keep, store, state) if left else "closed")
    problems.append(problem_of(lambda: found.append(store.read())))
    store.close()
    show(state, found[0] if found else EMPTY)
    return (left or [None])[0], found and found[0].sessions, set(problems) - {None, "closed"}, store.set_aside


def show(state, stored):
    """What the page and System Information do with it; neither may fail."""
    known = {"boots": stored.boots.values(), "ended": stored.sessions, "recorded": stored.recorded}
    json.dumps(take_history(snapshot(state, **known), 3660, "en"))


def damage(files, tmp_path, name, change):
    folder, state, ended = files
    copy = copied(folder, tmp_path / "damaged")
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


def opened_copy(files, tmp_path):
    store = Store(copied(files[0], tmp_path / "changed"))
    store.open()
    store.oldest_end()
    return store


HOSTILE = ["NULL", "''", "x''", "x'ff'", "'text'", "9e999", "-9e99", "9e99"]
FIELDS = ["start", "end", "before", "completion", "clock", "ending", "boot", "before_boot", "file", "reason", "asked"]


@pytest.mark.parametrize("field", FIELDS)
def test_a_value_that_cannot_be_is_left_out_or_harmless(files, tmp_path, field):
    for value in HOSTILE:
        store = opened_copy(files, tmp_path)
        store._history.connection.executescript(f'UPDATE OR IGNORE sessions SET "{field}" = {value} WHERE n = 3')  # noqa: S608  constants of ours
        found = store.read()
        store.close()

        show(files[1], found)
        assert len(files[2]) - len(found.sessions) <= 1


@pytest.mark.parametrize(("table", "field"), [("boots", "epoch"), ("boots", "confirmed"), ("recorded", "up")])
def test_a_boot_that_cannot_be_has_no_times(files, tmp_path, table, field):
    later = files[1]._replace(boot=files[1].boot._replace(id="later"))
    for value in HOSTILE:
        store = opened_copy(files, tmp_path)
        store._history.connection.executescript(f"UPDATE OR IGNORE {table} SET {field} = {value}")  # noqa: S608  constants of ours
        show(later, store.read())
        store.close()


WRONG = [
    ("up", "x"), ("up", None), ("up", float("nan")), ("up", 1e308), ("up", 10**400), ("up", True), ("up", []),
    ("boot", None), ("boot", "x"), ("boot", {"id": 1}), ("running", None), ("running", [1]), ("running", [[]]),
    ("running", [{"id": "x"}]), ("running", {}), ("unsaved", [None]), ("unsaved", 0), ("unsent", [{"clock": "host"}]),
    ("print", "x"), ("print", [1, 2]), ("stop", "x"), ("stopped", {"id": "x"}), ("asked", ["reboot", 1.0]),
    ("reported", None), ("deleted", {"before": "x"}), ("clearing", "x"), ("host_stops", 2), ("clock_since", None),
    ("unknown", {"of": "a later version"}), ("unsaved", [{}] * 2000), ("boot_id", "\ud800"), ("past_boots", [[]]),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value"), WRONG, ids=lambda value: str(value)[:20])
def test_a_state_with_a_right_checksum_and_wrong_contents_ends_nothing(files, tmp_path, monkeypatch, field, value):
    fields = json.loads(dump_state(files[1])[0])
    if field == "boot_id":
        fields["boot"][field] = value
    else:
        fields[field] = value
    check_recording(files, tmp_path, monkeypatch, json.dumps(fields), field in ("unknown", "boot_id"))


@pytest.mark.parametrize("text", ["", "null", "[]", "[" * 100_000, '{"up":' * 50_000, "{}", '"x"', "1e999", "9" * 5000])
def test_a_text_that_is_no_state_ends_nothing(files, tmp_path, monkeypatch, text):
    check_recording(files, tmp_path, monkeypatch, text, False)


def check_recording(files, tmp_path, monkeypatch, text, whole):
    folder = copied(files[0], tmp_path / "wrong")
    running = sqlite3.connect(folder / "running.db")
    running.execute("UPDATE running SET state = ?, sum = ?", (text, zlib.crc32(text.encode())))
    running.commit()
    running.close()
    process = Process(FakeMachine().install(monkeypatch), folder).start().flap().beat()
    process.kill()

    assert process.recorder.snapshot().problem is None
    assert process.tracebacks == []
    assert process.ended()[0] == ("printer", "lost")
    assert bool([path for path in folder.iterdir() if "running.db.damaged" in path.name]) is not whole


@pytest.mark.parametrize("words", ["locking protocol", "interrupted", "out of memory", "disk I/O error", "x is locked"])
def test_a_problem_around_the_file_sets_nothing_aside(files, tmp_path, monkeypatch, words):
    def fail(connection):
        raise sqlite3.OperationalError(words)

    folder = copied(files[0], tmp_path / "around")
    store = Store(folder)
    with monkeypatch.context() as around:
        around.setattr("octoprint_uptime.history.files.check", fail)
        assert problem_of(store.open) == ("locked" if "lock" in words else "failed")
    assert store.set_aside == []

    assert store.open() == files[1]  # the next attempt
    store.close()


@pytest.mark.parametrize("words", ["database disk image is malformed", "file is not a database", "no such table: x"])
def test_damage_sets_the_file_aside(files, tmp_path, monkeypatch, words):
    fails = [sqlite3.DatabaseError(words)]
    monkeypatch.setattr("octoprint_uptime.history.files.check", lambda connection: fails and throw(fails.pop()))
    store = Store(copied(files[0], tmp_path / "itself"))

    assert store.open() is None
    assert len(store.set_aside) == 1
    store.close()


def throw(error):
    raise error
