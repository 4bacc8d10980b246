"""What happened, told from sessions; and what a span amounts to."""

import pytest

from tests.harness.staged import NOW, ago, session, stopped_print


@pytest.fixture(scope="module")
def page(load):
    return load("model/timeline", "model/story")


def ms(moment):
    return moment.timestamp() * 1000


def happenings(page, *sessions):
    return page.evaluate("(sessions) => OctoPrintUptime.story.happenings(sessions)", list(sessions))


def figures(page, sessions, hours, recorded_from):
    return page.evaluate(
        """([sessions, span, from]) => {
            const { story, timeline } = OctoPrintUptime;
            return story.figures(timeline.pieces(sessions, span, { recordedFrom: from, completeFrom: 0 }), span);
        }""",
        [
            list(sessions),
            {"from": ago(hours=hours).timestamp() * 1000, "to": NOW.timestamp() * 1000},
            recorded_from.timestamp() * 1000,
        ],
    )


def test_what_ends_together_is_told_by_the_outermost(page):
    night = {"ended": ago(hours=9), "before": ago(hours=8)}
    found = happenings(
        page,
        session("octoprint", ago(hours=7)),
        session("host", ago(hours=8)),
        session("printer", ago(hours=20), **night, ending="carried"),
        session("octoprint", ago(hours=30), **night, ending="carried"),
        session("host", ago(hours=30), **night, ending="silent"),
    )

    (told,) = found
    assert (told["clock"], told["manner"], told["unexpected"]) == ("host", "silent", True)
    assert (told["away"], told["awayAtMost"]) == (3600, True)


@pytest.mark.parametrize(
    ("clock", "ending", "asked", "manner", "unexpected"),
    [
        ("host", "stopped", None, "stopped", False),
        ("host", "stopped", "reboot", "reboot", False),
        ("host", "stopped", "shutdown", "shutdown", False),
        ("host", "unseen", None, "unseen", False),
        ("host", "silent", "reboot", "silent", True),
        ("octoprint", "stopped", "restart", "restart", False),
        ("octoprint", "stopped", "update", "update", False),
        ("octoprint", "stopped", "reboot", "stopped", False),  # the host did not go down
        ("octoprint", "silent", None, "silent", True),
        ("printer", "stopped", None, "stopped", False),
        ("printer", "stopped", "disconnect", "disconnect", False),
        ("printer", "lost", "disconnect", "lost", True),
        ("host", "stopped", "restart", "stopped", False),
        ("printer", "stopped", "reboot", "stopped", False),
        ("printer", "lost", None, "lost", True),
        ("printer", "reset", None, "reset", True),
    ],
)
def test_an_end_is_told_as_it_was(page, clock, ending, asked, manner, unexpected):
    (told,) = happenings(page, session(clock, ago(hours=3), ago(hours=2), ending=ending, asked=asked))

    assert (told["manner"], told["unexpected"]) == (manner, unexpected)


def test_a_host_that_was_shut_down_tells_for_octoprint_too(page):
    asked = {"ending": "stopped", "asked": "reboot"}
    ended = [session(clock, ago(hours=9), ago(hours=2), **asked) for clock in ("octoprint", "host")]

    for sessions in (ended, ended[::-1]):
        (told,) = happenings(page, *sessions)
        assert (told["clock"], told["manner"]) == ("host", "reboot")


def test_an_end_without_a_latest_moment_was_no_later_than_the_next_start(page):
    silent = {**session("host", ago(hours=9), ago(hours=6), ending="silent", confirmed=False), "ended_before": None}
    (told,) = happenings(page, session("host", ago(hours=2)), silent)

    assert (told["ended"], told["before"], told["away"]) == (ms(ago(hours=6)), ms(ago(hours=2)), None)


