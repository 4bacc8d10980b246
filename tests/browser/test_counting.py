"""How the page counts between two answers, when it asks again, and what it says when something restarted."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from octoprint_uptime.durations import format_duration
from tests.harness.counting import (
    CLOCKS_OBJECT,
    COUNT_WAKES,
    DAY,
    HOUR,
    FakeServer,
    hide,
    pass_time,
    shown_seconds,
    wall_seconds,
)
from tests.harness.placements import BADGE, CLOCKS, SIDEBAR, TAB, open_tab

NOTICE = ".ui-pnotify"


@pytest.fixture
def fake():
    return FakeServer()


@pytest.fixture
def page(open_page, fake):
    page = open_page(before=fake.serve)
    expect(page.locator(CLOCKS)).to_have_count(2)
    page.clock.pause_at(wall_seconds(page) + 1)
    fake.advance(shown_seconds(page) - fake.fields["seconds"])  # the page counted on while it loaded
    fake.requests = 1
    return page


def host(page):
    return page.locator(f"{CLOCKS} time").first


def expect_right(page, fake):
    """The shown value is the server's, to a second."""
    right = fake.fields["seconds"]
    expect(host(page)).to_have_text(re.compile("|".join(format_duration(right + off) for off in (-1, 0, 1, 2))))
    assert shown_seconds(page) >= 0


def sync(page):
    """Make the page ask, and wait until it has taken in the answer."""
    page.evaluate(f"{CLOCKS_OBJECT}.sync()")


def test_an_hour_of_a_visible_page_takes_at_most_13_requests(page, fake):
    pass_time(page, fake, HOUR)

    assert 12 <= fake.requests <= 13
    expect_right(page, fake)


def test_an_hour_of_a_hidden_page_takes_no_request_and_one_when_it_is_shown(page, fake):
    hide(page)
    fake.advance(HOUR)
    page.clock.run_for(HOUR * 1000)
    assert fake.requests == 1

    hide(page, False)
    expect_right(page, fake)
    assert fake.requests == 2


def test_nothing_runs_while_nothing_is_shown(page, fake, client):
    client("admin").save({"show_navbar": False, "show_sidebar": False})
    expect(page.locator(BADGE)).to_be_hidden()
    assert page.evaluate(f"{CLOCKS_OBJECT}.timer") is None

    open_tab(page)
    expect(page.locator(f"{TAB} .lead time").first).to_be_visible()
    assert page.evaluate(f"{CLOCKS_OBJECT}.timer") is not None


@pytest.mark.parametrize("days", [1 / 3, 1, -365, 3650])
def test_a_wall_clock_that_jumps_makes_the_page_ask_and_shows_nothing_wrong(page, fake, days):
    """Also what a laptop's sleep looks like: Date jumps, performance.now() does not."""
    if days > 0:
        fake.advance(days * DAY)
    page.clock.set_system_time(wall_seconds(page) + days * DAY)
    page.clock.run_for(1500)

    expect_right(page, fake)
    assert fake.requests == 2
    expect(page.locator(NOTICE)).to_have_count(0)


def test_a_page_that_slept_while_both_its_clocks_went_on_asks_when_it_wakes(page, fake):
    fake.advance(8 * HOUR)
    page.clock.fast_forward(timedelta(hours=8).seconds * 1000)

    expect_right(page, fake)
    assert fake.requests == 2


def test_a_day_in_a_hidden_tab_leaves_the_count_right(page, fake):
    hide(page)
    fake.advance(DAY)
    page.clock.fast_forward(DAY * 1000)
    hide(page, False)

    expect_right(page, fake)
    expect(page.locator(NOTICE)).to_have_count(0)


def test_after_a_sleep_the_page_asks_until_it_gets_an_answer(page, fake):
    fake.failure = "internetdisconnected"
    fake.advance(8 * HOUR)
    page.clock.set_system_time(wall_seconds(page) + 8 * HOUR)
    page.clock.run_for(1500)
    expect(page.locator(f"{BADGE} .fa-question-circle")).to_be_visible()

    fake.failure = None
    pass_time(page, fake, 10)
    page.errors.clear()  # the browser's own words about the lost connection

    expect(page.locator(f"{BADGE} .fa-question-circle")).to_be_hidden()
    expect_right(page, fake)


