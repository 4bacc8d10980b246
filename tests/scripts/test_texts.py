"""What the page says, in English and around what a translation brings."""

import re

import pytest

from octoprint_uptime.durations import duration_patterns
from octoprint_uptime.machine.evidence import CODES, UNDERVOLTAGE
from tests.harness.plain import plain
from tests.harness.staged import ENDINGS, ago, session, stopped_print

MAKE = """([direction, patterns]) => {
    window.gettext = (text) => text;
    const { durations, makeDates, makeTexts } = OctoPrintUptime;
    durations.setDurationPatterns("en", patterns);
    const today = Date.parse("2026-11-24T00:00:00Z");
    const dates = makeDates({ locale: "en", elsewhere: () => false, today: () => today });
    window.texts = makeTexts({ locale: "en", direction: () => direction, dates });
}"""
DAY_MS = 86_400_000


@pytest.fixture(scope="module")
def page(load):
    page = load(
        "model/durations",
        "model/translations",
        "model/dates",
        "model/evidence",
        "model/texts",
        "model/story",
        "model/timeline",
    )
    page.evaluate(MAKE, ["ltr", duration_patterns("en")])
    return page


def say(page, function, *arguments):
    return plain(page.evaluate(f"(all) => texts.{function}(...all)", list(arguments)))


def sentences(page, *sessions, prints=(), doubted=False):
    return plain(
        page.evaluate(
            """([sessions, prints, doubted]) => {
                const { events, happenings } = OctoPrintUptime.story;
                return texts.sentences(events(happenings(sessions), prints)[0], doubted);
            }""",
            [list(sessions), list(prints), doubted],
        )
    )


def when(page, start, end):
    moments = {"ended": start.timestamp() * 1000, "before": end.timestamp() * 1000}
    return say(page, "when", {"session": session("host", ago(days=1)), "confirmed": True, **moments})


def test_a_completion_of_the_api_is_said_as_it_is(page):
    numbers = [number / 10 for number in range(1001)]
    prints = [{"print": stopped_print(ago(hours=1), completion=number)} for number in numbers]
    said = plain(page.evaluate("(prints) => prints.map((print) => texts.sentences(print)[0])", prints))

    percents = [f"{number:.1f}".replace(".0", "") for number in numbers]
    assert said == [f"Printing benchy.gcode was cancelled at {percent}%." for percent in percents]


@pytest.mark.parametrize(
    ("share", "text"), [(1, "100%"), (0.9996, "99.9%"), (0.007, "0.7%"), (0.29, "29%"), (0, "0%"), (0.00049, "0%")]
)
def test_a_share_is_never_said_to_be_more_than_it_is(page, share, text):
    figures = {"share": share, "starts": 0, "unexpected": 0, "carried": 0, "longest": None}

    assert say(page, "figures", figures)[0] == f"Up: {text}"


def test_figures_are_labels_with_values(page):
    figures = {"share": 0.5, "starts": 3, "unexpected": 1, "carried": 0, "longest": 7384}
    assert say(page, "figures", figures) == [
        "Up: 50%", "Starts: 3", "Unexpected stops: 1", "Longest uptime: 2 hours 3 minutes",
    ]  # fmt: skip

    assert say(page, "figures", {**figures, "share": None, "longest": None}) == ["Starts: 3", "Unexpected stops: 1"]


@pytest.mark.parametrize(
    ("clock", "unexpected", "ends"),
    [
        ("printer", 0, ["Stopped with the host or OctoPrint: 2"]),
        ("printer", 1, ["Unexpected stops: 1", "Stopped with the host or OctoPrint: 2"]),
        ("octoprint", 0, ["Stopped with the host: 2"]),
    ],
)
def test_what_ended_with_the_host_is_not_said_to_have_had_no_unexpected_end(page, clock, unexpected, ends):
    figures = {"share": None, "starts": 3, "unexpected": unexpected, "carried": 2, "longest": None}

    assert say(page, "figures", figures, clock) == ["Starts: 3", *ends]


@pytest.mark.parametrize("ending", ENDINGS, ids=str)
def test_each_end_has_a_sentence_of_its_own(page, ending):
    def first(clock, ending, asked):
        return sentences(page, session(clock, ago(hours=3), ago(hours=2), ending=ending, asked=asked))[0]

    others = [first(*each) for each in ENDINGS if each != ending]
    assert first(*ending) not in others
    assert first(*ending).endswith(".")


