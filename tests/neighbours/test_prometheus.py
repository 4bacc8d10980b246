"""The recipe for Prometheus, in Prometheus itself, which asks a real OctoPrint each second."""

import json
import re
import subprocess
import time

import pytest

from tests.harness.basefolder import api_key
from tests.harness.client import Client
from tests.harness.commands import environment_with
from tests.harness.markdown import blocks
from tests.harness.nginx import Nginx
from tests.harness.prometheus import Prometheus
from tests.harness.wheel import ROOT

DOCUMENT = ROOT / "docs" / "recipes.md"
DASHBOARD = json.loads((ROOT / "extras" / "grafana-dashboard.json").read_text())
(CONFIGURATION,) = [block.code for block in blocks(DOCUMENT, "yaml") if block.code.startswith("rule_files:")]
(RULES,) = [block.code for block in blocks(DOCUMENT, "yaml") if block.code.startswith("groups:")]

EACH_SECOND = "global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}\n"
# The rules as they stand, but for their patience.
YOUNG_SECONDS, KEEP_SECONDS, AWAY_SECONDS = 20, 10, 40
FASTER = {"< 600": f"< {YOUNG_SECONDS}", "for: 5m": f"for: {KEEP_SECONDS}s", "for: 10m": f"for: {AWAY_SECONDS}s"}
STEADY_SECONDS = 300
UNREACHABLE_SECONDS = 30

RESTARTED, SILENTLY, AWAY = "OctoPrintUptimeRestarted", "OctoPrintUptimeEndedSilently", "OctoPrintUptimeAway"


def replace(text, replacements):
    for old, new in replacements.items():
        assert old in text
        text = text.replace(old, new)
    return text


@pytest.fixture(scope="module")
def octoprint(make_octoprint):
    return make_octoprint()


@pytest.fixture(scope="module")
def cable(octoprint, tmp_path_factory):
    """What Prometheus reaches OctoPrint by; it can be pulled."""
    cable = Nginx(octoprint, "", tmp_path_factory.mktemp("nginx"))
    cable.start()
    yield cable
    cable.stop()


@pytest.fixture(scope="module")
def prometheus(cable, tmp_path_factory):
    target = cable.url[len("http://") :]
    configuration = replace(CONFIGURATION, {"octopi.local": f'"{target}"', "KEY_OF_OCTOPI": api_key("reader")})
    files = {"prometheus.yml": EACH_SECOND + configuration, "octoprint.rules.yml": replace(RULES, FASTER)}
    prometheus = Prometheus(tmp_path_factory.mktemp("prometheus"), files)
    prometheus.start()
    wait_until(lambda: prometheus.query("up == 1"))
    settle(prometheus)
    yield prometheus
    prometheus.stop()


def wait_until(condition, seconds=120):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def settle(prometheus):
    """Wait until everything has been up for long enough, and nobody is told of anything any more."""
    wait_until(
        lambda: prometheus.query("up == 1") and not prometheus.query(f"octoprint_uptime_seconds < {YOUNG_SECONDS}")
    )
    wait_until(lambda: not prometheus.query("ALERTS"))


def told(prometheus, since):
    """The alerts that fired since then, once for each time that they began to: [(alert, uptime), …]."""
    found = []
    for labels, values in prometheus.query_range('ALERTS{alertstate="firing"}', since, time.time()):
        times = [at for at, _ in values]
        begins = [at for at, before in zip(times, [None, *times]) if before is None or at - before > 1]
        found += [(labels["alertname"], labels.get("uptime"))] * len(begins)
    return sorted(found)


def test_steady_scrapes_change_nothing_and_tell_nobody(prometheus):
    since = time.time()
    time.sleep(STEADY_SECONDS)

    starts = prometheus.query_range("octoprint_uptime_start_time_seconds", since, time.time())
    assert sorted(labels["uptime"] for labels, _ in starts) == ["host", "octoprint"]
    assert all(len({value for _, value in values}) == 1 for _, values in starts)
    assert {value for _, values in prometheus.query_range("up", since, time.time()) for _, value in values} == {1}
    assert told(prometheus, since) == []


def test_a_restart_is_told_once(prometheus, octoprint):
    since = time.time()
    octoprint.restart()
    wait_until(lambda: told(prometheus, since))
    settle(prometheus)

    assert told(prometheus, since) == [(RESTARTED, "octoprint")]
    assert endings(prometheus)["octoprint"] == "stopped"


def test_a_silent_end_is_told_once_and_as_one(prometheus, octoprint):
    since = time.time()
    octoprint.kill()
    octoprint.start()
    wait_until(lambda: told(prometheus, since))
    settle(prometheus)

    assert told(prometheus, since) == [(SILENTLY, "octoprint"), (RESTARTED, "octoprint")]
    assert endings(prometheus)["octoprint"] == "silent"


def endings(prometheus):
    found = prometheus.query("octoprint_uptime_previous_end_info")
    return {labels["uptime"]: labels["ending"] for labels, value in found if value == 1}


def test_who_cannot_be_reached_for_half_a_minute_is_told_by_nobody(prometheus, cable):
    since = time.time()
    cable.stop()
    wait_until(lambda: prometheus.query("up == 0"))
    time.sleep(UNREACHABLE_SECONDS)
    assert prometheus.query("up == 0")
    cable.start()
    settle(prometheus)

    assert told(prometheus, since) == []


def test_who_stays_away_is_told_once(prometheus, cable):
    since = time.time()
    cable.stop()
    wait_until(lambda: told(prometheus, since))
    cable.start()
    settle(prometheus)

    assert told(prometheus, since) == [(AWAY, None)]


def test_the_panels_of_the_dashboard_have_data(prometheus):
    expressions = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
    shown = re.findall(r"^\| .* \| `(.*?octoprint_.*?)` \|", DOCUMENT.read_text(), re.MULTILINE)

    assert len(expressions) >= 4
    for expression in [*expressions, *shown]:
        assert prometheus.query(expression.replace("$__range", "1h").replace("$instance", ".*")), expression


def test_promtool_finds_nothing_wrong_with_the_metrics(octoprint):
    text = Client(octoprint, "reader").request("GET", "/plugin/octoprint_uptime/metrics").text
    environment = environment_with("promtool", package="prometheus")
    check = subprocess.run(
        ["promtool", "check", "metrics"], input=text, env=environment, capture_output=True, text=True
    )

    assert (check.returncode, check.stdout, check.stderr) == (0, "", "")
