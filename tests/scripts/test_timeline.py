"""Where sessions and ticks lie on the picture."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.harness.staged import NOW, ago, session

HOUR = 3600


@pytest.fixture(scope="module")
def page(load):
    return load("model/timeline")


def ms(moment):
    return moment.timestamp() * 1000


def span(hours):
    return {"from": ms(ago(hours=hours)), "to": ms(NOW)}


def pieces(page, sessions, hours, recorded_from, complete_from=None):
    """Each piece as (kind, hours ago it begins, hours ago it ends)."""
    known = {
        "recordedFrom": recorded_from and ms(recorded_from),
        "completeFrom": ms(complete_from) if complete_from else 0,
    }
    found = page.evaluate(
        "([sessions, span, known]) => OctoPrintUptime.timeline.pieces(sessions, span, known)",
        [sessions, span(hours), known],
    )
    return [(piece["kind"], *((ms(NOW) - piece[end]) / HOUR / 1000 for end in ("from", "to"))) for piece in found]


def merged(page, found, least):
    return page.evaluate("([found, least]) => OctoPrintUptime.timeline.merged(found, least)", [found, least])


def ticks(page, start, end, most):
    answer = page.evaluate(
        "([span, most]) => OctoPrintUptime.timeline.ticks(span, most)", [{"from": ms(start), "to": ms(end)}, most]
    )
    return answer["unit"], [moment / 1000 for moment in answer["moments"]]


def test_a_session_that_runs_reaches_to_now(page):
    assert pieces(page, [session("host", ago(hours=5))], 24, ago(hours=5)) == [
        ("unrecorded", 24, 5),
        ("run", 5, 0),
    ]


def test_a_gap_has_the_session_whose_end_made_it(page):
    cut = session("host", ago(hours=9), ago(hours=5), ago(hours=4), ending="silent", session="cut")
    found = page.evaluate(
        "([sessions, span]) => OctoPrintUptime.timeline.pieces(sessions, span, { recordedFrom: 0, completeFrom: 0 })",
        [[session("host", ago(hours=3), session="now"), cut], span(9)],
    )

    ids = [
        (piece["kind"], *(piece[name] and piece[name]["session"] for name in ("session", "after"))) for piece in found
    ]
    assert ids == [("run", "cut", None), ("unsure", None, "cut"), ("off", None, "cut"), ("run", "now", None)]


def test_a_session_older_than_the_recording_is_shown_from_its_start(page):
    assert pieces(page, [session("host", ago(hours=30))], 24, ago(hours=5)) == [("run", 24, 0)]


def test_what_was_told_to_end_leaves_a_plain_gap(page):
    sessions = [session("octoprint", ago(hours=2)), session("octoprint", ago(hours=9), ago(hours=3), ending="stopped")]

    assert pieces(page, sessions, 10, ago(hours=9)) == [
        ("unrecorded", 10, 9),
        ("run", 9, 3),
        ("off", 3, 2),
        ("run", 2, 0),
    ]


def test_where_the_end_is_not_known_the_gap_says_so_and_only_there(page):
    silent = session("printer", ago(hours=9), ago(hours=6), ago(hours=4), ending="silent")

    assert pieces(page, [session("printer", ago(hours=2)), silent], 9, ago(hours=9)) == [
        ("run", 9, 6),
        ("unsure", 6, 4),
        ("off", 4, 2),
        ("run", 2, 0),
    ]


def test_where_nobody_watched_nothing_is_recorded(page):
    unseen = session("host", ago(hours=9), ago(hours=6), ago(hours=2), ending="unseen")

    assert pieces(page, [session("host", ago(hours=2)), unseen], 9, ago(hours=9)) == [
        ("run", 9, 6),
        ("unrecorded", 6, 2),
        ("run", 2, 0),
    ]


def test_a_session_shorter_than_a_second_is_there(page):
    brief = session("printer", ago(hours=3), ago(hours=3), ending="lost")

    assert ("run", 3, 3) in pieces(page, [session("printer", ago(hours=2)), brief], 9, ago(hours=9))


def test_before_a_session_that_nobody_awaited_nothing_is_recorded(page):
    # The plugin was off: OctoPrint may have run.
    sessions = [
        session("octoprint", ago(hours=2), watched_before=False),
        session("octoprint", ago(hours=9), ago(hours=6), ending="stopped"),
    ]

    assert pieces(page, sessions, 9, ago(hours=9)) == [("run", 9, 6), ("unrecorded", 6, 2), ("run", 2, 0)]


def test_an_end_with_no_latest_moment_is_not_known_up_to_the_next_start(page):
    silent = {**session("host", ago(hours=9), ago(hours=6), ending="silent", confirmed=False), "ended_before": None}

    assert pieces(page, [session("host", ago(hours=2)), silent], 9, ago(hours=9)) == [
        ("run", 9, 6),
        ("unsure", 6, 2),
        ("run", 2, 0),
    ]


def test_a_printer_that_was_never_connected_was_off_since_the_recording_began(page):
    assert pieces(page, [], 24, ago(hours=5)) == [("unrecorded", 24, 5), ("off", 5, 0)]


def test_without_any_recording_all_is_not_recorded(page):
    assert pieces(page, [], 24, NOW) == [("unrecorded", 24, 0)]


def test_a_start_that_cannot_be_told_is_as_far_back_as_it_ran(page):
    lost = {**session("host", ago(hours=6)), "started": None}

    assert pieces(page, [lost], 24, ago(hours=6)) == [("unrecorded", 24, 6), ("run", 6, 0)]


def test_a_session_that_ended_before_the_span_is_not_in_it(page):
    sessions = [session("host", ago(hours=20)), session("host", ago(hours=90), ago(hours=30), ending="stopped")]

    assert pieces(page, sessions, 24, ago(hours=90)) == [("off", 24, 20), ("run", 20, 0)]


def test_times_of_a_clock_that_was_not_set_never_overlap(page):
    # The older session says that it lasted until after the newer one began.
    sessions = [session("host", ago(hours=4)), session("host", ago(hours=8), ago(hours=1), ending="silent")]

    assert pieces(page, sessions, 8, ago(hours=8)) == [("run", 8, 4), ("run", 4, 0)]


def test_the_oldest_session_that_nobody_awaited_has_nothing_recorded_before_it(page):
    oldest = session("octoprint", ago(hours=2), watched_before=False)

    assert pieces(page, [oldest], 24, ago(hours=9)) == [("unrecorded", 24, 2), ("run", 2, 0)]


def test_what_was_not_asked_for_is_not_loaded_and_never_off(page):
    running = session("host", ago(hours=2))

    assert pieces(page, [running], 24, ago(hours=90), ago(hours=7)) == [
        ("unloaded", 24, 7),
        ("off", 7, 2),
        ("run", 2, 0),
    ]
    assert pieces(page, [running], 24, ago(hours=9), ago(hours=7)) == [
        ("unrecorded", 24, 9),
        ("unloaded", 9, 7),
        ("off", 7, 2),
        ("run", 2, 0),
    ]
    assert pieces(page, [running], 24, ago(hours=9), ago(hours=1)) == [
        ("unrecorded", 24, 9),
        ("unloaded", 9, 2),
        ("run", 2, 0),
    ]


def test_a_session_that_reaches_into_what_is_not_loaded_is_there(page):
    assert pieces(page, [session("host", ago(hours=20))], 24, ago(hours=90), ago(hours=7)) == [
        ("unloaded", 24, 20),
        ("run", 20, 0),
    ]


def test_a_session_that_ended_at_an_unknown_time_has_no_place(page):
    undated = {**session("host", ago(hours=9), ago(hours=6), ending="silent"), "ended": None}

    assert pieces(page, [session("host", ago(hours=2)), undated], 9, ago(hours=9)) == [("off", 9, 2), ("run", 2, 0)]


def piece(kind, start, end, ending="stopped"):
    return {"kind": kind, "from": start, "to": end, "session": {"ending": ending} if kind == "run" else None}


def kinds(page, found, least):
    return [(each["kind"], each["from"], each["to"], len(each["ended"])) for each in merged(page, found, least)]


def test_sessions_narrower_than_a_pixel_are_put_together_and_counted(page):
    restarts = [piece("run", at, at + 1) for at in range(10)]

    assert kinds(page, [*restarts, piece("run", 10, 100, None)], 5) == [
        ("many", 0, 5, 5),
        ("many", 5, 10, 5),
        ("run", 10, 100, 0),
    ]


def test_the_gaps_between_sessions_that_are_put_together_go_with_them(page):
    found = [piece("run", 0, 1), piece("off", 1, 2), piece("run", 2, 3), piece("off", 3, 4), piece("run", 4, 50)]

    assert kinds(page, found, 5) == [("many", 0, 3, 2), ("off", 3, 4, 0), ("run", 4, 50, 1)]


@pytest.mark.parametrize(("first", "second", "kept"), [
    ("unsure", "off", "unsure"), ("off", "unsure", "unsure"), ("unrecorded", "off", "unrecorded"),
    ("off", "unrecorded", "unrecorded"), ("unrecorded", "unsure", "unsure"), ("unsure", "unrecorded", "unsure"),
    ("unloaded", "off", "off"), ("unrecorded", "unloaded", "unrecorded"),
])  # fmt: skip
def test_of_two_narrow_gaps_the_stronger_is_kept(page, first, second, kept):
    """After a power cut: no session was there that could be spoken of."""
    found = [piece("run", 0, 50), piece(first, 50, 51), piece(second, 51, 53), piece("run", 53, 90, None)]

    assert kinds(page, found, 5) == [("run", 0, 50, 1), (kept, 50, 53, 0), ("run", 53, 90, 0)]


def test_a_gap_that_can_be_seen_stays_what_it_is(page):
    found = [piece("run", 0, 50), piece("unsure", 50, 51), piece("off", 51, 56), piece("run", 56, 90, None)]

    assert kinds(page, found, 5) == [("run", 0, 50, 1), ("unsure", 50, 51, 0), ("off", 51, 56, 0), ("run", 56, 90, 0)]
    assert [kind for kind, *_ in kinds(page, found, 6)] == ["run", "unsure", "run"]


def test_a_single_narrow_session_stays_what_it_is(page):
    found = [piece("off", 0, 50), piece("run", 50, 51), piece("off", 51, 52), piece("unsure", 52, 90)]

    assert kinds(page, found, 5) == [("off", 0, 50, 0), ("run", 50, 51, 1), ("off", 51, 52, 0), ("unsure", 52, 90, 0)]


def test_narrow_sessions_apart_from_each_other_stay_single(page):
    found = [piece("run", 0, 1), piece("off", 1, 9), piece("run", 9, 10), piece("off", 10, 20)]

    assert [kind for kind, *_ in kinds(page, found, 5)] == ["run", "off", "run", "off"]


def test_a_session_that_runs_is_not_counted_as_ended(page):
    assert kinds(page, [piece("run", 0, 1), piece("run", 1, 2, None)], 5) == [("many", 0, 2, 1)]


def test_three_thousand_sessions_become_no_more_pieces_than_can_be_seen(page):
    sessions = [session("printer", ago(minutes=14 * n + 10), ago(minutes=14 * n), ending="lost") for n in range(3000)]
    count = page.evaluate(
        """([sessions, span]) => {
            const { pieces, merged } = OctoPrintUptime.timeline;
            const known = { recordedFrom: span.from, completeFrom: 0 };
            return merged(pieces(sessions, span, known), (span.to - span.from) / 600).length;
        }""",
        [sessions, span(700)],
    )

    assert count <= 1200


MINUTE_MS = 60_000


def widened(page, *found):
    """Where pieces of so many minutes, each as (kind, minutes), are drawn if a gap needs 10 of them."""
    pieces, end = [], 0
    for kind, minutes in found:
        pieces.append({"kind": kind, "from": end, "to": (end := end + minutes * MINUTE_MS)})
    drawn = page.evaluate("(found) => OctoPrintUptime.timeline.widened(found, 600000)", pieces)
    assert [(piece["from"], piece["to"]) for piece in drawn] == [(piece["from"], piece["to"]) for piece in pieces]
    return [(piece["shown"]["from"] / MINUTE_MS, piece["shown"]["to"] / MINUTE_MS) for piece in drawn]


def test_a_short_gap_is_drawn_wide_enough_to_be_seen_at_the_cost_of_its_wider_neighbour(page):
    assert widened(page, ("run", 100), ("off", 1), ("run", 900)) == [(0, 100), (100, 110), (110, 1001)]
    assert widened(page, ("run", 900), ("unsure", 4), ("run", 100)) == [(0, 894), (894, 904), (904, 1004)]
    assert widened(page, ("run", 100), ("off", 10), ("run", 100)) == [(0, 100), (100, 110), (110, 210)]
    assert widened(page, ("run", 19), ("off", 1), ("run", 19)) == [(0, 19), (19, 20), (20, 39)]
    assert widened(page, ("off", 1), ("run", 30), ("off", 1)) == [(0, 10), (10, 22), (22, 32)]
    assert widened(page, ("run", 1), ("off", 20)) == [(0, 1), (1, 21)]


def test_every_other_day_is_a_stripe(load):
    page = load("model/timeline", timezone="America/New_York")
    zone = ZoneInfo("America/New_York")

    def stripes(start, end):
        moments = {"from": ms(datetime(*start, tzinfo=zone)), "to": ms(datetime(*end, tzinfo=zone))}
        found = page.evaluate("(span) => OctoPrintUptime.timeline.alternateDays(span)", moments)
        return [[datetime.fromtimestamp(day[name] / 1000, zone).strftime("%d %H:%M") for name in day] for day in found]

    week = [["26 18:00", "27 00:00"], ["28 00:00", "29 00:00"], ["30 00:00", "31 00:00"], ["01 00:00", "02 00:00"]]
    assert stripes((2026, 10, 26, 18), (2026, 11, 2, 3)) == week
    assert stripes((2026, 10, 27, 1), (2026, 11, 2, 0)) == week[1:]


@pytest.mark.parametrize(
    ("hours", "most", "unit", "between"),
    [(24, 8, "hour", 3), (24, 4, "hour", 6), (24 * 7, 7, "day", 24), (24 * 30, 6, "day", 24 * 7)],
)
def test_ticks_are_full_hours_or_days_and_have_room(page, hours, most, unit, between):
    found_unit, found = ticks(page, ago(hours=hours, minutes=17), ago(minutes=17), most)

    assert found_unit == unit
    assert 2 <= len(found) <= most + 1
    assert all(later - earlier == between * HOUR for earlier, later in zip(found, found[1:]))
    assert all(moment % HOUR == 0 for moment in found)


def test_years_have_ticks_at_the_first_of_a_month(page):
    unit, found = ticks(page, ago(days=3660), NOW, 8)

    assert unit == "month"
    assert 2 <= len(found) <= 9
    assert all(datetime.fromtimestamp(moment, ZoneInfo("UTC")).day == 1 for moment in found)


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Berlin", (2026, 3, 29)),
        ("Europe/Berlin", (2026, 10, 25)),
        ("America/New_York", (2026, 3, 8)),
        ("Australia/Lord_Howe", (2026, 10, 4)),
    ],
)
def test_ticks_are_right_across_a_change_to_summer_time(load, zone, day):
    page, here = load("model/timeline", timezone=zone), ZoneInfo(zone)
    midnight = datetime(*day, tzinfo=here)
    end = datetime(day[0], day[1], day[2], 23, 59, tzinfo=here)

    _, hours = ticks(page, midnight, end, 26)
    read = [datetime.fromtimestamp(moment, here) for moment in hours]
    assert all(moment.minute in (0, 30) for moment in read)
    assert len({moment.hour for moment in read}) == len(read) >= 22
    assert hours == sorted(set(hours))

    _, days = ticks(page, datetime(day[0], day[1], day[2] - 2, 12, tzinfo=here), end, 3)
    assert [datetime.fromtimestamp(moment, here).hour for moment in days] == [0] * len(days)
    assert len(days) == 2
