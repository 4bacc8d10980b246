"""The part of the document that tells what happened before."""

import time

import pytest

from octoprint_uptime import readings, sessions
from octoprint_uptime.boots import Boot
from octoprint_uptime.journal import History
from tests.harness.stores import EPOCH, begun, flap, moment

DAY = 86_400
NOW = 30  # days after EPOCH


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(time, "time", lambda: EPOCH + NOW * DAY)


def take(state, ended, *boots, days=30, problem=None):
    history = History(state, ended, {boot.id: boot for boot in (*boots, state.boot)}, (state.boot.id, 100.0), problem)
    return readings.take_history(history, days, "en", 900.0)


@pytest.mark.parametrize(
    ("ended", "shown"),
    [
        ([29, 20, 10, 0], [29, 20]),
        ([10, 0], []),
        ([29, None, 20, None, 0], [29, None, 20, None]),  # as old as its neighbours
        ([None, 29], [None, 29]),
        # A wall clock that was wrong for one boot hides nothing that was recorded before.
        ([29, -9000, 20, 0], [29, -9000, 20]),
        ([9000, 20, 0], [9000, 20]),
    ],
)
def test_what_ended_within_the_days_is_shown_newest_first(ended, shown):
    boots = [Boot(str(n), str(n), EPOCH + (day or 0) * DAY, day is not None) for n, day in enumerate(ended)]
    gone = [sessions.Session(f"s{n}", "printer", str(n), 5.0, 9.0, str(n), 9.0, "lost") for n in range(len(ended))]

    told = take(begun(), gone, *boots, days=15)["sessions"][2:]
    assert [session["session"] for session in told] == [f"s{n}" for n in range(len(shown))]


def test_what_runs_comes_first_and_has_no_end():
    told = take(begun(), [])["sessions"]

    assert [session["clock"] for session in told] == ["octoprint", "host"]
    assert {session["ended"] for session in told} == {session["ending"] for session in told} == {None}
    assert [session["seconds"] for session in told] == [805.0, 900.0]


def test_a_session_tells_all_that_is_known_of_it():
    state, ended = flap(begun(), 1, up=200.0, file="benchy.gcode")

    assert take(state, ended)["sessions"][-1] == {
        "clock": "printer",
        "session": "p200.0",
        "started": "2026-11-24T06:03:20Z",
        "ended": "2026-11-24T06:03:21Z",
        "ended_before": "2026-11-24T06:03:21Z",
        "seconds": 1.0,
        "ending": "lost",
        "asked": None,
        "reason": "SerialException: gone",
        "print": {"file": "benchy.gcode", "completion": 0.0},
        "undervoltage": None,
        "watched_before": True,
        "confirmed": True,
    }


def test_an_end_is_not_bounded_by_a_clock_that_was_never_set():
    state, ended = sessions.begin(begun(), moment(60.0, boot_id="b", epoch=EPOCH + 5000, confirmed=False))

    told = take(state, ended, begun().boot)["sessions"]
    assert {session["ended_before"] for session in told if session["ended"]} == {None}
    assert {session["confirmed"] for session in told if session["ended"] is None} == {False}


@pytest.mark.parametrize("problem", ["off", "no_sqlite", "second", "newer", "readonly", "full", "failed"])
def test_why_nothing_is_recorded_is_told_in_a_sentence(problem):
    document = take(begun(), [], problem=problem)

    assert document["recording"] is False
    assert document["note"].endswith(".")


def test_system_information_counts_starts_and_ends_that_nobody_asked_for():
    state, ended = flap(begun(), 3)
    state = state._replace(boot=state.boot._replace(epoch=EPOCH + (NOW - 1) * DAY))
    clocks = [type("Clock", (), {"name": name, "session": lambda self: self, "seconds": 5.0})() for name in NAMES]
    history = History(state, ended, {state.boot.id: state.boot}, None, None)

    rows = readings.take_rows(clocks, history, 900.0)
    assert rows["printer_starts_in_7_days"] == rows["printer_unexpected_ends_in_7_days"] == 3
    assert (rows["host_starts_in_7_days"], rows["host_unexpected_ends_in_7_days"]) == (1, 0)
    assert "secret" not in str(rows)


@pytest.mark.parametrize(("state", "problem"), [(None, None), (begun(), "off")])
def test_system_information_counts_nothing_where_nothing_is_known(state, problem):
    clocks = [type("Clock", (), {"name": name, "session": lambda self: self, "seconds": 5.0})() for name in NAMES]

    rows = readings.take_rows(clocks, History(state, [], {}, None, problem), 900.0)
    assert {value for row, value in rows.items() if row.endswith("days")} == {None}


NAMES = ("host", "octoprint", "printer")
