"""What other plugins can use: the helpers and the functions to import, seen from a second plugin in OctoPrint."""

import pytest

from tests.harness.client import Client
from tests.harness.wheel import HARNESS

CONSUMER = HARNESS / "consumer_plugin.py"


@pytest.fixture(scope="module")
def server(make_server):
    server = make_server(plugins={"uptime_consumer.py": CONSUMER.read_text()})
    yield server
    server.stop()


@pytest.fixture
def consumer(server):
    """Asks the second plugin."""
    admin = Client(server, "admin")

    def ask(query=""):
        answer = admin.request("GET", "/api/plugin/uptime_consumer" + query)
        assert answer.status == 200, answer
        return answer.json

    return ask


def test_another_plugin_finds_all_helpers(consumer):
    assert consumer()["helpers"] == ["format_uptime", "get_history", "get_uptime"]


def test_another_plugin_gets_the_history_of_the_api(consumer, client):
    history = consumer()["history"]

    assert history["days"] == 7
    of_the_api = client("reader").reading("?include=history&days=7")["history"]["sessions"]
    assert [session["session"] for session in history["sessions"]] == [session["session"] for session in of_the_api]


def test_another_plugin_formats_with_the_helper_and_with_the_import(consumer):
    answer = consumer()

    assert answer["imported_text"] == "1h 0m 0s"
    assert answer["helper_text"] == "1 Std. 0 Min. 0 Sek."


def test_another_plugin_gets_the_document_of_the_api(consumer, client):
    before = client("reader").reading("?l10n=en")
    reading = consumer()["inside"]
    after = client("reader").reading("?l10n=en")

    assert set(reading) == set(before)
    for field in ("seconds", "octoprint_seconds"):
        assert before[field] <= reading[field] <= after[field]
    assert reading["octoprint_started"] == before["octoprint_started"]


def test_the_document_is_english_unless_asked_otherwise(consumer):
    answer = consumer("?l10n=pl")

    assert answer["inside"]["locale"] == "en"
    assert answer["inside"]["uptime_d"].endswith("d")


def test_a_plugin_needs_no_request_to_get_the_document(consumer):
    reading = consumer()["outside"]

    assert reading["locale"] == "de"
    assert reading["uptime_d"].endswith(" T")
    assert reading["octoprint_seconds"] > 0