def test_how_long_it_was_away_is_known_where_both_ends_are(page):
    stopped = session("octoprint", ago(hours=3), ago(hours=2), ending="stopped")
    (told,) = happenings(page, session("octoprint", ago(hours=1.5)), stopped)
    assert (told["away"], told["awayAtMost"]) == (1800, False)

    assert happenings(page, stopped)[0]["away"] is None  # not back yet
    unconfirmed = session("octoprint", ago(hours=1.5), confirmed=False)
    assert happenings(page, unconfirmed, stopped)[0]["away"] is None
    unknown = {**session("octoprint", ago(hours=1.5)), "started": None}
    assert happenings(page, unknown, stopped)[0]["away"] is None
    early = session("octoprint", ago(hours=2.5))
    assert happenings(page, early, stopped)[0]["away"] is None


def test_a_printer_that_reset_was_not_away(page):
    reset = session("printer", ago(hours=3), ago(hours=2), ending="reset")

    assert happenings(page, session("printer", ago(hours=1)), reset)[0]["away"] is None


def test_another_uptime_does_not_bring_it_back(page):
    stopped = session("octoprint", ago(hours=3), ago(hours=2), ending="stopped")

    assert happenings(page, session("printer", ago(hours=1)), stopped)[0]["away"] is None


def test_the_newest_unexpected_end_is_told_first_but_after_one_that_hit_a_print(page):
    print_ = {"file": "benchy.gcode", "completion": 63.2}
    kinds = {
        "deliberate": session("octoprint", ago(hours=5), ago(hours=1), ending="stopped", print=print_),
        "printing": session("octoprint", ago(hours=9), ago(hours=8), ending="silent", print=print_),
        "stopped": session("octoprint", ago(hours=5), ago(hours=1), ending="stopped"),
        "lost": session("printer", ago(hours=9), ago(hours=3), ending="lost"),
        "silent": session("host", ago(hours=99), ago(hours=30), ending="silent"),
    }
    foremost = """([sessions, since]) => {
        const { foremost, happenings, recent } = OctoPrintUptime.story;
        const told = foremost(recent(happenings(sessions), since));
        return told && told.manner;
    }"""

    def told(hours, *names):
        return page.evaluate(foremost, [[kinds[name] for name in names], ago(hours=hours).timestamp() * 1000])

    assert told(24, "stopped", "lost", "silent") == "lost"
    assert told(24, "stopped", "lost", "printing") == "silent"
    assert told(24, "deliberate", "lost") == "lost"
    assert told(24, "stopped", "silent") == "stopped"
    assert told(24, "silent") is None


def test_a_firmware_error_that_stopped_a_print_is_told_first_and_a_cancelled_print_is_not(page):
    lost = session("printer", ago(hours=3), ago(hours=1), ending="lost")
    error = stopped_print(ago(hours=2), "firmware_error")
    cancelled = stopped_print(ago(hours=2), "cancelled")
    first = """([sessions, prints]) => {
        const { events, foremost, happenings } = OctoPrintUptime.story;
        return Boolean(foremost(events(happenings(sessions), prints)).print);
    }"""

    assert page.evaluate(first, [[lost], [error]]) is True
    assert page.evaluate(first, [[lost], [cancelled]]) is False
    assert page.evaluate(first, [[], [cancelled]]) is True


def test_a_printer_that_was_lost_and_stays_away_is_never_old(page):
    lost = session("printer", ago(days=9), ago(days=5), ending="lost")
    back = session("printer", ago(days=4))

    assert recent(page, 24, lost) == [1, True]
    assert recent(page, 24, back, lost) == [0, False]
    assert recent(page, 24, {**lost, "ending": "stopped", "unexpected": False}) == [0, False]
    assert recent(page, 24, session("octoprint", ago(days=9), ago(days=5), ending="silent")) == [0, False]


def kept(page, *sessions):
    return page.evaluate(
        """(sessions) => {
            const { happenings, kept } = OctoPrintUptime.story;
            return happenings(sessions).map((each) => kept(sessions, each));
        }""",
        list(sessions),
    )


