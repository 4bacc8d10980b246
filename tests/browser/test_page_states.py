"""The page says only what it knows, and its reader keeps what they had: focus, place and choice."""

import json
import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.harness.client import PLUGIN
from tests.harness.counting import SYNC, VIEW_MODEL, hide
from tests.harness.placements import (
    ANSWER,
    BADGE,
    ITEM,
    LONG_AGO,
    NOTICE,
    PIECE,
    SIDEBAR,
    SIGN,
    SPAN,
    STARTED_UP,
    TAB,
    TAB_LINK,
    answer_with,
    open_tab,
    restart,
)
from tests.harness.staged import NOW, ago, history, night, session, stopped_print, told

QUIET = history(session("octoprint", ago(days=9)), session("host", ago(days=9)), recorded_from=ago(days=9))


@pytest.fixture
def open_at(open_page):
    """Opens a page at NOW with these answers; `before` comes after them and may replace them."""

    def open_at(document, before=lambda page: None, fields=None, **options):
        def stage(page):
            page.clock.install(time=NOW)
            answer_with(**{**told(document), "text_direction": "ltr", **(fields or {})})(page)
            before(page)

        return open_page(before=stage, **{"timezone_id": "UTC", **options})

    return open_at


def fail_with_a_history(page):
    page.route(re.compile(f"{PLUGIN}.*include=[^&]*history"), lambda route: route.abort())


@pytest.mark.parametrize(
    "text", ["foo", "null", "[]", "5", '{"sessions": 5, "untold": {"length": 9}}', "x" * 3_000_000]
)
def test_nonsense_in_the_browsers_storage_costs_nothing_but_itself(open_at, text):
    keys = [f"octoprint_uptime.{name} /" for name in ("sessions", "seen", "span", "paused")]
    keys = keys[: 1 if len(text) > 99 else None]  # a browser stores 5 MB
    store = f"for (const key of {json.dumps(keys)}) localStorage.setItem(key, {json.dumps(text)})"
    page = open_at(night(), before=lambda page: page.add_init_script(store))

    expect(page.locator(BADGE)).to_be_visible()
    open_tab(page)
    expect(page.locator(PIECE).first).to_be_attached()


@pytest.mark.parametrize("text", ["constructor", "__proto__"])
def test_a_stored_span_that_is_none_is_a_week(open_at, text):
    store = f"localStorage.setItem('octoprint_uptime.span /', '{text}')"
    page = open_at(night(), before=lambda page: page.add_init_script(store))
    open_tab(page)

    expect(page.locator(SPAN).nth(1)).to_have_attribute("aria-pressed", "true")
    expect(page.locator(PIECE).first).to_be_attached()


def test_a_history_that_cannot_be_loaded_is_told_everywhere_and_tried_again(open_at):
    page = open_at(QUIET, before=fail_with_a_history)
    for place in (f"{SIDEBAR} .octoprint-uptime-answer", ANSWER):
        expect(page.locator(place)).to_contain_text("The history could not be loaded.")
        expect(page.locator(place)).not_to_contain_text("No restarts or disconnects")
    page.errors.clear()

    answer_with(**told(QUIET))(page)
    page.clock.run_for(60_000)
    expect(page.locator(ANSWER)).to_contain_text("No restarts or disconnects in the last 24 hours.")
    expect(page.locator(ANSWER)).not_to_contain_text("could not be loaded")


def test_days_that_are_not_there_yet_are_not_drawn_as_off(open_at):
    page = open_at(history(session("host", ago(days=9)), recorded_from=ago(days=90)))
    open_tab(page)
    expect(page.locator(PIECE).first).to_be_attached()
    page.route(re.compile(f"{PLUGIN}.*days=3660"), lambda route: None)  # no answer
    page.locator(SPAN).last.click()

    printer = page.locator(f"{TAB} .octoprint-uptime-track").last.locator(".octoprint-uptime-piece")
    kinds = printer.evaluate_all("(all) => all.map((piece) => piece.className.split('octoprint-uptime-').pop())")
    assert kinds == ["unloaded", "off"]
    expect(page.locator(f"{TAB} .octoprint-uptime-figures").last).to_have_text("")
    expect(page.locator(ANSWER)).to_contain_text("Loading the history")


