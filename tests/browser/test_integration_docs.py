"""docs/api.md, word for word: its examples are run, its tables compared with real answers."""

import json
import re
import subprocess

import pytest

from octoprint_uptime.history.sessions import ENDINGS
from tests.harness.basefolder import api_key
from tests.harness.client import PLUGIN, Client
from tests.harness.commands import environment_with
from tests.harness.markdown import blocks, examples, names, table
from tests.harness.printer import VirtualPrinter
from tests.harness.wheel import HARNESS, ROOT

DOCUMENT = ROOT / "docs" / "api.md"
EXAMPLES_PLUGIN = HARNESS / "examples_plugin.py"

LAST_END = {"printer_last_ended", "printer_last_ending"}
TYPES = {"number": (int, float), "integer": int, "string": str, "boolean": bool, "object": dict}
ANSWERS = examples(DOCUMENT, "sh", "json")


@pytest.fixture(scope="module")
def server(make_server):
    server = make_server(plugins={"examples.py": EXAMPLES_PLUGIN.read_text()})
    yield server
    server.stop()


@pytest.fixture
def reading(client):
    return client("reader").reading("?l10n=en&include=patterns,history")


@pytest.fixture
def reading_with_printer(client):
    printer = VirtualPrinter(client("admin"))
    printer.connect()
    yield client("reader").reading("?l10n=en&include=patterns,history")
    printer.disconnect()


def fields():
    """What the table says of each field: (type, when it is null)."""
    return {name: (row[1], row[3]) for row in table(DOCUMENT, "field") for name in names(row[0])}


def always_there(row):
    return "only there" not in row[2]


def types_of(answer):
    return {field: float if type(value) is int else type(value) for field, value in answer.items()}


def test_all_code_of_the_document_is_run_here():
    shown = [block.language for block in blocks(DOCUMENT)]

    assert set(shown) == {"sh", "json", "javascript", "python"}
    assert shown.count("sh") == shown.count("json") == len(ANSWERS)


def test_the_document_lists_exactly_the_fields_of_an_answer(client):
    listed = [name for row in table(DOCUMENT, "field") if always_there(row) for name in names(row[0])]

    assert sorted(listed) == sorted(client("reader").reading())


def test_the_patterns_come_with_include_and_the_note_only_without_a_host(reading):
    assert set(fields()) - set(reading) == {"uptime_note"}
    assert set(reading) - set(fields()) == set()


def test_the_fields_have_the_documented_types(reading_with_printer):
    wrong = {
        field: value
        for field, value in reading_with_printer.items()
        if not isinstance(value, TYPES[fields()[field][0]]) or (value is True and fields()[field][0] != "boolean")
    }
    ended = {field: wrong.pop(field) for field in LAST_END}

    assert (wrong, set(ended.values())) == ({}, {None})


def test_the_last_end_of_the_printer_is_there_while_it_is_away(client):
    printer = VirtualPrinter(client("admin"))
    printer.connect()
    printer.disconnect()
    reading = client("reader").reading()

    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", reading["printer_last_ended"])
    assert reading["printer_last_ending"] == "stopped"


def test_the_fields_are_null_when_the_document_says_so(reading):
    may_be_null = {field for field, (_, null) in fields().items() if null == "while the clock does not run"}
    never_null = {field for field, (_, null) in fields().items() if null.startswith("never")}

    assert may_be_null | never_null == set(fields()) - LAST_END
    null = {field for field, value in reading.items() if value is None}
    assert {field for field in may_be_null if field.startswith("printer_")} == null - LAST_END


@pytest.mark.parametrize(("heading", "of"), [("part", "history"), ("of a session", "sessions")])
def test_the_document_lists_exactly_the_fields_of_the_history(reading, heading, of):
    part = reading["history"] if of == "history" else reading["history"]["sessions"][0]

    # In the answer they stand in another order, in which they compress well.
    assert sorted(name for row in table(DOCUMENT, heading) for name in names(row[0])) == sorted(part)


def test_the_document_lists_every_ending():
    assert {names(row[0])[0] for row in table(DOCUMENT, "ending")} == set(ENDINGS)


@pytest.mark.parametrize(("command", "answer"), ANSWERS)
def test_a_command_answers_what_the_document_shows(server, command, answer):
    environment = {**environment_with("curl", "jq"), "OCTOPRINT": server.url, "KEY": api_key("reader")}
    output = subprocess.run(["sh", "-ec", command], check=True, env=environment, stdout=subprocess.PIPE, text=True)

    got, shown = json.loads(output.stdout), json.loads(answer)
    assert types_of(got) == types_of(shown)
    assert list(got.get("sessions", [{}])[0]) == list(shown.get("sessions", [{}])[0])
    if "error" in shown:
        assert got == shown


def test_the_patterns_are_built_as_the_document_says(reading):
    patterns = reading["duration_patterns"]

    assert set(patterns) == {"narrow", "long", "join"}
    for style in ("narrow", "long"):
        assert set(patterns[style]) == {"day", "hour", "minute", "second"}
        assert patterns["join"][style] == {"between": " ", "before_number": " ", "before_word": " "}
    assert patterns["narrow"]["day"]["other"] == "{0}d"


def test_the_javascript_examples_print_what_they_promise(open_page):
    first, second = [block.code for block in blocks(DOCUMENT, "javascript")]
    page = open_page()

    assert re.fullmatch(r"OctoPrint has been up for (\d+[dhm] )*\d+s", printed_by(page, first))
    assert printed_by(page, second) == "5 Stunden"


def test_the_javascript_example_prints_the_refusal(open_page, client):
    """Nobody without the permission gets as far as the page: it is handed what the server answers somebody else."""
    refusal = client().request("GET", PLUGIN + "?l10n=en")
    page = open_page("reader")
    answer = {"status": refusal.status, "content_type": "application/json", "body": refusal.text}
    page.route("**/api/plugin/octoprint_uptime*", lambda route: route.fulfill(**answer))

    with page.expect_console_message(lambda message: message.type == "error"):  # Chromium's own word on a 403
        printed = printed_by(page, blocks(DOCUMENT, "javascript")[0].code)
    assert printed == refusal.json["error"] == "You are not allowed to see the uptime."
    page.errors.clear()


def printed_by(page, example):
    with page.expect_console_message(lambda message: message.type == "log") as message:
        page.evaluate(f"() => {{ {example} }}")
    return message.value.text


def test_the_python_examples_run_inside_octoprint(server):
    admin = Client(server, "admin")
    for block in blocks(DOCUMENT, "python"):
        body = {"command": "run", "example": block.code}
        answer = admin.request("POST", "/api/plugin/examples", body)
        assert answer.status == 200, answer
        assert answer.json == {"attempted": block.code.count(">>>"), "report": ""}


def test_the_document_lists_the_rows_of_the_system_information(client):
    rows = client("admin").request("GET", "/api/system/info").json["systeminfo"]
    listed = [names(row[0])[0] for row in table(DOCUMENT, "row")]

    assert sorted(listed) == sorted(row for row in rows if row.startswith("env.plugins.octoprint_uptime."))