def test_what_kept_running_around_an_unexpected_end_is_known(page):
    host, octoprint = session("host", ago(days=5)), session("octoprint", ago(days=4))
    lost = session("printer", ago(hours=9), ago(hours=5), ending="lost")
    restarted = session("octoprint", ago(days=9), ago(hours=5), ago(hours=4), ending="silent")

    assert kept(page, octoprint, host, lost) == [["host", "octoprint"]]
    assert kept(page, session("octoprint", ago(hours=4)), restarted, host) == [["host"]]
    assert kept(page, octoprint, lost) == [[]]  # nothing is recorded about the host
    assert kept(page, session("octoprint", ago(hours=1)), host, lost) == [[]]
    assert kept(page, octoprint, host, {**lost, "ending": "stopped", "unexpected": False}) == [[]]
    ended = session("octoprint", ago(days=4), ago(hours=2), ending="stopped")
    assert kept(page, ended, host, lost)[1] == ["host", "octoprint"]
    at_once = session("octoprint", ago(days=4), ago(hours=5), ending="stopped")
    assert kept(page, at_once, host, lost)[1] == []


# ~~ Repeats


def flapping(count, minutes=10, **fields):
    """A printer that is lost every so many minutes, newest first; `fields` are of the oldest."""
    sessions = [
        session("printer", ago(minutes=minutes * (n + 1) - 1), ago(minutes=minutes * n + 5), ending="lost")
        for n in range(count)
    ]
    return [*sessions[:-1], {**sessions[-1], **fields}]


def grouped(page, *sessions):
    return page.evaluate(
        "(sessions) => OctoPrintUptime.story.grouped(OctoPrintUptime.story.happenings(sessions))",
        list(sessions),
    )


def test_three_ends_of_the_same_kind_in_a_row_are_one_entry(page):
    (entry,) = grouped(page, *flapping(42))

    assert entry["times"] == len(entry["repeats"]) == 42
    assert (entry["ended"], entry["before"]) == (ms(ago(minutes=415)), ms(ago(minutes=5)))
    assert (entry["unexpected"], entry["away"], entry["session"]["print"]) == (True, None, None)
    assert len(grouped(page, *flapping(3))) == 1
    assert len(grouped(page, *flapping(2))) == 2


def test_repeats_are_close_together_and_of_one_clock_and_manner(page):
    assert len(grouped(page, *flapping(5, minutes=60))) == 1
    assert len(grouped(page, *flapping(5, minutes=61))) == 5
    assert len(grouped(page, *flapping(3, ending="reset"))) == 3
    stopped = [{**one, "ending": "stopped", "unexpected": False} for one in flapping(5)]
    assert len(grouped(page, *stopped)) == 5


def test_repeats_have_the_print_and_the_evidence_of_all(page):
    oldest = {"print": {"file": "a", "completion": 1}, "evidence": ["usb_gone"], "undervoltage": True}
    sessions = flapping(4, **oldest)
    sessions[1]["evidence"] = ["usb_hub_gone", "usb_gone"]
    (entry,) = grouped(page, *sessions)

    assert entry["session"]["print"] == oldest["print"]
    assert sorted(entry["session"]["evidence"]) == ["usb_gone", "usb_hub_gone"]
    assert entry["session"]["undervoltage"] is True


def test_figures_count_only_what_was_recorded(page):
    sessions = [
        session("printer", ago(hours=2)),
        session("printer", ago(hours=5), ago(hours=4), ending="lost"),
        session("printer", ago(hours=8), ago(hours=6), ago(hours=5), ending="unseen"),
    ]

    assert figures(page, sessions, 24, ago(hours=8)) == {
        # 5 hours of the 7 that were recorded
        "share": pytest.approx(5 / 7),
        "starts": 3,
        "unexpected": 1,
        "carried": 0,
        "longest": 7200,
    }


def test_figures_count_what_ended_with_an_outer_clock_apart(page):
    sessions = [session("printer", ago(hours=2)), session("printer", ago(hours=5), ago(hours=4), ending="carried")]
    found = figures(page, sessions, 24, ago(hours=8))

    assert (found["unexpected"], found["carried"]) == (0, 1)