def test_a_page_that_is_open_over_night_shows_this_morning(open_at):
    page = open_at(night())
    open_tab(page)
    expect(page.locator(ANSWER)).to_contain_text("The host went down")
    left = page.locator(f"{PIECE}.octoprint-uptime-unsure").first.evaluate(
        "(piece) => parseFloat(piece.style.insetInlineStart.slice(4))"
    )
    later = told(night())
    later.update(octoprint_seconds=later["octoprint_seconds"] + 3 * 86400)
    del later["history"]
    drop_history(page, later)
    page.clock.set_fixed_time(NOW + timedelta(days=3))
    page.evaluate(f"{SYNC}.sync()")

    expect(page.locator(ANSWER)).to_contain_text("No restarts or disconnects in the last 24 hours.")
    moved = page.locator(f"{PIECE}.octoprint-uptime-unsure").first.evaluate(
        "(piece) => parseFloat(piece.style.insetInlineStart.slice(4))"
    )
    assert left - moved == pytest.approx(100 * 3 / 7, abs=1)


def drop_history(page, fields):
    """Answer as a server whose history has still the revision that the page has."""

    def answer(route):
        document = {**route.fetch().json(), **fields}
        document.pop("history", None)
        route.fulfill(json=document)

    page.route("**/api/plugin/octoprint_uptime?*", answer)


def test_a_long_file_name_does_not_widen_the_page(open_at):
    name = "x" * 186 + ".gcode"
    lost = session("printer", ago(hours=9), ago(hours=3), ending="lost", print={"file": name, "completion": 1.0})
    page = open_at(history(lost, recorded_from=ago(days=2), stopped_prints=[stopped_print(ago(hours=4), file=name)]))
    open_tab(page)
    expect(page.locator(ITEM)).to_have_count(2)

    assert page.evaluate("document.documentElement.scrollWidth") == 1280
    expect(page.locator(ITEM).last).to_contain_text("was cancelled at 63.2%.")


def test_the_focus_survives_every_redraw(open_at):
    page = open_at(night())
    open_tab(page)
    redraw = f"{VIEW_MODEL}.record({{ ...{VIEW_MODEL}.record(), sessions: {VIEW_MODEL}.record().sessions.slice() }})"
    page.locator(SPAN).first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(SPAN).first).to_be_focused()
    page.evaluate(redraw)
    expect(page.locator(SPAN).first).to_be_focused()

    page.locator(PIECE).nth(1).focus()
    words = page.locator(PIECE).nth(1).get_attribute("aria-label")
    page.evaluate(redraw)
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == words
    page.locator(SPAN).last.evaluate("(button) => ko.dataFor(button).choose()")  # as another window may
    assert page.evaluate("document.activeElement.className").startswith("octoprint-uptime-piece")


def test_show_more_leads_to_the_first_new_one(open_at):
    losses = [session("printer", ago(hours=2 * n + 1), ago(hours=2 * n), ending="lost") for n in range(1, 31)]
    page = open_at(history(*losses, recorded_from=ago(days=9)))
    open_tab(page)
    page.get_by_role("button", name="Show more").focus()
    page.keyboard.press("Enter")

    expect(page.locator(ITEM).nth(25)).to_be_focused()


