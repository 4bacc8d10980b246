"""The metrics of a running OctoPrint, for whoever may see its status."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.harness.basefolder import api_key
from tests.harness.logs import records
from tests.harness.printer import VirtualPrinter

METRICS = "/plugin/octoprint_uptime/metrics"
AGE = "octoprint_uptime_seconds"


def samples(answer):
    assert answer.status == 200, answer
    families = text_string_to_metric_families(answer.text)
    return {family.name: {sample.labels["uptime"]: sample.value for sample in family.samples} for family in families}


@pytest.mark.smoke
def test_prometheus_gets_the_numbers_of_the_api(client):
    reader = client("reader")
    before = reader.reading()
    answer = reader.request("GET", METRICS)
    after = reader.reading()

    metrics = samples(answer)
    assert before["octoprint_seconds"] <= metrics[AGE]["octoprint"] <= after["octoprint_seconds"]
    starts = {"host": before["started_timestamp"], "octoprint": before["octoprint_started_timestamp"]}
    assert metrics["octoprint_uptime_start_time_seconds"] == starts
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_connected_printer_has_samples(client):
    printer = VirtualPrinter(client("admin"))
    printer.connect()
    connected = samples(client("reader").request("GET", METRICS))[AGE]
    printer.disconnect()

    assert set(connected) == {"host", "octoprint", "printer"}
    assert set(samples(client("reader").request("GET", METRICS))[AGE]) == {"host", "octoprint"}


@pytest.mark.smoke
@pytest.mark.parametrize("name", [None, "nobody"])
def test_who_may_not_see_the_status_learns_nothing(client, name):
    answer = client(name).request("GET", METRICS + "?l10n=en")

    refusal = {"error": "You are not allowed to see the uptime.", "uptime_available": False}
    assert (answer.status, answer.json) == (403, refusal)
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.smoke
def test_a_key_may_come_as_prometheus_sends_it(client):
    def status(key):
        return client().request("GET", METRICS, headers={"Authorization": f"Bearer {key}"}).status

    assert (status(api_key("reader")), status("WRONG")) == (200, 403)


@pytest.mark.smoke
def test_guests_who_may_see_the_status_get_the_metrics(client):
    path = "/api/access/groups/guests"
    client("admin").request("PUT", path, {"permissions": ["STATUS"]})
    answer = client().request("GET", METRICS)
    client("admin").request("PUT", path, {"permissions": []})

    assert answer.status == 200


def test_nothing_can_be_sent_to_the_metrics(client):
    for method in ("POST", "PUT", "DELETE"):
        assert client("admin").request(method, METRICS, {}).status == 405


@pytest.mark.smoke
def test_octoprint_does_not_warn_of_the_endpoint(server):
    warnings = [record for record in records(server.log()) if record.level == "WARNING"]

    ours = [record for record in warnings if "octoprint_uptime" in record.logger + record.text]
    assert not [record for record in ours if "Blueprint" in record.text]
