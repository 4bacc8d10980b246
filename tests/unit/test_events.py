"""The payloads of the two events."""

from octoprint_uptime import events, sessions
from octoprint_uptime.journal import History
from tests.harness.stores import begun, flap, moment


def tell(told, state, up):
    return list(events.tell_events(told, History(state, [], {state.boot.id: state.boot}, None, None), up))


def test_an_event_is_flat_and_says_how_long_the_clock_stood():
    state, (octoprint,) = sessions.begin(sessions.stop(begun(), 200.0)[0], moment(300.0))

    ((name, payload),) = tell([octoprint], state, 300.0)
    assert name == "session_ended"
    assert (payload["down_seconds"], payload["print_file"], payload["ending"]) == (95.0, None, "stopped")
    assert not any(isinstance(value, (dict, list)) for value in payload.values())


def test_a_start_that_is_told_late_says_how_long_the_session_was():
    state, (ended,) = flap(begun(), 1)
    started = ended._replace(end=None, before=None, before_boot=None, ending=None, reason=None, file=None)
    told = tell([started, ended, *state.running], state, 900.0)

    assert [(name, payload["clock"], payload["seconds"]) for name, payload in told] == [
        ("session_started", "printer", 1.0),
        ("session_ended", "printer", 1.0),
        ("session_started", "host", 900.0),
        ("session_started", "octoprint", 805.0),
    ]
