"""The payloads of the plugin's events."""

import pytest

from octoprint_uptime import events
from octoprint_uptime.history import sessions
from octoprint_uptime.history.boots import Boot
from octoprint_uptime.history.sessions import Session, StoppedPrint
from tests.harness.states import EPOCH, UP, begun, change, connect, flap, moment, snapshot, take

NAMES = "clock ending unexpected evidence asked reason seconds session undervoltage watched_before confirmed"


def payload(record, state, up=900.0, **options):
    return events.event_of(record, snapshot(state, up, **options))[1]


def test_the_end_of_a_session_is_flat_and_complete():
    state = flap(begun(), 1, up=200.0, file="benchy.gcode")
    name, fields = events.event_of(state.unsaved[0], snapshot(state))

    assert name == "session_ended"
    assert list(fields) == [
        *NAMES.split(),
        "ended_before",
        "ended",
        "started",
        "print_file",
        "print_completion",
        "down_seconds",
    ]
    assert (fields["ending"], fields["print_file"], fields["print_completion"]) == ("lost", "benchy.gcode", 0.0)
    assert (fields["started"], fields["ended"]) == ("2026-11-24T06:03:20Z", "2026-11-24T06:03:21Z")
    assert not any(isinstance(value, (dict, list)) for value in fields.values())


def test_the_codes_of_the_evidence_are_one_text():
    state = flap(begun(), 1, up=200.0)
    ended = state.unsaved[0]._replace(undervoltage=True, evidence=("usb_gone",))

    assert events.event_of(ended, snapshot(state))[1]["evidence"] == "usb_gone undervoltage"
    assert events.event_of(ended._replace(undervoltage=False, evidence=()), snapshot(state))[1]["evidence"] == ""
    assert events.event_of(state.unsaved[0], snapshot(state))[1]["evidence"] is None


def test_the_start_of_a_session_has_neither_a_print_nor_an_end():
    name, fields = events.event_of(begun().running[1], snapshot(begun()))

    assert (name, fields["clock"], fields["seconds"]) == ("session_started", "octoprint", 805.0)
    missing = ("ending", "ended", "ended_before", "print_file", "print_completion", "down_seconds")
    assert {fields[name] for name in missing} == {None}


def test_a_start_that_is_sent_late_says_how_long_the_session_was():
    state = flap(begun(), 2)
    for ended in state.unsaved:
        started = Session(ended.id, "printer", ended.boot, ended.start)
        assert events.event_of(started, snapshot(state))[0] == "session_started"
        assert payload(started, state)["seconds"] == 1.0


def test_a_stopped_print_has_its_own_event():
    stopped = StoppedPrint("s", begun().boot.id, UP, "benchy.gcode", 63.21, "firmware_error", "kill() called!", None)

    assert events.event_of(stopped, snapshot(begun())) == (
        "print_stopped",
        {
            "ended": "2026-11-24T06:01:40Z",
            "file": "benchy.gcode",
            "completion": 63.2,
            "cause": "firmware_error",
            "reason": "kill() called!",
            "asked": None,
            "confirmed": True,
        },
    )


# ~~ How long it was away


def test_octoprint_was_away_from_its_stop_to_its_start():
    state = sessions.begin(begun().begin_stop(200.0, EPOCH, True), moment(300.25))

    assert payload(state.unsaved[0], state)["down_seconds"] == 95.25


def test_it_was_away_until_its_next_session_and_not_until_the_one_that_is_running():
    state = connect(flap(begun(), 3, up=200.0), 5000.1239)

    assert [payload(one, state)["down_seconds"] for one in state.unsaved] == [1.0, 1.0, 4795.124]
    assert payload(sessions.first(state.running, "printer"), state)["down_seconds"] is None


def test_a_session_that_is_the_last_of_its_kind_has_not_been_away_for_a_known_time():
    state = flap(begun(), 2, up=200.0)

    assert [payload(one, state)["down_seconds"] for one in state.unsaved] == [1.0, None]
    assert payload(Session("gone", "printer", state.boot.id, 1.0, 2.0, ending="lost"), state)["down_seconds"] is None


def test_a_reset_printer_was_not_away():
    state = change(begun(), (connect, 200.0), (take, "PrinterReset", 300.0))

    assert payload(state.unsaved[0], state)["down_seconds"] == 0.0


@pytest.mark.parametrize(
    ("ending", "watched", "seconds"),
    [
        *((ending, True, 50.0) for ending in ("stopped", "lost", "reset")),
        *((ending, True, None) for ending in ("silent", "carried", "unseen")),
        ("stopped", False, None),  # the plugin was off in between
    ],
)
def test_the_time_is_known_only_if_the_end_is_and_everything_was_recorded(ending, watched, seconds):
    boot = begun().boot.id
    ended = Session("e", "printer", boot, 1.0, 150.0, boot, 150.0, ending)
    state = begun()._replace(running=(Session("n", "printer", boot, 200.0, watched=watched),), unsaved=(ended,))

    assert payload(ended, state)["down_seconds"] == seconds


@pytest.mark.parametrize(
    ("confirmed", "epoch", "seconds"),
    [
        ((True, True), EPOCH + 1000, 800.0 + 60.0),
        ((True, True), EPOCH, 0.0),  # never negative
        ((False, True), EPOCH + 1000, None),
        ((True, False), EPOCH + 1000, None),
        ((None, True), EPOCH + 1000, None),
    ],
)
def test_over_a_boot_both_wall_clocks_have_to_be_right(confirmed, epoch, seconds):
    before, after = confirmed
    ended = Session("e", "host", "old", 0.0, 200.0, "old", 200.0, "stopped")
    state = begun(synchronized=after, epoch=epoch)
    state = state._replace(running=(Session("n", "host", state.boot.id, 60.0),), unsaved=(ended,))
    boots = [] if before is None else [Boot("old", "a", EPOCH, before)]

    assert payload(ended, state, boots=boots)["down_seconds"] == seconds
