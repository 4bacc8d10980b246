"""The morning after: what the first screen says about a printer that was lost, and what can be done with the answer."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.harness.counting import SYNC
from tests.harness.placements import ANSWER, BADGE, CLOCKS, NOTICE, SIDEBAR, STARTED_UP, TAB, answer_with, open_tab
from tests.harness.staged import BENCHY, NOW, ago, history, session, stopped_print, told

# Of one machine: their ids begin alike.
HOST, OCTOPRINT = session("host", ago(days=5), session="5ad1"), session("octoprint", ago(days=4), session="5ad2")
CONNECTED = session("printer", ago(hours=20), session="5ad3")
LOST = {**session("printer", ago(hours=20), ago(hours=8, minutes=48), ending="lost"), "session": CONNECTED["session"]}
LOST.update(print=BENCHY, evidence=["usb_gone"])
MARK = f"{BADGE} .octoprint-uptime-mark:has(.fa-exclamation-triangle)"
POPOVER = ".octoprint-uptime-popover"
PLUG = f"{CLOCKS}.octoprint-uptime-lost"
AWAY = {"printer_seconds": None, "printer_started": None}


def answer(*sessions, prints=(), **fields):
    document = history(*sessions, recorded_from=ago(days=5), stopped_prints=list(prints))
    return answer_with(**told(document, **fields))


@pytest.fixture
def open_morning(open_page):
    """Opens the page at noon. What it remembers is of a visit with a connected printer."""

    def open_morning(prepare, **options):
        def stage(page):
            page.clock.install(time=NOW)
            answer(CONNECTED, OCTOPRINT, HOST, printer_seconds=72_000.0)(page)

        page = open_page(before=stage, **options)
        expect(page.locator(CLOCKS)).to_have_count(3)
        page.unroute_all()
        prepare(page)
        page.reload()
        page.wait_for_function(STARTED_UP)
        expect(page.locator(BADGE)).to_be_visible()
        return page

    return open_morning


@pytest.fixture
def lost_page(open_morning):
    return open_morning(answer(OCTOPRINT, HOST, LOST, **AWAY))


def test_a_printer_that_was_lost_and_stays_away_is_news_once(lost_page):
    notice = lost_page.locator(NOTICE)
    expect(notice.locator(".ui-pnotify-title")).to_have_text(["The printer is no longer connected"])
    text = notice.locator(".ui-pnotify-text")
    expect(text).to_contain_text(re.compile("Printing .*benchy.gcode.* stopped at 63.2%. .*was lost", re.DOTALL))
    expect(text).not_to_contain_text("USB")

    open_tab(lost_page)
    expect(notice).to_have_count(0)
    lost_page.reload()
    lost_page.wait_for_function(STARTED_UP)
    lost_page.evaluate(f"{SYNC}.sync()")
    expect(lost_page.locator(PLUG)).to_be_visible()
    expect(notice).to_have_count(0)


def test_a_printer_that_is_back_is_told_as_reconnected(lost_page):
    expect(lost_page.locator(NOTICE)).to_have_count(1)
    again = session("printer", ago(minutes=5), session="5ad4")
    lost_page.unroute_all()
    answer(again, OCTOPRINT, HOST, LOST, printer_seconds=300.0)(lost_page)
    lost_page.evaluate(f"{SYNC}.sync()")

    expect(lost_page.locator(f"{NOTICE} .ui-pnotify-title")).to_have_text(["The printer was reconnected"])
    expect(lost_page.locator(PLUG)).to_have_count(0)


def test_a_printer_that_was_disconnected_is_no_news_and_leaves_the_badge(open_morning):
    stopped = {**LOST, "ending": "stopped", "unexpected": False, "asked": "disconnect", "print": None}
    page = open_morning(answer(OCTOPRINT, HOST, stopped, **AWAY))

    expect(page.locator(CLOCKS)).to_have_count(2)
    expect(page.locator(NOTICE)).to_have_count(0)


def test_the_badge_keeps_the_plug_with_since_when(lost_page):
    expect(lost_page.locator(CLOCKS)).to_have_count(3)
    expect(lost_page.locator(PLUG)).to_contain_text(re.compile(r"3:12\sAM"))
    expect(lost_page.locator(PLUG).locator(".octoprint-uptime-spoken")).to_have_text(re.compile("not connected"))


@pytest.mark.parametrize("point", ["hover", "focus"])
def test_the_badge_shows_the_answer_while_it_has_the_sign(lost_page, point):
    expect(lost_page.locator(MARK)).to_be_visible()
    expect(lost_page.locator(POPOVER)).to_be_hidden()
    getattr(lost_page.locator(BADGE), point)()

    expect(lost_page.locator(POPOVER)).to_be_visible()
    expect(lost_page.locator(POPOVER)).to_contain_text(re.compile("stopped at 63.2%.*has not been reconnected since."))
    expect(lost_page.locator(BADGE)).to_have_attribute("title", "")
    box = lost_page.locator(POPOVER).bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= lost_page.viewport_size["width"]
    lost_page.locator(BADGE).press("Escape")
    expect(lost_page.locator(POPOVER)).to_be_hidden()


def test_without_the_sign_there_is_no_popover(lost_page):
    open_tab(lost_page)
    expect(lost_page.locator(MARK)).to_be_hidden()
    lost_page.locator(BADGE).hover()

    expect(lost_page.locator(POPOVER)).to_be_hidden()
    expect(lost_page.locator(BADGE)).to_have_attribute("title", re.compile("not connected"))


def test_the_answer_has_the_evidence_an_advice_and_a_link(lost_page):
    open_tab(lost_page)
    answer = lost_page.locator(ANSWER)

    expect(answer).to_contain_text("The printer’s USB device had disappeared from the host.")
    expect(answer).to_contain_text("The host and OctoPrint kept running.")
    expect(answer).to_contain_text("Worth checking: the USB cable")
    expect(answer.locator("a")).to_have_attribute("href", re.compile("^https://github.com/.*/docs/evidence.md$"))
    expect(lost_page.locator(f"{SIDEBAR} .octoprint-uptime-answer")).not_to_contain_text("USB")


def test_a_firmware_error_that_stopped_a_print_is_the_answer_and_has_the_sign(open_morning):
    error = stopped_print(ago(hours=3), "firmware_error", reason="Timer too close")
    page = open_morning(answer(CONNECTED, OCTOPRINT, HOST, prints=[error], printer_seconds=72_000.0))

    expect(page.locator(MARK)).to_be_visible()
    open_tab(page)
    expect(page.locator(ANSWER)).to_contain_text("the printer’s firmware reported an error")
    expect(page.locator(MARK)).to_be_hidden()


def test_repeats_are_one_entry_with_each_of_them_on_demand(open_morning):
    lost = [session("printer", ago(minutes=10 * n + 9), ago(minutes=10 * n + 2), ending="lost") for n in range(42)]
    page = open_morning(answer(OCTOPRINT, HOST, *lost, **AWAY))
    open_tab(page)
    entries = page.locator(f"{TAB} .octoprint-uptime-list").first.locator("> li")
    expect(entries).to_have_count(1)
    expect(entries).to_contain_text("The connection to the printer was lost 42 times.")
    expect(page.locator(ANSWER)).to_contain_text("was lost 42 times.")

    button = entries.get_by_role("button", name="Show each one")
    expect(button).to_have_attribute("aria-expanded", "false")
    button.click()
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(button).to_be_focused()
    expect(entries.locator("li")).to_have_count(42)
    button.click()
    expect(entries.locator("li")).to_have_count(0)


def test_the_legend_has_only_what_is_in_the_picture(lost_page):
    open_tab(lost_page)
    legend = lost_page.locator(f"{TAB} .octoprint-uptime-legend small:visible")

    expect(legend).to_have_text(["up / connected", "down / not connected", "not recorded", "stopped unexpectedly"])


COPIED = "window.copyToClipboard = (text) => { window.copied = text; }"


def test_the_summary_has_versions_times_and_codes_and_file_names_only_if_asked_for(lost_page):
    open_tab(lost_page)
    lost_page.evaluate(COPIED)
    copy = lost_page.get_by_role("button", name="Copy summary")
    copy.click()
    expect(lost_page.locator(f"{TAB} .octoprint-uptime-summary [role=status]")).to_have_text("The summary was copied.")
    text = lost_page.evaluate("window.copied")

    assert re.match(r"OctoPrint-Uptime \d+\.\d+\.\d+.*, OctoPrint \d+\.\d+", text)
    assert "Printer connection: not connected" in text
    assert "3:12" in text
    assert "[usb_gone]" in text
    assert "(file name left out)" in text
    assert "benchy" not in text

    lost_page.get_by_label("With file names").check()
    expect(lost_page.locator(f"{TAB} .octoprint-uptime-summary [role=status]")).to_have_text("")
    copy.click()
    assert "benchy.gcode" in lost_page.evaluate("window.copied")


@pytest.mark.parametrize("act", ["click", "Enter"])
def test_a_gap_says_why_it_is_there_and_leads_to_its_entry(lost_page, act):
    open_tab(lost_page)
    gap = lost_page.locator(f"{TAB} .octoprint-uptime-track").last.locator(".octoprint-uptime-off").last
    expect(gap).to_have_attribute(
        "aria-label", re.compile("not connected.*\\nThe connection to the printer was lost.", re.DOTALL)
    )

    gap.click() if act == "click" else gap.press(act)
    expect(lost_page.locator(f"{TAB} .octoprint-uptime-list > li").first).to_be_focused()


def test_an_entry_leads_back_to_its_bar(lost_page):
    open_tab(lost_page)
    lost_page.get_by_role("button", name="Show in the timeline").click()

    expect(lost_page.locator(":focus")).to_have_attribute("aria-label", re.compile("Printer connection: connected, "))
    expect(lost_page.locator(f"{TAB} .octoprint-uptime-pointed")).to_contain_text(
        "The connection to the printer was lost."
    )


def test_an_entry_of_an_uptime_that_is_not_shown_leads_nowhere(lost_page, client):
    client("admin").save({"show_printer_uptime": False})
    lost_page.reload()
    lost_page.wait_for_function(STARTED_UP)
    open_tab(lost_page)

    expect(lost_page.locator(f"{TAB} .octoprint-uptime-list > li")).to_have_count(1)
    expect(lost_page.get_by_role("button", name="Show in the timeline")).to_have_count(0)


def test_a_week_has_a_tick_for_each_day_and_an_outage_of_70_seconds_can_be_hit(open_morning):
    restarted = session("octoprint", ago(days=4), ago(days=2), ending="stopped", asked="restart")
    again = session("octoprint", ago(days=2) + timedelta(seconds=70), session="5ad2")
    page = open_morning(answer(CONNECTED, again, restarted, HOST, printer_seconds=72_000.0))
    open_tab(page)
    page.get_by_role("button", name="7 days").click()
    expect(page.locator(f"{TAB} .octoprint-uptime-axis small")).to_have_text(
        ["Wed", "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "now"]
    )
    gap = page.locator(f"{TAB} .octoprint-uptime-track").nth(1).locator(".octoprint-uptime-narrow")
    box = gap.bounding_box()
    assert box["width"] >= 2

    page.mouse.move(box["x"] + box["width"] / 2 + 8, box["y"] + 12)
    expect(page.locator(f"{TAB} .octoprint-uptime-pointed")).to_contain_text("OctoPrint: down, 1 minute")
    expect(page.locator(f"{TAB} .octoprint-uptime-pointed")).to_contain_text("OctoPrint was restarted from its menu.")


def test_a_bar_that_ended_in_a_group_leads_to_the_group_also_if_it_is_not_shown_yet(open_morning):
    stopped = [
        session("octoprint", ago(hours=2 * n + 31), ago(hours=2 * n + 30), ending="stopped", asked="restart")
        for n in range(30)
    ]
    lost = [
        session("printer", ago(minutes=6000 + 10 * n + 9), ago(minutes=6000 + 10 * n + 2), ending="lost")
        for n in range(3)
    ]
    page = open_morning(answer(OCTOPRINT, HOST, *stopped, *lost, **AWAY))
    open_tab(page)
    entries = page.locator(f"{TAB} .octoprint-uptime-list > li")
    expect(entries).to_have_count(25)
    page.locator(f"{TAB} .octoprint-uptime-track").last.locator(".octoprint-uptime-off").last.click()

    expect(page.locator(":focus")).to_contain_text("lost 3 times")
