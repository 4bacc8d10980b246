"""The plugin among others: what was met beside real plugins and themes, modelled without their code."""

import pytest
from playwright.sync_api import expect

from tests.harness.counting import VIEW_MODEL
from tests.harness.crowd import (
    ITEM,
    LOOK,
    MOVE_INTO_A_MENU,
    PLACE_ABSOLUTELY,
    SET_WIDTH,
    move_in,
    resize,
    room,
    settle,
)
from tests.harness.placements import (
    BADGE,
    CLOCKS,
    TAB,
    TAB_LINK,
    TYPICAL,
    answer_with,
    visible_clocks,
)

RECORD_FORMS = f"window.forms = []; {VIEW_MODEL}.badge.room.subscribe((form) => window.forms.push(form))"

# Three turns: whose it is, and where the neighbour stands.
TURN = f"""(icon) => [0, 5000, 10000].map((now) => {{
    {VIEW_MODEL}.now(now);
    return [document.querySelector(icon).className, document.querySelector(".neighbour").getBoundingClientRect().x];
}})"""

# What other plugins that collect tabs do with ours.
COLLECT_THE_TAB = f"""() => {{
    $("{TAB}").appendTo("#temp").removeClass("tab-pane");
    $("{TAB_LINK}").remove();
}}"""


@pytest.fixture
def crowd(open_page):
    """Opens a page on which others stand beside the badge."""

    def crowd(widths, absolutely=False, on_a_clock=False, **options):
        def prepare(page):
            if on_a_clock:
                page.clock.install()
            answer_with(**TYPICAL)(page)

        page = open_page(before=prepare, **options)
        expect(page.locator(BADGE)).to_be_visible()
        if absolutely:
            page.evaluate(PLACE_ABSOLUTELY)
        move_in(page, widths)
        return page

    return crowd


@pytest.mark.parametrize("locale", ["en", "de"])
def test_all_uptimes_are_shown_where_the_bar_has_room_for_them(open_page, locale):
    page = open_page(locale=locale, before=answer_with(**TYPICAL))

    expect(visible_clocks(page)).to_have_count(3)


@pytest.mark.parametrize("absolutely", [False, True], ids=["in the list", "in a list of their own"])
def test_the_others_stand_as_they_would_without_the_badge(crowd, absolutely):
    page = crowd([], absolutely, locale="de", width=1600)
    for more in ([], [60, 140, 80, 100], [70, 90, 110, 120]):
        move_in(page, more)
        for width in (1600, 1280, 1024, 390):
            resize(page, width)
            alone, together = page.evaluate(LOOK, False), page.evaluate(LOOK, True)

            assert (together["bar"], together["items"]) == (alone["bar"], alone["items"])
            assert together["pairs"] <= alone["pairs"]


def test_what_does_not_fit_goes_one_at_a_time_then_to_the_icon_and_then_away(crowd):
    page, forms = crowd([0]), []
    for width in range(0, 700, 50):
        page.evaluate(SET_WIDTH, width)
        settle(page)
        settle(page)
        if room(page) not in forms:
            forms.append(room(page))

    assert forms == ["all", "one", "icon", "none"]
    expect(page.locator(BADGE)).to_be_hidden()


def test_a_neighbour_that_counts_does_not_make_the_badge_flap(crowd):
    page = crowd([0], locale="de")
    page.evaluate(RECORD_FORMS)
    for width in range(0, 400, 8):
        for step in (0, 8, 0, 8):
            page.evaluate(SET_WIDTH, width + step)
            settle(page)

    assert page.evaluate("window.forms") == ["one"]


def test_a_neighbour_with_turns_of_its_own_does_not_either_and_one_that_stays_small_lets_it_grow(crowd):
    page = crowd([0], on_a_clock=True)
    page.evaluate(RECORD_FORMS)
    for width in (400, 0, 400, 0, 400, 0):
        page.evaluate(SET_WIDTH, width)
        settle(page)
        page.clock.run_for(10_000)
    assert page.evaluate("window.forms") == ["one"]

    page.clock.run_for(25_000)
    expect(page.locator(ITEM)).to_have_attribute("data-room", "all")


def test_no_turn_of_a_compact_badge_moves_a_neighbour(crowd, client):
    client("admin").save({"compact_display": True, "compact_toggle_interval_seconds": 5})
    page = crowd([80])
    seen = page.evaluate(TURN, f"{CLOCKS}.octoprint-uptime-turn i")

    assert {icon for icon, place in seen} == {"fas fa-server", "fas fa-cube", "fas fa-plug"}
    assert len({place for icon, place in seen}) == 1


def test_the_gaps_between_the_uptimes_are_even(open_page):
    page = open_page(before=answer_with(**TYPICAL))
    expect(visible_clocks(page)).to_have_count(3)
    ends = page.evaluate(
        """clocks => [...document.querySelectorAll(clocks)].map((clock) => {
            const text = document.createRange();
            text.selectNodeContents(clock.querySelector("bdi"));
            return [clock.querySelector("i").getBoundingClientRect().left, text.getBoundingClientRect().right];
        })""",
        CLOCKS,
    )
    gaps = [following[0] - clock[1] for clock, following in zip(ends, ends[1:], strict=False)]

    assert gaps[0] == pytest.approx(gaps[1], abs=1)


def test_in_a_menu_all_uptimes_are_shown_within_its_width(open_page):
    page = open_page(width=390, locale="de", before=answer_with(**TYPICAL))
    page.evaluate(MOVE_INTO_A_MENU, ITEM)
    settle(page)
    menu = page.locator("#navbar .dropdown-menu", has=page.locator(BADGE)).bounding_box()

    expect(visible_clocks(page)).to_have_count(3)
    for clock in visible_clocks(page).all():
        box = clock.bounding_box()
        assert menu["x"] <= box["x"] < box["x"] + box["width"] <= menu["x"] + menu["width"]


def test_the_badge_goes_to_the_pane_that_holds_the_tab_now(open_page):
    page = open_page()
    page.evaluate("$('#term_link a').tab('show')")
    page.evaluate(COLLECT_THE_TAB)
    page.locator(BADGE).click()

    expect(page.locator(TAB)).to_be_visible()
    expect(page.locator(f"{TAB} .octoprint-uptime-timeline")).to_be_visible()


def test_a_page_that_begins_with_the_tab_spells_its_durations(open_page):
    page = open_page(before=lambda page: page.add_init_script(f"location.hash = '{TAB}'"))

    expect(page.locator(f"{TAB} .octoprint-uptime-timeline button").first).to_have_text("1 day")
