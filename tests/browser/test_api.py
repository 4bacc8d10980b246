"""The API of a running OctoPrint."""

import re

import pytest

from tests.harness.client import PLUGIN

TEXTS = ("uptime", "uptime_dhm", "uptime_dh", "uptime_d", "uptime_short")
REFUSAL = {"error": "You are not allowed to see the uptime.", "uptime_available": False}


def clock_fields(prefix):
    return {prefix + field for field in ("session", "seconds", *TEXTS, "started", "started_timestamp")}


def test_the_document_has_exactly_the_documented_fields(client):
    reading = client("reader").reading()

    clocks = clock_fields("") | clock_fields("octoprint_") | clock_fields("printer_")
    rest = {
        "printer_last_ended",
        "printer_last_ending",
        "history_revision",
        "display_format",
        "poll_interval_seconds",
        "uptime_available",
        "locale",
        "text_direction",
        "utc_offset_seconds",
    }
    assert set(reading) == clocks | rest


def test_the_clocks_that_run_have_seconds_texts_and_a_start(client):
    reading = client("reader").reading("?l10n=en")

    for prefix in ("", "octoprint_"):
        assert reading[prefix + "seconds"] > 0
        assert re.fullmatch(r"(\d+d )?(\d+h )?(\d+m )?\d+s", reading[prefix + "uptime"])
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", reading[prefix + "started"])
    assert reading["octoprint_seconds"] < reading["seconds"]


def test_a_printer_that_is_not_connected_has_no_numbers(client):
    reading = client("reader").reading()

    assert {reading[field] for field in clock_fields("printer_")} == {None}


def test_the_start_does_not_move_from_request_to_request(client):
    reader = client("reader")
    readings = [reader.reading() for _ in range(20)]

    assert len({reading["started"] for reading in readings}) == 1
    assert len({reading["octoprint_started"] for reading in readings}) == 1


def test_texts_come_in_the_language_asked_for(client):
    reading = client("reader").reading("?l10n=de")

    assert reading["locale"] == "de"
    assert reading["octoprint_uptime_d"] == "0 T"
    assert reading["octoprint_uptime_dh"] == "0 Std."


@pytest.mark.parametrize("query", ["?l10n=xx", "?l10n=", "?l10n=%00", "?l10n=de_XX,,en", "?l10n=../../etc"])
def test_an_unknown_language_is_english(client, query):
    assert client("reader").reading(query)["locale"] == "en"


def test_the_patterns_come_only_when_asked_for(client):
    patterns = client("reader").reading("?l10n=pl&include=patterns")["duration_patterns"]

    hours = {"one": "{0} godzina", "few": "{0} godziny", "many": "{0} godzin", "other": "{0} godzin"}
    assert patterns["long"]["hour"] == hours


def test_the_answer_is_not_kept_by_anybody(client):
    headers = client("reader").request("GET", PLUGIN).headers

    assert "no-store" in headers["Cache-Control"]


@pytest.mark.parametrize("name", ["admin", "user", "reader"])
def test_who_may_see_the_status_gets_the_document(client, name):
    assert client(name).reading()["uptime_available"] is True


@pytest.mark.parametrize("name", [None, "nobody"])
def test_who_may_not_see_the_status_is_refused_and_learns_nothing(client, name):
    answer = client(name).request("GET", PLUGIN)

    assert (answer.status, answer.json) == (403, REFUSAL)


def test_a_refusal_comes_in_the_language_asked_for(client):
    answer = client().request("GET", PLUGIN + "?l10n=de")

    assert answer.status == 403
    assert answer.json["error"] not in ("", REFUSAL["error"])


def test_a_wrong_key_is_refused(client, octoprint_version):
    answer = client().request("GET", PLUGIN, headers={"X-Api-Key": "WRONG"})

    # OctoPrint 1.10 refuses a wrong key before any plugin is asked, in words of its own.
    expected = {"error": "Invalid API key"} if octoprint_version.startswith("1.10.") else REFUSAL
    assert (answer.status, answer.json) == (403, expected)


def test_other_methods_are_not_allowed(client):
    for method in ("PUT", "DELETE"):
        assert client("admin").request(method, PLUGIN, {}).status == 405