def test_a_row_has_one_tab_stop_and_the_description_goes_with_its_piece(open_at):
    page = open_at(night())
    open_tab(page)
    row = page.locator(f"{TAB} .octoprint-uptime-track").first
    row.locator(".octoprint-uptime-piece").nth(1).click()
    page.keyboard.press("ArrowRight")
    assert row.locator("[tabindex='0']").count() == 1

    row.locator(".octoprint-uptime-piece").first.hover()
    expect(page.locator(f"{TAB} .octoprint-uptime-pointed")).to_contain_text("not recorded")
    page.mouse.move(0, 0)
    page.locator(SPAN).first.evaluate("(button) => ko.dataFor(button).choose()")
    expect(page.locator(f"{TAB} .octoprint-uptime-pointed")).not_to_contain_text("not recorded")


def test_a_hidden_window_with_old_sessions_announces_nothing_again(open_at, client):
    page = open_at(QUIET, fields={"octoprint_session": "abc one"})
    hidden = page.context.new_page()
    hidden.clock.install(time=NOW)
    answer_with(**told(QUIET, octoprint_session="abc one"))(hidden)
    hidden.goto(page.url)
    hidden.wait_for_function(STARTED_UP)
    hide(hidden)
    answer_with(**told(QUIET, octoprint_session="abc two"))(page)
    page.evaluate(f"{SYNC}.sync()")
    expect(page.locator(NOTICE)).to_have_count(1)
    page.evaluate(f"{VIEW_MODEL}.notices.told()")
    expect(page.locator(NOTICE)).to_have_count(0)

    client("admin").save({"show_printer_uptime": False})
    hidden.wait_for_function(f"{VIEW_MODEL}.settings.show_printer_uptime() === false")
    page.evaluate(f"{SYNC}.sync()")
    expect(hidden.locator(NOTICE)).to_have_count(0)
    expect(page.locator(NOTICE)).to_have_count(0)


def test_a_notice_comes_also_if_only_the_tab_is_shown(open_at, client):
    client("admin").save({"show_navbar": False, "show_sidebar": False})
    page = open_at(QUIET, fields={"octoprint_session": "abc one"})
    page.wait_for_function(f"{VIEW_MODEL}.clocks().host")
    answer_with(**told(QUIET, octoprint_session="abc two"))(page)
    assert page.evaluate(f"{SYNC}.timer") is not None
    page.evaluate(f"{SYNC}.sync()")

    expect(page.locator(NOTICE)).to_contain_text("OctoPrint restarted")


def test_a_notice_leads_to_the_tab_if_there_is_one(open_at, client):
    page = open_at(QUIET)
    expect(page.locator(BADGE)).to_be_visible()
    open_tab(page)
    page.wait_for_function(f"{VIEW_MODEL}.answerOnScreen()")
    restart(page, "octoprint")
    page.locator(NOTICE).get_by_role("button", name="See what happened").click()  # which is open already
    expect(page.locator(NOTICE)).to_have_count(0)

    restart(page, "octoprint")
    client("admin").save({"show_tab": False})
    expect(page.locator(TAB_LINK)).to_be_hidden()
    expect(page.locator(NOTICE)).to_have_count(1)
    expect(page.locator(NOTICE).get_by_role("button", name="See what happened")).to_have_count(0)


def test_the_badge_shows_the_answer_and_only_then_it_was_looked_at(open_at):
    page = open_at(night(), height=500)
    expect(page.locator(SIGN)).to_be_visible()
    page.add_style_tag(content="#tabs { margin-top: 1500px; }")
    open_tab(page)
    expect(page.locator(SIGN)).to_be_visible()

    page.locator(BADGE).click()
    expect(page.locator(ANSWER)).to_be_in_viewport()
    expect(page.locator(SIGN)).to_be_hidden()


def test_a_page_without_tabdrop_has_its_tab(open_at, client):
    page = open_at(QUIET)
    page.evaluate("delete $.fn.tabdrop")
    client("admin").save({"show_tab": False})
    expect(page.locator(TAB_LINK)).to_be_hidden()
    client("admin").save({"show_tab": True})

    open_tab(page)


