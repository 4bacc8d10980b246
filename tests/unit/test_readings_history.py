"""The part of the document that says what happened before."""

from pathlib import Path

import pytest

from octoprint_uptime import readings
from octoprint_uptime.history import sessions
from octoprint_uptime.history.boots import Boot
from octoprint_uptime.history.sessions import BootTime, Session, StoppedPrint
from tests.harness.states import DAY, EPOCH, UP, begun, change, connect, flap, moment, snapshot, take

STARTED = 29 * DAY  # of this boot, after EPOCH
NOW = begun(boot_id="now", epoch=EPOCH + STARTED)
TODAY = EPOCH + STARTED + 900


def history(state=NOW, days=30, **options):
    return readings.take_history(snapshot(state, **options), days, "en")


def ended_at(ages):
    """Printer sessions, newest first, that ended so many days ago, and their boots; None: the clock was not set."""
    boots = [Boot(str(n), str(n), TODAY - (age or 0) * DAY - 9, age is not None) for n, age in enumerate(ages)]
    return [Session(f"s{n}", "printer", str(n), 5.0, 9.0, str(n), 9.0, "lost") for n in range(len(ages))], boots


@pytest.mark.parametrize(
    ("ages", "shown"),
    [
        ([], 0),
        ([1, 10, 20, 30], 2),
        ([15, 15.0001], 1),
        ([20, 30], 0),
        ([1, None, 10, None, 30], 4),  # as old as its neighbours
        ([None, 1], 2),
        ([None, 20], 1),
        ([None, None], 2),
        # A wall clock that was wrong for one boot hides nothing that was recorded before.
        ([1, 9000, 10, 30], 3),
        ([-9000, 10, 30], 2),
        ([30, None, 1, None], 4),
    ],
)
def test_what_ended_within_the_days_is_shown_newest_first(ages, shown):
    ended, boots = ended_at(ages)

    listed = history(days=15, ended=ended, boots=boots)["sessions"][2:]
    assert [session["session"] for session in listed] == [f"s{n}" for n in range(shown)]
    prints = [StoppedPrint(one.id, one.boot, one.end, one.id, None, "cancelled") for one in ended]
    listed = history(days=15, prints=prints, boots=boots)["stopped_prints"]
    assert [one["file"] for one in listed] == [f"s{n}" for n in range(shown)]


def test_a_session_of_a_boot_that_is_unknown_has_no_times():
    (session,) = history(ended=ended_at([1])[0])["sessions"][2:]

    assert {session[name] for name in ("started", "ended", "ended_before")} == {None}
    assert (session["confirmed"], session["seconds"]) == (False, 4.0)


def test_what_is_running_comes_first_youngest_first_and_has_no_end():
    state = connect(NOW, 200.0)
    listed = history(state, ended=ended_at([])[0])["sessions"]

    assert [session["clock"] for session in listed] == ["printer", "octoprint", "host"]
    assert {session[name] for session in listed for name in ("ended", "ending", "ended_before")} == {None}
    assert [session["seconds"] for session in listed] == [700.0, 805.0, 900.0]


def test_everything_about_the_record_itself_is_reported():
    document = history(recorded=BootTime(NOW.boot.id, 100.4))

    assert document == {
        "recording": True,
        "recorded_from": "2026-12-23T06:01:40Z",
        "days": 30,
        "clock_confirmed": True,
        "sessions": document["sessions"],
        "stopped_prints": [],
    }
    assert history(recorded=BootTime("unknown", 100.0))["recorded_from"] is None
    assert history(recorded=None)["recorded_from"] is None
    assert history(begun(synchronized=False))["clock_confirmed"] is False


