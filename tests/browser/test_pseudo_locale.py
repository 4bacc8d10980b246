"""Nothing is left in English: a language that is made up while the tests run shows what is not translated."""

import re
from itertools import product

import pytest
from babel.messages.catalog import Catalog
from playwright.sync_api import expect

from octoprint_uptime.machine.evidence import CODES
from scripts import translations
from tests.harness.catalogs import files_of
from tests.harness.client import PLUGIN, Client
from tests.harness.durations import pattern_of_durations
from tests.harness.placements import BADGE, SIDEBAR, TAB, answer_with, open_tab
from tests.harness.staged import ago, eventful, history, session, stopped_print, told
from tests.harness.walk import read, refuse_answers, walk

LOCALE = "eo"  # nobody ships it
PLACEHOLDER = re.compile(r"(%\(\w+\)s)")
ACCENTS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "àƀçďéƒĝĥíĵķļɱñöþɋŕšťúṽŵẋýžÀɃÇĎÉƑĜĤÍĴĶĻⱮÑÖÞɊŔŠŤÚṼŴẊÝŽ"
)

REFUSAL = "You are not allowed to see the uptime."

# What the page shows only if the host of the server does not tell when it started, or nothing can be recorded.
NOTES = {
    "OctoPrint is not allowed to read the host’s start time.",
    "The host does not report when it started.",
    "The history is turned off in this plugin’s settings.",
    "Nothing is being recorded: Python lacks SQLite on this system.",
    "Nothing is being recorded: another OctoPrint uses the data folder, or it is on a share without file locks.",
    "Nothing is being recorded: the data folder is reset whenever the host restarts.",
    "Nothing is being recorded: the history was written by a newer version of this plugin.",
    "Nothing is being recorded: OctoPrint is not allowed to write to its data folder.",
    "Nothing is being recorded: the disk is full.",
    "Nothing is being recorded: the history cannot be written. See octoprint.log.",
}


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
    return make_server(files={f"translations/{path}": text for path, text in files_of(pseudo_catalog()).items()})


@pytest.fixture
def open_pseudo_page(open_page, pseudo_server):
    def open_pseudo_page(before):
        def prepare(page):
            page.add_init_script(NO_DATES)
            before(page)

        return open_page(locale=LOCALE, on=pseudo_server, before=prepare)

    return open_pseudo_page


# The language is one that Intl has no dates of, nor a word for now. Its days are as long as some of our months.
NO_DATES = """
    Object.defineProperty(Intl.DateTimeFormat.prototype, "format", {
        get() {
            const { hour } = this.resolvedOptions();
            return (date) => `${hour ? Number(date) : Math.floor(date / 1e10)}`;
        }
    });
    Intl.RelativeTimeFormat.prototype.format = (number) => `${number}`;
"""


def untranslated(text):
    """Whether letters of ASCII are left that are neither a duration nor OctoPrint's name."""
    return re.search("[A-Za-z]", pattern_of_durations(LOCALE).sub("", text.replace("OctoPrint", ""))) is not None


QUIET = [session("octoprint", ago(days=9)), session("host", ago(days=9))]
DISCONNECTED = session("printer", ago(days=9), ago(days=8), ending="stopped")
DISCONNECTED_ON_THE_PAGE = session("printer", ago(days=2), ago(days=1), ending="stopped", asked="disconnect")
LOST = session("printer", ago(hours=9), ago(hours=8), ending="lost")
STOPPED_PRINTS = [
    stopped_print(ago(hours=hours), cause, file="1", completion=completion)
    for hours, (cause, completion) in enumerate(product(("cancelled", "firmware_error"), (63.2, None)))
]

CLOCK_OF = {"usb": ("printer", "lost"), "printer": ("printer", "reset"), "out": ("octoprint", "silent")}
REPORTED = [
    session(clock, ago(hours=6 * n + 9), ago(hours=6 * n + 5), ending=ending, evidence=[code])
    for n, code in enumerate(CODES)
    for clock, ending in [CLOCK_OF.get(code.split("_")[0], ("host", "silent"))]
]
HIT = session("printer", ago(days=7), ago(days=6), ending="lost", print={"file": "1", "completion": None})
MANY = [session("printer", ago(hours=n + 1), ago(hours=n), ending="stopped") for n in range(30)]
REPEATED = [
    session(clock, ago(minutes=5 * n + 4), ago(minutes=5 * n + 1), ending=ending)
    for clock, ending in (*CLOCK_OF.values(), ("host", "silent"))
    for n in range(3)
]

