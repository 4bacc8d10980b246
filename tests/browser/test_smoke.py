"""The shortest proof that the plugin works in an OctoPrint: run against every version, each time."""

import re

import pytest
from playwright.sync_api import expect

from tests.harness.placements import CLOCKS, SETTINGS, TAB, open_settings, open_tab, save_settings

pytestmark = pytest.mark.smoke


def test_the_badge_counts(open_page):
    page = open_page(before=lambda page: page.clock.install())
    host = page.locator(f"{CLOCKS} bdi").first
    expect(host).to_have_text(re.compile(r"\ds$"))
    before = _seconds(host)

    page.clock.run_for(10_000)

    # The clocks are drawn in step with the youngest, so that the host's may be late by less than a second.
    assert 9 <= _seconds(host) - before <= 13


def test_the_tab_opens_and_shows_the_timeline(open_page):
    page = open_page()

    open_tab(page)

    expect(page.locator(f"{TAB} .octoprint-uptime-card")).to_have_count(3)
    expect(page.locator(f"{TAB} .octoprint-uptime-track")).to_have_count(3)
    expect(page.locator(f"{TAB} .octoprint-uptime-track .octoprint-uptime-run").first).to_be_visible()


def test_the_page_is_translated(open_page):
    page = open_page(locale="de")

    open_settings(page)

    expect(page.locator(SETTINGS)).to_contain_text("Seitenleiste")


def test_a_saved_setting_is_kept_and_acts_at_once(open_page, client):
    page = open_page()
    open_settings(page)

    page.locator(f"{SETTINGS} select").select_option("dhm")
    save_settings(page)

    expect(page.locator(f"{CLOCKS} bdi").first).to_have_text(re.compile(r"\dm$"))
    assert client("admin").settings()["display_format"] == "dhm"


def _seconds(clock):
    """The age that an English text in narrow style has, such as "1h 2m 3s"."""
    units = {"d": 86400, "h": 3600, "m": 60, "s": 1}
    parts = re.findall(r"(\d+)([dhms])", clock.inner_text())
    return sum(int(count) * units[unit] for count, unit in parts)
