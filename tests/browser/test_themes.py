"""The plugin among themes: what was met in real ones, modelled without their code."""

import base64
import itertools

import pytest
from playwright.sync_api import expect

from tests.harness.contrast import faint_parts
from tests.harness.placements import (
    BADGE,
    SETTINGS,
    SIDEBAR,
    TAB,
    TYPICAL,
    answer_with,
    open_settings,
    open_tab,
    visible_clocks,
)
from tests.harness.staged import night, told

COLOURS = ["default", "red", "orange", "yellow", "green", "blue", "violet", "black", "white"]

PAINT = """([colour, transparent]) => {
    const { color, colorTransparent } = OctoPrint.coreui.viewmodels.appearanceViewModel;
    color(colour);
    colorTransparent(transparent);
}"""

TEXT_STYLE = "(element) => [getComputedStyle(element).color, getComputedStyle(element).textShadow]"

LATE_ICONS = ".fa, .fas, .far { display: inline-block; }"

DARK_THEME = """
    body, .navbar-inner, .accordion-group, .tab-content, .modal, .modal-body { background: #1e2124; color: #c8c8c8; }
    .modal h3 { color: #c8c8c8; }
    #navbar .navbar-inner { background: #17191c; }
    .well { background: #f5f5f5; }
    a { color: #7289da; }
"""


def test_a_late_rule_for_icons_does_not_bring_out_the_stopwatch(open_page):
    page = open_page()
    page.add_style_tag(content=LATE_ICONS)

    expect(visible_clocks(page).first).to_be_visible()
    expect(page.locator(f"{BADGE} .octoprint-uptime-sign")).to_be_hidden()


def test_the_badge_has_the_colours_of_each_bar_and_its_sign_stands_out_there(open_page):
    page = open_page(before=answer_with(**told(night())))
    sign = f"{BADGE} .octoprint-uptime-mark"
    expect(page.locator(f"{sign} .fa-exclamation-triangle")).to_be_visible()
    own, badge = page.locator("#navbar_show_settings"), page.locator(BADGE)
    for colour, transparent in itertools.product(COLOURS, [False, True]):
        page.evaluate(PAINT, [colour, transparent])

        assert badge.evaluate(TEXT_STYLE) == own.evaluate(TEXT_STYLE)
        assert faint_parts(page, [sign], least=3) == []


@pytest.mark.parametrize("theme", ["/* OctoPrint as it is */", DARK_THEME], ids=["plain", "dark"])
def test_all_of_it_stands_out_from_what_lies_behind(open_page, theme):
    page = open_page(before=answer_with(**TYPICAL))
    page.add_style_tag(content=theme)
    open_tab(page)
    expect(page.locator(f"{TAB} .octoprint-uptime-legend")).to_be_visible()
    parts = [f"{TAB} .octoprint-uptime-{part}" for part in ("answer", "cards", "tracks", "legend", "list-title")]
    assert faint_parts(page, [*parts, f"{SIDEBAR} .octoprint-uptime"]) == []

    open_settings(page)
    expect(page.locator("#settings_dialog")).to_have_css("opacity", "1")  # it has faded in
    assert faint_parts(page, [f"{SETTINGS} .octoprint-uptime-framed"]) == []


# What dark themes make of buttons; they outdo Bootstrap's rules for the one that is pressed.
FLAT_BUTTONS = {
    "nighttime": """
        :root:root button.btn { border: 0; background: none #40454a; text-shadow: none; text-decoration: none;
                                color: #fff; opacity: .7; box-shadow: 0 0 0 1px rgba(0, 0, 0, .1); }
    """,
    "cyborg": """
        :root:root .btn { background: #5c5c5c linear-gradient(180deg, #666, #4d4d4d); color: #fff; text-shadow: none;
                          border-color: rgba(0, 0, 0, .25); box-shadow: none; }
        :root:root .btn.active { background-color: #4d4d4d; }
    """,
}


# How many pixels of two pictures clearly differ.
DIFFERENT_PIXELS = """async (pictures) => {
    const [one, other] = await Promise.all(pictures.map(async (picture) => {
        const bytes = Uint8Array.from(atob(picture), (character) => character.charCodeAt(0));
        const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
        const canvas = Object.assign(document.createElement("canvas"), { width: bitmap.width, height: bitmap.height });
        canvas.getContext("2d").drawImage(bitmap, 0, 0);
        return canvas.getContext("2d").getImageData(0, 0, bitmap.width, bitmap.height).data;
    }));
    return one.filter((value, at) => at % 4 === 1 && Math.abs(value - other[at]) > 60).length;
}"""


@pytest.mark.parametrize("theme", FLAT_BUTTONS)
def test_the_chosen_span_looks_chosen_in_themes_that_flatten_buttons(open_page, theme):
    page = open_page(before=answer_with(**told(night())))
    page.add_style_tag(content=FLAT_BUTTONS[theme])
    open_tab(page)
    button = page.locator(f"{TAB} [aria-pressed]").first

    looks = []
    for span in (0, 1):  # without the focus, which is drawn differently
        page.locator(f"{TAB} [aria-pressed]").nth(span).evaluate("(button) => button.click()")
        expect(button).to_have_attribute("aria-pressed", "true" if span == 0 else "false")
        page.mouse.move(0, 0)
        box = button.bounding_box()
        inside = {
            **box,
            "x": box["x"] + 4,
            "width": box["width"] - 8,
        }  # the one that is pressed lies over its neighbour
        looks.append(page.screenshot(clip=inside, animations="disabled"))
    assert page.evaluate(DIFFERENT_PIXELS, [base64.b64encode(look).decode() for look in looks]) > 2 * inside["width"]


# OctoPrint-UICustomizer has a rule for every list of choices.
WIDE_CHOICES = "select { width: initial !important; }"


@pytest.mark.parametrize("width", [390, 1280])
def test_the_choice_of_a_format_stays_in_its_column(open_page, width):
    page = open_page(width=width)
    page.add_style_tag(content=WIDE_CHOICES)
    open_settings(page)
    choice = page.locator(f"{SETTINGS} select")
    overflow = choice.evaluate("(choice) => choice.offsetWidth - choice.parentElement.clientWidth")

    assert overflow <= 0