HISTORIES = {
    "what was reported": history(*QUIET, *REPORTED, HIT, recorded_from=ago(days=9)),
    "more than a list shows at first": history(*QUIET, *MANY, recorded_from=ago(days=9)),
    "repeats": history(*QUIET, *REPEATED, recorded_from=ago(days=9)),
    "nothing in the list": history(*QUIET, DISCONNECTED, recorded_from=ago(days=9)),
    "stopped prints": {
        **history(*QUIET, DISCONNECTED_ON_THE_PAGE, recorded_from=ago(days=9)),
        "stopped_prints": STOPPED_PRINTS,
    },
    "the printer lost": history(*QUIET, LOST, recorded_from=ago(days=9)),
    "a night as long as half a year": history(
        *QUIET, session("host", ago(days=300), ago(days=200), ago(days=1), ending="silent"), recorded_from=ago(days=300)
    ),
    "recorded for an hour": history(*QUIET, recorded_from=ago(hours=1), clock_confirmed=False),
    "nothing recorded": history(),
}

# What the page shows where OctoPrint asks back, or when the history could not be deleted.
DELETING = {
    "This permanently deletes the recorded history.",
    "The history was deleted.",
    "The history could not be deleted.",
    "The history could not be deleted yet. The plugin keeps trying.",
}

# What the page shows only while a request is under way, or on a badge that changes.
PASSING = {
    "Loading the history …",
    "not loaded",
    "Press the space bar to pause or resume switching between uptimes.",
    "The printer is no longer connected",
    "(file name left out)",
    "The summary was copied.",
}
# Of these, an answer has one at most.
ADVICE = {message.id for message in translations.extract() if str(message.id).startswith("Worth checking: ")}


def test_everything_that_can_be_read_is_translated(open_pseudo_page):
    texts, faults = set(), []

    def look(page, stop):
        found = read(page)
        texts.update(found)
        faults.extend((stop, text) for text in found if untranslated(text))

    page = open_pseudo_page(before=answer_with(**told(eventful())))
    expect(page.locator(f"{BADGE} .fa-exclamation-triangle")).to_be_visible()
    look(page, "before the tab was looked at")
    for stop in walk(page):
        look(page, stop)
    page.errors.clear()  # of the requests that were refused
    for stop, document in HISTORIES.items():
        page = open_pseudo_page(before=answer_with(**told(document)))
        expect(page.locator(BADGE)).to_be_visible()  # the answer is there
        open_tab(page)
        look(page, stop)
    page = open_pseudo_page(before=lambda page: page.route("**/*include=*history*", lambda route: route.abort()))
    open_tab(page)
    expect(page.locator(TAB).get_by_text(accented("The history could not be loaded."))).to_be_visible()
    look(page, "no history")
    page = open_pseudo_page(before=refuse_answers)
    expect(page.locator(f"{SIDEBAR} .octoprint-uptime-warning").first).to_be_visible()
    look(page, "no answer from the start")
    page.errors.clear()

    assert faults == [], faults[:20]
    unseen = {message.id for message in pseudo_catalog() if message.id and not is_among(texts, message.string)} - ADVICE
    assert unseen == {REFUSAL, *NOTES, *DELETING, *PASSING, "You are not allowed to delete the history."}


def is_among(texts, message):
    """Whether one of the texts is the message, whatever stands for its placeholders."""
    parts = [part for part in PLACEHOLDER.split(message) if not PLACEHOLDER.match(part)]
    return any(all(part in text for part in parts) for text in texts)


def test_a_refusal_is_translated(pseudo_server):
    answer = Client(pseudo_server, "nobody").request("GET", f"{PLUGIN}?l10n={LOCALE}")

    assert answer.json["error"] == accented(REFUSAL)
