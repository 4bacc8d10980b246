"""What OctoPrint's settings API stores for the plugin, and what it refuses."""

import pytest

from octoprint_uptime.settings import DEFAULTS


def test_everything_starts_with_its_default(client):
    assert client("admin").settings() == DEFAULTS


# Which values are good and which are not, tests/unit/test_settings.py says.
@pytest.mark.parametrize(("key", "value"), [("poll_interval_seconds", 5), ("show_navbar", False)])
def test_a_value_within_its_bounds_is_stored(client, key, value):
    admin = client("admin")

    assert admin.save({key: value}).status == 200

    assert admin.settings() == {**DEFAULTS, key: value}


@pytest.mark.parametrize(
    ("key", "value"), [("poll_interval_seconds", 4), ("poll_interval_seconds", {"a": [1]}), ("no_such_setting", 1)]
)
def test_a_bad_value_is_not_stored_and_the_log_says_why(client, server, key, value):
    admin = client("admin")
    former = {**DEFAULTS, "poll_interval_seconds": 77}
    admin.save(former)

    answer = admin.save({key: value, "compact_display": True})

    assert answer.status == 200
    assert admin.settings() == {**former, "compact_display": True}
    refusals = [line for line in server.log().splitlines() if "Not saved" in line]
    assert key in refusals[-1]


@pytest.mark.parametrize("data", [[1, 2], None])
def test_settings_of_another_shape_change_nothing(client, data):
    admin = client("admin")

    assert admin.save(data).status == 200

    assert admin.settings() == DEFAULTS


@pytest.mark.parametrize("name", [None, "nobody", "reader", "user"])
def test_only_who_may_change_settings_changes_them(client, name):
    assert client(name).save({"poll_interval_seconds": 60}).status == 403

    assert client("admin").settings() == DEFAULTS
