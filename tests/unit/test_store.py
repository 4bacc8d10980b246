"""Where the journal keeps its sessions: what was acknowledged is there again, whatever happens around the files."""

import sqlite3

import pytest

from octoprint_uptime import sessions, store
from tests.harness.stores import EPOCH, UP, begun, flap, kept, moment

DAY = 86_400


def test_what_was_saved_is_read_again_to_the_last_field(opened, tmp_path):
    state, ended = flap(begun(), 2)
    state, _ = sessions.print_begins(state, 200.0, "benchy.gcode")
    state, _ = sessions.ask(state, 201.0, "reboot")
    state, _ = sessions.stop(state, 202.0)
    opened.save(state, ended)
    opened.close()

    left, read, boots, recorded = kept(tmp_path)

    assert left._replace(asked=tuple(left.asked)) == state
    assert read == ended[::-1]
    assert boots == {state.boot.id: state.boot}
    assert recorded == (state.boot.id, state.up)


def test_the_name_of_a_file_need_not_be_valid_unicode(opened, tmp_path):
    state, ended = flap(begun(), 1, file="caf\udce9.gcode")
    opened.save(state, ended)

    assert [session.file for session in opened.read()[0]] == ["caf?.gcode"]


def test_what_is_saved_twice_is_kept_once(opened):
    state, ended = flap(begun(), 1)
    opened.save(state, ended)
    opened.save(state, ended)

    assert opened.read()[0] == ended


def test_the_file_is_read_again_only_after_a_change(opened):
    state, ended = flap(begun(), 2)
    opened.save(state, ended[:1])
    known = opened.read()
    assert opened.read() is known

    opened.save(state._replace(up=900.0), [])
    assert opened.read() is known

    opened.save(state, ended[1:])
    assert opened.read()[0] == ended[::-1]
    opened.clear(state)
    assert opened.read()[0] == []


def test_a_printer_that_flaps_does_not_push_out_the_host(opened, monkeypatch):
    monkeypatch.setattr(store, "MOST_SESSIONS", 10)
    state, ended = sessions.begin(begun(), moment(60.0, boot_id="b", epoch=EPOCH + 5000))
    opened.save(state, ended)
    for up in range(1000, 1100, 10):
        state, flapped = flap(state, 3, float(up))
        opened.save(state, flapped)

    read = opened.read()[0]
    printers = [session for session in read if session.clock == "printer"]
    assert {session.clock for session in read} == {"host", "octoprint", "printer"}
    assert len(printers) == 10
    # What was before the oldest is not known any more.
    assert [bool(session.watched) for session in printers] == [True] * 9 + [False]


def remember(opened, *days, confirmed=True):
    """A boot for each of these days, whose printer was lost then."""
    ended = []
    for number, day in enumerate(days):
        state = sessions.begin(None, moment(boot_id=f"boot{number}", epoch=EPOCH + day * DAY, confirmed=confirmed))[0]
        state, ended = flap(state, 1, UP + number)
        opened.save(state, ended)
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
def test_what_is_old_is_forgotten_and_what_is_younger_never(opened, days, kept_days):
    state = remember(opened, *days)

    opened.forget(EPOCH + 15 * DAY, state.boot)

    read, boots, _ = opened.read()
    assert [(boots[session.boot].epoch - EPOCH) / DAY for session in read[::-1]] == kept_days


def test_what_no_clock_was_set_for_is_as_old_as_its_neighbours(opened):
    remember(opened, 0)
    state, ended = sessions.begin(None, moment(boot_id="unset", epoch=0.0, confirmed=False))
    state, ended = flap(state, 1, 500.0)
    opened.save(state, ended)
    opened.forget(EPOCH + 15 * DAY, state.boot)
    assert [session.boot for session in opened.read()[0]] == [state.boot.id]

    state = sessions.begin(None, moment(boot_id="set"))[0]
    state, ended = flap(state, 1, 700.0)
    opened.save(state, ended)
    opened.forget(EPOCH + 15 * DAY, state.boot)
    assert opened.read()[0] == []
    assert opened.read()[2] == (state.boot.id, 701.0)


def test_what_is_cleared_leaves_no_name_of_a_file_behind(opened, tmp_path):
    state, ended = flap(begun(), 20)
    opened.save(state, ended)
    opened._save_running(state._replace(waiting=tuple(ended)))
    opened.save(state, [])
    assert b"secret" in contents(tmp_path)

    opened.clear(state)

    assert opened.read()[0] == []
    assert b"secret" not in contents(tmp_path)


def contents(folder):
    return b"".join(path.read_bytes() for path in folder.iterdir())


def test_what_ended_is_soon_in_the_file_that_people_copy(opened, tmp_path):
    state, ended = flap(begun(), 1)
    opened.save(state, ended)

    alone = sqlite3.connect(f"{(tmp_path / 'history.db').as_uri()}?immutable=1", uri=True)
    assert alone.execute("SELECT file FROM sessions").fetchall() == [("secret.gcode",)]