def test_a_time_not_known_does_not_count_as_running(page):
    silent = session("host", ago(hours=10), ago(hours=5), ago(hours=2), ending="silent")

    assert figures(page, [session("host", ago(hours=2)), silent], 10, ago(hours=10))["share"] == pytest.approx(0.7)


def test_the_longest_goes_no_further_than_the_span(page):
    assert figures(page, [session("host", ago(days=9))], 24, ago(days=9))["longest"] == 24 * 3600


def test_where_nothing_is_recorded_there_is_no_share(page):
    assert figures(page, [], 10, NOW) == {"share": None, "starts": 0, "unexpected": 0, "carried": 0, "longest": None}


DAY_MS = 86_400_000
QUIET = """([record, state, now]) => OctoPrintUptime.story.quietSince(record, state, now)"""


def quiet(page, state="current", recorded_from=0, complete_from=0):
    """How many milliseconds before now it is certain that nothing happened."""
    now = ms(NOW)
    record = {
        "recordedFrom": None if recorded_from is None else now - recorded_from,
        "completeFrom": now - complete_from,
    }
    since = page.evaluate(QUIET, [record, state, now])
    return None if since is None else now - since


@pytest.mark.parametrize("state", ["loading", "failed", "stale", "off"])
def test_only_a_current_record_may_say_that_nothing_happened(page, state):
    assert quiet(page, state, 9 * DAY_MS, 7 * DAY_MS) is None


def test_it_says_so_as_far_back_as_it_reaches_and_for_a_day_at_most(page):
    assert quiet(page, "current", 9 * DAY_MS, 7 * DAY_MS) == DAY_MS
    assert quiet(page, "current", DAY_MS - 1, 7 * DAY_MS) == DAY_MS - 1
    assert quiet(page, "current", 9 * DAY_MS, 1000) == 1000
    assert quiet(page, "current", None, 7 * DAY_MS) is None


RECENT = """([sessions, since]) => {
    const { happenings, recent, foremost } = OctoPrintUptime.story;
    const found = happenings(sessions);
    return [recent(found, since).length, foremost(recent(found, since)) !== null];
}"""


def recent(page, hours, *sessions):
    return page.evaluate(RECENT, [list(sessions), ms(ago(hours=hours))])


@pytest.mark.parametrize("ending", ["stopped", "silent"])
def test_an_outage_of_two_days_that_is_over_since_an_hour_is_recent(page, ending):
    ended = session("host", ago(days=9), ago(days=2), ending=ending)

    assert recent(page, 24, session("host", ago(hours=1)), ended) == [1, True]
    assert recent(page, 24, ended) == [0, False]
    assert recent(page, 24, session("host", ago(hours=25)), ended) == [0, False]
    assert recent(page, 24, {**session("host", ago(hours=1)), "started": None}, ended) == [0, False]


@pytest.mark.parametrize(("hours", "count"), [(23, 1), (24, 1), (25, 0)])
def test_what_may_have_ended_since_then_is_recent(page, hours, count):
    silent = session("host", ago(days=9), ago(days=5), ago(hours=hours), ending="silent")

    assert recent(page, 24, silent)[0] == count


def test_what_came_back_exactly_then_is_recent(page):
    ended = session("host", ago(days=9), ago(days=2), ending="stopped")

    assert recent(page, 24, session("host", ago(hours=24)), ended)[0] == 1


def test_the_time_away_is_not_known_if_nobody_watched_the_start(page):
    stopped = session("octoprint", ago(hours=5), ago(hours=3), ending="stopped")
    (told,) = happenings(page, session("octoprint", ago(hours=1), watched_before=False), stopped)

    assert told["away"] is None
    assert told["back"] == ms(ago(hours=1))


def test_the_time_away_is_not_known_if_the_end_is_not_confirmed(page):
    stopped = session("octoprint", ago(hours=5), ago(hours=3), ending="stopped", confirmed=False)

    assert happenings(page, session("octoprint", ago(hours=1)), stopped)[0]["away"] is None


