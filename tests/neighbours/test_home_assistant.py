"""The recipe for Home Assistant, in Home Assistant itself, which polls a stand-in for OctoPrint each second."""

import copy

import pytest

from tests.harness.fake_api import KEY, FakeApi
from tests.harness.home_assistant_recipe import PACKAGES, SENSORS, Since, complaints, recipe_for, wait_until

POLLS = 5

OWN_SENSORS = """
rest:
  - {resource: "http://127.0.0.1:9", sensor: [{name: Own REST}]}
template:
  - sensor: [{name: Own template, state: "1"}]
"""

DOCUMENTED = {
    "started": "2026-11-24T08:00:00Z",
    "octoprint_started": "2026-11-24T09:00:00Z",
    "printer_started": "2026-11-24T09:01:00Z",
    "printer_last_ended": None,
    "printer_last_ending": None,
    "octoprint_session": "octoprint-1",
    "history": {
        "sessions": [
            {"clock": "octoprint", "ended": None, "ending": None},
            {"clock": "printer", "ended": "2026-11-24T09:30:00Z", "ending": "lost"},
            {"clock": "printer", "ended": "2026-11-24T08:59:00Z", "ending": "carried"},
            {
                "clock": "octoprint",
                "started": "2026-11-24T08:00:30Z",
                "ended": "2026-11-24T08:59:00Z",
                "ending": "silent",
                "reason": None,
                "print": {"file": "benchy.gcode", "completion": 63.2},
            },
        ]
    },
}

ENDING = "OctoPrint stopped without shutting down cleanly"
TOLD = f"OctoPrint restarted. Before that: {ENDING}."


@pytest.fixture(scope="module")
def api():
    api = FakeApi(copy.deepcopy(DOCUMENTED))
    api.start()
    yield api
    api.stop()


@pytest.fixture(scope="module")
def shared(start_home_assistant, api):
    return start_home_assistant(recipe_for(api.url))


@pytest.fixture
def home_assistant(shared, api):
    """All is well, and Home Assistant has seen it."""
    api.key, api.document = KEY, copy.deepcopy(api.document)
    for field in ("started", "octoprint_started", "printer_started", "printer_last_ended", "printer_last_ending"):
        api.document[field] = DOCUMENTED[field]
    wait_until(lambda: shared.state("sensor.octoprint_session") == api.document["octoprint_session"])
    wait_until(lambda: all(shared.state(sensor) not in (None, "unavailable") for sensor in SENSORS))
    return shared


def let_it_poll(api):
    asked = api.requests
    wait_until(lambda: api.requests >= asked + POLLS)


def restart_octoprint(api, number):
    api.document = {**api.document, "octoprint_session": f"octoprint-{number}"}


def test_each_sensor_has_a_time_an_id_or_words(home_assistant):
    states = {sensor: home_assistant.state(sensor) for sensor in SENSORS}

    assert states == {
        "sensor.octoprint_host_started": "2026-11-24T08:00:00+00:00",
        "sensor.octoprint_started": "2026-11-24T09:00:00+00:00",
        "sensor.octoprint_printer_connected": "2026-11-24T09:01:00+00:00",
        "sensor.octoprint_session_now": "octoprint-1",
        "sensor.octoprint_printer_lost_now": "not lost",
        "sensor.octoprint_last_ending": ENDING,
    }
    last = home_assistant.attributes("sensor.octoprint_last_ending")
    assert (last["clock"], last["ending"], last["print"]["file"]) == ("octoprint", "silent", "benchy.gcode")


def test_the_automations_of_the_user_stay(home_assistant):
    assert home_assistant.state("automation.of_the_user") == "on"
    assert home_assistant.state("automation.octoprint_restarted") == "on"
    assert home_assistant.state("automation.octoprint_lost_its_printer") == "on"


def test_steady_polls_change_nothing_and_log_nothing(home_assistant, api):
    since = Since(home_assistant)
    let_it_poll(api)

    assert since() == ([], [], [])
    assert complaints(home_assistant) == []


