"""Every language in the room that there is for it, while the page has the most to say."""

import json
import re

import pytest
from playwright.sync_api import expect

from scripts import translations
from tests.harness import axe
from tests.harness.fit import faults
from tests.harness.placements import (
    BADGE,
    NOTICE,
    PIECE,
    SIDEBAR,
    SPAN,
    STARTED_UP,
    TAB,
    TYPICAL,
    answer_with,
    open_settings,
    open_tab,
)
from tests.harness.staged import NOW, ago, eventful, told

# Those with the longest words, the widest letters, and one from right to left.
WIDEST = ["ar", "de", "fi", "fr", "hu", "it", "ja", "ru"]
OTHERS = sorted({"en", *translations.catalogs()} - set(WIDEST))

ITEM = "#navbar_plugin_octoprint_uptime"

# What this browser remembers: that nobody was told of what began.
UNTOLD = json.dumps({"sessions": {}, "untold": ["host", "octoprint", "printer"]})


def stage(page):
    """For open_page: all that can happen did, and everything runs."""
    started = ago(seconds=TYPICAL["octoprint_seconds"]).timestamp()
    runs = {**TYPICAL, "octoprint_started_timestamp": int(started), "printer_session": "a new one"}
    answer_with(**told(eventful(), **runs))(page)
    page.clock.set_fixed_time(NOW)
    page.add_init_script(f"localStorage.setItem('octoprint_uptime.sessions /', {json.dumps(UNTOLD)})")


def turn_to(page, locale):
    page.goto(f"{page.url.split('?')[0]}?l10n={locale}")
    page.wait_for_function(STARTED_UP)


def look_everywhere(page):
    """The faults of all placements. The tab closes the notices, and stays where it is below the settings."""
    expect(page.locator(NOTICE)).to_have_count(3)
    expect(page.locator(ITEM)).to_have_attribute("data-room", re.compile("all|one"))
    found = faults(page)
    open_tab(page)
    expect(page.locator(PIECE).first).to_be_attached()
    open_settings(page)
    return [*found, *faults(page)]


@pytest.mark.parametrize(
    "locales", [WIDEST, pytest.param(OTHERS, marks=pytest.mark.thorough)], ids=["widest", "others"]
)
def test_every_text_fits_in_every_language(open_page, locales):
    page, found = open_page(before=stage), {}
    for locale in locales:
        turn_to(page, locale)
        found[locale] = look_everywhere(page)

    assert {locale: faults for locale, faults in found.items() if faults} == {}


REPEATED = [pytest.param(locale, marks=pytest.mark.thorough) for locale in ("en", "pl", "ja", "he")]


@pytest.mark.parametrize("locale", ["de", "ar", *REPEATED])
def test_the_history_fits_in_wide_and_narrow_windows(open_page, locale):
    page = open_page(before=answer_with(**told(eventful())), locale=locale)
    expect(page.locator(BADGE)).to_be_visible()
    open_tab(page)
    expect(page.locator(PIECE).first).to_be_attached()
    found = {}
    for width in (1920, 1280, 960):
        page.set_viewport_size({"width": width, "height": 900})
        for span in page.locator(SPAN).all():
            span.click()
            found[width, span.inner_text()] = faults(page)

    assert {where: faults for where, faults in found.items() if faults} == {}
    assert [axe.violations(page, placement) for placement in (BADGE, f"{SIDEBAR} .accordion-body", TAB)] == [[]] * 3


def test_whatever_a_sentence_begins_with_it_runs_in_the_direction_of_its_language(open_page):
    page = open_page(before=answer_with(**told(eventful()), uptime_note="OctoPrint", seconds=None), locale="he")
    expect(page.locator(BADGE)).to_be_visible()
    open_tab(page)
    expect(page.locator(f"{TAB} .octoprint-uptime-list li").first).to_be_visible()
    begin = page.locator(f"{TAB} .octoprint-uptime-list, {TAB} .lead").get_by_text(re.compile("^OctoPrint"))
    directions = begin.evaluate_all("(texts) => texts.map((text) => getComputedStyle(text).direction)")

    assert len(directions) > 1
    assert set(directions) == {"rtl"}
