"""What the page knows about the past, and how certain that is."""

import pytest

from tests.harness.staged import NOW, ago, history, session, stopped_print

DAY_MS = 86_400_000
NOW_MS = NOW.timestamp() * 1000
START = int(ago(hours=1).timestamp())
RUNNING = [session("octoprint", ago(hours=1)), session("host", ago(days=2))]


@pytest.fixture(scope="module")
def page(load):
    return load("record")


def answer(**fields):
    return {"octoprint_started_timestamp": START, "octoprint_seconds": 3600, "utc_offset_seconds": 7200, **fields}


def with_history(*sessions, revision="one", days=7, **fields):
    document = {**history(*(sessions or RUNNING), recorded_from=ago(days=5)), "days": days, **fields}
    return answer(history=document, history_revision=revision)


@pytest.fixture
def take(page):
    """The record after these answers, each of them asked for so many days or for seven."""

    def take(*answers, at=1000):
        record = page.evaluate("OctoPrintUptime.records.NOTHING")
        for each in answers:
            document, asked = each if isinstance(each, tuple) else (each, 7)
            script = "(all) => OctoPrintUptime.records.take(...all)"
            record = page.evaluate(script, [record, document, at, asked, NOW_MS + 5])
        return record

    return take


def state(page, record, confirmed=True, wanted=7):
    # NOTHING has an Infinity, which Playwright hands over in both directions.
    return page.evaluate("(all) => OctoPrintUptime.records.state(...all)", [record, confirmed, wanted])


def query(page, record, wanted=7):
    return page.evaluate("(all) => OctoPrintUptime.records.query(...all)", [record, wanted])


def test_before_the_first_answer_it_is_loading_and_after_a_failure_it_has_failed(page, take):
    assert state(page, take()) == "loading"
    assert state(page, take(), confirmed=False) == "failed"


def test_an_answer_with_a_history_makes_it_current(page, take):
    record = take(with_history())

    assert state(page, record) == "current"
    assert record["sessions"] == RUNNING
    assert (record["days"], record["revision"], record["loaded"]) == (7, "one", True)
    assert record["recordedFrom"] == ago(days=5).timestamp() * 1000
    assert record["completeFrom"] == NOW_MS - 7 * DAY_MS
    assert record["taken"] == record["time"] == NOW_MS
    assert record["utcOffsetSeconds"] == 7200


def test_a_failure_makes_it_stale_and_keeps_what_it_has(page, take):
    assert state(page, take(with_history()), confirmed=False) == "stale"


def test_without_recording_it_is_off_and_says_why(page, take):
    record = take(with_history(recording=False, note="The disk is full."))

    assert state(page, record) == "off"
    assert state(page, record, confirmed=False) == "stale"
    assert (record["note"], record["recording"]) == ("The disk is full.", False)


def test_the_same_revision_keeps_the_history_and_renews_the_time(page, take):
    later = answer(octoprint_seconds=3660, history_revision="one")
    record = take(with_history(), later)

    assert state(page, record) == "current"
    assert record["sessions"] == RUNNING
    assert (record["taken"], record["time"]) == (NOW_MS, NOW_MS + 60_000)


@pytest.mark.parametrize("revision", ["two", None])
def test_another_revision_without_a_history_leaves_it_behind(page, take, revision):
    record = take(with_history(), answer(history_revision=revision))

    assert state(page, record) == "stale"
    assert record["sessions"] == RUNNING
    assert state(page, take(with_history(), answer(history_revision=revision), with_history())) == "current"


def test_without_revisions_only_a_history_makes_it_current(page, take):
    old = with_history(revision=None)

    assert state(page, take(old)) == "current"
    assert state(page, take(old, answer(history_revision=None))) == "stale"
    assert query(page, take(old)) == {"days": 7}


def test_an_answer_without_any_history_yet_is_a_failure_not_an_empty_record(page, take):
    assert state(page, take(answer(history=None))) == "failed"
    assert state(page, take(answer(history_revision=None))) == "failed"


def test_more_days_than_it_has_are_loading_and_asked_for_without_a_revision(page, take):
    record = take(with_history())

    assert state(page, record, wanted=8) == "loading"
    assert state(page, record, wanted=8, confirmed=False) == "failed"
    assert query(page, record, 8) == {"days": 8}
    assert query(page, record, 7) == {"days": 7, "revision": "one"}
    assert query(page, record, 6) == {"days": 6, "revision": "one"}
    assert query(page, take()) == {"days": 7}


def test_the_numbers_alone_do_not_answer_a_request_for_more_days(page, take):
    lean = answer(history_revision="one")

    assert state(page, take(with_history(), (lean, 30)), wanted=30) == "failed"
    assert state(page, take(with_history(), (lean, 30)), wanted=7) == "stale"


def test_it_covers_as_many_days_as_were_asked_for(page, take):
    record = take((with_history(days=30), 60))

    assert (record["days"], record["completeFrom"]) == (60, NOW_MS - 60 * DAY_MS)
    assert take((with_history(days=30), 7))["days"] == 30


def test_the_servers_time_goes_on_with_the_pages_steady_clock(page, take):
    time_at = "(all) => OctoPrintUptime.records.timeAt(...all)"

    assert page.evaluate(time_at, [take(with_history(), at=1000), 61_000, 5]) == NOW_MS + 60_000
    assert page.evaluate(time_at, [take(), 61_000, 5]) == 5


def test_a_server_that_cannot_tell_its_time_has_the_readers(take):
    unknown = {**with_history(), "octoprint_started_timestamp": None}

    assert take(unknown)["time"] == NOW_MS + 5


def test_a_running_session_counts_on_and_one_that_ended_does_not(page, take):
    ended = session("printer", ago(hours=3), ago(hours=2), ending="lost")
    undated = {**session("host", ago(days=9), ago(days=8), ending="silent"), "ended": None}
    record = take(with_history(RUNNING[0], ended, undated))
    sessions = page.evaluate(
        "([record, time]) => OctoPrintUptime.records.sessionsAt(record, time)", [record, NOW_MS + 60_000]
    )

    assert [each["seconds"] for each in sessions] == [3660, 3600, 86400]


def test_stopped_prints_are_held(take):
    print_ = stopped_print(ago(hours=3))

    assert take(with_history(stopped_prints=[print_]))["stoppedPrints"] == [print_]
    assert take(with_history(stopped_prints=None))["stoppedPrints"] == []


def test_a_deleted_history_leaves_nothing_of_the_former_one(take):
    record = take(with_history(), {**with_history(), "history": history()})

    assert (record["sessions"], record["recordedFrom"], record["loaded"]) == ([], None, True)
