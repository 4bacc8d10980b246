"""Nothing is left in English: a language that is made up while the tests run shows what is not translated."""

import io
import re

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import write_po
from playwright.sync_api import expect

from scripts import translations
from tests.harness.client import PLUGIN, Client
from tests.harness.durations import pattern_of_durations
from tests.harness.placements import SIDEBAR
from tests.harness.walk import read, refuse_answers, walk

LOCALE = "eo"  # nobody ships it
PLACEHOLDER = re.compile(r"(%\(\w+\)s)")
ACCENTS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "àƀçďéƒĝĥíĵķļɱñöþɋŕšťúṽŵẋýžÀɃÇĎÉƑĜĤÍĴĶĻⱮÑÖÞɊŔŠŤÚṼŴẊÝŽ"
)

REFUSAL = "You are not allowed to see the uptime."

# What the page shows only if the host of the server does not tell when it started.
NOTES = {"OctoPrint is not allowed to read the host’s start time.", "The host does not report when it started."}


def accented(text):
    """The text as this language has it: in brackets, and no letter of ASCII outside its placeholders."""
    parts = PLACEHOLDER.split(text)
    return "⟦" + "".join(part if PLACEHOLDER.match(part) else part.translate(ACCENTS) for part in parts) + "⟧"


def pseudo_catalog():
    catalog = Catalog(locale=LOCALE, charset="utf-8")
    for message in translations.extract():
        if message.id:
            catalog.add(message.id, accented(message.id))
    return catalog


@pytest.fixture(scope="module")
def pseudo_server(make_server):
    """A server with the language in its base folder, where OctoPrint has the languages that users add."""
    files = {}
    for ending, write in (("po", write_po), ("mo", write_mo)):
        content = io.BytesIO()
        write(content, pseudo_catalog())
        files[f"translations/{LOCALE}/LC_MESSAGES/messages.{ending}"] = content.getvalue()
    return make_server(files=files)


@pytest.fixture
def open_pseudo_page(open_page, pseudo_server):
    return lambda **options: open_page(locale=LOCALE, on=pseudo_server, **options)


def untranslated(page, text):
    """Whether letters of ASCII are left that are neither a duration, nor a date, nor OctoPrint's name."""
    dates = page.evaluate("OctoPrint.coreui.viewmodels.uptimeViewModel.allClocks.map((clock) => clock.date())")
    for allowed in filter(None, [*dates, "OctoPrint"]):
        text = text.replace(allowed, "")
    return re.search("[A-Za-z]", pattern_of_durations(LOCALE).sub("", text)) is not None


def test_everything_that_can_be_read_is_translated(open_pseudo_page):
    texts, faults = set(), []

    def look(page, stop):
        found = read(page)
        texts.update(found)
        faults.extend((stop, text) for text in found if untranslated(page, text))

    page = open_pseudo_page()
    for stop in walk(page):
        look(page, stop)
    page.errors.clear()  # of the requests that were refused
    page = open_pseudo_page(before=refuse_answers)
    expect(page.locator(f"{SIDEBAR} .text-warning")).to_be_visible()
    look(page, "no answer from the start")
    page.errors.clear()

    assert faults == []
    unseen = {message.id for message in pseudo_catalog() if message.id and not is_among(texts, message.string)}
    assert unseen == {REFUSAL, *NOTES}


def is_among(texts, message):
    """Whether one of the texts is the message, whatever stands for its placeholders."""
    parts = [part for part in PLACEHOLDER.split(message) if not PLACEHOLDER.match(part)]
    return any(all(part in text for part in parts) for text in texts)


def test_a_refusal_is_translated(pseudo_server):
    answer = Client(pseudo_server, "nobody").request("GET", f"{PLUGIN}?l10n={LOCALE}")

    assert answer.json["error"] == accented(REFUSAL)
