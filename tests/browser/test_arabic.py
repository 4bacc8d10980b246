"""The placements in a language that is written from right to left, in a page that is written from left to right."""

import re

import pytest
from playwright.sync_api import expect

from tests.harness.durations import pattern_of_durations
from tests.harness.fit import OURS, misplaced
from tests.harness.placements import BADGE, restart
from tests.harness.walk import walk

# Each text on the page, and whether it is isolated from what stands around it.
TEXTS = """(ours) => Array.from(document.querySelectorAll(`:is(${ours}) *`))
    .filter((element) => element.getClientRects().length > 0 && !element.matches(".add-on"))
    .flatMap((element) => Array.from(element.childNodes))
    .filter((node) => node.nodeType === Node.TEXT_NODE)
    .map((node) => ({ text: node.data.trim(), isolated: node.parentElement.closest("bdi") !== null }))"""


@pytest.fixture
def stops(open_page):
    """Opens the page in Arabic and goes from stop to stop."""

    def stops(width):
        page = open_page(locale="ar", width=width)
        for stop in walk(page):
            yield stop, page
        page.errors.clear()  # of the requests that were refused

    return stops


def test_every_duration_is_isolated(stops):
    duration = pattern_of_durations("ar")
    for stop, page in stops(1280):
        durations = [text for text in page.evaluate(TEXTS, OURS) if duration.fullmatch(text["text"])]
        assert [text for text in durations if not text["isolated"]] == [], stop
        # Two each in badge, sidebar and tab.
        assert len(durations) >= 6 or stop == "settings without clocks", stop


def test_nothing_sticks_out_or_covers_anything(stops):
    faults = {stop: misplaced(page) for stop, page in stops(1280)}

    assert {stop: found for stop, found in faults.items() if found} == {}


def test_nor_in_a_narrow_window(stops):
    """But for the settings: OctoPrint's dialog for them has two columns however narrow it gets."""
    faults = {stop: misplaced(page) for stop, page in stops(420) if not stop.startswith("settings")}

    assert {stop: found for stop, found in faults.items() if found} == {}


def test_a_sentence_keeps_its_values_apart_and_its_direction(open_page):
    page = open_page(locale="ar")
    expect(page.locator(f"{BADGE} bdi")).to_have_count(2)
    restart(page, "octoprint")

    duration = pattern_of_durations("ar").pattern
    sentence = re.compile(f"\u2068OctoPrint\u2069: \u2068({duration})\u2069 ")
    expect(page.locator(BADGE)).to_have_attribute("title", sentence)
    expect(page.locator(".ui-pnotify")).to_have_css("direction", "rtl")
