"""The uptimes in OctoPrint's System Information and in the bundle that people attach to their reports."""

import io
import urllib.request
import zipfile

import pytest

from octoprint_uptime import format_uptime
from tests.harness.basefolder import api_key
from tests.harness.printer import VirtualPrinter

PREFIX = "env.plugins.octoprint_uptime."
CLOCKS = {"host": "seconds", "octoprint": "octoprint_seconds", "printer": "printer_seconds"}

COUNTS = ("starts_in_7_days", "unexpected_ends_in_7_days", "evidence_in_7_days")

GERMAN = {"X-Locale": "de", "Accept-Language": "de"}


@pytest.fixture
def printer(client):
    printer = VirtualPrinter(client("admin"))
    yield printer
    printer.disconnect()


def get_api(admin, headers=None):
    answer = admin.request("GET", "/api/system/info", headers=headers)
    assert answer.status == 200, answer
    return answer.json["systeminfo"]


def get_bundle(admin, headers=None):
    """systeminfo.txt as a dict of texts."""
    headers = {"X-Api-Key": api_key(admin.name), **(headers or {})}
    request = urllib.request.Request(admin.server.url + "/downloads/systeminfo.zip", headers=headers)
    with urllib.request.urlopen(request, timeout=30) as response:
        bundle = zipfile.ZipFile(io.BytesIO(response.read()))
    lines = bundle.read("systeminfo.txt").decode().splitlines()
    return dict(line.split(": ", 1) for line in lines)


def assert_rows_are_of_the_moment(get, admin, clocks, headers=None):
    """What the system information says of these clocks lies between two readings of the API."""
    before = admin.reading()
    rows = get(admin, headers)
    after = admin.reading()
    for clock in clocks:
        seconds = int(rows[f"{PREFIX}{clock}_seconds"])
        assert int(before[CLOCKS[clock]]) <= seconds <= after[CLOCKS[clock]]
        assert rows[f"{PREFIX}{clock}_uptime"] == format_uptime(seconds)


in_api_and_bundle = pytest.mark.parametrize("get", [get_api, get_bundle], ids=["api", "bundle"])


@in_api_and_bundle
def test_the_rows_are_of_the_moment_with_each_request(client, printer, get):
    admin = client("admin")
    assert_rows_are_of_the_moment(get, admin, ["host", "octoprint"])

    printer.connect()

    assert_rows_are_of_the_moment(get, admin, ["host", "octoprint", "printer"])


@in_api_and_bundle
def test_a_printer_that_is_not_connected_has_rows_without_a_value(client, get):
    rows = get(client("admin"))

    assert {str(rows[f"{PREFIX}printer_{field}"]) for field in ("seconds", "uptime")} == {"None"}


@in_api_and_bundle
def test_the_texts_are_english_in_every_language(client, get):
    assert_rows_are_of_the_moment(get, client("admin"), ["host", "octoprint"], headers=GERMAN)


def test_there_are_no_other_rows(client):
    rows = {key for key in get_api(client("admin")) if key.startswith(PREFIX)}

    assert rows == {f"{PREFIX}{clock}_{field}" for clock in CLOCKS for field in ("seconds", "uptime", *COUNTS)}


@in_api_and_bundle
def test_what_happened_is_counted_and_names_no_file(client, printer, get):
    admin = client("admin")
    before = int(get(admin)[f"{PREFIX}printer_starts_in_7_days"])
    printer.connect()
    rows = get(admin)

    assert int(rows[f"{PREFIX}printer_starts_in_7_days"]) == before + 1
    assert int(rows[f"{PREFIX}octoprint_starts_in_7_days"]) == 1
    assert {str(rows[f"{PREFIX}{clock}_unexpected_ends_in_7_days"]) for clock in ("host", "octoprint")} == {"0"}
    assert ".gcode" not in str([value for row, value in rows.items() if row.startswith(PREFIX)])
