"""durations.js spells every duration as durations.py does, to the letter, in a real browser."""

import pytest
from babel.localedata import locale_identifiers

from octoprint_uptime.durations import FORMATS, STYLES, duration_patterns, plural_rule
from tests.harness.durations import COUNTS, DAY, LOCALES, SEED, compare, durations, golden, reproduce

NO_DURATIONS = ["-1", "-0.001", "NaN", "Infinity", "-Infinity", "null", "undefined", '"5"', "true", "[5]", "{}"]

# The names that OctoPrint gives to locales, with "None" for none, and what Intl takes for them.
LANGUAGE_TAGS = {
    "de": "de",
    "pt": "pt-PT",
    "pt_BR": "pt-BR",
    "zh_Hans_CN": "zh-Hans-CN",
    "zh_Hant_TW": "zh-Hant-TW",
    "None": "en",
    "xx": "en",
    "": "en",
    "no language": "en",
}


# Of each kind of plural rule, writing and joining one.
FEW = ["ar", "cs", "de", "en", "fr", "he", "ja", "lt", "pl", "pt_BR", "ru", "sl"]


@pytest.mark.parametrize("locales", [FEW, pytest.param(LOCALES, marks=pytest.mark.thorough)], ids=["few", "all"])
def test_python_and_javascript_never_disagree(evaluate, capsys, locales):
    seconds = durations()
    compared, differences = compare(evaluate, locales, seconds)

    with capsys.disabled():
        print(f"\n{compared:,} durations compared between Python and JavaScript: {len(differences)} differences")
        print(f"({len(locales)} locales, {len(seconds)} values, DURATIONS_SEED={SEED})")
    assert differences == []
    assert len(set(seconds)) >= 500
    assert compared == len(locales) * len(seconds) * len(FORMATS) * len(STYLES)


def test_there_are_many_locales():
    assert len(LOCALES) >= 60
    assert set(FEW) <= set(LOCALES)


@pytest.mark.thorough
def test_every_plural_class_of_a_hundred_years_is_compared():
    rules = {str(plural_rule(locale).rules): plural_rule(locale) for locale in LOCALES}.values()
    missing = [set(map(rule, range(36_526))) - set(map(rule, COUNTS)) for rule in rules]

    assert not any(missing)


@pytest.mark.thorough
def test_they_agree_in_every_other_locale_that_babel_knows(evaluate):
    others = sorted(set(locale_identifiers()) - set(LOCALES))
    _, differences = compare(evaluate, others, [count * DAY for count in (*range(13), 21, 22, 31, 100, 101, 1000)])

    assert differences == []


def test_javascript_reproduces_the_golden_file(evaluate):
    for locale, rows in golden().items():
        assert reproduce(evaluate, locale, rows) == rows


def test_what_is_no_duration_is_an_en_dash(evaluate):
    values = [*NO_DURATIONS, "5"]
    texts = evaluate(
        """([patterns, values]) => {
            const { formatDuration, setDurationPatterns } = OctoPrintUptime.durations;
            setDurationPatterns("en", patterns);
            return values.map((value) => formatDuration(eval(`(${value})`), "full", "narrow", "en"));
        }""",
        [duration_patterns("en"), values],
    )
    assert dict(zip(values, texts)) == {**dict.fromkeys(NO_DURATIONS, "–"), "5": "5s"}


def test_a_locale_without_patterns_has_no_durations_yet(evaluate):
    assert evaluate("() => OctoPrintUptime.durations.formatDuration(5, 'full', 'narrow', 'tlh')") == "–"


def test_each_name_of_a_locale_becomes_one_that_the_browser_takes(evaluate):
    tags = evaluate("(names) => names.map(OctoPrintUptime.durations.languageTag)", list(LANGUAGE_TAGS))

    assert dict(zip(LANGUAGE_TAGS, tags)) == LANGUAGE_TAGS


def test_dates_in_portuguese_are_those_of_portugal(evaluate):
    date = evaluate(
        """() => new Intl.DateTimeFormat(OctoPrintUptime.durations.languageTag("pt"), {dateStyle: "medium"})
            .format(new Date(2026, 10, 21))"""
    )
    assert date == "21/11/2026"
