"""The answer to each morning of tests/mornings, word by word."""

import pytest

from octoprint_uptime.durations import duration_patterns
from tests.harness.plain import plain
from tests.harness.staged import NOW
from tests.mornings import FILES, load

ANSWER = """([document, now, patterns]) => {
    window.gettext = (text) => text;
    const { durations, makeDates, makeTexts, story } = OctoPrintUptime;
    durations.setDurationPatterns("en", patterns);
    const today = () => now - 12 * 3600000;
    const dates = makeDates({ locale: "en", elsewhere: () => false, today });
    const texts = makeTexts({ locale: "en", direction: () => "ltr", dates });
    const since = now - 24 * 3600000;
    const events = story.recent(story.events(story.happenings(document.sessions), document.stopped_prints), since);
    const first = story.foremost(events);
    if (!first) return { answer: [texts.nothing(since, true)], advice: "", others: "" };
    const event = { ...first, kept: first.session ? story.kept(document.sessions, first) : [] };
    return {
        answer: [texts.when(event), ...texts.sentences(event, !document.clock_confirmed)],
        advice: texts.advice(event),
        others: events.length > 1 ? texts.others(events.length - 1) : ""
    };
}"""


@pytest.fixture(scope="module")
def page(load):
    return load(*(f"model/{name}" for name in ("durations", "translations", "dates", "evidence", "texts", "story")))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_answer_is_this(page, file):
    document, expected = load(file)
    told = page.evaluate(ANSWER, [document, NOW.timestamp() * 1000, duration_patterns("en")])

    assert plain(told["answer"]) == expected["answer"]
    assert (plain(told["advice"]), told["others"]) == (expected["advice"], expected["others"])