def test_everything_about_a_session_is_reported():
    state = flap(begun(), 1, up=200.0, file="benchy.gcode")
    (ended,) = state.unsaved
    ended = ended._replace(end=202.57, before=203.6, completion=63.2499, undervoltage=False, asked="disconnect")
    listed = history(state, ended=[ended, ended._replace(watched=False, file=None, ending="stopped")])["sessions"]

    assert listed[-2] == {
        "clock": "printer",
        "session": state.unsaved[0].id,
        "started": "2026-11-24T06:03:20Z",
        "ended": "2026-11-24T06:03:23Z",
        "ended_before": "2026-11-24T06:03:24Z",
        "seconds": 2.6,
        "ending": "lost",
        "unexpected": True,
        "asked": "disconnect",
        "reason": "SerialException: gone",
        "print": {"file": "benchy.gcode", "completion": 63.2},
        "undervoltage": False,
        "evidence": [],
        "watched_before": True,
        "confirmed": True,
    }
    assert (listed[-1]["watched_before"], listed[-1]["print"], listed[-1]["unexpected"]) == (False, None, False)


@pytest.mark.parametrize(
    ("ending", "codes", "undervoltage", "evidence"),
    [
        ("lost", None, None, None),
        ("lost", (), None, []),
        ("lost", None, False, []),
        ("reset", ("printer_watchdog",), False, ["printer_watchdog"]),
        ("silent", ("power_on",), True, ["power_on", "undervoltage"]),
        ("silent", None, True, ["undervoltage"]),
        ("lost", ("of a later version", "usb_gone"), None, ["usb_gone"]),
        ("stopped", None, True, None),
        (None, None, True, None),
    ],
)
def test_the_evidence_is_what_could_be_read_about_an_unexpected_end(ending, codes, undervoltage, evidence):
    session = Session("", "printer", "", 0.0, ending=ending, evidence=codes, undervoltage=undervoltage)

    assert readings.evidence_of(session) == evidence


def test_everything_about_a_stopped_print_is_reported():
    failed = [
        (take, "PrintStarted", 210.0, {"name": "x"}),
        (take, "PrintFailed", 300.0, {"user": "a", "progress": 12.3456}),
    ]
    state = change(begun(), (connect, 200.0), *failed)

    assert history(state)["stopped_prints"] == [
        {
            "ended": "2026-11-24T06:05:00Z",
            "file": "x",
            "completion": 12.3,
            "cause": "cancelled",
            "reason": None,
            "asked": None,
            "confirmed": True,
        }
    ]
    boot = state.boot._replace(confirmed=False)
    (stopped,) = history(state._replace(boot=boot), prints=[state.unsaved[0]._replace(completion=None)])[
        "stopped_prints"
    ]
    assert (stopped["confirmed"], stopped["completion"]) == (False, None)


@pytest.mark.parametrize(
    ("before", "after", "bounded"),
    [(True, True, True), (True, False, False), (False, True, False), (False, False, False)],
)
def test_an_end_is_not_bounded_by_a_clock_that_was_never_set(before, after, bounded):
    state = sessions.begin(begun(synchronized=before), moment(60.0, "b", EPOCH + 5000, after))

    ended = [session for session in history(state)["sessions"] if session["ended"]]
    assert {session["ended_before"] for session in ended} == {"2026-11-24T07:23:20Z" if bounded else None}
    assert {session["confirmed"] for session in ended} == {before}


@pytest.mark.parametrize(("before", "bounded"), [(-880.0, True), (-880.1, False), (7.0, True), (None, False)])
def test_an_end_is_not_bounded_by_a_clock_that_contradicts_it(before, bounded):
    state = begun(epoch=EPOCH + 1000)
    ended = Session("s", "host", "old", 0.0, 120.0, state.boot.id, before, "silent")

    (session,) = history(state, ended=[ended], boots=[Boot("old", None, EPOCH, True)])["sessions"][2:]
    assert bool(session["ended_before"]) is bounded


def test_an_end_is_bounded_within_a_boot_whose_clock_was_never_set():
    state = sessions.begin(begun(synchronized=False), moment(300.0, synchronized=False))

    assert history(state)["sessions"][-1]["ended_before"] == "2026-11-24T06:04:55Z"


PROBLEMS = ["off", "no_sqlite", "locked", "forgets", "newer", "readonly", "full", "failed"]


