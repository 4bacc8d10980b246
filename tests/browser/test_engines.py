"""The durations and the page in the engines of other browsers: Firefox's, and WebKit, that of every iPad and iPhone."""

import random
import shutil
import time

import pytest

from octoprint_uptime.durations import FORMATS, STYLES, format_duration
from tests.harness.client import Client
from tests.harness.counting import hide
from tests.harness.durations import LOCALES, SEED, compare, durations, golden, reproduce
from tests.harness.firefox import launch_firefox
from tests.harness.hazards import missing
from tests.harness.loopback import serve
from tests.harness.placements import BADGE, SETTINGS, SIDEBAR, TAB
from tests.harness.webkit import NoWebKitError, launch_webkit
from tests.harness.wheel import ROOT

PAGE = "<!doctype html><title>Durations</title><script src=durations.js></script>"

# The first clock's duration, that of the host, and its style.
HOST_TEXTS = {f"{SIDEBAR} strong bdi": "narrow", f"{TAB} .lead bdi": "long"}
TEXT = "(selector) => document.querySelector(selector).textContent.replace(/\\u00a0/g, ' ').trim()"

# The pixels between a clock's icon and its text.
GAP = """(selector) => {
    const clock = document.querySelector(selector);
    const text = document.createRange();
    text.selectNodeContents(clock.querySelector("bdi"));
    const [icon, words] = [clock.querySelector("i"), text].map((part) => part.getBoundingClientRect());
    return Math.max(icon.left - words.right, words.left - icon.right);
}"""

# The host for an hour, a minute and a second: less than there is room for.
FEW_DIGITS = """() => {
    const { clocks, now } = OctoPrint.coreui.viewmodels.uptimeViewModel;
    clocks({ ...clocks(), host: { ...clocks().host, zero: now() - 3661000 } });
}"""

PREVIEW = f"{SETTINGS} .octoprint-uptime-framed"
COUNTED_SECONDS = 10

# No two pictures of a colour gradient are alike, nor those of a dialog that is fading in.
LEAVE_OUT_WHAT_VARIES = """() => {
    const style = document.createElement("style");
    style.textContent = `
        * { transition: none !important; animation: none !important; }
        .navbar-inner { background: none !important; }`;
    document.head.append(style);
}"""
OPEN_SETTINGS = """() => {
    OctoPrint.coreui.viewmodels.settingsViewModel.show("settings_plugin_octoprint_uptime");
}"""
SHOW_DIALOGS = """(shown) => {
    document.querySelectorAll(".modal, .modal-backdrop").forEach((part) => {
        part.style.visibility = shown ? "" : "hidden";
    });
}"""
LAY_OUT_ANEW = """() => {
    document.body.style.display = "none";
    document.body.offsetHeight;
    document.body.style.display = "";
}"""


@pytest.fixture(
    scope="module",
    params=[launch_firefox, pytest.param(launch_webkit, marks=pytest.mark.thorough)],
    ids=["firefox", "webkit"],
)
def engine(request, shared_server):
    """A browser in which an admin has logged in."""
    try:
        with request.param() as engine:
            engine.log_in(shared_server)
            yield engine
    except NoWebKitError as reason:
        missing(reason)


@pytest.fixture(scope="module")
def page_with_durations(tmp_path_factory, engine):
    """A page that has durations.js and nothing else."""
    folder = tmp_path_factory.mktemp("page")
    (folder / "index.html").write_text(PAGE)
    shutil.copy(ROOT / "octoprint_uptime" / "static" / "js" / "model" / "durations.js", folder)
    with serve(folder) as url:
        engine.driver.get(url)
        yield engine


def test_python_and_the_engine_never_disagree(page_with_durations, capsys):
    locales, seconds = random.Random(SEED).sample(LOCALES, 8), durations()
    compared, differences = compare(page_with_durations.evaluate, locales, seconds)

    with capsys.disabled():
        print(f"\n{compared:,} durations compared between Python and this engine: {len(differences)} differences")
        print(f"({' '.join(locales)}, {len(seconds)} values, DURATIONS_SEED={SEED})")
    assert differences == []
    assert compared == len(locales) * len(seconds) * len(FORMATS) * len(STYLES) >= 10_000


def test_the_engine_reproduces_the_golden_file(page_with_durations):
    for locale, rows in golden().items():
        assert reproduce(page_with_durations.evaluate, locale, rows) == rows


@pytest.mark.parametrize("locale", ["en", "ar", "he", "ja"])
def test_the_page_counts_right_and_without_errors(engine, server, locale):
    engine.load(server, f"/?l10n={locale}")
    engine.find(BADGE).click()
    for selector, style in HOST_TEXTS.items():
        engine.find(selector)
        shown = engine.evaluate(TEXT, selector)
        seconds = Client(server, "reader").reading()["seconds"]
        assert shown in {format_duration(seconds - late, "full", style, locale) for late in range(4)}
        engine.wait_for(f"() => document.querySelector('{selector}').textContent !== '{shown}'")

    assert engine.errors() == []


@pytest.mark.parametrize("locale", ["en", "he"])
def test_the_badge_keeps_icon_and_text_together(engine, server, locale):
    engine.load(server, f"/?l10n={locale}")
    engine.find(f"{BADGE} bdi")
    engine.evaluate(FEW_DIGITS)

    assert 0 < engine.evaluate(GAP, f"{BADGE} .octoprint-uptime-turn") < 8


@pytest.mark.parametrize("locale", ["ar", "he"])
def test_what_has_counted_looks_as_if_it_had_been_there_from_the_start(engine, server, locale):
    """A text may be right and its picture wrong, where an engine lays out less than it should."""
    count_in_all_placements(engine, server, locale)
    counted = take_pictures(engine)
    engine.evaluate(LAY_OUT_ANEW)

    anew = take_pictures(engine)
    assert [placement for placement in counted if counted[placement] != anew[placement]] == []


def count_in_all_placements(engine, server, locale):
    engine.load(server, f"/?l10n={locale}")
    engine.evaluate(LEAVE_OUT_WHAT_VARIES)
    engine.find(BADGE).click()
    engine.evaluate(OPEN_SETTINGS)
    engine.find(PREVIEW)
    time.sleep(COUNTED_SECONDS)
    hide(engine)  # so that nothing counts on


def take_pictures(engine):
    pictures = {}
    for placement in (PREVIEW, SIDEBAR, TAB):
        engine.evaluate(SHOW_DIALOGS, placement == PREVIEW)  # the others lie below them
        pictures[placement] = engine.picture(placement)
    return pictures
