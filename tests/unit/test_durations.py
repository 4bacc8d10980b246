"""Seconds to text."""

import math

import pytest
from babel import UnknownLocaleError
from babel.localedata import locale_identifiers

from octoprint_uptime import (
    format_uptime,
    format_uptime_d,
    format_uptime_dh,
    format_uptime_dhm,
    format_uptime_short,
)
from octoprint_uptime.durations import STYLES, UNITS, duration_patterns, format_duration, plural_rule

DAY, HOUR, MINUTE = 86400, 3600, 60


@pytest.mark.parametrize(
    ("format", "seconds", "text"),
    [
        ("full", 0, "0s"),
        ("full", 59.999, "59s"),  # cut, never rounded up
        ("full", MINUTE, "1m 0s"),
        ("full", HOUR, "1h 0m 0s"),
        ("full", DAY - 1, "23h 59m 59s"),
        ("full", DAY, "1d 0h 0m 0s"),
        ("full", 93784, "1d 2h 3m 4s"),
        ("full", 400 * DAY, "400d 0h 0m 0s"),  # no weeks, months, years
        ("dhm", 0, "0m"),
        ("dhm", 300, "5m"),
        ("dhm", 93784, "1d 2h 3m"),
        ("dh", 0, "0h"),
        ("dh", HOUR - 1, "0h"),
        ("dh", 93784, "1d 2h"),
        ("d", DAY - 1, "0d"),
        ("d", 93784, "1d"),
        ("short", 0, "0s"),
        ("short", 59, "59s"),
        ("short", HOUR, "1h 0m"),
        ("short", DAY + MINUTE, "1d 0h"),
        ("short", 93784, "1d 2h"),
    ],
)
def test_a_format_names_its_units(format, seconds, text):
    assert format_duration(seconds, format) == text


@pytest.mark.parametrize(
    ("locale", "narrow", "long"),
    [
        ("en", "1d 2h 5m 22s", "1 day 2 hours 5 minutes 22 seconds"),
        ("de", "1 T 2 Std. 5 Min. 22 Sek.", "1 Tag 2 Stunden 5 Minuten 22 Sekunden"),
        ("pl", "1 d. 2 h 5 min 22 s", "1 doba 2 godziny 5 minut 22 sekundy"),
        ("ru", "1 дн. 2 ч 5 мин 22 с", "1 день 2 часа 5 минут 22 секунды"),
        ("ar", "1 ي 2 س 5 د 22 ث", "يوم وساعتان و5 دقائق و22 ثانية"),
        ("he", "1 י׳ 2 שע׳ 5 דק׳ 22 שנ׳", "יום, שעתיים, 5 דקות ו־22 שניות"),
        ("fi", "1 pv 2 t 5 min 22 s", "1 päivä 2 tuntia 5 minuuttia 22 sekuntia"),
        ("ja", "1 日 2 時間 5 分 22 秒", "1 日 2 時間 5 分 22 秒"),  # not the Latin letters of CLDR's narrow style
        ("tr", "1 gün 2 sa. 5 dk. 22 sn.", "1 gün 2 saat 5 dakika 22 saniye"),  # narrow "5d" would be 5 minutes
        ("zh_Hans_CN", "1天 2小时 5分钟 22秒", "1天 2小时 5分钟 22秒钟"),
    ],
)
def test_each_language_has_its_own_words(locale, narrow, long):
    seconds = DAY + 2 * HOUR + 5 * MINUTE + 22

    assert format_duration(seconds, "full", "narrow", locale) == narrow
    assert format_duration(seconds, "full", "long", locale).replace("\xa0", " ") == long


def test_every_locale_that_babel_knows_has_every_pattern():
    holes = [
        (locale, style, unit, category, pattern)
        for locale in locale_identifiers()
        for style in STYLES
        for unit in UNITS
        for category, pattern in duration_patterns(locale)[style][unit].items()
        if not pattern.strip() or "duration" in pattern or any(map(str.isdigit, pattern.replace("{0}", "")))
    ]
    assert holes == []


def test_every_narrow_pattern_has_its_number_in_every_locale():
    bare = [
        (locale, unit, category)
        for locale in locale_identifiers()
        for unit in UNITS
        for category, pattern in duration_patterns(locale)["narrow"][unit].items()
        if "{0}" not in pattern
    ]
    assert bare == []


def test_a_long_pattern_stands_without_its_number_only_where_the_word_says_which():
    unclear = [
        (locale, unit, category, numbers)
        for locale in locale_identifiers()
        for category, numbers in numbers_by_category(locale).items()
        for unit in UNITS
        if len(numbers) > 1 and "{0}" not in duration_patterns(locale)["long"][unit][category]
    ]
    assert unclear == []


def numbers_by_category(locale):
    numbers = {}
    for number in range(130):
        numbers.setdefault(plural_rule(locale)(number), []).append(number)
    return numbers


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 שניות"),
        (2 * HOUR + 5 * MINUTE + 3, "שעתיים, 5 דקות ו־3 שניות"),  # a maqaf before a number
        (2 * MINUTE + 2, "שתי דקות ושתי שניות"),  # and none before a word
        (12 * DAY + 7 * HOUR + 23 * MINUTE + 1, "12 ימים, 7 שעות, 23 דקות ושניה"),
    ],
)
def test_hebrew_joins_with_commas_and_its_and(seconds, text):
    assert format_duration(seconds, "full", "long", "he") == text


@pytest.mark.parametrize(("locale", "text"), [("pt", "0 horas"), ("pt_PT", "0 horas"), ("pt_BR", "0 hora")])
def test_portuguese_is_that_of_portugal_unless_it_names_another_country(locale, text):
    assert format_duration(0, "dh", "long", locale) == text


def test_no_number_runs_into_the_next_one():
    assert format_duration(DAY + 5 * HOUR, "dh", "long", "he") == "יום ו־5 שעות"
    assert format_duration(DAY + 5 * HOUR, "dh", "narrow", "zu") == "1 usuku 5 hora"


def test_every_locale_has_a_general_pattern():
    tables = [duration_patterns(locale)[style] for locale in locale_identifiers() for style in STYLES]

    assert all("other" in table[unit] for table in tables for unit in UNITS)


def test_the_patterns_of_a_locale_are_made_once():
    assert duration_patterns("de") is duration_patterns("de")


@pytest.mark.parametrize("seconds", [-1, -0.001, math.nan, math.inf, -math.inf])
def test_a_number_that_is_no_duration_is_a_value_error(seconds):
    with pytest.raises(ValueError, match="finite and not negative"):
        format_uptime(seconds)


@pytest.mark.parametrize("seconds", [None, "60", True, [60], 1j])
def test_what_is_not_a_number_is_a_type_error(seconds):
    with pytest.raises(TypeError, match="must be a number"):
        format_uptime(seconds)


def test_an_unknown_locale_is_the_callers_mistake():
    with pytest.raises(UnknownLocaleError):
        format_uptime(60, locale="xx")


def test_the_helpers_for_other_plugins():
    helpers = (format_uptime, format_uptime_dhm, format_uptime_dh, format_uptime_d, format_uptime_short)

    assert [helper(93784) for helper in helpers] == ["1d 2h 3m 4s", "1d 2h 3m", "1d 2h", "1d", "1d 2h"]
    assert format_uptime(3600, locale="de") == "1 Std. 0 Min. 0 Sek."
