"""docs/recipes.md over a real OctoPrint: the shell, another plugin, and the fields that the recipes name.

Home Assistant and Prometheus have tests of their own, in tests/neighbours.
"""

import json
import re
import subprocess
import time

import pytest

from octoprint_uptime import format_uptime_short
from tests.harness.basefolder import api_key
from tests.harness.commands import environment_with
from tests.harness.logs import records
from tests.harness.markdown import blocks
from tests.harness.printer import VirtualPrinter
from tests.harness.servers import free_port
from tests.harness.wheel import ROOT

DOCUMENT = ROOT / "docs" / "recipes.md"
(PLUGIN,) = [block.code for block in blocks(DOCUMENT, "python")]
UPTIMES, LAST_NIGHT, TEST_OF_AN_HOUR = [block.code for block in blocks(DOCUMENT, "sh")]
(HOME_ASSISTANT,) = [block.code for block in blocks(DOCUMENT, "yaml") if block.code.startswith("rest:")]

URL_PATH = "/api/plugin/octoprint_uptime"
EVENT_TIMEOUT_SECONDS = 30


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


# Home Assistant


def test_the_fields_that_home_assistant_is_told_of_are_there(client, printer):
    printer.connect()
    printer.disconnect()
    answer = client("reader").reading("?include=history")
    ended = [session for session in answer["history"]["sessions"] if session["ending"] is not None]

    assert set(re.findall(r"value_json\.(\w+)", HOME_ASSISTANT)) <= set(answer)
    assert set(re.findall(r"last\.(\w+)", HOME_ASSISTANT)) <= set(ended[0])
    (attributes,) = re.findall(r"json_attributes: \[(.*)\]", HOME_ASSISTANT)
    assert set(attributes.split(", ")) <= set(ended[0])
    assert f"http://octopi.local{URL_PATH}?l10n=en&include=history" in HOME_ASSISTANT


# Shell


def run(command, url, key="reader", shell="sh"):
    environment = {**environment_with("curl", "jq"), "OCTOPRINT": url, "KEY": api_key(key), "TZ": "Asia/Tokyo"}
    return subprocess.run([shell, "-c", command], env=environment, capture_output=True, text=True)


@pytest.mark.parametrize("shell", ["sh", "bash"])
@pytest.mark.parametrize("connected", [False, True])
def test_the_first_line_tells_all_three_uptimes(server, client, printer, connected, shell):
    if connected:
        printer.connect()
    before = client("reader").reading("?l10n=en")
    output = run(UPTIMES, server.url, shell=shell)
    after = client("reader").reading("?l10n=en")

    assert (output.returncode, output.stderr) == (0, "")
    told = re.fullmatch(r"host (.*), OctoPrint (.*), printer (.*)\n", output.stdout).groups()
    for text, prefix in zip(told, ("", "octoprint_", "printer_")):
        assert text in texts_between(before[prefix + "seconds"], after[prefix + "seconds"])


def texts_between(before, after):
    if before is None:
        return ["not connected"]
    return [format_uptime_short(seconds) for seconds in range(int(before), int(after) + 1)]


def test_the_second_line_tells_what_ended_last_in_local_time(server, client, printer):
    printer.connect()
    printer.disconnect()
    history = client("reader").reading("?include=history")["history"]
    (last, *_) = [session for session in history["sessions"] if session["ended"]]
    output = run(LAST_NIGHT, server.url)

    assert (output.returncode, output.stderr) == (0, "")
    hour = (int(last["ended"][11:13]) + 9) % 24
    assert re.fullmatch(rf"\w+ {hour:02}{last['ended'][13:16]}  printer ended: stopped", output.stdout.splitlines()[0])


@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_the_second_line_names_the_print_and_leaves_out_what_ended_with_something_else(tmp_path, shell):
    ended = {
        "clock": "octoprint",
        "ended": "2026-11-24T20:12:03Z",
        "ending": "silent",
        "print": {"file": "benchy.gcode"},
    }
    carried = {**ended, "clock": "printer", "ending": "carried"}
    running = {**ended, "ended": None, "ending": None}

    assert answered_by(tmp_path, [running, carried, ended], shell) == (
        "Wed 05:12  octoprint ended: silent, while printing benchy.gcode\n"
    )
    assert answered_by(tmp_path, [running], shell) == "nothing ended\n"


def answered_by(folder, sessions, shell):
    """What the second line makes of an answer with these sessions; curl reads it from a file."""
    path = folder / "api" / "plugin" / "octoprint_uptime"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"history": {"sessions": sessions}}))
    return run(LAST_NIGHT, f"file://{folder}", shell=shell).stdout


def test_the_line_for_scripts_fails_for_an_octoprint_that_is_young(server):
    assert run(TEST_OF_AN_HOUR, server.url).returncode == 1
    assert run(TEST_OF_AN_HOUR.replace("3600", "1"), server.url).returncode == 0


@pytest.mark.parametrize("shell", ["sh", "bash"])
@pytest.mark.parametrize("command", [UPTIMES, LAST_NIGHT, TEST_OF_AN_HOUR.replace("3600", "1")])
def test_each_line_says_what_is_wrong_and_fails(server, command, shell):
    refused = run(command, server.url, key="nobody", shell=shell)
    away = run(command, f"http://127.0.0.1:{free_port()}", shell=shell)

    assert refused.stdout == away.stdout == ""
    assert "403" in refused.stderr
    assert "Failed to connect" in away.stderr
    assert 0 not in (refused.returncode, away.returncode)


# Another plugin


def test_the_plugin_of_twenty_lines_loads_and_logs(server, client, printer):
    printer.connect()
    printer.disconnect()

    def logged():
        return [record.text for record in records(server.log()) if record.logger == "octoprint.plugins.uptime_logger"]

    deadline = time.monotonic() + EVENT_TIMEOUT_SECONDS
    while not logged():
        assert time.monotonic() < deadline, server.log()
    assert re.fullmatch(
        r"The printer was disconnected\. Uptimes: host [\ddhms ]+, OctoPrint [\ddhms ]+\n?", logged()[-1]
    )
    assert len([line for line in PLUGIN.splitlines() if line]) <= 20
