"""Seconds to text, in any language: ``93784`` is ``1d 2h 3m 4s`` or ``1 day 2 hours 3 minutes``.

The twin of ``static/js/durations.js``, function for function.
"""

import math
from functools import cache, lru_cache

from babel import Locale
from babel.dates import format_timedelta

UNITS = {"day": 86400, "hour": 3600, "minute": 60, "second": 1}
FORMATS = {
    "full": ("day", "hour", "minute", "second"),
    "dhm": ("day", "hour", "minute"),
    "dh": ("day", "hour"),
    "d": ("day",),
    "short": ("day", "hour", "minute", "second"),
}
STYLES = ("narrow", "long")
# Their narrow units are Latin letters, stand for another unit ("5d" is 5 minutes in Turkish) or look misspelled.
_SHORT_FOR_NARROW = ("fa", "fi", "ja", "ru", "tr", "uk")
# Here a pattern may end in its number, or be nothing else: that would run into the next one, as in "יום 1 5 שעות".
_NUMBER_LAST = ("he", "zu")
# What stands between two parts, and before the last one, be it a number or a word. From the unit lists of CLDR, but not
# read from there: Babel leaves the half of them out, and Hebrew writes its "and" otherwise before a word than a number.
_SPACE = {"between": " ", "before_number": " ", "before_word": " "}
_LONG_JOINS = {
    "ar": {"between": " و", "before_number": " و", "before_word": " و"},
    "he": {"between": ", ", "before_number": " ו־", "before_word": " ו"},  # noqa: RUF001  Hebrew's "and"
}

_DIGITS = "0123456789"
# Between them these integers belong to every plural category that an integer can have in CLDR.
_SAMPLES = (*range(101), 1_000_000)


def format_duration(seconds, format="full", style="narrow", locale="en"):
    """Spell a duration.

    ``seconds`` is an int or float, finite and >= 0; a fraction is cut. ``format`` is a key of FORMATS, ``style`` one of
    STYLES, ``locale`` any CLDR locale such as ``de`` or ``pt_BR``. Raises TypeError if ``seconds`` is not a number (a
    boolean is none), ValueError if it is negative, infinite or NaN, KeyError for an unknown format or style, and what
    ``babel.Locale.parse`` raises for an unknown locale.
    """
    texts = [spell_part(unit, count, style, locale) for unit, count in duration_parts(seconds, format)]
    return join_parts(texts, duration_patterns(locale)["join"][style])


def join_parts(texts, join):
    """One text of the texts of all parts."""
    *others, last = texts
    if not others:
        return last
    before_last = join["before_number" if last[0] in _DIGITS else "before_word"]
    return join["between"].join(others) + before_last + last


@lru_cache(maxsize=4096)
def spell_part(unit, count, style, locale):
    """Spell one part of a duration, such as 5 minutes."""
    patterns = duration_patterns(locale)[style][unit]
    return pattern_for(patterns, plural_rule(locale)(count)).replace("{0}", str(count))


def duration_parts(seconds, format):
    """Split seconds into ``[(unit, count), …]``: no leading zeros, the smallest unit always there."""
    remaining = whole_seconds(seconds)
    units = FORMATS[format]
    parts: list[tuple[str, int]] = []
    for unit in units:
        count, remaining = divmod(remaining, UNITS[unit])
        if count or parts or unit == units[-1]:
            parts.append((unit, count))
    return parts[:2] if format == "short" else parts


def whole_seconds(seconds):
    """Cut the fraction; raise TypeError or ValueError for what is no duration."""
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        raise TypeError(f"seconds must be a number, not {type(seconds).__name__}")
    if not math.isfinite(seconds) or seconds < 0:
        raise ValueError(f"seconds must be finite and not negative, not {seconds}")
    return int(seconds)


def pattern_for(patterns, category):
    """The pattern of a plural category, or of the general one where the locale has no such category."""
    return patterns.get(category) or patterns["other"]


@cache
def duration_patterns(locale):
    """All spellings of a locale: ``{style: {unit: {plural category: "{0}d"}}, "join": {style: {place: " "}}}``."""
    # Sampled: unlike babel.units, format_timedelta follows the aliases inside CLDR (seen in Babel 2.12 to 2.18).
    category = plural_rule(locale)
    samples = {category(number): number for number in reversed(_SAMPLES)}
    samples.setdefault("other", 100)
    patterns = {style: {unit: _unit_patterns(locale, style, unit, samples) for unit in UNITS} for style in STYLES}
    return {**patterns, "join": {"narrow": _SPACE, "long": _LONG_JOINS.get(cldr_locale(locale).language, _SPACE)}}


@cache
def plural_rule(locale):
    """The function that names the plural category of an integer, such as ``one`` or ``other``."""
    return cldr_locale(locale).plural_form


@cache
def cldr_locale(locale):
    """The ``babel.Locale`` behind a name: plain ``pt`` is Portugal, as in our catalogs, where CLDR means Brazil."""
    parsed = Locale.parse(locale)
    return Locale("pt", "PT") if str(parsed) == "pt" else parsed


def _unit_patterns(locale, style, unit, samples):
    patterns = {name: _sample(locale, style, unit, number) for name, number in samples.items()}
    if style == "narrow":
        # A unit without its number is no duration: Hebrew's sign of the day alone reads as an initial.
        return {name: text if "{0}" in text else patterns["other"] for name, text in patterns.items()}
    return patterns


def _sample(locale, style, unit, number):
    language = cldr_locale(locale).language
    style = "short" if style == "narrow" and language in _SHORT_FOR_NARROW else style
    options = {"granularity": unit, "threshold": math.inf, "locale": cldr_locale(locale)}
    text = format_timedelta(number * UNITS[unit], format=style, **options)
    # Old Babel has holes in the narrow and long styles, never in the short one.
    if not text or (language in _NUMBER_LAST and text.endswith(str(number))):
        text = format_timedelta(number * UNITS[unit], format="short", **options)
    return text.replace(str(number), "{0}")
