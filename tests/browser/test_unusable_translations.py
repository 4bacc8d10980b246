"""Translations that cannot be used, or are missing: the reader gets English there, and a page that works."""

import re

import pytest
from babel.messages.catalog import Catalog
from playwright.sync_api import expect

from scripts import translations
from tests.harness.catalogs import files_of
from tests.harness.logs import failures
from tests.harness.placements import BADGE, SETTINGS, SIDEBAR, TAB, TAB_LINK, answer_with, open_settings, open_tab
from tests.harness.staged import night, told
from tests.harness.wheel import ROOT

PLACEHOLDER = re.compile(r"%\(\w+\)s")
PERCENT = re.compile(r"\d+([.,]\d)?\s?%")
MESSAGES = [message.id for message in translations.extract() if message.id]
GERMAN = {message.id: message.string for message in translations.read(translations.catalogs()["de"], "de")}

# What a translator may get wrong, in languages that the plugin does not have.
UNUSABLE = {
    "sl": lambda message: f"{message} %(nope)s",
    "hr": lambda message: PLACEHOLDER.sub("", f"Hrvatski: {message}"),
    "et": lambda message: f"{message} 100 %",
    "lt": lambda message: message.replace("%(", "%(nope.") + "%(name)",
}
UNTRANSLATED = "exact end unknown"  # in the templates and in the scripts


def language_packs():
    """The unusable ones, as files of OctoPrint's base folder."""
    files = {}
    for locale, translate in UNUSABLE.items():
        catalog = Catalog(locale=locale)
        for message in MESSAGES:
            catalog.add(message, translate(message))
        for path, content in files_of(catalog).items():
            files[f"translations/{path}"] = files[f"translations/_plugins/octoprint_uptime/{path}"] = content
    return files


def plugin_without_the_german_for(message):
    """The plugin in OctoPrint's folder of plugins, where it comes before the installed one."""
    package = ROOT / "octoprint_uptime"
    files = {f"{path.relative_to(ROOT)}": path.read_bytes() for path in package.rglob("*.*")}
    files["octoprint_uptime/__init__.py"] += b'__plugin_version__ = "1"\n'  # else known from what is installed
    catalog = translations.read(translations.catalogs()["de"], "de")
    catalog[message].string = ""
    return {**files, **{f"octoprint_uptime/translations/{path}": text for path, text in files_of(catalog).items()}}


@pytest.fixture(scope="module")
def server(make_server):
    server = make_server(files=language_packs(), plugins=plugin_without_the_german_for(UNTRANSLATED))
    yield server
    assert failures(server.log()) == []
    server.stop()


def open_everything(open_page, locale):
    """The page with all that it has to say in sight, and its texts."""
    page = open_page(locale=locale, before=answer_with(**told(night()), text_direction="ltr"))
    assert page.evaluate("LOCALE") == locale
    expect(page.locator(BADGE)).to_be_visible()
    open_tab(page)
    expect(page.locator(f"{TAB} .octoprint-uptime-piece").first).to_be_attached()
    open_settings(page)
    texts = [page.locator(part).inner_text() for part in (SIDEBAR, TAB, SETTINGS)]
    return page, "\n".join([page.locator(BADGE).get_attribute("title"), *texts])


@pytest.mark.parametrize("locale", UNUSABLE)
def test_a_translation_that_cannot_be_used_is_replaced_by_english(open_page, locale):
    page, text = open_everything(open_page, locale)

    assert [sign for sign in ("nope", "undefined", "%") if sign in PERCENT.sub("", text)] == []
    expect(page.locator(BADGE)).to_have_attribute("title", re.compile(r"OctoPrint: .*\d.*\(since .*\d"))
    expect(page.locator(f"{TAB} .octoprint-uptime-card")).to_have_count(3)
    expect(page.locator(f"{TAB} .octoprint-uptime-card").first).to_contain_text(re.compile(r"Since .*\d"))
    expect(page.locator(f"{TAB} .octoprint-uptime-answer")).to_contain_text(
        re.compile("Printing .benchy.gcode. stopped at")
    )
    expect(page.locator(f"{SETTINGS} select option")).to_have_count(5)
    expect(page.locator("#octoprint-uptime-history_days-help")).to_contain_text("(0–3660)")


def test_the_other_translations_of_such_a_pack_are_used(open_page):
    page, text = open_everything(open_page, "hr")

    for message in ("Printer connection", "What happened", "Badge preview", "0 turns the history off and deletes it."):
        assert f"Hrvatski: {message}" in text
    expect(page.locator(f"{TAB_LINK} a")).to_have_text("Hrvatski: Uptime")


def test_a_message_without_translation_is_shown_in_english_and_the_rest_is_not(open_page):
    page, text = open_everything(open_page, "de")

    expect(page.locator(f"{TAB} .octoprint-uptime-legend")).to_contain_text(UNTRANSLATED)
    piece = page.locator(f"{TAB} .octoprint-uptime-unsure").first
    expect(piece).to_have_attribute("aria-label", re.compile(UNTRANSLATED))
    assert page.evaluate("(message) => gettext(message)", UNTRANSLATED) == UNTRANSLATED
    assert GERMAN[UNTRANSLATED] not in text
    expect(page.locator(f"{TAB_LINK} a")).to_have_text(GERMAN["Uptime"])
    for message in ("Printer connection", "Badge preview", "Show uptime in", "Download as CSV"):
        assert GERMAN[message] in text
        assert message not in text
