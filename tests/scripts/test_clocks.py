"""What the answers say, and which sessions are news."""

import pytest

OLD = {"host": "one h1", "octoprint": "one o1", "printer": "one p1"}
NEW = {"host": "one h2", "octoprint": "one o2", "printer": "one p2"}
ALL = ["host", "octoprint", "printer"]

REMEMBER = """([memory, sessions, watched, wall]) => {
    const clocks = {};
    for (const name of ["host", "octoprint", "printer"]) clocks[name] = { session: sessions[name] || null };
    return OctoPrintUptime.clocks.remember(memory, clocks, watched, wall);
}"""


@pytest.fixture
def remember(evaluate):
    """What is remembered after these answers, the first one of a browser that knows nothing yet."""

    def remember(*answers, watched=ALL, memory=None, wall=0):
        memory = memory or {"sessions": {}, "untold": [], "expected": 0}
        for sessions in answers:
            memory = evaluate(REMEMBER, [memory, sessions, watched, wall])
        return memory

    return remember


def but(**changed):
    return {**OLD, **changed}


def test_nothing_is_told_at_the_first_visit(remember):
    assert remember(OLD) == {"sessions": OLD, "untold": [], "expected": 0}


def test_the_same_sessions_are_no_news(remember):
    assert remember(OLD, OLD, OLD)["untold"] == []


@pytest.mark.parametrize(
    ("now", "watched", "untold"),
    [
        (NEW, ALL, ["host"]),
        (but(octoprint="one o2", printer="one p2"), ALL, ["octoprint"]),
        (but(printer="one p2"), ALL, ["printer"]),
        (but(octoprint="one o2", printer=None), ALL, ["octoprint"]),
        # Whose clock is hidden is not told of, but what restarted with it is.
        (NEW, ["octoprint", "printer"], ["octoprint"]),
        (NEW, ["printer"], ["printer"]),
        (NEW, ["host"], ["host"]),
        (but(octoprint="one o2", printer="one p2"), ["host", "printer"], ["printer"]),
        (NEW, [], []),
        # What nobody can tell is not compared.
        (but(host=None), ALL, []),
        (but(host=None, octoprint="one o2"), ALL, ["octoprint"]),
        ({}, ALL, []),
    ],
)  # fmt: skip
def test_the_outermost_that_restarted_is_told(remember, now, watched, untold):
    assert remember(OLD, now, watched=watched)["untold"] == untold


def test_it_stays_untold_and_is_there_once(remember):
    assert remember(OLD, NEW, NEW, {**NEW, "host": "one h3", "octoprint": "one o3"})["untold"] == ["host"]


def test_what_restarts_later_by_itself_is_told_beside_it(remember):
    assert remember(OLD, NEW, {**NEW, "printer": "one p3"})["untold"] == ["host", "printer"]


def test_what_restarts_with_an_outer_one_is_not_told_any_more(remember):
    assert remember(OLD, but(printer="one p2"), NEW)["untold"] == ["host"]


def test_a_printer_that_was_away_is_known_again(remember):
    assert remember(OLD, but(printer=None), but(printer=None), but(printer="one p2"))["untold"] == ["printer"]
    assert remember(OLD, but(printer=None), OLD)["untold"] == []


def test_a_printer_that_connects_after_octoprint_restarted_is_no_news(remember):
    restarted = but(octoprint="one o2", printer=None)
    memory = remember(OLD, restarted)
    memory["untold"] = []  # the reader was quick
    assert remember(restarted, {**restarted, "printer": "one p2"}, memory=memory)["untold"] == []


def test_nothing_is_told_of_what_another_machine_does_at_the_same_address(remember):
    other = {"host": "two h7", "octoprint": "two o7", "printer": None}
    memory = remember(OLD, NEW)
    assert memory["untold"] == ["host"]

    assert remember({**other, "host": None}, memory=memory)["untold"] == ["host"]  # OctoPrint has just started
    assert remember({**other, "host": None}, other, memory=memory)["untold"] == []
    assert remember(other, {**other, "printer": "two p7"}, memory=memory)["untold"] == []
    assert remember(other, OLD, memory=memory)["untold"] == []
    assert remember(other, {**other, "octoprint": "two o8"}, memory=memory)["untold"] == ["octoprint"]


EXPECTED_MS = 60_000


