"""Prometheus's text exposition, read by Prometheus's own Python client."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from octoprint_uptime.metrics import expose
from octoprint_uptime.sessions import Session

READING = {
    "seconds": 93784.21,
    "started_timestamp": 1795248000,
    "octoprint_seconds": 3600.02,
    "octoprint_started_timestamp": 1795338184,
    "printer_seconds": 0.0,
    "printer_started_timestamp": 1795341784,
}
NO_PRINTER = {**READING, "printer_seconds": None, "printer_started_timestamp": None}

AGE = "octoprint_uptime_seconds"
START = "octoprint_uptime_start_time_seconds"
PREVIOUS_END = "octoprint_uptime_previous_end_info"


def ended(clock, ending):
    return Session("", clock, "", 0.0, 1.0, ending=ending)


def parse(reading, sessions=()):
    """``{metric: {uptime, and ending where there is one: value}}``."""
    families = list(text_string_to_metric_families(expose(reading, sessions)))
    assert {(family.type, bool(family.documentation)) for family in families} == {("gauge", True)}
    return {family.name: {_uptime(sample): sample.value for sample in family.samples} for family in families}


def _uptime(sample):
    return "/".join(sample.labels[name] for name in ("uptime", "ending") if name in sample.labels)


def test_each_uptime_has_its_age_and_its_start():
    metrics = parse(READING)

    assert metrics[AGE] == {"host": 93784.21, "octoprint": 3600.02, "printer": 0.0}
    assert metrics[START] == {"host": 1795248000, "octoprint": 1795338184, "printer": 1795341784}


def test_what_does_not_run_has_no_sample():
    metrics = parse(NO_PRINTER, [ended("printer", "lost")])

    assert set(metrics[AGE]) == set(metrics[START]) == {"host", "octoprint"}
    assert metrics[PREVIOUS_END] == {}


def test_nothing_at_all_is_still_an_exposition():
    nothing = dict.fromkeys(READING)

    assert parse(nothing) == {AGE: {}, START: {}, PREVIOUS_END: {}}


def test_the_session_before_this_one_tells_how_it_ended():
    sessions = [
        ended("octoprint", "silent"),
        ended("octoprint", "stopped"),
        ended("host", "unseen"),
    ]

    assert parse(NO_PRINTER, sessions)[PREVIOUS_END] == {"octoprint/silent": 1, "host/unseen": 1}


def test_an_end_that_nobody_recorded_is_not_told():
    assert parse(READING)[PREVIOUS_END] == {}


@pytest.mark.parametrize("seconds", [0.001, 1e-05, 315360000.123, 86400])
def test_numbers_arrive_as_they_were_sent(seconds):
    assert parse({**READING, "seconds": seconds})[AGE]["host"] == seconds


def test_the_text_ends_as_the_format_demands():
    assert expose(READING, []).endswith("\n")
    assert "\n\n" not in expose(READING, [])
