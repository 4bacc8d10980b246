"""Where the recorder keeps its sessions: what was acknowledged is there again, whatever happens around the files."""

import sqlite3
import time

import pytest

from octoprint_uptime.history import schema, sessions
from octoprint_uptime.history.boots import Boot
from octoprint_uptime.history.sessions import MOST_CHARACTERS, Ask, BootTime, Deleted, State, StoppedPrint
from octoprint_uptime.history.store import Store
from tests.harness.states import DAY, EPOCH, UP, begun, change, connect, flap, moment, start_print
from tests.harness.stores import keep, kept, problem_of

MANY_ROWS = 300_000


def test_what_was_saved_is_read_again_to_the_last_field(opened, tmp_path):
    stopped = StoppedPrint("x", begun().boot.id, 150.0, "a.gcode", 3.5, "cancelled")
    state = flap(begun(), 2).record(unsaved=[stopped], unsent=[stopped])
    state = start_print(connect(state, 200.0), 200.0)
    state = change(state, (State.ask, 201.0, "reboot"), (State.report_undervoltage, 202.0, False, True))
    state = change(state, (State.begin_stop, 203.0, EPOCH + 1, False))._replace(
        past_boots=(Boot("past", None, -5.5, False),),
        deleted=Deleted(1.5, 30, "b", 2.5, 3.5),
        stopped=StoppedPrint("y", "b", 1.0, None, None),
        leaving=True,
        clearing=True,
    )
    opened.save(state)
    opened.add(state)
    opened.close()

    left, found = kept(tmp_path)

    assert left == state
    assert left.asked == Ask("reboot", 201.0)
    assert found.sessions == [record for record in state.unsaved[::-1] if record.id != "x"]
    assert found.prints == [state.unsaved[-1]]
    assert found.boots == {state.boot.id: state.boot, "past": state.past_boots[0]}
    assert found.recorded == BootTime(state.boot.id, state.up)


def test_the_name_of_a_file_need_not_be_valid_unicode(opened, tmp_path):
    keep(opened, flap(begun(), 1, file="caf\udce9\0.gcode"))
    opened.close()

    assert [session.file[:4] for session in kept(tmp_path)[1].sessions] == ["caf?"]


def test_what_is_added_twice_is_kept_once(opened):
    state = flap(begun(), 1)
    keep(opened, state)
    keep(opened, state)

    assert opened.read().sessions == list(state.unsaved)


def test_the_file_is_read_again_only_after_a_change(opened):
    state = keep(opened, flap(begun(), 2))
    known = opened.read()
    assert opened.read() is known

    state = keep(opened, state._replace(up=900.0))
    assert opened.read() is known

    state = keep(opened, flap(state, 1, 1000.0))
    assert len(opened.read().sessions) == 3
    opened.clear(state)
    assert opened.read().sessions == []


def test_the_files_stay_open_and_locked_between_writes(opened):
    state = keep(opened, flap(begun(), 1))
    connections = opened._running.connection, opened._history.connection
    keep(opened, flap(state, 1, 300.0))

    assert (opened._running.connection, opened._history.connection) == connections
    opened.close()
    assert opened._running.connection is opened._history.connection is None


def test_a_printer_that_flaps_does_not_push_out_the_host(opened, monkeypatch):
    monkeypatch.setattr(schema, "MOST_SESSIONS", 10)
    state = keep(opened, sessions.begin(begun(), moment(60.0, boot_id="b", epoch=EPOCH + 5000)))
    for up in range(1000, 1100, 10):
        state = keep(opened, flap(state, 3, float(up)))

    printers = [session for session in opened.read().sessions if session.clock == "printer"]
    assert {session.clock for session in opened.read().sessions} == {"host", "octoprint", "printer"}
    assert len(printers) == 10
    # What was before the oldest is not known any more.
    assert [session.watched for session in printers] == [True] * 9 + [False]


def test_stopped_prints_are_bounded(opened, monkeypatch):
    monkeypatch.setattr(schema, "BOUND_PRINTS", schema.BOUND_PRINTS.replace(str(schema.MOST_PRINTS), "10"))
    state = begun()
    for number in range(15):
        stopped = StoppedPrint(f"x{number}", state.boot.id, UP + number, "a", 1.0, "cancelled")
        state = keep(opened, state.record([stopped]))

    assert [stopped.id for stopped in opened.read().prints] == [f"x{number}" for number in range(14, 4, -1)]


