"""What happened, told from sessions; and what a span amounts to."""

import pytest

from tests.harness.staged import NOW, ago, iso, session


@pytest.fixture(scope="module")
def page(load):
    return load("timeline", "story")


def happenings(page, *sessions):
    return page.evaluate("(sessions) => OctoPrintUptime.story.happenings(sessions)", list(sessions))


def figures(page, sessions, hours, recorded_from):
    return page.evaluate(
        """([sessions, span, from]) => {
            const { story, timeline } = OctoPrintUptime;
            return story.figures(timeline.pieces(sessions, span, from), span);
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

    assert (told["ended"], told["before"], told["away"]) == (iso(ago(hours=6)), iso(ago(hours=2)), None)


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
        const { foremost, happenings } = OctoPrintUptime.story;
        const told = foremost(happenings(sessions), since);
        return told && told.manner;
    }"""

    def told(hours, *names):
        return page.evaluate(foremost, [[kinds[name] for name in names], ago(hours=hours).timestamp() * 1000])

    assert told(24, "stopped", "lost", "silent") == "lost"
    assert told(24, "stopped", "lost", "printing") == "silent"
    assert told(24, "deliberate", "lost") == "lost"
    assert told(24, "stopped", "silent") == "stopped"
    assert told(24, "silent") is None


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
        "longest": 7200,
    }


def test_a_time_not_known_does_not_count_as_running(page):
    silent = session("host", ago(hours=10), ago(hours=5), ago(hours=2), ending="silent")

    assert figures(page, [session("host", ago(hours=2)), silent], 10, ago(hours=10))["share"] == pytest.approx(0.7)


def test_the_longest_goes_no_further_than_the_span(page):
    assert figures(page, [session("host", ago(days=9))], 24, ago(days=9))["longest"] == 24 * 3600


def test_where_nothing_is_recorded_there_is_no_share(page):
    assert figures(page, [], 10, NOW) == {"share": None, "starts": 0, "unexpected": 0, "longest": None}
