"""Which settings are taken, and which are refused."""

import pytest

from octoprint_uptime.settings import DEFAULTS, clean_settings, mend_settings


def test_the_defaults_are_within_their_own_bounds():
    assert clean_settings(DEFAULTS) == (DEFAULTS, [])


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("poll_interval_seconds", 4, "poll_interval_seconds must be a whole number from 5 to 3600, not 4"),
        ("poll_interval_seconds", float("nan"), "poll_interval_seconds must be a whole number from 5 to 3600, not nan"),
        (
            "compact_toggle_interval_seconds",
            61,
            "compact_toggle_interval_seconds must be a whole number from 5 to 60, not 61",
        ),
        ("display_format", "weeks", "display_format must be one of full, dhm, dh, d, short, not 'weeks'"),
        ("display_format", {}, "display_format must be one of full, dhm, dh, d, short, not {}"),
        ("show_tab", 1, "show_tab must be true or false, not 1"),
        ("colour", "red", "there is no setting 'colour'"),
    ],
)
def test_a_refusal_says_which_and_why(key, value, problem):
    assert clean_settings({key: value, "compact_display": True}) == ({"compact_display": True}, [problem])


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("poll_interval_seconds", 5),
        ("poll_interval_seconds", 3600),
        ("compact_toggle_interval_seconds", 60),
        ("display_format", "short"),
        ("show_navbar", False),
        ("history_days", 0),
    ],
)
def test_a_value_within_its_bounds_is_taken(key, value):
    assert clean_settings({key: value}) == ({key: value}, [])


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("poll_interval_seconds", 3601),
        ("poll_interval_seconds", "60"),
        ("poll_interval_seconds", 60.5),
        ("poll_interval_seconds", True),
        ("poll_interval_seconds", None),
        ("poll_interval_seconds", 10**30),
        ("poll_interval_seconds", {"a": [1, {"b": 2}]}),
        ("history_days", -1),
        ("display_format", ["full"]),
        ("show_navbar", "no"),
    ],
)
def test_a_value_of_another_kind_or_beyond_its_bounds_is_not(key, value):
    accepted, problems = clean_settings({key: value})

    assert accepted == {}
    assert len(problems) == 1


def test_a_refusal_stays_on_one_short_line():
    _, (problem,) = clean_settings({"display_format": "x\n" * 100_000 + "\u202e"})

    assert problem.isprintable()
    assert len(problem) < 150


@pytest.mark.parametrize("data", [None, 5, "text", [1], True])
def test_what_is_no_object_is_refused_as_a_whole(data):
    accepted, problems = clean_settings(data)

    assert accepted == {}
    assert len(problems) == 1


@pytest.mark.parametrize(("stored", "kept"), [(1, 5), (4, 5), (5, 5), (60, 60)])
def test_the_faster_polling_of_an_earlier_plugin_becomes_the_fastest_of_ours(stored, kept):
    assert mend_settings({"poll_interval_seconds": stored}) == ({"poll_interval_seconds": kept}, [])


@pytest.mark.parametrize("stored", [0, -1, True, "2", 99999, None])
def test_stored_nonsense_falls_back_to_the_default(stored):
    kept, problems = mend_settings({"poll_interval_seconds": stored, "display_format": "d"})

    assert kept == {"display_format": "d"}
    assert len(problems) == 1
