"""When the page asks, how it counts between two answers, and what it takes for a restart."""

import pytest

from tests.harness.world import DAY, HOUR


@pytest.fixture
def world(make_world):
    return shown(make_world())


def shown(world):
    """The world with its page open, and the first answer there."""
    world.do("sync.setActive", True)
    world.do("pass", 3)
    return world


def assert_right(world, within=0.2):
    for name in ("host", "octoprint"):
        assert world.do("seconds", name) == pytest.approx(world.do("truth", name), abs=within)
    assert world.confirmed


def told(world):
    return world.memory["untold"]


def requests(world):
    return world.counts["requests"]


def test_an_hour_of_a_visible_page_takes_13_requests_at_most(world):
    world.do("pass", HOUR)

    assert 12 <= requests(world) <= 13
    assert_right(world)


def test_a_hidden_page_asks_nothing_and_once_when_it_is_shown(world):
    world.do("sync.setActive", False)
    world.do("pass", HOUR)
    assert requests(world) == 1

    world.do("sync.setActive", True)
    world.do("pass", 1)
    assert requests(world) == 2
    assert_right(world)


def test_nothing_runs_while_nobody_looks(world):
    world.do("sync.setActive", False)

    assert world.timers == []


@pytest.mark.parametrize(("unit", "wakes"), [(1, 3600), (60, 60)])
def test_the_timer_is_set_for_the_next_change_of_the_text(make_world, unit, wakes):
    world = shown(make_world(unit=unit, pollSeconds=3600))
    world.counts = {"requests": 0, "wakes": 0, "draws": 0}
    world.do("pass", HOUR)

    assert wakes - 1 <= world.counts["wakes"] <= wakes + 2


@pytest.mark.parametrize("ppm", [-100, -30, 0, 30, 100])
@pytest.mark.parametrize("hours", [1, 12, 18, 72])
def test_a_night_in_a_hidden_tab_is_no_restart_however_the_browser_drifts(make_world, ppm, hours):
    world = shown(make_world(ppm=ppm))
    world.do("sync.setActive", False)
    world.do("pass", hours * HOUR)
    world.do("sync.setActive", True)
    world.do("pass", 1)

    assert told(world) == []
    assert_right(world)


@pytest.mark.parametrize("stops", [True, False])
@pytest.mark.parametrize("visible", [True, False])
@pytest.mark.parametrize("hours", [0.1, 8, 24 * 365])
def test_a_restart_during_a_sleep_is_told(world, stops, visible, hours):
    world.do("sync.setActive", visible)
    world.do("sleep", hours * HOUR, stops)
    world.do("restart", "octoprint")
    world.do("sync.setActive", True)
    world.do("pass", 310)

    assert told(world) == ["octoprint"]
    assert_right(world)


@pytest.mark.parametrize("stops", [True, False])
@pytest.mark.parametrize("hours", [0.1, 8, 24 * 365])
def test_a_page_that_slept_asks_when_it_wakes_and_tells_nothing(world, stops, hours):
    world.do("sleep", hours * HOUR, stops)
    world.do("pass", 1.5)

    assert requests(world) == 2
    assert told(world) == []
    assert_right(world)


@pytest.mark.parametrize("days", [1 / 3, 1, -365, 3650])
def test_a_wall_clock_that_is_set_makes_the_page_ask_and_changes_nothing(world, days):
    world.stepped = days * DAY * 1000
    world.do("pass", 1.5)

    assert requests(world) == 2
    assert told(world) == []
    assert_right(world)


def test_after_a_sleep_the_count_is_marked_until_there_is_an_answer(world):
    world.failure = {"status": 0}
    world.do("sleep", 8 * HOUR, True)
    world.do("pass", 1.5)
    assert not world.confirmed

    world.failure = None
    world.do("pass", 10)
    assert_right(world)


def test_an_answer_during_which_the_computer_slept_is_not_taken(world):
    world.start("sync")
    world.do("sleep", HOUR, True)
    world.do("pass", 5)

    assert requests(world) == 3
    assert_right(world)


def test_an_answer_that_took_too_long_is_not_taken(world):
    world.latency = 12_000
    world.do("pass", 320)
    assert not world.confirmed

    world.latency = 40
    world.do("pass", 30)
    assert_right(world)


def test_a_count_without_an_answer_goes_on(world):
    world.failure = {"status": 0}
    world.do("pass", 302)

    assert not world.confirmed
    assert world.do("seconds", "host") == pytest.approx(world.do("truth", "host"), abs=0.2)


def test_retries_back_off_up_to_the_poll_interval(world):
    world.failure = {"status": 502}
    world.do("pass", HOUR)

    # The first failure after 300 s, retries 1, 2, 4 … 256 s later, then every 300 s.
    assert 19 <= requests(world) <= 23


