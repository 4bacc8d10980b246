"""How badge, sidebar, tab and settings look and behave on a real page."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.harness.client import Client
from tests.harness.contrast import faint_parts
from tests.harness.placements import (
    BADGE,
    CLOCKS,
    DAY,
    LONG_AGO,
    SIDEBAR,
    TAB,
    TAB_LINK,
    answer_with,
    open_settings,
    open_tab,
    visible_clocks,
)

DARK_THEME = """
    body, .navbar-inner, .well, .accordion-group, .tab-content { background: #222 !important; color: #ddd !important; }
    .navbar .nav > li > a { color: #9cf !important; text-shadow: none !important; }
"""


def on_a_clock_with(**fields):
    """As answer_with, and the test lets the page's time pass."""

    def prepare(page):
        page.clock.install()
        answer_with(**fields)(page)

    return prepare


def width(page):
    return page.locator(BADGE).bounding_box()["width"]


def test_the_badge_keeps_its_width_while_it_counts(open_page):
    page = open_page(before=on_a_clock_with(seconds=93784.0, octoprint_seconds=3605.0, printer_seconds=2.0))
    expect(visible_clocks(page)).to_have_count(3)
    widths = set()
    for _ in range(11):
        widths.add(width(page))
        page.clock.run_for(5000)

    assert len(widths) == 1


def test_a_card_keeps_its_height_while_its_words_count(open_page):
    page = open_page(before=on_a_clock_with(seconds=12.0 * DAY + 7 * 3600 + 23 * 60))
    open_tab(page)
    value = page.locator(f"{TAB} .octoprint-uptime-value").first
    expect(value).to_contain_text("12 days 7 hours 23 minutes")
    card, tops = page.locator(f"{TAB} .octoprint-uptime-card").first, set()
    for _ in range(10):
        tops.add((card.bounding_box()["height"], card.locator("small").bounding_box()["y"]))
        page.clock.run_for(5000)

    assert len(tops) == 1


def test_a_compact_badge_goes_from_clock_to_clock(open_page, client):
    client("admin").save({"compact_display": True})

    page = open_page(before=on_a_clock_with(**LONG_AGO))
    page.clock.pause_at(page.evaluate("Date.now() + 1000"))
    seen = set()
    for _ in range(3):
        expect(visible_clocks(page)).to_have_count(1)
        seen.add(visible_clocks(page).locator("i").get_attribute("class"))
        page.clock.run_for(5000)

    assert len(seen) == 3


def test_a_compact_badge_stands_still_for_who_asked_for_less_motion(open_page, client):
    """And moves again before its text changes, once they ask for it no more."""
    client("admin").save({"compact_display": True, "display_format": "dhm"})

    page = open_page(before=on_a_clock_with(**LONG_AGO), reduced_motion="reduce")
    expect(visible_clocks(page)).to_have_count(1)
    for _ in range(3):
        expect(visible_clocks(page).locator(".fa-server, i.fa-server")).to_have_count(1)
        page.clock.run_for(5000)

    page.emulate_media(reduced_motion="no-preference")
    page.clock.run_for(5000)
    expect(visible_clocks(page).locator(".fa-server")).to_have_count(0)


def test_a_click_on_the_badge_opens_the_tab(open_page):
    page = open_page()
    expect(page.locator(BADGE)).to_be_visible()
    page.locator(BADGE).click()

    expect(page.locator(TAB)).to_be_visible()


def test_placements_go_and_come_at_once_and_leave_no_gap(open_page, client):
    page = open_page(width=1920)
    open_tab(page)
    expect(page.locator(BADGE)).to_be_visible()

    client("admin").save({"show_navbar": False, "show_sidebar": False, "show_tab": False})
    for placement in (BADGE, SIDEBAR, TAB, TAB_LINK, "#tabs li.tabdrop"):
        expect(page.locator(placement)).to_be_hidden()
    expect(page.locator(".tab-pane.active:visible").first).to_be_visible()

    client("admin").save({"show_navbar": True, "show_sidebar": True, "show_tab": True})
    for placement in (BADGE, SIDEBAR):
        expect(page.locator(placement)).to_be_visible()
    open_tab(page)


def test_dates_follow_the_reader_and_name_the_zone_where_the_server_has_another(open_page):
    started = {"started": "2026-05-08T19:07:00Z"}
    same = open_page(locale="de", timezone_id="UTC", before=answer_with(**started))
    expect(same.locator(f"{SIDEBAR} small").first).to_have_text("Seit Fr., 8. Mai, 19:07")

    other = open_page(locale="en", timezone_id="America/New_York", before=answer_with(**started))
    expect(other.locator(f"{SIDEBAR} small").first).to_have_text(re.compile(r"Since Fri, May 8, 3:07\sPM EDT"))


def test_the_zone_is_not_named_because_summer_time_began_or_ended_since(open_page):
    now = datetime.now(ZoneInfo("Europe/Berlin")).utcoffset()
    in_summer = {"started": "2026-05-08T08:00:00Z", "octoprint_started": "2026-01-08T08:00:00Z"}
    server_in_berlin = answer_with(**in_summer, utc_offset_seconds=now.total_seconds())
    page = open_page(timezone_id="Europe/Berlin", before=server_in_berlin)

    expect(page.locator(f"{SIDEBAR} small").first).to_have_text(re.compile(r"^Since Fri, May 8, 10:00\sAM$"))
    expect(page.locator(f"{SIDEBAR} small").nth(1)).to_have_text(re.compile(r"^Since Thu, Jan 8, 9:00\sAM$"))


@pytest.mark.parametrize(("locale", "hour"), [("pt_BR", "09:07"), ("ja", "9:07")])
def test_hours_are_written_as_the_language_writes_them(open_page, locale, hour):
    page = open_page(locale=locale, timezone_id="UTC", before=answer_with(started="2026-05-08T09:07:00Z"))

    expect(page.locator(f"{SIDEBAR} small").first).to_have_text(re.compile(rf"(?<!\d){hour}(?!\d)"))


def test_the_direction_is_the_one_that_the_server_names(open_page):
    page = open_page(before=answer_with(text_direction="rtl"))

    expect(page.locator(BADGE)).to_have_attribute("dir", "rtl")
    expect(page.locator(f"{SIDEBAR} .octoprint-uptime")).to_have_attribute("dir", "rtl")


def test_a_dark_theme_reaches_everything(open_page):
    page = open_page()
    open_tab(page)
    page.add_style_tag(content=DARK_THEME)
    colour_of = "element => getComputedStyle(element).color"

    assert page.locator(f"{CLOCKS} bdi").first.evaluate(colour_of) == "rgb(153, 204, 255)"
    for element in (f"{TAB} .lead bdi", f"{TAB} small", f"{TAB} h3", f"{SIDEBAR} strong", f"{SIDEBAR} small"):
        assert page.locator(element).first.evaluate(colour_of) == "rgb(221, 221, 221)"
    assert faint_parts(page, [f"{TAB} .octoprint-uptime-tracks", f"{TAB} .octoprint-uptime-answer"]) == []


@pytest.fixture
def open_without(make_server, open_page):
    """Opens a page from which OctoPrint leaves out our components of some kinds."""

    def open_without(*kinds):
        disabled = {kind: ["plugin_octoprint_uptime"] for kind in kinds}
        return open_page(on=make_server(config={"appearance": {"components": {"disabled": disabled}}}))

    return open_without


def test_a_component_that_is_switched_off_in_octoprint_is_not_missed_nor_counted_for(open_without):
    page = open_without("navbar", "sidebar")
    expect(page.locator("#navbar_plugin_octoprint_uptime")).to_have_count(0)
    assert page.evaluate("OctoPrint.coreui.viewmodels.uptimeViewModel.counts()") is False

    open_tab(page)
    expect(page.locator(f"{TAB} .lead bdi").first).to_have_text(re.compile(r"\d"))


def test_the_badge_is_no_link_to_a_tab_that_is_switched_off_in_octoprint(open_without):
    page = open_without("tab")

    expect(page.locator(BADGE)).to_be_visible()
    expect(page.locator(BADGE)).not_to_have_attribute("href", re.compile(""))
    expect(page.locator("#navbar_plugin_octoprint_uptime").get_by_role("link")).to_have_count(0)


def test_disabled_controls_say_why(open_page, client):
    client("admin").save({"show_navbar": False})
    page = open_page()
    open_settings(page)

    expect(page.locator("#octoprint-uptime-compact_toggle_interval_seconds")).to_be_disabled()
    expect(page.locator("#octoprint-uptime-compact_toggle_interval_seconds-help")).to_have_text(
        "“Navigation bar” is turned off above.", use_inner_text=True
    )


def test_who_loses_the_permission_sees_nothing_any_more(open_page, server):
    admin = Client(server, "admin")
    page = open_page("reader")
    expect(page.locator(BADGE)).to_be_visible()

    admin.request("PUT", "/api/access/users/reader", {"groups": [], "permissions": ["SETTINGS_READ"], "active": True})
    for placement in (BADGE, SIDEBAR, TAB_LINK):
        expect(page.locator(placement)).to_be_hidden()
    admin.request("PUT", "/api/access/users/reader", {"groups": ["readonly"], "permissions": [], "active": True})
    page.errors.clear()