def test_what_comes_back_in_the_same_second_was_not_away(page):
    stopped = session("octoprint", ago(hours=5), ago(hours=3), ending="stopped")

    assert happenings(page, session("octoprint", ago(hours=3)), stopped)[0]["away"] is None


def test_what_is_unexpected_the_server_says(page):
    lost = session("printer", ago(hours=5), ago(hours=3), ending="lost", unexpected=False)
    stopped = session("printer", ago(hours=9), ago(hours=6), ending="stopped", unexpected=True)

    assert [each["unexpected"] for each in happenings(page, lost, stopped)] == [False, True]
    assert figures(page, [lost, stopped], 10, ago(hours=10))["unexpected"] == 1


def test_what_runs_is_no_happening_and_what_ended_at_an_unknown_time_neither(page):
    undated = {**session("host", ago(days=9), ago(days=8), ending="silent"), "ended": None}

    assert happenings(page, session("host", ago(hours=1)), undated) == []


def test_an_octoprint_that_ended_before_its_host_has_a_happening_of_its_own(page):
    host = session("host", ago(hours=9), ago(hours=2), ending="stopped")
    octoprint = session("octoprint", ago(hours=9), ago(hours=3), ending="stopped")
    printer = session("printer", ago(hours=9), ago(hours=2), ending="stopped")

    assert [each["clock"] for each in happenings(page, host, printer, octoprint)] == ["host", "printer", "octoprint"]


def before(page, clock, id_, *sessions):
    found = page.evaluate(
        """([sessions, clock, id]) => {
            const { before, happenings } = OctoPrintUptime.story;
            return before(sessions, happenings(sessions), clock, id);
        }""",
        [list(sessions), clock, id_],
    )
    return found and found["session"]


def test_what_ended_before_a_session_is_the_one_of_its_clock(page):
    new, other = session("octoprint", ago(hours=1)), session("printer", ago(hours=3), ago(hours=2), ending="lost")
    old = session("octoprint", ago(hours=9), ago(hours=4), ending="silent")
    sessions = (new, other, old)

    assert before(page, "octoprint", new["session"], *sessions) == old
    assert before(page, "octoprint", old["session"], *sessions) is None
    assert before(page, "octoprint", "another", *sessions) is None
    assert before(page, "printer", new["session"], *sessions) is None


def events(page, since, prints, *sessions):
    return page.evaluate(
        """([sessions, prints, since]) => {
            const { events, happenings, recent } = OctoPrintUptime.story;
            const found = recent(events(happenings(sessions), prints), since);
            return found.map((event) => event.print ? "print" : event.clock);
        }""",
        [list(sessions), prints, ms(since)],
    )


def test_stopped_prints_stand_among_the_events_newest_first(page):
    lost = session("printer", ago(hours=9), ago(hours=5), ending="lost")
    silent = session("host", ago(hours=9), ago(hours=3), ago(hours=2), ending="silent")
    prints = [stopped_print(ago(hours=1)), stopped_print(ago(hours=4)), stopped_print(ago(hours=8))]

    assert events(page, ago(hours=9), prints, silent, lost) == ["print", "host", "print", "printer", "print"]
    assert events(page, ago(hours=8), prints, silent, lost)[-1] == "print"
    assert events(page, ago(hours=7), prints, silent, lost) == ["print", "host", "print", "printer"]
    assert events(page, ago(hours=9), [], silent, lost) == ["host", "printer"]


def test_figures_of_a_span_that_is_not_all_loaded_are_not_known(page):
    pieces = [{"kind": "unloaded", "from": 0, "to": 5, "session": None}]

    assert page.evaluate("(pieces) => OctoPrintUptime.story.figures(pieces, { from: 0, to: 9 })", pieces) is None


def test_a_start_counts_if_it_lies_in_the_span(page):
    lost = {**session("printer", ago(hours=2)), "started": None}
    early = session("printer", ago(hours=30), ago(hours=9), ending="stopped")

    assert figures(page, [lost, early], 24, ago(hours=90))["starts"] == 0
    assert figures(page, [session("printer", ago(hours=24)), early], 24, ago(hours=90))["starts"] == 1
