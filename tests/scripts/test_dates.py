"""How dates and times are written: in the reader's language and time zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.harness.plain import plain

MAKE = """([locale, elsewhere, today]) => {
    window.dates = OctoPrintUptime.makeDates({ locale, elsewhere: () => elsewhere, today: () => today });
    window.when = (from, to) => {
        const { day, ...rest } = dates.range(from, to, dates.near);
        return [day, rest.from, rest.to];
    };
}"""

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")


@pytest.fixture(scope="module")
def page_in(load):
    """The page of a time zone, with `dates` made for these arguments."""
    pages = {}

    def page_in(zone, locale, elsewhere, today):
        if zone not in pages:
            pages[zone] = load("model/durations", "model/dates", timezone=zone.key)
        pages[zone].evaluate(MAKE, [locale, elsewhere, ms(datetime(*today, tzinfo=zone))])
        return pages[zone]

    return page_in


@pytest.fixture
def dates(page_in):
    """Calls a function of dates.js, on a page in a time zone."""

    def dates(function, *arguments, zone=BERLIN, locale="en", elsewhere=False, today=(2026, 11, 24)):
        page = page_in(zone, locale, elsewhere, today)
        return plain(page.evaluate(f"(all) => dates.{function}(...all)", [ms(each) for each in arguments]))

    return dates


@pytest.fixture
def ranged(page_in):
    def ranged(start, end, zone=BERLIN, locale="en", elsewhere=False, today=(2026, 11, 24)):
        page = page_in(zone, locale, elsewhere, today)
        return plain(page.evaluate("([from, to]) => when(from, to)", [ms(start), ms(end)]))

    return ranged


def ms(moment):
    return moment.timestamp() * 1000 if isinstance(moment, datetime) else moment


def berlin(*fields, **more):
    return datetime(*fields, tzinfo=BERLIN, **more)


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (berlin(2026, 11, 24, 3, 12), "Tue, Nov 24, 3:12 AM"),
        (berlin(2026, 1, 1), "Thu, Jan 1, 12:00 AM"),
        (berlin(2025, 12, 31, 23, 59), "Wed, Dec 31, 2025, 11:59 PM"),
        (berlin(2027, 1, 1), "Fri, Jan 1, 2027, 12:00 AM"),
    ],
)
def test_a_moment_has_its_year_if_it_is_not_this_one(dates, moment, text):
    assert dates("moment", moment) == text


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (berlin(2026, 11, 24, 0, 0), "today, 12:00 AM"),
        (berlin(2026, 11, 24, 23, 59), "today, 11:59 PM"),
        (berlin(2026, 11, 23, 23, 59), "yesterday, 11:59 PM"),
        (berlin(2026, 11, 23, 0, 0), "yesterday, 12:00 AM"),
        (berlin(2026, 11, 22, 23, 59), "Sun, Nov 22, 11:59 PM"),
        (berlin(2026, 11, 25, 0, 0), "Wed, Nov 25, 12:00 AM"),
    ],
)
def test_today_and_yesterday_have_words(dates, moment, text):
    assert dates("near", moment) == text


def test_yesterday_has_its_word_also_across_a_change_to_summer_time(dates):
    assert dates("near", berlin(2026, 3, 28, 0, 30), today=(2026, 3, 29)) == "yesterday, 12:30 AM"
    assert dates("near", berlin(2026, 3, 29, 0, 30), today=(2026, 3, 30)) == "yesterday, 12:30 AM"


def test_what_two_moments_have_in_common_is_said_once(ranged):
    early, late = berlin(2026, 11, 24, 3, 11), berlin(2026, 11, 24, 3, 14)

    assert ranged(early, late) == ["today", "3:11 AM", "3:14 AM"]
    assert ranged(berlin(2026, 11, 20, 3, 11), berlin(2026, 11, 20, 3, 14)) == ["Fri, Nov 20", "3:11 AM", "3:14 AM"]
    assert ranged(berlin(2026, 11, 23, 23, 59), late) == ["", "yesterday, 11:59 PM", "today, 3:14 AM"]


def test_another_zone_is_named_once(ranged, dates):
    early, late = berlin(2026, 11, 24, 3, 11), berlin(2026, 11, 24, 3, 14)

    assert ranged(early, late, elsewhere=True) == ["today", "3:11 AM", "3:14 AM GMT+1"]
    assert dates("moment", early, elsewhere=True) == "Tue, Nov 24, 3:11 AM GMT+1"
    assert dates("near", early, elsewhere=True) == "today, 3:11 AM GMT+1"


def test_when_summer_time_ends_the_zones_tell_two_moments_apart(ranged, dates):
    first = datetime(2026, 11, 1, 1, 50, tzinfo=NEW_YORK)
    second = datetime(2026, 11, 1, 1, 10, fold=1, tzinfo=NEW_YORK)
    here = {"zone": NEW_YORK, "today": (2026, 11, 3)}

    assert ranged(first, second, **here) == ["Sun, Nov 1", "1:50 AM EDT", "1:10 AM EST"]
    assert dates("near", first.replace(minute=30), **here) == "Sun, Nov 1, 1:30 AM EDT"
    assert dates("near", first.replace(minute=30, fold=1), **here) == "Sun, Nov 1, 1:30 AM EST"
    assert dates("moment", first.replace(hour=4), **here) == "Sun, Nov 1, 4:50 AM"
    assert dates("moment", first.replace(day=2), **here) == "Mon, Nov 2, 1:50 AM"
    assert ranged(first.replace(hour=0, minute=5), first.replace(hour=3), **here)[1:] == ["12:05 AM EDT", "3:50 AM EST"]


@pytest.mark.parametrize(
    ("later", "is_same"), [(0, True), (59_999, True), (60_000, False), (3_600_000, False), (-1, False)]
)
def test_a_minute_is_compared_by_its_timestamp(dates, later, is_same):
    start = ms(berlin(2026, 11, 1, 1, 30))

    assert dates("isSameMinute", start, start + later) is is_same


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("pt_BR", "09:07"), ("ja", "9:07"), ("de", "09:07"), ("ar", "9:07"), ("None", "9:07"), ("no language", "9:07"),
    ],
)  # fmt: skip
def test_hours_are_written_as_the_language_writes_them(dates, locale, text):
    assert text in dates("moment", berlin(2026, 11, 24, 9, 7), locale=locale)


@pytest.mark.parametrize(("unit", "text"), [("hour", "3 AM"), ("day", "Nov 24"), ("month", "Nov 2026")])
def test_ticks_have_as_little_as_they_need(dates, unit, text):
    assert dates("tick", berlin(2026, 11, 24, 3), unit) == text


def test_now_is_a_word(dates):
    assert dates("now") == "now"
