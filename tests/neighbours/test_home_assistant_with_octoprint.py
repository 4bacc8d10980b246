"""The recipe for Home Assistant, which polls a real OctoPrint each second."""

import pytest

from tests.harness.basefolder import api_key
from tests.harness.client import Client
from tests.harness.home_assistant_recipe import Since, recipe_for, wait_until

SESSION = "sensor.octoprint_session"


@pytest.fixture(scope="module")
def octoprint(make_octoprint):
    return make_octoprint()


@pytest.fixture(scope="module")
def home_assistant(start_home_assistant, octoprint):
    home_assistant = start_home_assistant(recipe_for(octoprint.url), key=api_key("reader"))
    wait_until(lambda: home_assistant.state(SESSION) == session(octoprint))
    return home_assistant


def session(octoprint):
    return Client(octoprint, "reader").reading()["octoprint_session"]


def seen_again(home_assistant, octoprint):
    """Home Assistant knows the session that runs now, and says how the one before ended."""
    wait_until(lambda: home_assistant.state(SESSION) == session(octoprint))
    wait_until(lambda: home_assistant.state("sensor.octoprint_last_ending") != "unavailable")


@pytest.mark.parametrize(
    ("how", "words"), [("stop", "shut down normally"), ("kill", "stopped without shutting down cleanly")]
)
def test_a_restart_is_told_once_and_how_it_ended(home_assistant, octoprint, how, words):
    since = Since(home_assistant)
    getattr(octoprint, how)()
    octoprint.start()
    seen_again(home_assistant, octoprint)
    wait_until(lambda: since()[1])

    _, messages, logged = since()
    assert messages == [f"OctoPrint restarted. Before that: OctoPrint {words}."]
    assert [line for line in logged if not line.startswith(("Error fetching data: ", "Timeout while fetching"))] == []