def test_a_disconnect_that_was_asked_for_says_so(page):
    stopped = session("printer", ago(hours=3), ago(hours=2), ending="stopped")

    assert sentences(page, stopped) == ["The printer was disconnected."]
    assert sentences(page, {**stopped, "asked": "disconnect"}) == ["The printer was disconnected in OctoPrint."]


def test_an_ending_of_a_later_version_is_one_that_nobody_saw(page):
    ended = session("host", ago(hours=3), ago(hours=2), ending="melted")

    assert sentences(page, ended) == ["The host went down while nothing was being recorded."]


def test_what_is_known_about_an_end_is_said_in_order(page):
    print_ = {"file": "benchy.gcode", "completion": 63.2}
    silent = session(
        "host", ago(hours=9), ago(hours=3), ago(hours=2), "silent", print=print_, reason="Why", undervoltage=True
    )
    back = session("host", ago(hours=1))

    assert sentences(page, back, silent) == [
        "Printing benchy.gcode stopped at 63.2%.",
        "The host went down without shutting down cleanly: possibly a power failure, a freeze or a reset.",
        "Under-voltage had been reported beforehand.",
        "Back within 2 hours.",
        "OctoPrint reported: Why",
    ]
    exact = {**silent, "ended_before": silent["ended"], "print": {**print_, "completion": None}, "reason": None}
    assert sentences(page, back, {**exact, "undervoltage": False})[::2] == [
        "Printing benchy.gcode stopped.",
        "Back after 2 hours.",
    ]


def reported(page, *codes, **fields):
    """What is said about evidence, and what is worth checking."""
    lost = session("printer", ago(hours=3), ago(hours=2), ending="lost", evidence=list(codes), **fields)
    say_it = "(one) => [OctoPrintUptime.evidence.sentences(one), OctoPrintUptime.evidence.advice(one)]"
    return page.evaluate(say_it, lost)


def test_each_code_has_a_sentence_with_its_witness_and_an_advice(page):
    witnesses = ("The printer’s USB", "The host reports", "The printer’s firmware", "The kernel", "The board")
    for code in set(CODES) - {UNDERVOLTAGE}:
        (sentence,), advice = reported(page, code)
        assert sentence.startswith(witnesses), code
        assert sentence.endswith("."), code
        assert advice.startswith("Worth checking: "), code


def test_evidence_comes_after_the_reason_and_before_the_supply_voltage(page):
    lost = session(
        "printer", ago(hours=3), ago(hours=2), ending="lost", reason="gone", evidence=["usb_gone"], undervoltage=True
    )

    assert sentences(page, lost)[1:] == [
        "OctoPrint was not printing.",
        "The printer’s USB device had disappeared from the host.",
        "Under-voltage had been reported beforehand.",
        "The printer has not been reconnected since.",
        "OctoPrint reported: gone",
    ]


@pytest.mark.parametrize(
    ("codes", "undervoltage", "advice"),
    [
        ([], False, ""),
        (["of a later version", "constructor"], False, ""),
        (["usb_gone"], False, "Worth checking: the USB cable, the hub, and the printer’s power supply."),
        (["usb_gone"], True, "Worth checking: the host’s power supply, the USB cable, and the printer’s power supply."),
        (
            ["printer_external_reset", "printer_brown_out"],
            False,
            "Worth checking: the printer’s power supply and its cables.",
        ),
        ([], True, "Worth checking: the host’s power supply and its cable."),
    ],
)
def test_one_line_says_what_is_worth_checking(page, codes, undervoltage, advice):
    assert reported(page, *codes, undervoltage=undervoltage)[1] == advice


def test_what_was_reported_twice_is_said_once(page):
    assert reported(page, "usb_gone", "undervoltage", undervoltage=True)[0] == [
        "The printer’s USB device had disappeared from the host.",
        "Under-voltage had been reported beforehand.",
    ]
    assert reported(page, "constructor", "of a later version")[0] == []


def test_a_server_that_could_read_nothing_says_nothing(page):
    lost = session("printer", ago(hours=3), ago(hours=2), ending="lost", evidence=None)

    assert sentences(page, lost)[1:] == ["OctoPrint was not printing.", "The printer has not been reconnected since."]


DOUBT = "This time may be wrong: the host’s clock had not been set yet."


def test_a_time_in_doubt_is_explained_once(page):
    stopped = session("host", ago(hours=3), ago(hours=2), ending="stopped", confirmed=False)

    assert sentences(page, stopped)[1:] == [DOUBT]
    assert sentences(page, stopped, doubted=True)[1:] == []
    assert sentences(page, {**stopped, "confirmed": True})[1:] == []
    assert sentences(page, prints=[stopped_print(ago(hours=1), confirmed=False)])[1:] == [DOUBT]


