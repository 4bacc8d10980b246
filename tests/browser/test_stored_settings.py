"""What OctoPrint starts with when config.yaml was edited by hand, or written by another plugin of the same name."""

import json
import re

import pytest
from playwright.sync_api import expect

from octoprint_uptime.settings import DEFAULTS, NEW
from tests.harness.basefolder import CONFIG
from tests.harness.client import Client
from tests.harness.forerunner import FORERUNNER
from tests.harness.logs import complaints, failures
from tests.harness.placements import BADGE

# Each setting with something that it cannot be, as people write it into YAML, and what cannot be a setting.
NONSENSE = """{
    show_navbar: "no", show_sidebar: 1, show_tab: null, show_system_uptime: [true], show_octoprint_uptime: {a: b},
    show_printer_uptime: 2026-01-01, display_format: [full], compact_display: .nan,
    compact_toggle_interval_seconds: 4, poll_interval_seconds: 1e3, restart_notice: "<b>yes</b>",
    history_days: -1, no_such_setting: {deep: [[[1]]]}, 7: 8, null: 9
}"""
NONSENSE_KEYS = [*DEFAULTS, "no_such_setting", "7", "None"]

FORERUNNER_INVALID = {
    "compact_display": "true",
    "compact_toggle_interval_seconds": 1,
    "debug": "maybe",
    "debug_throttle_seconds": -1,
    "display_format": "pretty",
    "navbar_enabled": None,
    "poll_interval_seconds": "5",
    "show_octoprint_uptime": 0,
    "show_system_uptime": "both",
}


@pytest.fixture(scope="module")
def server(make_server):
    server = make_server()
    yield server
    server.stop()


@pytest.fixture
def start_with(server):
    """Starts OctoPrint with some YAML as the plugin's settings, or with those that are stored.

    Returns what is then in force, and what the plugin has to say about it.
    """

    def start_with(yaml=None):
        server.stop()
        if yaml is not None:
            plugins = {**CONFIG["plugins"], "octoprint_uptime": "HERE"}
            server.add_files({"config.yaml": json.dumps({**CONFIG, "plugins": plugins}).replace('"HERE"', yaml)})
        server.add_files({"logs/octoprint.log": ""})
        server.start()
        assert failures(server.log()) == []
        return Client(server, "admin").settings(), complaints(server.log())

    return start_with


@pytest.mark.parametrize("yaml", ["2026-01-01", pytest.param("5", marks=pytest.mark.thorough)])
def test_settings_that_are_no_mapping_give_way_to_the_defaults(start_with, yaml):
    settings, sentences = start_with(yaml)

    assert settings == DEFAULTS
    assert len(sentences) == 1
    assert sentences[0].startswith("Stored setting dropped: settings must be an object, not ")


def test_an_installation_that_ran_before_without_any_settings_keeps_the_defaults(start_with):
    assert start_with("null") == (DEFAULTS, [])


def test_a_new_installation_starts_with_settings_of_its_own_once(make_server):
    server = make_server()
    admin = Client(server, "admin")
    assert admin.settings() == {**DEFAULTS, **NEW}

    admin.save(DEFAULTS)
    server.stop()
    server.start()
    assert admin.settings() == DEFAULTS
    server.stop()


def test_each_bad_value_gives_way_to_its_default_and_the_log_says_so_once(start_with):
    settings, sentences = start_with(NONSENSE)

    assert settings == DEFAULTS
    subjects = [re.search(r"dropped: (?:there is no setting (.+)|(\w+) must be .+)", line) for line in sentences]
    assert sorted((subject[1] or subject[2]).strip("'") for subject in subjects) == sorted(NONSENSE_KEYS)
    assert start_with() == (DEFAULTS, [])


def test_a_bad_value_does_not_take_the_good_ones_along(start_with):
    settings, _ = start_with("{poll_interval_seconds: 3601, show_tab: no, display_format: short}")

    assert settings == {**DEFAULTS, "show_tab": False, "display_format": "short"}


def test_what_the_forerunner_stored_is_taken_over(start_with):
    settings, sentences = start_with(json.dumps({**FORERUNNER, "navbar_enabled": False}))

    known = {key: value for key, value in FORERUNNER.items() if key in DEFAULTS}
    assert settings == {**DEFAULTS, **known, "poll_interval_seconds": 5, "show_navbar": False}
    assert not any("navbar" in sentence for sentence in sentences)
    assert start_with() == (settings, [])


def test_invalid_values_of_the_forerunner_give_way_to_the_defaults(start_with, open_page):
    settings, _ = start_with(json.dumps(FORERUNNER_INVALID))

    assert settings == DEFAULTS
    expect(open_page().locator(BADGE)).to_be_visible()
