"""The golden file: durations in each shipped language, read by people and taken for right."""

import pytest

from octoprint_uptime.durations import FORMATS, STYLES, duration_parts, format_duration, plural_rule
from scripts.translations import catalogs
from tests.harness.durations import COUNTS, golden

GOLDEN = golden()


def test_it_has_english_and_every_shipped_language():
    assert set(GOLDEN) == {"en", *catalogs()}


@pytest.mark.parametrize("locale", GOLDEN)
def test_durations_are_spelled_as_in_the_golden_file(locale):
    spelled = [[*row[:3], format_duration(*row[:3], locale)] for row in GOLDEN[locale]]

    assert spelled == GOLDEN[locale]


@pytest.mark.parametrize("locale", GOLDEN)
def test_it_has_each_format_style_and_plural_class(locale):
    rows, plural_class = GOLDEN[locale], plural_rule(locale)
    counts = {count for row in rows for _, count in duration_parts(*row[:2])}

    assert len(rows) >= 12
    assert {row[1] for row in rows} == set(FORMATS)
    assert {row[2] for row in rows} == set(STYLES)
    assert set(map(plural_class, counts)) == set(map(plural_class, COUNTS))
