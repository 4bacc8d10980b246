"""What durations.py and its twin durations.js are tested by: the golden file, and a comparison of the two.

python -m tests.harness.durations   add the languages that durations.json lacks, for somebody to read
"""

import json
import os
import random
import re
from itertools import zip_longest
from pathlib import Path

from octoprint_uptime.durations import FORMATS, STYLES, UNITS, duration_patterns, format_duration
from scripts.translations import catalogs

DAY, HOUR, MINUTE = 86_400, 3600, 60
HUNDRED_YEARS = 36_525 * DAY

GOLDEN_FILE = Path(__file__).with_suffix(".json")

# Each row of the golden file, in every language. Between them the numbers have all plural categories.
GOLDEN_ROWS = [
    (0, "full", "narrow"),
    (0, "full", "long"),
    (DAY + HOUR + MINUTE + 1, "full", "narrow"),
    (DAY + HOUR + MINUTE + 1, "full", "long"),
    (2 * DAY + 2 * HOUR + 2 * MINUTE + 2, "full", "long"),
    (3 * DAY + 5 * HOUR + 11 * MINUTE + 21, "full", "narrow"),
    (3 * DAY + 5 * HOUR + 11 * MINUTE + 21, "full", "long"),
    (12 * HOUR + 34 * MINUTE + 56, "full", "long"),
    (21 * DAY + 1 * HOUR + 22 * MINUTE, "dhm", "long"),
    (5 * MINUTE, "dhm", "narrow"),
    (11 * DAY + 23 * HOUR, "dh", "long"),
    (HOUR - 1, "dh", "narrow"),
    (100 * DAY, "d", "long"),
    (20 * DAY, "d", "long"),
    (365 * DAY, "d", "narrow"),
    (DAY - 1, "short", "long"),
    (59, "short", "narrow"),
]

# Between them and the shipped languages they have every plural rule and every script of CLDR.
OTHER_LOCALES = """
    af am as az be bg blo bn br bs ca cy de_AT de_CH el en_GB es_MX et eu fa fil fr_CA ga gd gl gu gv hi hr hsb
    hy id is ka kk km kn kw ky lag lb lo lt lv mk ml mn mr ms mt my nb_NO ne nn or pa pl_PL ps pt_PT se shi si
    sk sl sq sr sr_Latn sw ta te th tk tzm ur uz vi zh_Hans zh_Hans_CN zh_Hant zu
"""
LOCALES = sorted({"en", *catalogs(), *OTHER_LOCALES.split()})

COUNTS = (*range(130), 1000, 10_000)  # of each unit
BOUNDARIES = (*range(62), HOUR - 1, HOUR, HOUR + 1, DAY - 1, DAY, DAY + 1, HUNDRED_YEARS)

SEED = int(os.environ.get("DURATIONS_SEED") or random.SystemRandom().randrange(2**32))

# The same texts in the same order as `spell`.
SPELL_IN_BROWSER = """([locale, patterns, seconds]) => {
    const { FORMATS, formatDuration, setDurationPatterns } = window.OctoPrintUptime.durations;
    setDurationPatterns(locale, patterns);
    return ["narrow", "long"].flatMap((style) => Object.keys(FORMATS).flatMap((format) =>
        seconds.map((value) => formatDuration(value, format, style, locale))));
}"""

REPRODUCE_IN_BROWSER = """([locale, patterns, rows]) => {
    const { formatDuration, setDurationPatterns } = window.OctoPrintUptime.durations;
    setDurationPatterns(locale, patterns);
    return rows.map(([seconds, format, style]) => formatDuration(seconds, format, style, locale));
}"""


def golden():
    """``{locale: [[seconds, format, style, text], …]}``, read by people and taken for right."""
    return json.loads(GOLDEN_FILE.read_text())


def durations():
    """At least 500 numbers of seconds: the boundaries, each count of each unit, and random ones with a fraction."""
    numbers = random.Random(SEED)
    counted = {count * seconds for count in COUNTS for seconds in UNITS.values()}
    return [*sorted(counted.union(BOUNDARIES)), *(numbers.uniform(0, HUNDRED_YEARS) for _ in range(200))]


def spell(locale, seconds):
    return [
        format_duration(value, format, style, locale) for style in STYLES for format in FORMATS for value in seconds
    ]


def compare(evaluate, locales, seconds):
    """Return how many texts were compared, and those that differ: ``(locale, seconds, Python's, JavaScript's)``.

    ``evaluate`` calls a function of JavaScript with one argument.
    """
    compared, differences = 0, []
    for locale in locales:
        ours = spell(locale, seconds)
        theirs = evaluate(SPELL_IN_BROWSER, [locale, duration_patterns(locale), seconds])
        rows = zip_longest(seconds * len(STYLES) * len(FORMATS), ours, theirs)
        differences += [(locale, *row) for row in rows if row[1] != row[2]]
        compared += len(ours)
    return compared, differences


def reproduce(evaluate, locale, rows):
    """The rows of the golden file with the texts of JavaScript."""
    texts = evaluate(REPRODUCE_IN_BROWSER, [locale, duration_patterns(locale), rows])
    return [[*row[:3], text] for row, text in zip_longest(rows, texts)]


def pattern_of_durations(locale):
    """A regular expression for the durations of a locale, in either style; a line may be kept from ending in them."""
    table = duration_patterns(locale)
    spellings = {pattern for style in STYLES for unit in UNITS for pattern in table[style][unit].values()}
    joins = {join for style in STYLES for join in table["join"][style].values()}
    part, join = _any_of(spellings).replace(r"\{0\}", r"\d+").replace(r"\ ", r"\s"), _any_of(joins)
    return re.compile(f"(?:{part})(?:(?:{join})(?:{part}))*")


def _any_of(texts):
    return "|".join(re.escape(text) for text in sorted(texts, key=len, reverse=True))


def add_missing_languages():
    known = golden() if GOLDEN_FILE.exists() else {}
    new = {locale: _golden_rows(locale) for locale in ("en", *catalogs()) if locale not in known}
    blocks = []
    for locale, rows in sorted({**known, **new}.items()):
        lines = ",\n".join("    " + json.dumps(row, ensure_ascii=False) for row in rows)
        blocks.append(f'  "{locale}": [\n{lines}\n  ]')
    GOLDEN_FILE.write_text("{\n" + ",\n".join(blocks) + "\n}\n")
    print("To be read:", *new)


def _golden_rows(locale):
    return [[*row, format_duration(*row, locale)] for row in GOLDEN_ROWS]


if __name__ == "__main__":
    add_missing_languages()
