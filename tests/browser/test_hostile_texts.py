"""No text becomes markup on the page: not a translation's, wherever it is shown, and not the API's."""

import re

import pytest
from playwright.sync_api import expect

from scripts.translations import TEMPLATE, compiled, read
from tests.harness.placements import (
    BADGE,
    SETTINGS,
    SIDEBAR,
    TAB,
    TAB_LINK,
    answer_with,
    open_settings,
    open_tab,
    restart,
)

MARKUP = '<img src="x" onerror="window.taken = true"><b>'

# A language that the plugin does not speak, so that a language pack of the user's has the word.
LOCALE = "sl"


@pytest.fixture(scope="module")
def language_pack(tmp_path_factory):
    """Catalogs that put markup before each of our messages, as files of OctoPrint's base folder."""
    path = tmp_path_factory.mktemp("pack") / "messages.po"
    messages = [message.id for message in read(TEMPLATE) if message.id]
    path.write_text('msgid ""\nmsgstr ""\n' + "\n".join(map(_entry, messages)))
    catalogs = {"messages.po": path.read_bytes(), "messages.mo": compiled(path, LOCALE)}
    folders = (f"translations/{LOCALE}", f"translations/_plugins/octoprint_uptime/{LOCALE}")
    return {f"{folder}/LC_MESSAGES/{name}": content for folder in folders for name, content in catalogs.items()}


def _entry(message):
    def quote(text):
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

    return f"msgid {quote(message)}\nmsgstr {quote(MARKUP + message)}\n"


@pytest.fixture(scope="module")
def server(make_server, language_pack):
    server = make_server(files=language_pack)
    yield server
    server.stop()


@pytest.fixture
def hostile_page(open_page):
    """A page in the hostile language; fails at the end if any of its texts became markup."""
    pages = []

    def hostile_page(**options):
        pages.append(open_page(locale=LOCALE, **options))
        return pages[-1]

    yield hostile_page
    for page in pages:
        assert page.evaluate("LOCALE") == LOCALE
        assert page.locator("img[src=x], [onerror]").count() == 0
        assert page.evaluate("window.taken") is None


def test_markup_in_a_translation_is_shown_as_text_everywhere(hostile_page):
    page = hostile_page()

    for place in (SIDEBAR, TAB, SETTINGS):
        expect(page.locator(place)).to_contain_text(MARKUP)
    for heading in (f"{SIDEBAR} .accordion-toggle", f"{TAB_LINK} a", f"{SETTINGS}_link a"):  # OctoPrint makes them
        expect(page.locator(heading)).to_have_text(MARKUP.replace('"', "”") + "Uptime")
    page.locator(BADGE).hover()
    expect(page.locator(BADGE)).to_have_attribute("title", re.compile(re.escape(MARKUP)))

    restart(page, "octoprint")

    expect(page.locator(".ui-pnotify-title")).to_contain_text(MARKUP)
    expect(page.locator(".ui-pnotify-text")).to_contain_text(MARKUP)


def test_a_note_of_the_api_is_shown_as_text(hostile_page):
    page = hostile_page(before=answer_with(seconds=None, started=None, uptime_note=MARKUP))

    open_tab(page)

    expect(page.locator(f"{TAB} .octoprint-uptime-card").first).to_contain_text(MARKUP)


def test_a_number_refused_in_the_settings_is_shown_as_text(hostile_page):
    page = hostile_page()
    open_settings(page)

    page.locator("#octoprint-uptime-poll_interval_seconds").fill("4")

    expect(page.locator("#octoprint-uptime-poll_interval_seconds-error")).to_contain_text(MARKUP)


def test_the_dialogs_that_ask_before_the_history_is_deleted_show_text(hostile_page):
    page = hostile_page()
    open_settings(page)
    page.locator(f"{SETTINGS} .fa-trash-alt").click()
    dialog = page.locator(".modal", has_text="This permanently deletes")

    expect(dialog.locator(".modal-body")).to_contain_text(f"{MARKUP}This permanently deletes")
    expect(dialog.locator(".btn-danger")).to_have_text(f"{MARKUP}Delete history")
    dialog.locator("[data-dismiss]").last.click()
    expect(dialog).to_be_hidden()

    page.locator("#octoprint-uptime-history_days").fill("0")
    page.locator("#settings_dialog [data-test-id=settings-save]").click()

    expect(dialog.locator(".modal-body")).to_contain_text(f"{MARKUP}This permanently deletes")
