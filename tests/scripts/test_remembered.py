"""What this browser stored is checked when it is read, whatever is there."""

import json

import pytest

from tests.harness.world import FOLDER

REMEMBERED = FOLDER / "remembered.js"

FOREIGN = [
    "foo", "null", "{}", "[]", "5", "true", '"text"', "{", "", "undefined", "NaN", "[null]",
    '{"sessions": null, "untold": null}', '{"sessions": [], "untold": {}}',
    '{"sessions": {"host": 5}, "untold": "host"}',
    '{"sessions": {"host": null, "octoprint": {}, "printer": []}, "untold": [null, 5, {}, "x"], "expected": "soon"}',
    '{"sessions": {"host": "%s"}, "untold": []}' % ("x" * 3_000_000),
    '{"__proto__": {"untold": ["host"]}, "sessions": {"__proto__": {"host": "h"}}}',
]  # fmt: skip

# As much of Knockout as remembered.js uses, with a storage that the test fills.
PREPARE = """(stored) => {
    window.ko = {
        observable(value) {
            const subscribers = [];
            const observable = (...changed) => {
                if (changed.length === 0) return value;
                if (value === changed[0] && typeof value !== "object") return undefined;
                value = changed[0];
                subscribers.forEach((subscriber) => subscriber(value));
                return undefined;
            };
            observable.subscribe = (subscriber) => subscribers.push(subscriber);
            return observable;
        }
    };
    window.BASEURL = "/";
    window.writes = [];
    const storage = {
        getItem(key) { if (window.refuses) throw new Error(); return key in stored ? stored[key] : null; },
        setItem(key, text) {
            if (window.refuses) throw new Error();
            window.writes.push([key, text]);
            stored[key] = text;
        }
    };
    Object.defineProperty(window, "localStorage", { value: storage, configurable: true });
}"""

KEY = "octoprint_uptime.sessions /"
EMPTY = {"sessions": {}, "untold": [], "expected": 0}


@pytest.fixture
def page(load):
    page = load("model/clocks")
    page.evaluate(PREPARE, {})
    return page


def open_memory(page, stored=None, name="sessions", refuses=False):
    """The value that is remembered, as `memory` of the page."""
    page.evaluate(PREPARE, stored or {})
    page.evaluate("(refuses) => { window.refuses = refuses; }", refuses)
    page.add_script_tag(path=REMEMBERED)
    parse = "OctoPrintUptime.clocks.readMemory" if name == "sessions" else "(text) => text || ''"
    page.evaluate(f"() => {{ window.memory = OctoPrintUptime.remembered('{name}', {parse}); }}")
    return page.evaluate("memory()")


@pytest.mark.parametrize("text", FOREIGN, ids=lambda text: text[:40])
def test_foreign_contents_are_the_same_as_none(page, text):
    assert open_memory(page, {KEY: text}) == EMPTY


def test_of_partly_foreign_contents_the_rest_is_kept(page):
    text = '{"sessions": {"host": "h", "printer": 5, "other": "x"}, "untold": ["printer", "x"], "expected": 7}'

    assert open_memory(page, {KEY: text}) == {"sessions": {"host": "h"}, "untold": ["printer"], "expected": 7}


@pytest.mark.parametrize(("length", "is_kept"), [(100, True), (101, False)])
def test_an_id_has_a_length(page, length, is_kept):
    text = json.dumps({"sessions": {"host": "h" * length}})

    assert ("host" in open_memory(page, {KEY: text})["sessions"]) is is_kept


def test_what_is_valid_comes_back_as_it_was(page):
    memory = {"sessions": {"host": "h", "octoprint": "o", "printer": "p"}, "untold": ["host"], "expected": 12}
    open_memory(page)
    page.evaluate("(memory) => window.memory(memory)", memory)
    (written,) = page.evaluate("writes")

    assert written[0] == KEY
    assert open_memory(page, {KEY: written[1]}) == memory


def test_another_window_is_followed_and_its_nonsense_is_not(page):
    open_memory(page, name="seen")
    tell = """([key, text]) => window.dispatchEvent(new StorageEvent("storage", { key, newValue: text }))"""

    page.evaluate(tell, ["octoprint_uptime.seen /", "an id"])
    assert page.evaluate("memory()") == "an id"
    page.evaluate(tell, ["octoprint_uptime.seen /other/", "another id"])
    assert page.evaluate("memory()") == "an id"
    page.evaluate(tell, ["octoprint_uptime.seen /", None])
    assert page.evaluate("memory()") == ""


def test_all_is_forgotten_when_another_window_deletes_all(page):
    open_memory(page, {"octoprint_uptime.seen /": "an id"}, "seen")
    page.evaluate("window.dispatchEvent(new StorageEvent('storage', { key: null, newValue: null }))")

    assert page.evaluate("memory()") == ""


def test_what_is_stored_already_is_not_stored_again(page):
    """Two windows would answer each other for ever."""
    open_memory(page, {KEY: json.dumps(EMPTY, separators=(",", ":"))})
    page.evaluate("(memory) => window.memory(memory)", EMPTY)

    assert page.evaluate("writes") == []


def test_a_browser_that_stores_nothing_remembers_as_long_as_the_page(page):
    assert open_memory(page, name="seen", refuses=True) == ""
    page.evaluate("memory('an id')")

    assert page.evaluate("memory()") == "an id"