def test_a_doubt_stands_next_to_its_time_and_says_what_to_check(page):
    stopped = session("host", ago(hours=3), ago(hours=2), ending="stopped", confirmed=False)
    at = ago(hours=2).timestamp() * 1000
    check = "Worth checking: whether the host can reach a time server."
    event = {"session": stopped, "clock": "host", "unexpected": False, "confirmed": False, "ended": at, "before": at}

    assert say(page, "when", event) == "today, 10:00 AM (may be wrong)"
    assert say(page, "when", {**event, "confirmed": True}) == "today, 10:00 AM"
    assert say(page, "advice", event) == check
    assert say(page, "advice", {**event, "session": {**stopped, "evidence": ["warm_reset"]}}) != check
    assert say(page, "advice", {**event, "session": None, "print": stopped_print(ago(hours=1))}) == check
    assert say(page, "advice", {**event, "confirmed": True}) == ""


@pytest.mark.parametrize(
    ("clock", "words"),
    [("host", "system log"), ("octoprint", "OctoPrint’s log"), ("printer", "cable"), (None, "documentation")],
)
def test_without_evidence_an_unexpected_end_has_the_advice_of_its_clock(page, clock, words):
    ended = session(clock, ago(hours=3), ago(hours=2), ending="silent") if clock else None
    event = {"session": ended, "print": None if clock else {}, "clock": clock, "unexpected": True, "confirmed": True}

    assert re.match(rf"Worth checking: .*{words}", say(page, "advice", event))
    assert not page.evaluate("(event) => texts.hasReports(event)", event)


def test_several_events_have_a_period_and_one_has_two_bounds(page):
    lost = [session("printer", ago(minutes=20 * n + 9), ago(minutes=20 * n), ending="lost") for n in range(4)]
    say_when = """(sessions) => {
        const { events, happenings } = OctoPrintUptime.story;
        return texts.when(events(happenings(sessions), [])[0]);
    }"""

    assert plain(page.evaluate(say_when, lost)) == "today, 11:00 AM – 12:00 PM"


def test_a_printer_that_the_host_took_along_and_that_is_still_away_is_said(page):
    cut = {"ended": ago(hours=3), "before": ago(hours=2)}
    host = session("host", ago(hours=9), **cut, ending="silent")
    printer = session("printer", ago(hours=8), **cut, ending="carried")
    away = "The printer has not been reconnected since."

    assert away in sentences(page, session("host", ago(hours=2)), printer, host)
    assert away not in sentences(page, session("printer", ago(hours=1)), session("host", ago(hours=2)), printer, host)


def test_a_time_in_doubt_has_bounds_if_the_sessions_before_and_after_it_are_certain(page):
    doubted = session("host", ago(hours=9), ago(hours=8), ending="silent", confirmed=False)
    sessions = [session("host", ago(hours=3)), doubted, session("host", ago(hours=30), ago(hours=20), ending="silent")]
    certain = "Known for certain: between yesterday, 4:00 PM and today, 9:00 AM."
    say_it = """([sessions, ended]) => {
        const { bounds, happenings } = OctoPrintUptime.story;
        const found = happenings(sessions).find(({ session }) => session.ended === ended);
        return texts.sentences({ ...found, bounds: bounds(sessions, found) }, false);
    }"""

    def said(*sessions):
        return plain(page.evaluate(say_it, [sessions, doubted["ended"]]))

    assert certain in said(*sessions)
    others = [
        [sessions[0], {**doubted, "confirmed": True}, sessions[2]],
        [{**sessions[0], "confirmed": False}, doubted, sessions[2]],
        [sessions[0], doubted, {**sessions[2], "confirmed": False}],
        [sessions[0], doubted],
        [doubted, sessions[2]],
    ]
    for other in others:
        assert not any("certain" in sentence for sentence in said(*other))


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, "Printing benchy.gcode was cancelled at 63.2%."),
        ({"completion": None}, "Printing benchy.gcode was cancelled."),
        (
            {"cause": "firmware_error"},
            "Printing benchy.gcode stopped at 63.2%: the printer’s firmware reported an error.",
        ),
        (
            {"cause": "firmware_error", "completion": None},
            "Printing benchy.gcode stopped: the printer’s firmware reported an error.",
        ),
    ],
)
def test_a_stopped_print_has_a_sentence(page, fields, text):
    assert sentences(page, prints=[stopped_print(ago(hours=1), **fields)]) == [text]