def test_the_badges_name_has_what_it_shows_and_says_where_it_leads(open_at, client):
    page = open_at(night())
    badge = page.locator(BADGE)
    expect(badge).to_be_visible()
    shown = page.locator(f"{BADGE} bdi").all_inner_texts()
    name = re.compile(rf"Uptime: Host {shown[0][:3]}.*OctoPrint \d+.*unexpectedly.*Opens the Uptime tab\.", re.DOTALL)
    expect(page.get_by_role("link", name=name)).to_have_count(1)
    assert badge.get_attribute("aria-label") is None

    client("admin").save({"show_tab": False})
    expect(page.locator("#navbar_plugin_octoprint_uptime").get_by_role("link")).to_have_count(0)


def test_a_rotating_badge_is_paused_while_its_reader_points_at_it_or_for_good(open_at, client):
    client("admin").save({"compact_display": True})
    page = open_at(QUIET, fields=LONG_AGO)
    turn = page.locator(f"{BADGE} .octoprint-uptime-turn i.fa-fw, {BADGE} .octoprint-uptime-turn > i")
    expect(turn).to_have_count(1)

    def turns():
        seen = set()
        for _ in range(4):
            seen.add(turn.get_attribute("class"))
            page.clock.run_for(5000)
        return len(seen)

    assert turns() > 1
    page.locator(BADGE).hover()
    assert turns() == 1
    page.mouse.move(0, 800)
    page.locator(BADGE).focus()
    page.keyboard.press(" ")
    page.evaluate("document.activeElement.blur()")
    assert turns() == 1
    page.locator(BADGE).focus()
    page.keyboard.press(" ")
    page.evaluate("document.activeElement.blur()")
    assert turns() > 1


def test_in_forced_colours_bars_gaps_and_marks_can_be_told_apart(open_at):
    page = open_at(night(), forced_colors="active")
    open_tab(page)
    behind = page.evaluate("getComputedStyle(document.body).backgroundColor")
    bar = page.locator(f"{PIECE}.octoprint-uptime-run").first
    assert bar.evaluate("(bar) => getComputedStyle(bar).backgroundColor") != behind
    pictures = [page.locator(f"{TAB} .octoprint-uptime-sample").nth(n).screenshot() for n in range(5)]

    assert len(set(pictures)) == 5


@pytest.mark.parametrize("width", [640, 320])
def test_nothing_needs_to_be_scrolled_sideways_in_a_narrow_place(open_at, width):
    """OctoPrint itself is 960 px wide; a theme that isn't gets as narrow as this at 200 % and 400 %."""
    page = open_at(night())
    open_tab(page)
    page.locator(TAB).evaluate(f"(tab) => {{ tab.style.width = '{width - 20}px'; }}")
    wide = page.locator(f"{TAB} *").evaluate_all(
        """(all) => all
            .filter((one) => !one.matches(".octoprint-uptime-track, .octoprint-uptime-piece, .octoprint-uptime-axis *"))
            .filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 1)
            .map((one) => one.outerHTML.slice(0, 90))"""
    )

    assert wide == []


def test_targets_have_24_pixels(open_at):
    page = open_at(night())
    open_tab(page)
    targets = f"{TAB} button, {SIDEBAR} .octoprint-uptime-link, {TAB} .octoprint-uptime-track"
    heights = [target.bounding_box()["height"] for target in page.locator(targets).filter(visible=True).all()]

    assert len(heights) >= 8
    assert min(heights) >= 24


def test_one_answer_announces_what_is_in_doubt(open_at):
    page = open_at(QUIET, before=fail_with_a_history)
    speaking = page.locator(f":is({SIDEBAR}, {TAB}) [role=status]:not(.octoprint-uptime-spoken)")
    expect(speaking).to_have_count(1)
    expect(speaking).to_contain_text("The history could not be loaded.")
    open_tab(page)
    expect(speaking).to_have_count(1)
    expect(speaking).to_be_visible()
    page.errors.clear()
