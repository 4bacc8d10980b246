"""The document that the API answers."""

from typing import NamedTuple, Optional

import pytest

from octoprint_uptime.clocks import Session
from octoprint_uptime.durations import duration_patterns
from octoprint_uptime.readings import take_reading
from octoprint_uptime.settings import DEFAULTS

STARTED = 1_795_248_000


class FixedClock(NamedTuple):
    prefix: str
    seconds: Optional[float]
    failure: Optional[Exception] = None

    def session(self):
        return Session() if self.seconds is None else Session("id", self.seconds, STARTED)


def read(host=93784.2109, octoprint=3600.02, printer=None, failure=None, locale="en", **options):
    clocks = FixedClock("", host, failure), FixedClock("octoprint_", octoprint), FixedClock("printer_", printer)
    return take_reading(clocks, DEFAULTS, locale, **options)


def test_each_clock_has_its_seconds_and_every_format():
    reading = read()

    assert reading["seconds"] == 93784.211
    assert reading["uptime"] == "1d 2h 3m 4s"
    assert reading["uptime_dhm"] == "1d 2h 3m"
    assert reading["uptime_dh"] == "1d 2h"
    assert reading["uptime_d"] == "1d"
    assert reading["uptime_short"] == "1d 2h"
    assert reading["octoprint_uptime"] == "1h 0m 0s"
    assert reading["octoprint_seconds"] == 3600.02


def test_a_clock_that_does_not_run_has_only_nothing():
    reading = read(printer=None)

    fields = {field: value for field, value in reading.items() if field.startswith("printer_")}
    assert set(fields.values()) == {None}
    assert len(fields) == 9


def test_a_session_is_told_with_its_start_in_two_notations():
    reading = read()

    assert reading["octoprint_session"] == "id"
    assert reading["octoprint_started_timestamp"] == STARTED
    assert reading["octoprint_started"] == "2026-11-21T08:00:00Z"


@pytest.mark.parametrize(
    ("locale", "direction"), [("en", "ltr"), ("ar", "rtl"), ("ckb", "rtl"), ("ps", "rtl"), ("yi", "rtl")]
)
def test_the_direction_of_the_text_is_told(locale, direction):
    assert read(locale=locale)["text_direction"] == direction


def test_settings_and_locale_are_told():
    reading = read(locale="de")

    assert reading["display_format"] == "full"
    assert reading["poll_interval_seconds"] == 300
    assert reading["locale"] == "de"
    assert reading["uptime_dh"] == "1 T 2 Std."


def test_the_patterns_are_there_on_demand():
    assert "duration_patterns" not in read()
    assert read(locale="ar", with_patterns=True)["duration_patterns"] == duration_patterns("ar")


def test_a_host_with_a_number_needs_no_note():
    reading = read()

    assert reading["uptime_available"] is True
    assert "uptime_note" not in reading


@pytest.mark.parametrize(
    ("failure", "note"),
    [
        (PermissionError(), "OctoPrint is not allowed to read the host’s start time."),
        (FileNotFoundError(), "The host does not report when it started."),
        (None, "The host does not report when it started."),
    ],
)
def test_a_host_without_a_number_says_why(failure, note):
    reading = read(host=None, failure=failure)

    assert reading["uptime_available"] is False
    assert reading["uptime_note"] == note
    assert reading["octoprint_uptime"] == "1h 0m 0s"