def test_a_refusal_stops_the_asking_until_permissions_change(world):
    world.failure = {"status": 403}
    world.do("pass", HOUR)
    assert requests(world) == 2
    assert world.clocks == {}

    world.failure = None
    world.start("allow")
    world.do("pass", 1)
    assert requests(world) == 3
    assert_right(world)


def test_several_reasons_at_once_make_one_request(world):
    world.start("sync", "allow", "sync", "allow", "sync")
    world.do("pass", 1)

    assert requests(world) == 2


@pytest.mark.parametrize("meanwhile", ["sync", "refresh", "wake", "allow"])
def test_news_during_a_request_makes_another_whatever_happens_meanwhile(make_world, meanwhile):
    world = shown(make_world(latency=2000))
    world.start("sync")
    world.do("pass", 1.5)  # the server has read its clocks, and its answer is on the way
    world.do("restart", "printer")
    world.start("news", meanwhile)
    world.do("pass", 3)

    assert world.do("seconds", "printer") == pytest.approx(world.do("truth", "printer"), abs=0.2)
    assert requests(world) == 3


def test_news_before_the_first_answer_is_not_lost(make_world):
    world = make_world(latency=2000)
    world.do("sync.setActive", True)
    world.do("pass", 1.5)
    world.do("restart", "printer")
    world.start("news")
    world.do("pass", 3)

    assert world.do("seconds", "printer") == pytest.approx(world.do("truth", "printer"), abs=0.2)


def test_news_while_nobody_is_asked_makes_one_request(world):
    world.start("news")
    world.do("pass", 100)

    assert requests(world) == 2


@pytest.mark.parametrize("value", ["missing", "12", float("nan"), True, {}])
def test_a_field_that_is_no_number_is_a_clock_that_does_not_run(make_world, value):
    world = make_world()
    script = "(value) => { world.extra = { octoprint_seconds: value === 'missing' ? undefined : value }; }"
    world.page.evaluate(script, value)
    shown(world)
    world.do("pass", 60)

    assert world.do("seconds", "octoprint") is None
    assert world.do("seconds", "host") == pytest.approx(world.do("truth", "host"), abs=0.2)
    assert world.counts["wakes"] < 70


def test_an_answer_of_nothing_makes_no_busy_loop(make_world):
    world = make_world()
    world.page.evaluate("() => { world.document = () => ({}); }")
    shown(world)
    world.do("pass", HOUR)

    assert world.counts["wakes"] <= 13


def test_a_shorter_poll_interval_acts_at_once(world):
    world.pollSeconds = 5
    world.start("pollChanged")
    world.do("pass", 61)

    assert 12 <= requests(world) <= 14


def times(world, since):
    return [round(at - since) for at, _ in world.asked if at > since]


def test_a_page_that_contradicts_the_answer_asks_again_and_again_but_less_often(world):
    """OctoPrint's event reached the page before it reached the plugin."""
    since = world.elapsed / 1000
    world.contradicted = True
    world.start("news")
    world.do("pass", 20)
    assert times(world, since - 0.001) == [0, 1, 3, 7, 15]

    world.contradicted = False
    world.do("pass", 400)
    assert times(world, since - 0.001) == [0, 1, 3, 7, 15, 31, 331]


def test_a_contradiction_that_stays_costs_no_more_than_the_poll_in_the_end(world):
    world.contradicted = True
    world.start("news")
    world.do("pass", 1000)
    before = requests(world)
    world.do("pass", HOUR)

    assert 11 <= requests(world) - before <= 13
    assert world.confirmed


def test_news_makes_the_retries_quick_again(world):
    world.contradicted = True
    world.start("news")
    world.do("pass", 100)
    since = world.elapsed / 1000
    world.start("news")
    world.do("pass", 8)

    assert times(world, since - 0.001) == [0, 1, 3, 7]


def test_a_server_that_fails_with_the_history_alone_still_confirms_the_numbers(world):
    world.historyFails = True
    world.do("pass", 2 * HOUR)
    tries = [lean for _, lean in world.asked[1:]]

    assert_right(world)
    assert tries[:4] == [False, True, False, True]
    assert 40 <= len(tries) <= 60  # both, every five minutes in the end
    world.historyFails = False
    world.do("pass", 310)
    assert world.asked[-1][1] is False


def test_a_server_that_comes_back_is_asked_for_the_history_at_once(world):
    world.failure = {"status": 0}
    world.do("pass", 303)
    assert not world.confirmed
    world.failure = None
    world.do("pass", 6)

    assert world.asked[-1][1] is False
    assert world.confirmed
    world.do("pass", 290)
    assert [lean for _, lean in world.asked[-2:]] != [True, True]


def test_a_history_that_did_not_change_is_not_missed(world):
    world.wanted = False  # the numbers say that the history is still the same
    world.failure = {"status": 0}
    world.do("pass", 297.5)
    world.failure = None
    world.do("pass", 250)

    assert [lean for _, lean in world.asked[1:]] == [False, True]
