"""The example history: what the plugin says of it, whenever the machine that shows it was booted."""

import itertools
import time
from datetime import datetime, timezone

import pytest

from octoprint_uptime.history import sessions
from octoprint_uptime.history.boots import Moment
from octoprint_uptime.history.sessions import CARRIED, LOST, RESET, SILENT, STOPPED
from octoprint_uptime.history.store import Store
from octoprint_uptime.machine import host
from octoprint_uptime.readings import MOST_DAYS, take_history
from tests.harness import example_history
from tests.harness.past_machine import FINGERPRINT, Machine, Memory

MINUTE, HOUR, DAY = 60, 3600, 86400

NOW = int(time.time())
TODAY = datetime.fromtimestamp(NOW, timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
NIGHT = TODAY - DAY + 3.2 * HOUR
HOURS = [0, 3.5, 9, 14.5, 23.9]
AGES = [30, 12 * MINUTE, 3 * HOUR, 11 * HOUR, 12 * DAY, 28.9 * DAY, 400 * DAY]


class Told:
    """What the plugin knows after its start ``now``, of a history that it found."""

    def __init__(self, now, host_started):
        self.now, self.host_started = now, host_started
        self.memory = Memory()
        machine = Machine(self.memory.save)
        example_history.live(machine, now, host_started, timezone.utc)
        example_history.stop(machine, now, host_started)
        self.memory.save(sessions.begin(machine.state, real_start(now, host_started)))

    def sessions(self):
        return take_history(self.memory.snapshot(self.now - self.host_started), MOST_DAYS, "en")["sessions"]


def real_start(now, host_started):
    up = now - host_started
    return Moment(host.boot_id(), up, host_started, False, False, 0.0, up - 1, FINGERPRINT)


def of_clock(told, clock):
    """Oldest first, without those whose times are known to be wrong."""
    return [session for session in told[::-1] if session["clock"] == clock and session["confirmed"]]


@pytest.fixture(
    scope="module", params=itertools.product(HOURS, AGES), ids=lambda pair: "{} o'clock, up {} s".format(*pair)
)
def told(request):
    hour, age = request.param
    now = TODAY - DAY + hour * HOUR
    return Told(now, now - age)


def test_no_clock_is_in_two_sessions_at_once(told):
    for clock in ("host", "octoprint", "printer"):
        one_after_the_other = of_clock(told.sessions(), clock)
        for session, following in zip(one_after_the_other, one_after_the_other[1:]):
            assert session["started"] < session["ended"] <= session["ended_before"] <= following["started"]


def test_the_host_that_runs_goes_on(told):
    real = [session for session in told.sessions() if session["clock"] == "host" and session["ended"] is None]

    assert [session["started"] for session in real] == [iso(told.host_started)]
    assert all(session["ended"] <= iso(told.host_started) for session in of_clock(told.sessions(), "host")[:-1])


def test_it_ends_with_a_stop_in_order_before_the_start(told):
    stopped = next(session for session in told.sessions() if session["clock"] == "octoprint" and session["ended"])

    assert stopped["ending"] == STOPPED
    assert stopped["ended"] < iso(told.now)


def test_nobody_is_told_of_what_is_long_over(told):
    assert all(session["ended"] is None or session["ended"] >= iso(told.now - DAY) for session in unsent(told))


def iso(timestamp):
    return datetime.fromtimestamp(round(timestamp), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def unsent(told):
    ids = {session.id for session in told.memory.state.unsent}
    return [session for session in told.sessions() if session["session"] in ids]


def endings(told, clock):
    return {session["ending"] for session in told.sessions() if session["clock"] == clock and session["ended"]}


def test_a_young_machine_has_all_that_may_happen_to_host_octoprint_and_printer():
    told = Told(NIGHT + 11 * HOUR, NIGHT + 8 * HOUR)

    assert endings(told, "host") == {STOPPED, SILENT}
    assert endings(told, "octoprint") == {STOPPED, SILENT, CARRIED}
    assert endings(told, "printer") == {STOPPED, LOST, RESET, CARRIED}
    assert {session["asked"] for session in told.sessions()} == {None, "restart", "update", "reboot", "shutdown"}
    assert any(session["undervoltage"] for session in told.sessions())
    assert not all(session["confirmed"] for session in told.sessions())
    unwatched = [session["clock"] for session in told.sessions() if not session["watched_before"]]
    assert sorted(unwatched) == [
        "host",
        "octoprint",
        "octoprint",
    ]  # what ran first of all, and after the plugin was off


def test_on_an_old_machine_it_was_octoprint_or_the_printer():
    told = Told(NIGHT + 11 * HOUR, NIGHT - 400 * DAY)

    assert endings(told, "host") == set()
    assert endings(told, "octoprint") == {STOPPED, SILENT}
    assert endings(told, "printer") == {STOPPED, LOST, RESET, CARRIED}


@pytest.mark.parametrize(("age", "clock"), [(3 * HOUR, "host"), (12 * DAY, "octoprint")])
def test_the_last_night_took_a_print_along(age, clock):
    told = Told(NIGHT + 11 * HOUR, NIGHT + 11 * HOUR - age)
    (silent,) = [one for one in told.sessions() if one["ending"] == SILENT and one["ended"] > iso(NIGHT - HOUR)]

    assert (silent["clock"], silent["ended"]) == (clock, iso(NIGHT - 40))
    assert silent["print"] == {"file": "benchy.gcode", "completion": 63.2}


def test_what_is_written_is_what_the_plugin_finds(tmp_path):
    example_history.write(tmp_path, NOW, NOW - DAY)
    store = Store(tmp_path)
    state, found = store.open(), store.read()
    store.close()

    over = sessions.begin(state, real_start(NOW, NOW - DAY), set(found.boots)).unsaved
    assert {session.clock: session.ending for session in over} == {"octoprint": STOPPED, "printer": CARRIED}
    assert {session.clock for session in found.sessions} == {"host", "octoprint", "printer"}
    assert {session.boot for session in found.sessions} <= set(found.boots)
    assert found.recorded.boot in found.boots


def test_any_number_of_sessions_is_spread_over_any_number_of_days(tmp_path):
    example_history.fill(tmp_path, 100, 10)
    store = Store(tmp_path)
    state, (ended, _, boots, *_) = store.open(), store.read()
    store.close()

    assert state is None
    ends = [boots[session.boot].epoch + session.end for session in ended]
    assert len(ends) == 100
    assert ends == sorted(ends, reverse=True)
    assert time.time() - 10 * DAY < ends[-1] < ends[0] < time.time()
    assert ends[0] - ends[-1] > 9 * DAY
    assert {session.ending for session in ended} == {SILENT, STOPPED, CARRIED}
