"""How a real page counts between two answers; tests/scripts has the many ways in which time can pass."""

import re

import pytest
from playwright.sync_api import expect

from octoprint_uptime.durations import format_duration
from tests.harness.counting import (
    COUNT_WAKES,
    SYNC,
    VIEW_MODEL,
    hide,
    pass_time,
    shown_seconds,
    wall_seconds,
)
from tests.harness.placements import BADGE, CLOCKS, SIDEBAR, TAB, open_tab

POLL_SECONDS = 60


@pytest.fixture
def page(open_page, fake, client):
    client("admin").save({"poll_interval_seconds": POLL_SECONDS})
    page = open_page(before=fake.serve)
    expect(page.locator(CLOCKS)).to_have_count(2)
    page.clock.pause_at(wall_seconds(page) + 1)
    fake.advance(shown_seconds(page) - fake.fields["seconds"])  # the page counted on while it loaded
    fake.requests = 1
    return page


def host(page):
    return page.locator(f"{CLOCKS} bdi").first


def expect_right(page, fake):
    """The shown value is the server's, to a second."""
    right = fake.fields["seconds"]
    expect(host(page)).to_have_text(re.compile("|".join(format_duration(right + off) for off in (-1, 0, 1, 2))))


def test_a_visible_page_asks_as_often_as_the_settings_say(page, fake):
    pass_time(page, fake, 2 * POLL_SECONDS + 10)

    assert fake.requests == 3
    expect_right(page, fake)


def test_a_hidden_page_asks_nothing_and_once_when_it_is_shown(page, fake):
    hide(page)
    pass_time(page, fake, 2 * POLL_SECONDS)
    assert fake.requests == 1

    hide(page, False)
    expect_right(page, fake)
    assert fake.requests == 2


def test_nothing_runs_while_nothing_is_shown(page, client):
    client("admin").save({"show_navbar": False, "show_sidebar": False, "restart_notice": False})
    expect(page.locator(BADGE)).to_be_hidden()
    assert page.evaluate(f"{SYNC}.timer") is None

    open_tab(page)
    expect(page.locator(f"{TAB} .lead bdi").first).to_be_visible()
    assert page.evaluate(f"{SYNC}.timer") is not None


def test_a_count_without_an_answer_goes_on_and_is_marked(page, fake):
    fake.failure = "connectionrefused"
    before = shown_seconds(page)
    pass_time(page, fake, POLL_SECONDS + 2)
    page.errors.clear()  # the browser's own words about the lost connection

    expect(page.locator(f"{BADGE} .fa-question-circle")).to_be_visible()
    expect(page.locator(BADGE)).to_have_attribute("title", re.compile("May be out of date: OctoPrint is not"))
    warning = page.locator(f"{SIDEBAR} .octoprint-uptime-warning:visible").filter(
        has_text="OctoPrint is not responding"
    )
    expect(warning).to_have_count(1)
    assert POLL_SECONDS <= shown_seconds(page) - before <= POLL_SECONDS + 10

    fake.failure = None
    pass_time(page, fake, 10)
    expect(page.locator(f"{BADGE} .fa-question-circle")).to_be_hidden()
    expect(warning).to_have_count(0)


def test_a_refusal_hides_all_until_permissions_change(page, fake):
    fake.failure = 403
    page.clock.run_for((POLL_SECONDS + 10) * 1000)
    page.errors.clear()
    assert fake.requests == 2
    expect(page.locator(BADGE)).to_be_hidden()

    fake.failure = None
    page.evaluate(f"{VIEW_MODEL}.onUserPermissionsChanged()")
    expect_right(page, fake)


def test_the_timer_is_set_for_the_next_change_of_the_text(page, client):
    client("admin").save({"poll_interval_seconds": 3600})
    page.evaluate(COUNT_WAKES)
    page.clock.run_for(60 * 1000)
    assert 59 <= page.evaluate("OctoPrintUptime.wakes") <= 63

    client("admin").save({"display_format": "dhm"})
    expect(host(page)).to_have_text(re.compile(r"\dm$"))
    page.evaluate("OctoPrintUptime.wakes = 0")
    page.clock.run_for(120 * 1000)
    assert 2 <= page.evaluate("OctoPrintUptime.wakes") <= 4