@pytest.mark.parametrize("problem", PROBLEMS)
def test_why_nothing_is_recorded_is_said_in_a_sentence(problem):
    document = history(problem=problem)

    assert document["recording"] is False
    assert document["note"].startswith(("Nothing is being recorded: ", "The history "))
    assert document["note"].endswith(".")
    assert bool(document["sessions"]) is (problem != "off")


def test_each_problem_has_its_own_sentence_in_the_language_of_the_answer(monkeypatch):
    monkeypatch.setattr(readings, "TRANSLATIONS", Path(__file__).parents[2] / "translations")
    notes = {readings.take_history(snapshot(NOW, problem=one), 30, "de")["note"] for one in PROBLEMS}

    assert len(notes) == len(PROBLEMS)
    assert history(problem="off")["note"] == "The history is turned off in this plugin’s settings."
    assert history(problem="off")["note"] not in notes


def test_a_history_that_is_turned_off_shows_nothing():
    state = change(
        flap(NOW, 3), (connect, 500.0), (take, "PrintStarted", 510.0), (take, "PrintFailed", 520.0, {"user": 1})
    )

    assert history(state)["stopped_prints"]
    document = history(state, problem="off")
    assert (document["sessions"], document["stopped_prints"]) == ([], [])


def test_sessions_can_be_made_one_by_one():
    later = readings.take_history(snapshot(flap(NOW, 3)), 30, "en", later=True)["sessions"]

    assert [make() for make in later] == history(flap(NOW, 3))["sessions"]


# ~~ System Information


def test_system_information_has_ages_and_counts_of_seven_days_and_no_file_names():
    old, boots = ended_at([6.9, 7.1, 20])
    stopped = old[0]._replace(id="on purpose", ending="stopped")
    state = connect(flap(NOW, 3), 800.0)
    lost = [one._replace(evidence=("usb_gone",)) for one in state.unsaved[::-1]]
    ended = [*lost[:2], lost[2]._replace(evidence=("usb_hub_gone", "undervoltage")), stopped, *old]

    assert readings.take_rows(snapshot(state, 900.6, ended=ended, boots=boots)) == {
        "host_seconds": 900,
        "host_uptime": "15m 0s",
        "host_starts_in_7_days": 1,
        "host_unexpected_ends_in_7_days": 0,
        "host_evidence_in_7_days": None,
        "octoprint_seconds": 805,
        "octoprint_uptime": "13m 25s",
        "octoprint_starts_in_7_days": 1,
        "octoprint_unexpected_ends_in_7_days": 0,
        "octoprint_evidence_in_7_days": None,
        "printer_seconds": 100,
        "printer_uptime": "1m 40s",
        "printer_starts_in_7_days": 6,
        "printer_unexpected_ends_in_7_days": 4,
        "printer_evidence_in_7_days": "usb_gone (2), usb_hub_gone (1), undervoltage (1)",
    }


def test_a_start_before_the_seven_days_is_none_within_them():
    up = 7 * DAY + UP - 5
    rows = [readings.take_rows(snapshot(begun(), up + later))["octoprint_starts_in_7_days"] for later in (0, 2)]

    assert rows == [1, 0]


@pytest.mark.parametrize("ending", sessions.ENDINGS)
def test_system_information_counts_the_ends_that_the_page_calls_unexpected(ending):
    (ended,), boots = ended_at([1])
    rows = readings.take_rows(snapshot(NOW, ended=[ended._replace(ending=ending)], boots=boots))

    assert rows["printer_unexpected_ends_in_7_days"] == (ending in ("silent", "lost", "reset"))
    assert (rows["printer_seconds"], rows["printer_uptime"]) == (None, None)


def test_system_information_counts_nothing_if_nothing_is_recorded():
    rows = readings.take_rows(snapshot(flap(NOW, 3), problem="off"))

    assert {value for row, value in rows.items() if row.endswith("days")} == {None}
    assert rows["host_seconds"] == 900