def test_a_count_without_an_answer_goes_on_and_is_marked(page, fake):
    fake.failure = "connectionrefused"
    before = shown_seconds(page)
    pass_time(page, fake, 302)
    page.errors.clear()

    expect(page.locator(f"{BADGE} .fa-question-circle")).to_be_visible()
    expect(page.locator(BADGE)).to_have_attribute("aria-label", re.compile("Not confirmed: OctoPrint does not answer"))
    expect(page.locator(f"{SIDEBAR} .text-warning")).to_be_visible()
    assert 300 <= shown_seconds(page) - before <= 310

    fake.failure = None
    pass_time(page, fake, 10)
    expect(page.locator(f"{BADGE} .fa-question-circle")).to_be_hidden()
    expect(page.locator(f"{SIDEBAR} .text-warning")).to_be_hidden()


def test_retries_back_off_up_to_the_poll_interval(page, fake):
    fake.failure = "connectionrefused"
    pass_time(page, fake, HOUR, step=10)
    page.errors.clear()

    # The first failure after 300 s, retries 2, 4, 8 … 256 s later, then every 300 s.
    assert 18 <= fake.requests <= 22


def test_a_refusal_stops_the_asking_until_permissions_change(page, fake):
    fake.failure = 403
    page.clock.run_for(HOUR * 1000)
    page.errors.clear()
    assert fake.requests == 2
    expect(page.locator(BADGE)).to_be_hidden()

    fake.failure = None
    page.evaluate("OctoPrint.coreui.viewmodels.uptimeViewModel.onUserPermissionsChanged()")
    expect_right(page, fake)
    assert fake.requests == 3


def test_several_reasons_at_once_make_one_request(page, fake):
    page.evaluate(
        """() => {
            const page = OctoPrint.coreui.viewmodels.uptimeViewModel;
            page.onServerConnect();
            page.onServerReconnect();
            page.onUserLoggedIn({});
            page.clocks.sync();
        }"""
    )
    expect_right(page, fake)

    assert fake.requests == 2


@pytest.mark.parametrize(
    ("restarted", "title"),
    [
        ({"seconds": 100.0, "octoprint_seconds": 80.0}, "The host restarted"),
        ({"octoprint_seconds": 80.0}, "OctoPrint restarted"),
    ],
)
def test_a_restart_is_told_once_and_only_the_outermost(page, fake, restarted, title):
    pass_time(page, fake, 60)
    fake.fields.update(restarted)
    sync(page)

    expect(page.locator(NOTICE)).to_have_count(1)
    expect(page.locator(NOTICE)).to_contain_text(title)
    expect(page.locator(NOTICE)).to_contain_text("1 minute")
    pass_time(page, fake, 310)
    expect(page.locator(NOTICE)).to_have_count(1)


def test_a_reconnected_printer_is_told_once_also_after_a_while_without_one(page, fake):
    for seconds, notices in ((900.0, 0), (None, 0), (None, 0), (3.0, 1), (5.0, 1)):
        fake.fields["printer_seconds"] = seconds
        sync(page)
        expect(page.locator(NOTICE)).to_have_count(notices)

    expect(page.locator(NOTICE)).to_contain_text("The printer was reconnected")


def test_no_notice_where_the_setting_is_off(page, fake, client):
    client("admin").save({"restart_notice": False})
    page.wait_for_function(
        "OctoPrint.coreui.viewmodels.uptimeViewModel.settings.restart_notice() === false",
    )
    fake.fields["octoprint_seconds"] = 80.0
    sync(page)

    expect(page.locator(f"{CLOCKS} time").nth(1)).to_have_text(re.compile("1m 2"))
    expect(page.locator(NOTICE)).to_have_count(0)


def test_the_timer_is_set_for_the_next_change_of_the_text(page, fake, client):
    client("admin").save({"poll_interval_seconds": 3600})
    page.evaluate(COUNT_WAKES)
    page.clock.run_for(HOUR * 1000)
    assert 3590 <= page.evaluate("OctoPrintUptime.wakes") <= 3700

    client("admin").save({"display_format": "dhm"})
    expect(host(page)).to_have_text(re.compile(r"\dm$"))
    page.evaluate("OctoPrintUptime.wakes = 0")
    page.clock.run_for(HOUR * 1000)
    assert 60 <= page.evaluate("OctoPrintUptime.wakes") <= 75
