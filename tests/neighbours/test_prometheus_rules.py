"""The rules for Prometheus as they stand, over hours and days that its own tool makes up."""

import json
import subprocess

import pytest

from tests.harness.commands import environment_with
from tests.harness.markdown import blocks
from tests.harness.wheel import ROOT

DOCUMENT = ROOT / "docs" / "recipes.md"
(CONFIGURATION,) = [block.code for block in blocks(DOCUMENT, "yaml") if block.code.startswith("rule_files:")]
(RULES,) = [block.code for block in blocks(DOCUMENT, "yaml") if block.code.startswith("groups:")]

RESTARTED, SILENTLY, AWAY = "OctoPrintUptimeRestarted", "OctoPrintUptimeEndedSilently", "OctoPrintUptimeAway"
OFTEN, LOST = "OctoPrintUptimeRestartsOften", "OctoPrintUptimePrinterLost"
SUMMARIES = {
    RESTARTED: "octopi: host restarted",
    SILENTLY: "octopi: host stopped without shutting down cleanly, and restarted",
    OFTEN: "octopi: host keeps restarting",
    LOST: "octopi: the connection to the printer was lost and has not been restored",
    AWAY: "octopi does not answer",
}

# One age a minute, as promtool writes series; a clock of the host's that gains 50 ppm on that of Prometheus.
STEADY = "700+60x30"
DRIFTING = "700+60.003x1800"
RESTARTED_AT_TEN = "90000+60x9 30+60x20"
BACK_AFTER_AN_HOUR = "90000+60x9 _x60 300+60x20"
BACK_WITHOUT_A_RESTART = "90000+60x9 stale _ _ 90780+60x20"
RESTARTED_AND_FLAPPING = "90000+60x9 30 stale _ _ 270+60x20"
UNPLUGGED = "90000+60x9 stale"


@pytest.fixture
def promtool(tmp_path):
    """Runs Prometheus's own tool in a folder that has the files of the recipe."""
    (tmp_path / "prometheus.yml").write_text(CONFIGURATION)
    (tmp_path / "octoprint.rules.yml").write_text(RULES)

    def run(*arguments):
        output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        environment = environment_with("promtool", package="prometheus")
        result = subprocess.run(["promtool", *arguments], cwd=tmp_path, env=environment, **output)
        assert result.returncode == 0, result.stdout

    return run


@pytest.fixture
def check(promtool, tmp_path):
    """Checks which alerts fire for a series at these minutes, ``{minute: [alert, …]}``."""

    def check(series, expected, uptime="host", ending=None, ended="1x2000", metric="octoprint_uptime_seconds"):
        labels = {"instance": "octopi", "job": "octoprint", "uptime": uptime}
        if metric == "up":
            del labels["uptime"]
        inputs = [{"series": _name(metric, labels), "values": series}]
        if ending is not None:
            info = {**labels, "ending": ending}
            inputs.append({"series": _name("octoprint_uptime_previous_end_info", info), "values": ended})
        tests = [
            {
                "alertname": alert,
                "eval_time": f"{minute}m",
                "exp_alerts": _alerts(labels | {"ending": "lost"} if alert == LOST else labels, alert) if fires else [],
            }
            for minute, alerts in expected.items()
            for alert, fires in {name: name in alerts for name in SUMMARIES}.items()
        ]
        scenario = {"interval": "1m", "input_series": inputs, "alert_rule_test": tests}
        files = {"rule_files": ["octoprint.rules.yml"], "evaluation_interval": "1m", "tests": [scenario]}
        (tmp_path / "tests.yml").write_text(json.dumps(files))
        promtool("test", "rules", "tests.yml")

    return check


def _name(metric, labels):
    return metric + "{" + ",".join(f'{name}="{value}"' for name, value in labels.items()) + "}"


def _alerts(labels, alert):
    return [{"exp_labels": labels, "exp_annotations": {"summary": SUMMARIES[alert]}}]


def test_prometheus_takes_configuration_and_rules(promtool):
    promtool("check", "config", "prometheus.yml")


def test_what_goes_on_is_told_by_nobody(check):
    check(STEADY, {minute: [] for minute in (1, 10, 29)})


def test_clocks_that_drift_apart_for_a_day_and_more_tell_nobody(check):
    check(DRIFTING, {60 * hour: [] for hour in (1, 24, 28, 29)})


def test_a_restart_is_told_for_as_long_as_it_is_news(check):
    check(RESTARTED_AT_TEN, {9: [], 10: [RESTARTED], 19: [RESTARTED], 26: []}, ending="stopped")


def test_a_silent_end_is_told_as_one(check):
    check(RESTARTED_AT_TEN, {9: [], 10: [RESTARTED, SILENTLY], 26: []}, ending="silent")


def test_a_restart_is_told_also_after_an_hour_away(check):
    check(BACK_AFTER_AN_HOUR, {9: [], 40: [], 71: [RESTARTED], 90: []})


def test_who_comes_back_without_a_restart_is_told_by_nobody(check):
    check(BACK_WITHOUT_A_RESTART, {minute: [] for minute in (9, 11, 13, 14, 20)})


def test_a_restart_is_told_once_although_the_network_flaps(check):
    check(RESTARTED_AND_FLAPPING, {minute: [RESTARTED] for minute in range(10, 20)})


def test_a_printer_that_goes_and_one_that_comes_are_told_by_nobody(check):
    check(UNPLUGGED, {9: [], 12: []}, uptime="printer", ending="carried")
    check(RESTARTED_AT_TEN, {10: [], 12: []}, uptime="printer", ending="lost")


def test_a_printer_that_was_lost_is_told_until_it_is_back(check):
    lost_at_ten = "90000+60x9 stale _x9 30+60x10"
    alerts = {9: [], 10: [], 12: [LOST], 19: [LOST], 21: []}
    check(lost_at_ten, alerts, uptime="printer", ending="lost", ended="_x9 1x30")


def test_restarts_one_after_the_other_are_told_as_such(check):
    three = "90000+60x9 30+60x5 30+60x5 30+60x60"
    check(three, {12: [RESTARTED], 23: [RESTARTED, OFTEN], 60: [OFTEN], 90: []})


def test_who_does_not_answer_is_told_after_ten_minutes(check):
    check("1x5 0x20", {8: [], 15: [], 17: [AWAY]}, metric="up")


def test_the_dashboard_leaves_the_data_source_to_whoever_imports_it():
    dashboard = json.loads((ROOT / "extras" / "grafana-dashboard.json").read_text())
    kinds = {variable["name"]: variable["type"] for variable in dashboard["templating"]["list"]}
    users = [*dashboard["panels"], *(target for panel in dashboard["panels"] for target in panel["targets"])]

    assert kinds["datasource"] == "datasource"
    assert {user["datasource"]["uid"] for user in users} == {"${datasource}"}
    assert "__inputs" not in dashboard
