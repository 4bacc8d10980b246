"""docs/recipes.md: each piece goes through the parser of the program it is for, over answers of a real OctoPrint."""

import json
import re
import subprocess
import time
from datetime import datetime

import jinja2
import pytest
import yaml

from tests.harness.basefolder import api_key
from tests.harness.commands import environment_with
from tests.harness.logs import records
from tests.harness.markdown import blocks
from tests.harness.printer import VirtualPrinter
from tests.harness.wheel import ROOT

DOCUMENT = ROOT / "docs" / "recipes.md"
(PLUGIN,) = [block.code for block in blocks(DOCUMENT, "python")]
ONE_LINER, TEST_OF_AN_HOUR = [block.code for block in blocks(DOCUMENT, "sh")]

URL_PATH = "/api/plugin/octoprint_uptime"
EVENT_TIMEOUT_SECONDS = 30


class Loader(yaml.SafeLoader):
    """Knows what Home Assistant adds to YAML."""


Loader.add_constructor("!secret", lambda loader, node: loader.construct_scalar(node))


def recipe(key):
    """The YAML block whose document has this key."""
    found = [yaml.load(block.code, Loader) for block in blocks(DOCUMENT, "yaml")]  # noqa: S506 - a SafeLoader
    (document,) = [document for document in found if key in document]
    return document[key]


def code_of(key):
    (code,) = [block.code for block in blocks(DOCUMENT, "yaml") if block.code.startswith(f"{key}:")]
    return code


@pytest.fixture(scope="module")
def server(make_server):
    server = make_server(plugins={"uptime_logger.py": PLUGIN})
    yield server
    server.stop()


@pytest.fixture
def printer(client):
    printer = VirtualPrinter(client("admin"))
    yield printer
    printer.disconnect()


def render(template, reading):
    """As Home Assistant does, which writes its templates in Jinja."""
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined)  # noqa: S701 - makes no HTML
    return environment.from_string(template).render(value_json=reading)


# Home Assistant


def test_home_assistant_gets_a_time_or_a_text_for_each_sensor(client, printer):
    printer.connect()
    reading = client("reader").reading("?l10n=en")
    (resource,) = recipe("rest")

    states = {sensor["name"]: render(sensor["value_template"], reading) for sensor in resource["sensor"]}

    assert states == {
        "OctoPrint host started": reading["started"],
        "OctoPrint started": reading["octoprint_started"],
        "OctoPrint printer connected": reading["printer_started"],
        "OctoPrint host uptime": reading["uptime_dh"],
    }
    for sensor in resource["sensor"]:
        if sensor.get("device_class") == "timestamp":
            assert datetime.fromisoformat(states[sensor["name"]].replace("Z", "+00:00")).tzinfo is not None
        assert render(sensor.get("availability", "True"), reading) == "True"


def test_home_assistant_learns_that_no_printer_is_connected(client):
    reading = client("reader").reading()
    (resource,) = recipe("rest")

    available = {sensor["name"]: render(sensor.get("availability", "True"), reading) for sensor in resource["sensor"]}

    assert [name for name, value in available.items() if value != "True"] == ["OctoPrint printer connected"]


def test_home_assistant_is_sent_to_the_api_and_watches_a_sensor_that_exists():
    (resource,), (automation,) = recipe("rest"), recipe("automation")
    entities = ["sensor." + sensor["name"].lower().replace(" ", "_") for sensor in resource["sensor"]]

    assert resource["resource"] == f"http://octopi.local{URL_PATH}?l10n=en"
    assert list(resource["headers"]) == ["X-Api-Key"]
    assert len({sensor["unique_id"] for sensor in resource["sensor"]}) == len(entities)
    assert automation["triggers"][0]["entity_id"] in entities


# Shell


def run(command, server, key="reader"):
    environment = {**environment_with("curl", "jq"), "OCTOPRINT": server.url, "KEY": api_key(key)}
    return subprocess.run(["sh", "-c", command], env=environment, capture_output=True, text=True)


@pytest.mark.parametrize("connected", [False, True])
def test_the_one_liner_tells_all_three_clocks(server, client, printer, connected):
    if connected:
        printer.connect()
    before = client("reader").reading("?l10n=en")
    output = run(ONE_LINER, server)
    after = client("reader").reading("?l10n=en")

    assert (output.returncode, output.stderr) == (0, "")
    expected = [
        f"host {reading['uptime_dh']}, OctoPrint {reading['octoprint_uptime_dh']}, "
        f"printer {reading['printer_uptime_dh'] or 'not connected'}\n"
        for reading in (before, after)
    ]
    assert output.stdout in expected


