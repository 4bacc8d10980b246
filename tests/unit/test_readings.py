"""The document that the API answers."""

import pytest

from octoprint_uptime.clocks import Clock
from octoprint_uptime.durations import duration_patterns
from octoprint_uptime.readings import take_reading
from octoprint_uptime.settings import DEFAULTS


class FixedClock(Clock):
    def __init__(self, seconds, failure=None):
        self._seconds = seconds
        self.failure = failure

    def seconds(self):
        return self._seconds


def read(host=93784.2109, octoprint=3600.02, printer=None, failure=None, locale="en", **options):
    clocks = {
        "host": FixedClock(host, failure),
        "octoprint": FixedClock(octoprint),
        "printer": FixedClock(printer),
    }
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
    assert len(fields) == 7


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
        (PermissionError(), "OctoPrint is not allowed to read when the host started."),
        (FileNotFoundError(), "The host does not tell when it started."),
        (None, "The host does not tell when it started."),
    ],
)
def test_a_host_without_a_number_says_why(failure, note):
    reading = read(host=None, failure=failure)

    assert reading["uptime_available"] is False
    assert reading["uptime_note"] == note
    assert reading["octoprint_uptime"] == "1h 0m 0s"