@pytest.mark.parametrize(
    ("later", "untold"),
    [(0, []), (EXPECTED_MS - 1, []), (EXPECTED_MS, ["printer"]), (86_400_000, ["printer"]), (-1, ["printer"])],
)
def test_a_connection_that_the_reader_asked_for_is_no_news_if_it_comes_soon(evaluate, remember, later, untold):
    memory = remember(OLD)
    memory = evaluate("(memory) => OctoPrintUptime.clocks.expectPrinter(memory, 1000)", memory)

    assert remember(but(printer="one p2"), memory=memory, wall=1000 + later)["untold"] == untold


def test_only_the_next_connection_is_expected(evaluate, remember):
    memory = evaluate("(memory) => OctoPrintUptime.clocks.expectPrinter(memory, 1000)", remember(OLD))
    memory = remember(but(printer=None), OLD, memory=memory, wall=1000)
    assert memory["expected"] == 1000 + EXPECTED_MS
    memory = remember(but(printer="one p2"), memory=memory, wall=2000)
    assert memory["expected"] == 0

    assert remember(but(printer="one p3"), memory=memory, wall=3000)["untold"] == ["printer"]


def test_expecting_the_printer_hides_nothing_else(evaluate, remember):
    memory = remember(OLD, but(octoprint="one o2", printer="one p2"))
    memory = {**memory, "untold": ["octoprint", "printer"]}
    memory = evaluate("(memory) => OctoPrintUptime.clocks.expectPrinter(memory, 1000)", memory)
    assert memory["untold"] == ["octoprint"]

    assert remember(NEW, memory=memory, wall=2000)["untold"] == ["host"]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (
            {"printer_seconds": None, "printer_last_ended": "2026-11-24T11:00:00Z", "printer_last_ending": "lost"},
            {"zero": None, "started": "", "session": None, "lastEnded": "2026-11-24T11:00:00Z", "lastEnding": "lost"},
        ),
        (
            {"printer_seconds": 2.5, "printer_started": "s", "printer_session": "p", "printer_last_ended": "x"},
            {"zero": 7500, "started": "s", "session": "p", "lastEnded": "", "lastEnding": ""},
        ),
        (
            {"printer_started": "s", "printer_session": "p", "printer_uptime_note": "Why."},
            {"zero": None, "started": "", "session": None, "lastEnded": "", "lastEnding": "", "note": "Why."},
        ),
    ],
)
def test_a_clock_is_read_from_an_answer(evaluate, answer, expected):
    clocks = evaluate("(answer) => OctoPrintUptime.clocks.readClocks(answer, 10000)", answer)

    assert clocks["printer"] == {"note": "", "lost": None, **expected}


@pytest.mark.parametrize(("moment", "seconds"), [(10_000, 2.5), (8_000, 0.5), (7_500, 0), (7_000, 0)])
def test_seconds_count_from_zero_and_never_below(evaluate, moment, seconds):
    script = "(moment) => OctoPrintUptime.clocks.secondsAt({ zero: 7500 }, moment)"

    assert evaluate(script, moment) == seconds


def test_a_clock_that_does_not_run_has_no_seconds(evaluate):
    assert evaluate("OctoPrintUptime.clocks.secondsAt({ zero: null }, 5)") is None
    assert evaluate("OctoPrintUptime.clocks.secondsAt(undefined, 5)") is None


def test_an_answer_without_sessions_changes_nothing(remember):
    assert remember(OLD, {}) == {"sessions": OLD, "untold": [], "expected": 0}


@pytest.mark.parametrize(("youngest", "unit", "rotation", "until"), [
    (0, 1, 0, 1), (0.25, 1, 0, 0.75), (61, 60, 0, 59), (None, 1, 0, float("inf")),
    (61, 60, 5, 5), (None, 60, 8, 2), (0.5, 1, 5, 0.5),
])  # fmt: skip
def test_the_next_change_is_that_of_the_youngest_or_the_next_turn(evaluate, youngest, unit, rotation, until):
    moment = 30_000
    script = "(all) => OctoPrintUptime.clocks.nextChange(...all)"
    assert evaluate(script, [youngest, unit, rotation, moment]) == moment + until * 1000


@pytest.mark.parametrize(("seconds", "format", "unit"), [
    (0, "full", 1), (10**6, "full", 1), (0, "short", 1), (3599.9, "short", 1), (3600, "short", 60),
    (3600, "full", 1), (0, "dhm", 60), (0, "dh", 60), (10**6, "d", 60), (None, "short", 1),
])  # fmt: skip
def test_the_smallest_unit_is_that_of_the_format_or_minutes(evaluate, seconds, format, unit):
    assert evaluate("(all) => OctoPrintUptime.durations.smallestUnit(...all)", [seconds, format]) == unit