def test_the_boots_of_the_newest_sessions_are_known_however_many_there_were(opened, monkeypatch):
    """On a machine whose clock is never set, nothing is deleted by age."""
    monkeypatch.setattr(schema, "MOST_SESSIONS", 5)
    limit = schema.READ[Boot].replace(f"LIMIT {4 * 1000}", "LIMIT 20")
    assert limit != schema.READ[Boot]
    monkeypatch.setitem(schema.READ, Boot, limit)
    state = None
    for number in range(60):
        state = sessions.begin(state, moment(60.0, boot_id=f"boot{number}", epoch=1000.0 * number, synchronized=False))
        state = keep(opened, state)
    found = opened.read()

    assert {session.boot for session in found.sessions} | {session.before_boot for session in found.sessions} <= set(
        found.boots
    )
    assert opened._history.connection.execute("SELECT count(*) FROM boots").fetchone()[0] < 20


# ~~ Deletion


def remember(opened, *days, synchronized=True):
    """A boot for each of these days, whose printer was lost then."""
    for number, day in enumerate(days):
        options = {"boot_id": f"boot{number}", "epoch": EPOCH + day * DAY, "synchronized": synchronized}
        state = keep(opened, flap(begun(**options), 1, UP + number))
    return state


@pytest.mark.parametrize(
    ("days", "kept_days"),
    [
        ([0, 10, 20, 30], [20, 30]),
        ([0, 1, 2], []),
        ([20, 30], [20, 30]),
        # A clock that was set wrong for one boot, to the past and to the future: what is young stays.
        ([0, 20, -9000, 30], [20, -9000, 30]),
        ([0, 20, 30, -9000], [20, 30, -9000]),
        ([0, 9000, 20, 30], [9000, 20, 30]),
    ],
)
def test_what_is_old_is_deleted_and_what_is_younger_never(opened, days, kept_days):
    state = remember(opened, *days)

    assert opened.delete_before(EPOCH + 15 * DAY, state.boot) == len(days) - len(kept_days)

    found = opened.read()
    assert [(found.boots[one.boot].epoch - EPOCH) / DAY for one in found.sessions[::-1]] == kept_days


def test_what_ended_while_no_clock_was_set_is_as_old_as_its_neighbours(opened):
    remember(opened, 0)
    state = keep(opened, flap(begun(boot_id="unset", epoch=0.0, synchronized=False), 1, 500.0))
    opened.delete_before(EPOCH + 15 * DAY, state.boot)
    assert [session.boot for session in opened.read().sessions] == [state.boot.id]

    state = keep(opened, flap(begun(boot_id="set"), 1, 700.0))
    opened.delete_before(EPOCH + 15 * DAY, state.boot)
    assert opened.read().sessions == []
    assert opened.read().recorded == BootTime(state.boot.id, 701.0)


def test_old_stopped_prints_are_deleted_and_the_oldest_end_is_known(opened):
    state = remember(opened, 0, 20)
    for up, day in ((500.0, 0), (600.0, 20 * DAY)):
        stopped = StoppedPrint(f"x{day}", state.boot.id, up - (20 * DAY - day), "a", 1.0, "cancelled")
        state = keep(opened, state.record([stopped]))
    assert opened.oldest_end() == EPOCH + UP + 1

    opened.delete_before(EPOCH + 15 * DAY, state.boot)
    assert [stopped.id for stopped in opened.read().prints] == [f"x{20 * DAY}"]


def test_what_is_cleared_leaves_no_name_of_a_file_behind(opened, tmp_path):
    state = flap(begun(), 20)
    keep(opened, state)
    opened.save(state._replace(unsent=state.unsaved))  # they wait to be sent
    damaged = tmp_path / "history.db.damaged-20261124-000000"
    damaged.write_bytes(b"secret")
    assert contents(tmp_path).count(b"secret") > 20

    opened.clear(state.clear())

    assert opened.read().sessions == []
    assert b"secret" not in contents(tmp_path)
    assert not damaged.exists()


def contents(folder):
    return b"".join(path.read_bytes() for path in folder.iterdir())


def test_a_deletion_that_another_reader_holds_up_is_not_acknowledged(opened, tmp_path, monkeypatch):
    monkeypatch.setattr("octoprint_uptime.history.files.LOCK_SECONDS", 0)
    state = keep(opened, flap(begun(), 20))
    reader = sqlite3.connect(tmp_path / "history.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM sessions").fetchone()
    opened._history.connection.execute("PRAGMA busy_timeout=0")

    assert problem_of(opened.clear, state) == "locked"
    reader.close()
    opened.clear(state)
    assert b"secret" not in contents(tmp_path)


def test_damaged_files_are_deleted_with_what_is_as_old(opened, tmp_path):
    state = remember(opened, 0, 30)
    old, young = tmp_path / "history.db.damaged-1", tmp_path / "running.db.damaged-2"
    for path in (old, young):
        path.write_bytes(b"secret")
    opened.delete_before(time.time() - DAY, state.boot)
    assert old.exists()

    opened.delete_before(time.time() + DAY, state.boot)
    assert not old.exists()
    assert not young.exists()


