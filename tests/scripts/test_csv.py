"""The history as a table for other programs: what Python and a spreadsheet read from it."""

import csv
import io
import json
import re

import pytest

from tests.harness.staged import NOW, ago, session

BYTE_ORDER_MARK = "\ufeff"

# What a spreadsheet ignores or drops before a formula.
LEADS = ["", " ", "\t", "\r", "\n", "\r\n", "\u00a0", "\ufeff", '"', ' "', '""']
# What ends a cell: always, or where the list separator of the reader's country is another.
SEPARATORS = ["", "x;", "x\t", "x\n", "x\r\n", 'x";', "x;;", "a\nb;"]
STARTS = ["=", "+", "-", "@", "＝", "＋", "－", "＠"]

HARMLESS = ['a"b', "a,b", "a;b", "a\nb", "a\r\nb", "Grüße", "", "a=b", "1-2", "x; y", "M112 - stop", "a,-1", "'"]


@pytest.fixture(scope="module")
def page(load):
    return load("model/csv")


def table_of(page, sessions):
    return page.evaluate("(sessions) => OctoPrintUptime.csv.fromSessions(sessions)", sessions)


def rows_of(page, sessions):
    table = table_of(page, sessions).removeprefix(BYTE_ORDER_MARK)
    return list(csv.DictReader(io.StringIO(table, newline="")))


def ended(**fields):
    return session("printer", ago(hours=2), ago(hours=1), ending="lost", **fields)


def test_the_table_says_that_it_is_utf_8(page):
    table = table_of(page, [ended(reason="Grüße")])

    assert table.startswith(BYTE_ORDER_MARK)
    assert table.count(BYTE_ORDER_MARK) == 1


@pytest.mark.parametrize("text", HARMLESS)
def test_python_reads_the_table_back(page, text):
    sessions = [ended(reason=text, print={"file": text, "completion": 9.5}), session("host", ago(hours=3))]

    assert table_of(page, sessions).endswith("\r\n")
    rows = rows_of(page, sessions)
    assert [row["uptime"] for row in rows] == ["printer", "host"]
    assert rows[0]["reason"] == rows[0]["print_file"] == text
    assert (rows[0]["print_completion"], rows[0]["seconds"]) == ("9.5", "3600")
    assert (rows[0]["ended"], rows[1]["ended"]) == ("2026-11-24T11:00:00Z", "")
    assert rows[0]["confirmed"] == "true"


def test_a_row_names_its_session_and_says_what_was_watched_and_what_was_unexpected(page):
    watched, unwatched = rows_of(page, [ended(unexpected=True), ended(watched_before=False, unexpected=False)])

    assert watched["session"] == "printer 2026-11-24T10:00:00Z"
    assert (watched["watched_before"], unwatched["watched_before"]) == ("true", "false")
    assert (watched["unexpected"], unwatched["unexpected"]) == ("true", "false")


def test_the_codes_of_the_evidence_are_one_cell(page):
    rows = rows_of(page, [ended(evidence=["usb_gone", "undervoltage"]), ended(evidence=[]), ended(evidence=None)])

    assert [row["evidence"] for row in rows] == ["usb_gone undervoltage", "", ""]


def test_what_the_server_does_not_say_is_an_empty_cell(page):
    known = ended(print={"file": "benchy.gcode"})
    for field in ("reason", "undervoltage", "watched_before", "unexpected"):
        del known[field]

    (row,) = rows_of(page, [known])

    assert (row["reason"], row["undervoltage"], row["watched_before"], row["unexpected"]) == ("", "", "", "")
    assert (row["print_file"], row["print_completion"]) == ("benchy.gcode", "")


def test_no_cell_is_a_formula_however_the_table_is_split(page):
    """Excel splits at ";" where the comma is the decimal sign, and both it and LibreOffice at tabs if told to."""
    texts = [f"{separator}{lead}{start}1+1" for separator in SEPARATORS for lead in LEADS for start in STARTS]
    script = "(all) => all.map((sessions) => OctoPrintUptime.csv.fromSessions(sessions))"
    formulas = set()
    for text, table in zip(texts, page.evaluate(script, [[ended(reason=text)] for text in texts])):
        for delimiter in ",;\t":
            rows = csv.reader(io.StringIO(table.removeprefix(BYTE_ORDER_MARK), newline=""), delimiter=delimiter)
            cells = [cell for row in rows for cell in row]
            formulas.update((delimiter, text) for cell in cells if re.match(r'[\s\ufeff"]*[=+\-@＝＋－＠]', cell))

    assert formulas == set()


@pytest.mark.parametrize("start", ["\t", "\r", "\n"], ids=json.dumps)
def test_no_cell_begins_with_a_control_character(page, start):
    (row,) = rows_of(page, [ended(reason=f"{start}text")])

    assert row["reason"] == f"'{start}text"


@pytest.mark.parametrize(
    ("offset_hours", "day"), [(0, "2026-11-24"), (12.5, "2026-11-25"), (-12.25, "2026-11-23"), (None, "2026-11-24")]
)
def test_a_file_is_named_after_the_day_at_the_host(page, offset_hours, day):
    offset = None if offset_hours is None else offset_hours * 3600
    name = page.evaluate(
        "([at, offset]) => OctoPrintUptime.csv.fileName(at, offset === null ? undefined : offset)",
        [NOW.timestamp() * 1000, offset],
    )

    assert name == f"octoprint-uptime-{day}.csv"
