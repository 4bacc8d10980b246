"""The document that the API answers."""

import time

import pytest

from octoprint_uptime import readings
from octoprint_uptime.durations import duration_patterns
from octoprint_uptime.history import sessions
from octoprint_uptime.history.boots import Boot
from octoprint_uptime.readings import take_reading
from octoprint_uptime.settings import DEFAULTS
from tests.harness.states import EPOCH, begun, change, connect, disconnect, snapshot, take
from tests.harness.wheel import ROOT

UP = 93_784.2109
STATE = connect(begun(octoprint_start=UP - 3600.02, epoch=EPOCH + 0.4), UP - 5)
TEXTS = ("uptime", "uptime_dhm", "uptime_dh", "uptime_d", "uptime_short")


def read(state=STATE, locale="en", settings=DEFAULTS, with_patterns=False, **options):
    return take_reading(snapshot(state, UP, **options), settings, locale, with_patterns)


def test_each_uptime_has_its_seconds_and_every_format():
    reading = read()

    assert [reading[name] for name in TEXTS] == ["1d 2h 3m 4s", "1d 2h 3m", "1d 2h", "1d", "1d 2h"]
    assert reading["octoprint_uptime"] == "1h 0m 0s"
    assert reading["printer_uptime"] == "5s"
    seconds = [reading[prefix + "seconds"] for prefix in ("", "octoprint_", "printer_")]
    assert seconds == [93_784.211, 3600.02, 5.0]


def test_each_uptime_has_its_session_and_its_start_in_two_notations():
    reading = read()

    ids = [reading[prefix + "session"] for prefix in ("", "octoprint_", "printer_")]
    assert ids == [session.id for session in STATE.running]
    assert (reading["started"], reading["started_timestamp"]) == ("2026-11-24T06:00:00Z", EPOCH)
    assert (reading["printer_started"], reading["printer_started_timestamp"]) == (
        "2026-11-25T08:03:00Z",
        EPOCH + 93_780,
    )
    assert isinstance(reading["started_timestamp"], int)


def test_what_is_not_running_has_only_nothing():
    reading = read(begun())

    names = ["session", "seconds", *TEXTS, "started", "started_timestamp"]
    assert {reading["printer_" + name] for name in names} == {None}
    assert (reading["printer_last_ended"], reading["printer_last_ending"]) == (None, None)


def test_a_clock_that_goes_back_makes_no_negative_seconds():
    reading = take_reading(snapshot(STATE, UP - 10), DEFAULTS, "en")

    assert (reading["printer_seconds"], reading["printer_uptime"]) == (0.0, "0s")


def test_a_printer_that_is_away_says_since_when_and_how_it_ended():
    state = change(begun(), (connect, 200.0), (disconnect, 210.0), (connect, 220.0), (take, "Disconnecting", 230.0))
    state = disconnect(state, 231.0)
    state = state._replace(unsaved=(*state.unsaved, state.unsaved[0]._replace(clock="octoprint", end=300.0)))
    reading = read(state)

    assert (reading["printer_last_ended"], reading["printer_last_ending"]) == ("2026-11-24T06:03:51Z", "stopped")
    reading = read(connect(state, 240.0))
    assert (reading["printer_last_ended"], reading["printer_last_ending"]) == (None, None)
    former = sessions.Session("p", "printer", "old", 5.0, 9.0, ending="lost")
    for boots, ended in (((), None), ([Boot("old", None, EPOCH, False)], "2026-11-24T06:00:09Z")):
        reading = read(begun(), ended=[former], boots=boots)
        assert (reading["printer_last_ended"], reading["printer_last_ending"]) == (ended, "lost")


@pytest.mark.parametrize(
    ("locale", "direction"), [("en", "ltr"), ("ar", "rtl"), ("ckb", "rtl"), ("ps", "rtl"), ("yi", "rtl")]
)
def test_the_direction_of_the_text_is_reported(locale, direction):
    assert read(locale=locale)["text_direction"] == direction


def test_settings_and_locale_are_reported():
    reading = read(locale="de", settings={"display_format": "dh", "poll_interval_seconds": 7})

    assert (reading["display_format"], reading["poll_interval_seconds"]) == ("dh", 7)
    assert reading["locale"] == "de"
    assert reading["uptime_dh"] == "1 T 2 Std."
    assert reading["history_revision"] == "1"


def test_the_offset_of_local_time_is_reported(monkeypatch):
    local = time.struct_time((2026, 11, 24, 7, 0, 0, 1, 328, 0), {"tm_zone": "X", "tm_gmtoff": 20_700})
    monkeypatch.setattr(time, "localtime", lambda: local)

    assert read()["utc_offset_seconds"] == 20_700


def test_the_patterns_are_there_on_demand():
    assert "duration_patterns" not in read()
    assert read(locale="ar", with_patterns=True)["duration_patterns"] == duration_patterns("ar")


def test_a_host_with_a_number_needs_no_note():
    reading = read()

    assert reading["uptime_available"] is True
    assert "uptime_note" not in reading


@pytest.mark.parametrize(
    ("problem", "note"),
    [
        (PermissionError(), "OctoPrint is not allowed to read the host’s start time."),
        (FileNotFoundError(), "The host does not report when it started."),
        (None, "The host does not report when it started."),
    ],
)
def test_a_host_without_a_number_says_why(problem, note):
    reading = read(begun(host_start=None), host_problem=problem)

    assert reading["uptime_available"] is False
    assert reading["uptime_note"] == note
    assert {reading[name] for name in ("session", "seconds", "uptime", "started")} == {None}
    assert reading["octoprint_seconds"] == 93_689.211


def test_the_note_is_in_the_language_of_the_other_texts(monkeypatch):
    monkeypatch.setattr(readings, "TRANSLATIONS", ROOT / "translations")  # where they are in the repository
    english, german = (read(begun(host_start=None), locale, host_problem=PermissionError()) for locale in ("en", "de"))

    assert english["uptime_note"] != german["uptime_note"]
    assert "OctoPrint" in german["uptime_note"]
