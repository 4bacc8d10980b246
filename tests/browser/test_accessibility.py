"""Whether the plugin can be used without a mouse, and heard instead of seen."""

from playwright.sync_api import expect

from tests.harness import axe
from tests.harness.placements import BADGE, CLOCKS, SETTINGS, SIDEBAR, TAB, answer_with, open_settings, open_tab


def test_axe_finds_nothing_to_complain_about(open_page):
    page = open_page()
    expect(page.locator(BADGE)).to_be_visible()
    open_tab(page)
    violations = [axe.violations(page, placement) for placement in (BADGE, f"{SIDEBAR} .accordion-body", TAB)]
    open_settings(page)
    page.locator("#octoprint-uptime-poll_interval_seconds").fill("4")
    page.wait_for_function("getComputedStyle(document.querySelector('#settings_dialog')).opacity === '1'")
    violations.append(axe.violations(page, SETTINGS))

    assert violations == [[], [], [], []]


def test_everything_can_be_reached_by_keyboard(open_page):
    page = open_page()
    expect(page.locator(BADGE)).to_be_visible()
    page.locator(BADGE).focus()
    page.keyboard.press("Enter")
    expect(page.locator(TAB)).to_be_visible()

    open_settings(page)
    page.locator(f"{SETTINGS} input").first.focus()
    reached = 0
    while page.evaluate(f"document.activeElement.closest('{SETTINGS}') !== null"):
        reached += 1
        page.keyboard.press("Tab")
    assert reached == page.locator(f"{SETTINGS} :is(input, select, button)").count()


def test_values_are_isolated_from_the_text_around_them_and_do_not_chatter(open_page):
    page = open_page(before=answer_with(seconds=93784.0))
    expect(page.locator(BADGE)).to_be_visible()
    open_tab(page)
    values = page.locator(f"{CLOCKS} bdi, {SIDEBAR} strong bdi, {TAB} .lead bdi")
    expect(values).to_have_count(8)  # two clocks in the badge, three in the sidebar and in the tab
    for value in values.all():
        assert value.evaluate("element => element.closest('[aria-live]').getAttribute('aria-live')") == "off"