def test_a_stopped_print_says_what_the_firmware_said(page):
    stopped = stopped_print(ago(hours=1), "firmware_error", reason="Timer too close")

    assert sentences(page, prints=[stopped])[1:] == ["OctoPrint reported: Timer too close"]


def test_a_moment_is_one_within_a_minute_and_else_two(page):
    assert when(page, ago(hours=2, seconds=0), ago(hours=2, seconds=-59)) == "today, 10:00 AM"
    assert when(page, ago(hours=2), ago(hours=2, minutes=-1)) == "today, between 10:00 AM and 10:01 AM"
    assert when(page, ago(hours=13), ago(hours=2)) == "between yesterday, 11:00 PM and today, 10:00 AM"


def test_that_nothing_happened_is_said_for_a_day_or_since_recording_began(page):
    from_ = ago(hours=3).timestamp() * 1000

    assert say(page, "nothing", from_, True) == "No restarts or disconnects in the last 24 hours."
    assert say(page, "nothing", from_, False).endswith("since recording began (Tue, Nov 24, 9:00 AM).")


@pytest.mark.parametrize(
    ("ending", "text"),
    [
        ("lost", "Connection lost: Tue, Nov 24, 9:00 AM"),
        ("stopped", "Disconnected: Tue, Nov 24, 9:00 AM"),
        ("silent", "Since Tue, Nov 24, 9:00 AM"),
        ("constructor", "Since Tue, Nov 24, 9:00 AM"),
    ],
)
def test_since_when_a_printer_is_away_and_why(page, ending, text):
    assert say(page, "since", "Tue, Nov 24, 9:00 AM", ending) == text


def test_what_stands_instead_of_a_duration(page):
    assert say(page, "instead", "printer", {"note": ""}) == "not connected"
    assert say(page, "instead", "host", {"note": "Why."}) == "Why."
    assert say(page, "instead", "host", {"note": ""}) == "duration unknown"
    assert page.evaluate("texts.instead('printer', undefined)") == "duration unknown"


def piece(page, kind, clock, ended=()):
    start, end = (ago(hours=hours).timestamp() * 1000 for hours in (5, 3))
    return say(page, "piece", {"kind": kind, "from": start, "to": end, "ended": list(ended)}, clock)


@pytest.mark.parametrize(
    ("clock", "kind", "state"),
    [
        ("host", "run", "up"), ("host", "off", "down"), ("octoprint", "run", "up"),
        ("printer", "run", "connected"), ("printer", "off", "not connected"),
        ("printer", "unsure", "exact end unknown"), ("printer", "unrecorded", "not recorded"),
        ("host", "unloaded", "not loaded"),
    ],
)  # fmt: skip
def test_a_piece_says_its_state_and_its_times(page, clock, kind, state):
    label = {"host": "Host", "octoprint": "OctoPrint", "printer": "Printer connection"}[clock]

    assert piece(page, kind, clock) == f"{label}: {state}, 2 hours (Tue, Nov 24, 7:00 AM – 9:00 AM)"


def test_several_sessions_are_counted(page):
    text = "Host: several short sessions (Tue, Nov 24, 7:00 AM – 9:00 AM). Sessions ended: 2"

    assert piece(page, "many", "host", [{}, {}]) == text


def test_a_clock_in_a_sentence(page):
    assert say(page, "clock", "Host", "5 hours", "May 8") == "Host: 5 hours (since May 8)"
    assert say(page, "clock", "Host", "not connected", "") == "Host: not connected"


def test_from_right_to_left_each_value_is_kept_apart(load):
    page = load("model/durations", "model/translations", "model/dates", "model/evidence", "model/texts")
    page.evaluate(MAKE, ["rtl", duration_patterns("en")])

    assert page.evaluate("texts.clock('OctoPrint', '5 hours', '')") == "\u2068OctoPrint\u2069: \u20685 hours\u2069"


def test_a_translation_that_names_another_value_is_not_used(load):
    page = load("model/durations", "model/translations", "model/dates", "model/evidence", "model/texts")
    page.evaluate(MAKE, ["ltr", duration_patterns("en")])
    page.evaluate("() => { window.gettext = () => 'Seit %(nope)s, %(date)s, %(constructor)s, 100 %'; }")

    assert page.evaluate("texts.since('$& heute')") == "Since $& heute"


def test_spans_are_durations_or_all(page):
    assert say(page, "span", 7) == "7 days"
    assert say(page, "span", None) == "All"