def test_an_outage_is_no_restart_and_no_template_complains(home_assistant, api):
    since = Since(home_assistant)
    api.stop()
    wait_until(lambda: all(home_assistant.state(sensor) == "unavailable" for sensor in SENSORS))
    api.start()
    wait_until(lambda: home_assistant.state("sensor.octoprint_session_now") == "octoprint-1")
    let_it_poll(api)

    changes, messages, logged = since()
    assert messages == []
    assert [line for line in logged if not line.startswith("Error fetching data: ")] == []
    assert [state for entity, state in changes if entity == "sensor.octoprint_session"] == []


def test_a_wrong_key_makes_everything_unavailable_in_silence(home_assistant, api):
    since = Since(home_assistant)
    api.key = "ANOTHER"
    wait_until(lambda: all(home_assistant.state(sensor) == "unavailable" for sensor in SENSORS))
    let_it_poll(api)

    changes, messages, logged = since()
    assert (messages, logged) == ([], [])
    assert {state for _, state in changes} == {"unavailable"}


def test_without_a_printer_only_its_sensor_is_unavailable(home_assistant, api):
    since = Since(home_assistant)
    api.document["printer_started"] = None
    let_it_poll(api)

    assert since() == ([("sensor.octoprint_printer_connected", "unavailable")], [], [])


def test_a_wall_clock_that_was_set_is_no_restart(home_assistant, api):
    since = Since(home_assistant)
    api.document["octoprint_started"] = "2026-11-24T10:00:00Z"
    let_it_poll(api)

    assert since() == ([("sensor.octoprint_started", "2026-11-24T10:00:00+00:00")], [], [])


def test_a_restart_between_two_polls_is_told_once(home_assistant, api):
    since = Since(home_assistant)
    restart_octoprint(api, 2)
    let_it_poll(api)

    assert since()[1:] == ([TOLD], [])


def test_a_restart_across_polls_is_told_once(home_assistant, api):
    since = Since(home_assistant)
    api.stop()
    wait_until(lambda: home_assistant.state("sensor.octoprint_session_now") == "unavailable")
    restart_octoprint(api, 3)
    api.start()
    wait_until(lambda: home_assistant.state("sensor.octoprint_session") == "octoprint-3")
    let_it_poll(api)

    assert since()[1] == [TOLD]


LOST = "OctoPrint lost the connection to the printer."


def test_a_printer_that_is_lost_is_told_once_and_one_that_is_disconnected_is_not(home_assistant, api):
    since = Since(home_assistant)
    away = {"printer_started": None, "printer_last_ended": "2026-11-24T10:00:00Z"}
    api.document = {**api.document, **away, "printer_last_ending": "stopped"}
    let_it_poll(api)
    assert since()[1:] == ([], [])

    api.document = {**api.document, **away, "printer_last_ending": "lost"}
    wait_until(lambda: home_assistant.state("sensor.octoprint_printer_lost") == away["printer_last_ended"])
    let_it_poll(api)
    assert since()[1:] == ([LOST], [])

    home_assistant.stop()
    home_assistant.start()
    let_it_poll(api)
    assert since()[1] == [LOST]


def test_a_restart_of_home_assistant_tells_nothing(home_assistant, api):
    since = Since(home_assistant)
    home_assistant.stop()
    home_assistant.start()
    let_it_poll(api)

    assert since()[1:] == ([], [])


def test_a_restart_while_home_assistant_was_away_is_told_once(home_assistant, api):
    since = Since(home_assistant)
    home_assistant.stop()
    restart_octoprint(api, 4)
    home_assistant.start()
    wait_until(lambda: home_assistant.state("sensor.octoprint_session") == "octoprint-4")
    let_it_poll(api)

    assert since()[1:] == ([TOLD], [])


def test_as_a_package_it_stands_beside_sensors_of_the_user(start_home_assistant, api):
    files = {"octoprint.yaml": recipe_for(api.url)}
    home_assistant = start_home_assistant(OWN_SENSORS + PACKAGES, **files)
    wait_until(lambda: home_assistant.state("sensor.octoprint_session") == api.document["octoprint_session"])

    assert home_assistant.state("sensor.own_template") == "1"
    assert (
        home_assistant.state("automation.octoprint_restarted") == home_assistant.state("automation.of_the_user") == "on"
    )
