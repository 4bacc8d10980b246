"""A real OctoPrint that goes away and comes back under an open page."""

import pytest
from playwright.sync_api import expect

from octoprint_uptime.durations import format_duration
from tests.harness.client import Client
from tests.harness.histories import wait_until
from tests.harness.placements import BADGE, CLOCKS, NOTICE

RESTARTS = 3

# Without the server the browser itself complains about each request that fails.
RECOVERY_TIMEOUT_MS = 60_000


@pytest.fixture(scope="module")
def own_server(make_server):
    """A server that may be ended: the other tests have theirs."""
    server = make_server()
    Client(server, "admin").reset()  # a new installation shows no seconds of a host
    return server


@pytest.fixture
def page(open_page, own_server):
    page = open_page(on=own_server)
    expect(page.locator(CLOCKS)).to_have_count(2)
    yield page
    page.errors.clear()


def expect_right(page, server):
    """OctoPrint's clock shows, within a second, what the server says."""
    expect(page.locator(BADGE)).to_be_visible(timeout=RECOVERY_TIMEOUT_MS)
    expect(page.locator(f"{BADGE} .fa-question-circle")).to_be_hidden(timeout=RECOVERY_TIMEOUT_MS)
    wait_until(lambda: is_right(page, server), "the right time")


def is_right(page, server):
    before = Client(server, "reader").reading()["octoprint_seconds"]
    shown = page.locator(f"{CLOCKS} bdi").nth(1).inner_text()
    after = Client(server, "reader").reading()["octoprint_seconds"]
    return shown in [format_duration(seconds) for seconds in range(int(before) - 1, int(after) + 2)]


def test_a_server_that_was_killed_is_seen_and_told_once(page, own_server):
    own_server.kill()
    own_server.start()

    expect(page.locator(NOTICE)).to_have_count(1, timeout=RECOVERY_TIMEOUT_MS)
    expect_right(page, own_server)


def test_a_server_that_is_away_for_a_while_leaves_the_count_going(page, own_server):
    own_server.stop()
    page.evaluate("OctoPrint.coreui.viewmodels.uptimeViewModel.sync.sync()")
    expect(page.locator(f"{BADGE} .fa-question-circle")).to_be_visible()
    before = page.locator(f"{CLOCKS} bdi").first.inner_text()
    expect(page.locator(f"{CLOCKS} bdi").first).not_to_have_text(before)

    own_server.start()
    expect_right(page, own_server)


def test_two_tabs_count_alike_and_both_tell(page, own_server, open_page):
    other = open_page(on=own_server)
    expect(other.locator(CLOCKS)).to_have_count(2)
    own_server.restart()

    for tab in (page, other):
        expect(tab.locator(NOTICE)).to_have_count(1, timeout=RECOVERY_TIMEOUT_MS)
        expect(tab.locator(NOTICE)).to_contain_text("OctoPrint restarted")
        expect_right(tab, own_server)
    other.errors.clear()


def test_the_page_recovers_from_restart_after_restart(page, own_server):
    for _ in range(RESTARTS):
        own_server.restart()
        expect_right(page, own_server)

    expect(page.locator(NOTICE)).to_have_count(1)