def test_the_line_for_scripts_fails_for_an_octoprint_that_is_young_or_does_not_answer(server):
    assert run(TEST_OF_AN_HOUR, server).returncode == 1
    assert run(TEST_OF_AN_HOUR.replace("3600", "1"), server).returncode == 0
    assert run(TEST_OF_AN_HOUR.replace("3600", "1"), server, key="nobody").returncode == 1


# Another plugin


def test_the_plugin_of_twenty_lines_loads_and_logs(server, client, printer):
    printer.connect()
    printer.disconnect()

    def logged():
        return [record.text for record in records(server.log()) if record.logger == "octoprint.plugins.uptime_logger"]

    deadline = time.monotonic() + EVENT_TIMEOUT_SECONDS
    while not logged():
        assert time.monotonic() < deadline, server.log()
    assert re.fullmatch(r"The printer is gone\. Up are: host [\ddhms ]+, OctoPrint [\ddhms ]+\n?", logged()[-1])
    assert len([line for line in PLUGIN.splitlines() if line]) <= 20


# Prometheus


def test_json_exporter_finds_a_number_at_each_path(client, printer):
    printer.connect()
    reading = client("reader").reading()
    modules = recipe("modules")

    for module in modules.values():
        paths = {metric["labels"]["clock"]: metric["path"] for metric in module["metrics"]}
        fields = {clock: re.fullmatch(r"\{ \.(\w+) \}", path)[1] for clock, path in paths.items()}
        assert fields == {"host": "seconds", "octoprint": "octoprint_seconds", "printer": "printer_seconds"}
        assert all(isinstance(reading[field], float) for field in fields.values())
        assert {metric["name"] for metric in module["metrics"]} == {"octoprint_uptime_seconds"}


def test_prometheus_asks_for_the_modules_that_json_exporter_has():
    (job,) = recipe("scrape_configs")

    assert [static["labels"]["__param_module"] for static in job["static_configs"]] == list(recipe("modules"))
    assert all(target.endswith(URL_PATH) for static in job["static_configs"] for target in static["targets"])


@pytest.fixture
def promtool(tmp_path):
    """Runs Prometheus' own tool in a folder that has the files of the recipe."""
    (tmp_path / "prometheus.yml").write_text(code_of("rule_files"))
    (tmp_path / "octoprint.rules.yml").write_text(code_of("groups"))
    environment = environment_with("promtool", package="prometheus")

    def run(*arguments):
        result = subprocess.run(
            ["promtool", *arguments],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert result.returncode == 0, result.stdout

    return run


def test_prometheus_takes_configuration_and_rules(promtool):
    promtool("check", "config", "prometheus.yml")


# One value a minute. "steady" is asked a little early or late each time, "restarted" restarts after ten minutes,
# "returned" does not answer for three minutes and has not restarted, "unplugged" loses its printer: null is NaN.
SERIES = {
    "steady": "100 160.3 219.8 280.2 339.9 400.1 459.8 520.3 580 639.7 700.2 760 820.3 879.9 940",
    "restarted": "100+60x9 30+60x4",
    "returned": "100 160 220 280 340 400 stale _ _ 640.4 700.4 760.4 820.4 880.4 940.4",
    "unplugged": "100 160 220 280 340 NaN NaN NaN NaN NaN NaN NaN NaN NaN NaN",
}


def test_the_alert_is_for_restarts_alone(promtool, tmp_path):
    summary = "restarted: host started anew"
    labels = {"clock": "host", "printer": "restarted"}
    alert = {"exp_labels": labels, "exp_annotations": {"summary": summary}}
    scenario = {
        "interval": "1m",
        "input_series": [
            {"series": f'octoprint_uptime_seconds{{clock="host",printer="{printer}"}}', "values": values}
            for printer, values in SERIES.items()
        ],
        "alert_rule_test": [
            {"alertname": "OctoPrintClockRestarted", "eval_time": "9m", "exp_alerts": []},
            {"alertname": "OctoPrintClockRestarted", "eval_time": "14m", "exp_alerts": [alert]},
        ],
        "promql_expr_test": [
            {
                "expr": 'octoprint_start_time_seconds{printer="restarted"}',
                "eval_time": "14m",
                "exp_samples": [
                    {"labels": 'octoprint_start_time_seconds{clock="host",printer="restarted"}', "value": 570}
                ],
            }
        ],
    }
    tests = {"rule_files": ["octoprint.rules.yml"], "evaluation_interval": "1m", "tests": [scenario]}
    (tmp_path / "tests.yml").write_text(json.dumps(tests))

    promtool("test", "rules", "tests.yml")
