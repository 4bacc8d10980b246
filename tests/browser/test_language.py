"""The language of the page: its templates, its scripts, the durations and the API's texts."""

import re

import pytest
from playwright.sync_api import expect

from scripts import translations
from tests.harness.client import PLUGIN, Client
from tests.harness.durations import pattern_of_durations
from tests.harness.placements import BADGE, CLOCKS, TAB, open_tab

CHOSEN = "pl"


def messages(locale):
    """Our messages in a language; English is what stands in the code."""
    path = translations.catalogs().get(locale, translations.TEMPLATE)
    return {message.id: message.string or message.id for message in translations.read(path)}


@pytest.fixture(scope="module")
def own_server(make_server):
    """A server whose admin has chosen a language: what OctoPrint makes of that stays in its cache for everybody."""
    server = make_server()
    language = {"interface": {"language": CHOSEN}}
    assert Client(server, "admin").request("PATCH", "/api/access/users/admin/settings", language).status == 200
    return server


@pytest.fixture
def open_and_listen(open_page):
    """Opens a page; returns it with the API's answers to it."""

    def open_and_listen(**options):
        answers = []

        def listen(page):
            page.on("response", lambda response: PLUGIN in response.url and answers.append(response))

        page = open_page(before=listen, **options)
        expect(page.locator(CLOCKS)).to_have_count(2)
        return page, [answer.json() for answer in answers]

    return open_and_listen


def expect_scripts_in(locale, page, answers):
    """What the scripts say is in the language, word and number."""
    duration = pattern_of_durations(locale)
    for text in page.locator(f"{CLOCKS} bdi").all_inner_texts():
        assert duration.fullmatch(text)
    summary = page.locator(BADGE).get_attribute("title")
    assert messages(locale)["Printer connection"] in summary
    assert messages(locale)["not connected"] in summary
    assert duration.search(summary)
    assert {answer["locale"] for answer in answers} == {locale}
    assert all(duration.fullmatch(answer["octoprint_uptime"]) for answer in answers)


def expect_templates_in(locale, page):
    open_tab(page)
    expect(page.locator(f"{TAB} h3")).to_have_text(messages(locale)["What happened"])
    expect(page.locator(f"{TAB}_link a")).to_have_text(re.compile(messages(locale)["Uptime"]))


@pytest.mark.parametrize("locale", ["ar", "pt_BR"])
def test_the_language_asked_for_is_that_of_everything(open_and_listen, locale):
    page, answers = open_and_listen(locale=locale)

    assert page.evaluate("LOCALE") == locale
    expect_scripts_in(locale, page, answers)
    expect_templates_in(locale, page)


def test_a_browser_that_prefers_the_chosen_language_gets_everything_in_it(open_and_listen, own_server):
    page, answers = open_and_listen(locale=None, on=own_server, extra_http_headers={"Accept-Language": CHOSEN})

    assert page.evaluate("LOCALE") == CHOSEN
    expect_scripts_in(CHOSEN, page, answers)
    expect_templates_in(CHOSEN, page)


def test_a_browser_that_prefers_another_language_gets_scripts_and_numbers_in_one(
    open_and_listen, own_server, octoprint_version
):
    """OctoPrint 1.10 follows the user.

    Since 1.11 it finds out who is asking only after it has chosen LOCALE, the language of the
    scripts: that follows the browser then, while the templates follow the user. So one page has two
    languages, and nothing in a plugin can change that. Numbers go with the scripts that show them.
    """
    page, answers = open_and_listen(locale=None, on=own_server, extra_http_headers={"Accept-Language": "de"})
    locale = page.evaluate("LOCALE")

    assert locale == (CHOSEN if octoprint_version.startswith("1.10.") else "de")
    expect_scripts_in(locale, page, answers)


def test_the_api_speaks_the_language_that_its_user_chose(own_server):
    reading = Client(own_server, "admin").reading()

    assert reading["locale"] == CHOSEN
    assert pattern_of_durations(CHOSEN).fullmatch(reading["uptime"])


def test_the_api_speaks_the_language_asked_for_even_so(own_server):
    reading = Client(own_server, "admin").reading("?l10n=ja")

    assert reading["locale"] == "ja"
    assert pattern_of_durations("ja").fullmatch(reading["uptime"])


def test_a_page_in_no_language_counts_in_english(open_page):
    """OctoPrint's word for no language is "None", but the page may also come from its cache, and then with "en"."""
    no_language = "Object.defineProperty(window, 'LOCALE', {get: () => 'None', set: () => {}})"
    page = open_page(before=lambda page: page.add_init_script(no_language))

    assert page.evaluate("LOCALE") == "None"
    expect(page.locator(f"{BADGE} bdi").first).to_have_text(re.compile(r"\d+s$"))