# ~~ Files of others


def test_what_ended_is_soon_in_the_file_that_people_copy(opened, tmp_path):
    keep(opened, flap(begun(), 1))

    alone = sqlite3.connect(f"{(tmp_path / 'history.db').as_uri()}?immutable=1", uri=True)
    assert alone.execute("SELECT file FROM sessions").fetchall() == [("secret.gcode",)]


@pytest.mark.parametrize("name", ["history.db", "running.db"])
def test_a_file_that_is_deleted_meanwhile_is_made_again(opened, tmp_path, name):
    state = keep(opened, flap(begun(), 1))
    (tmp_path / name).unlink()
    state = keep(opened, flap(state, 2, 200.0))
    assert len(opened.read().sessions) == (2 if name == "history.db" else 3)
    opened.close()

    left, found = kept(tmp_path)
    assert left.up == state.up
    assert found.sessions[0].ending == "lost"


def test_a_file_that_could_not_be_made_again_is_tried_again(opened, tmp_path, monkeypatch):
    state = keep(opened, flap(begun(), 1))
    (tmp_path / "running.db").unlink()
    with monkeypatch.context() as broken:
        broken.setattr(opened._running, "settings", ("no such pragma",))
        assert problem_of(opened.save, state) == "failed"
    assert (tmp_path / "running.db").exists()

    assert keep(opened, flap(state, 1, 200.0)).unsaved == ()


def test_the_folder_that_is_deleted_meanwhile_is_made_again(opened, tmp_path):
    state = keep(opened, flap(begun(), 1))
    for path in tmp_path.iterdir():
        path.unlink()
    tmp_path.rmdir()

    state = keep(opened, flap(state, 1, 200.0))
    assert len(opened.read().sessions) == 1
    assert state.unsaved == ()


def test_additional_columns_and_tables_harm_nothing(opened, tmp_path):
    keep(opened, flap(begun(), 1))
    opened.close()
    for name, tables in (("history.db", ("boots", "sessions", "prints", "recorded")), ("running.db", ("running",))):
        other = sqlite3.connect(tmp_path / name)
        for table in tables:
            other.execute(f"ALTER TABLE {table} ADD COLUMN note TEXT DEFAULT 'x'")
        other.execute("CREATE TABLE notes (note TEXT)")
        other.commit()
        other.close()
    again = Store(tmp_path)
    state = sessions.begin(again.open(), moment(boot_id="b"))
    keep(again, flap(state, 1, 300.0))
    opened.close()

    assert again.set_aside == []
    assert [session.ending for session in again.read().sessions] == ["lost", "carried", "silent", "lost"]
    again.close()


def test_a_large_file_is_answered_as_quickly_as_one_of_the_plugin(opened, tmp_path):
    state = keep(opened, flap(begun(), 3))
    for number in range(4):
        columns = "id, clock, boot, start, end, ending, watched, reason"
        count = MANY_ROWS // 4 if number else 3000
        opened._history.connection.execute(
            f"""WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
            INSERT INTO sessions ({columns})
            SELECT 'x{number}-' || i, 'printer', '{state.boot.id}', i, i + 1, 'lost', 1, 'reason' FROM n"""  # noqa: S608  numbers
        )
        opened._history.connection.execute(
            f"""WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
            INSERT INTO boots SELECT 'x{number}-' || i, 'b', 0, 1 FROM n"""  # noqa: S608  numbers
        )
        opened._history.connection.commit()
        opened._changes += 1
        times = []
        for _ in range(3):
            opened._changes += 1
            started = time.perf_counter()
            found = opened.read()
            times.append(time.perf_counter() - started)
        if number == 0:
            normal = min(times)
    assert len(found.sessions) == 3 * schema.MOST_SESSIONS
    assert len(found.boots) <= 4 * schema.MOST_SESSIONS
    assert min(times) < 3 * normal + 0.05
    # The next session is added, and bounds all of them.
    keep(opened, flap(state, 1, 5e5))
    assert len([1 for session in opened.read().sessions if session.clock == "printer"]) == schema.MOST_SESSIONS


def test_long_texts_of_others_are_cut(opened):
    state = keep(opened, flap(begun(), 1))
    opened._history.connection.execute(
        "UPDATE sessions SET reason = printf('%.*c', 1000000, 'x'), file = zeroblob(1000000)"
    )
    opened._history.connection.commit()
    opened._changes += 1

    found = opened.read().sessions
    assert all(len(session.reason) <= MOST_CHARACTERS for session in found)
    assert keep(opened, flap(state, 1, 300.0)).unsaved == ()
