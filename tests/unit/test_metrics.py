"""Prometheus's text exposition, read by Prometheus's own Python client."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from octoprint_uptime.history.sessions import Session
from octoprint_uptime.metrics import CONTENT_TYPE, expose

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
UNEXPECTED = "octoprint_uptime_previous_end_unexpected"
EVIDENCE = "octoprint_uptime_previous_end_evidence_info"


def ended(clock, ending, **more):
    return Session("", clock, "", 0.0, 1.0, ending=ending, **more)


def parse(reading, sessions=()):
    """``{metric: {uptime, and ending where there is one: value}}``."""
    families = list(text_string_to_metric_families(expose(reading, sessions)))
    assert {(family.type, bool(family.documentation)) for family in families} == {("gauge", True)}
    return {family.name: {_uptime(sample): sample.value for sample in family.samples} for family in families}


def _uptime(sample):
    return "/".join(sample.labels[name] for name in ("uptime", "ending", "evidence") if name in sample.labels)


def test_each_uptime_has_its_age_and_its_start():
    metrics = parse(READING)

    assert metrics[AGE] == {"host": 93784.21, "octoprint": 3600.02, "printer": 0.0}
    assert metrics[START] == {"host": 1795248000, "octoprint": 1795338184, "printer": 1795341784}


def test_what_is_not_running_has_no_age_and_keeps_its_previous_end():
    metrics = parse(NO_PRINTER, [ended("printer", "lost")])

    assert set(metrics[AGE]) == set(metrics[START]) == {"host", "octoprint"}
    assert metrics[PREVIOUS_END] == {"printer/lost": 1}


def test_nothing_at_all_is_still_an_exposition():
    nothing = dict.fromkeys(READING)

    assert parse(nothing) == {AGE: {}, START: {}, PREVIOUS_END: {}, UNEXPECTED: {}, EVIDENCE: {}}


def test_each_code_of_the_evidence_is_a_sample():
    printer = ended("printer", "lost", evidence=("usb_gone", "made_up"), undervoltage=True)
    metrics = parse(NO_PRINTER, [printer, ended("host", "stopped"), ended("octoprint", "silent", evidence=())])

    assert metrics[EVIDENCE] == {"printer/usb_gone": 1, "printer/undervoltage": 1}


def test_of_each_uptime_the_newest_end_counts():
    sessions = [
        ended("octoprint", "silent"),
        ended("octoprint", "stopped"),
        ended("host", "unseen"),
        ended("printer", "reset"),
        ended("host", "silent"),
    ]
    metrics = parse(NO_PRINTER, sessions)

    assert metrics[PREVIOUS_END] == {"host/unseen": 1, "octoprint/silent": 1, "printer/reset": 1}
    assert list(metrics[PREVIOUS_END]) == ["host/unseen", "octoprint/silent", "printer/reset"]
    assert metrics[UNEXPECTED] == {"host": 0, "octoprint": 1, "printer": 1}


@pytest.mark.parametrize(("asked", "unexpected"), [(None, 1), ("disconnect", 0)])
def test_a_disconnect_that_hit_a_print_is_unexpected_unless_it_was_asked_for(asked, unexpected):
    stopped = ended("printer", "stopped", file="benchy.gcode", asked=asked)

    assert parse(READING, [stopped])[UNEXPECTED] == {"printer": unexpected}


@pytest.mark.parametrize("seconds", [0.001, 1e-05, 315360000.123, 86400])
def test_numbers_arrive_as_they_were_sent(seconds):
    assert parse({**READING, "seconds": seconds})[AGE]["host"] == seconds


def test_the_text_has_the_form_and_the_type_of_its_format():
    text = expose(READING, [ended("host", "silent")])

    words = "Uptime in seconds of the host, OctoPrint or printer connection."

    assert text.startswith(f'# HELP {AGE} {words}\n# TYPE {AGE} gauge\n{AGE}{{uptime="host"}} 93784.21\n')
    assert f'{PREVIOUS_END}{{uptime="host",ending="silent"}} 1\n' in text
    assert text.endswith("\n")
    assert "\n\n" not in text
    assert CONTENT_TYPE == "text/plain; version=0.0.4; charset=utf-8"
