"""What started and what ended, and how: OctoPrint, the host and the printer, in every order that happens."""

import itertools

import pytest

from octoprint_uptime.history import sessions
from octoprint_uptime.history.boots import Boot
from octoprint_uptime.history.sessions import (
    CARRIED,
    LOST,
    RESET,
    SILENT,
    STOPPED,
    UNSEEN,
    Session,
    State,
    StoppedPrint,
)
from tests.harness.states import EPOCH, YEAR, begun, change, connect, disconnect, flap, moment, start_print, take

PRINTING = [
    (connect, 200.0),
    (start_print, 210.0),
    (State.heartbeat, 1000.0, EPOCH, True, 63.2),
]
STOP = (State.begin_stop, 1010.0, EPOCH, True)
WITH_HOST = (lambda state: state._replace(host_stops=True),)
NEXT_BOOT = moment(60.0, boot_id="b", epoch=EPOCH + 5000)
SAME_BOOT = moment(1100.0)
SHOWN = {"octoprint": STOPPED}
WITH_PRINTER = {"octoprint": SILENT, "printer": CARRIED}


def ask(what, up=1000.0):
    return State.ask, up, what


def started(*changes):
    return change(begun(), *changes)


def ended(*changes, now=SAME_BOOT):
    """The Sessions by clock that ended before OctoPrint's next start."""
    return {session.clock: session for session in sessions.begin(started(*changes), now).unsaved}


def clocks(state):
    return [session.clock for session in state.running]


@pytest.mark.parametrize(
    ("changes", "now", "expected"),
    [
        # OctoPrint was stopped in order; the host went on, or went down some time later.
        ([*PRINTING, STOP], SAME_BOOT, {"octoprint": STOPPED, "printer": CARRIED}),
        ([STOP], SAME_BOOT, SHOWN),
        ([STOP, WITH_HOST], SAME_BOOT, SHOWN),
        ([STOP], NEXT_BOOT, {"host": UNSEEN, **SHOWN}),
        # … or at the same moment, through OctoPrint's menu or by systemd.
        ([ask("reboot"), STOP], NEXT_BOOT, {"host": STOPPED, **SHOWN}),
        ([ask("shutdown"), STOP], NEXT_BOOT, {"host": STOPPED, **SHOWN}),
        ([STOP, WITH_HOST], NEXT_BOOT, {"host": STOPPED, **SHOWN}),
        ([STOP, WITH_HOST, STOP], NEXT_BOOT, {"host": STOPPED, **SHOWN}),
        # That was asked for, but the host did not go down, or only much later.
        ([ask("reboot"), STOP], SAME_BOOT, SHOWN),
        ([ask("reboot", 710.0), STOP], NEXT_BOOT, {"host": STOPPED, **SHOWN}),
        ([ask("reboot", 709.9), STOP], NEXT_BOOT, {"host": UNSEEN, **SHOWN}),
        ([ask("restart"), STOP], NEXT_BOOT, {"host": UNSEEN, **SHOWN}),
        ([ask("update"), STOP], NEXT_BOOT, {"host": UNSEEN, **SHOWN}),
        ([WITH_HOST], NEXT_BOOT, {"host": SILENT, "octoprint": CARRIED}),
        # Everything was running, and then nothing was recorded any more.
        (PRINTING, SAME_BOOT, WITH_PRINTER),
        (PRINTING, NEXT_BOOT, {"host": SILENT, "octoprint": CARRIED, "printer": CARRIED}),
        ([ask("reboot")], NEXT_BOOT, {"host": SILENT, "octoprint": CARRIED}),
        # The container around OctoPrint was replaced on the same host.
        (PRINTING, moment(1100.0, boot_id="b"), WITH_PRINTER),
        # The wall clock was set in between, by minutes or by years.
        (PRINTING, moment(1100.0, epoch=EPOCH + 600), WITH_PRINTER),
        (PRINTING, moment(1100.0, epoch=EPOCH - 7 * YEAR, synchronized=False), WITH_PRINTER),
        # A virtual machine paused for 8 hours; NTP set its clock just before OctoPrint stopped.
        ([(State.begin_stop, 1010.0, EPOCH + 28_800, True)], moment(1100.0, "b", EPOCH + 28_800), SHOWN),
    ],
)
def test_what_was_running_is_judged_at_the_next_start(changes, now, expected):
    state = sessions.begin(started(*changes), now)

    assert {session.clock: session.ending for session in state.unsaved} == expected
    assert clocks(state) == ["host", "octoprint"]
    assert state.running[0].id == state.boot.id
    assert state.running[0].start == 0.0
    assert state.running[1].start == now.octoprint_start
    new = [] if "host" not in expected else ["host"]
    assert [one.clock for one in state.unsent[-len(new) - 1 :]] == [*new, "octoprint"]
    assert [one for one in state.unsent if one.end is not None] == list(state.unsaved)


def test_the_first_start_begins_the_sessions_of_host_and_octoprint():
    state = sessions.begin(None, moment(host_start=12.5))
    boot = state.boot.id
    octoprint = state.running[1].id

    assert (
        state.running
        == state.unsent
        == (
            Session(boot, "host", boot, 12.5, watched=False),
            Session(octoprint, "octoprint", boot, 95.0, watched=False),
        )
    )
    assert (state.up, state.clock_since, state.unsaved, state.boot.epoch) == (100.0, 100.0, (), EPOCH)
    assert octoprint != sessions.begin(None, moment(octoprint_start=96.0)).running[1].id


def test_a_host_whose_start_is_unknown_has_no_session_until_the_system_reports_it():
    state = sessions.begin(None, moment(host_start=None))
    assert clocks(state) == ["octoprint"]

    state = sessions.begin(state, SAME_BOOT)
    assert clocks(state) == ["host", "octoprint"]
    assert [one.clock for one in state.unsaved] == ["octoprint"]
    (gone,) = sessions.begin(begun(host_start=None), moment(60.0, boot_id="b", host_start=None)).unsaved
    assert (gone.clock, gone.before) == ("octoprint", 0.0)


def test_a_silent_end_lies_between_the_last_heartbeat_and_the_next_start():
    boot = sessions.begin(None, NEXT_BOOT).boot
    for session in ended(*PRINTING, now=NEXT_BOOT._replace(host_start=7.0)).values():
        assert (session.end, session.before_boot, session.before) == (1000.0, boot.id, 7.0)

    over = ended(*PRINTING)
    assert {(one.end, one.before_boot, one.before) for one in over.values()} == {(1000.0, begun().boot.id, 1095.0)}


@pytest.mark.parametrize("now", [SAME_BOOT, NEXT_BOOT])
def test_an_end_that_was_recorded_is_known_to_the_moment(now):
    over = ended(*PRINTING, STOP, now=now)
    exact = {(over[clock].end, over[clock].before_boot, over[clock].before) for clock in ("octoprint", "printer")}

    assert exact == {(1010.0, begun().boot.id, 1010.0)}
    if now is NEXT_BOOT:
        boot = sessions.begin(None, now).boot.id
        assert (over["host"].end, over["host"].before_boot, over["host"].before) == (1010.0, boot, 0.0)
        over = ended(*PRINTING, STOP, WITH_HOST, now=now)
        assert (over["host"].before_boot, over["host"].before) == (begun().boot.id, 1010.0)


def test_a_printer_that_was_connected_while_octoprint_stopped_does_not_end_before_it_started():
    over = ended(STOP, (connect, 1020.0))

    assert (over["printer"].start, over["printer"].end, over["printer"].before) == (1020.0, 1020.0, 1020.0)


def test_a_print_ends_with_all_that_ended_with_it_but_not_with_what_was_not_seen():
    assert {(one.file, one.completion) for one in ended(*PRINTING, now=NEXT_BOOT).values()} == {("benchy.gcode", 63.2)}
    assert {one.file for one in ended(*PRINTING, STOP).values()} == {"benchy.gcode"}

    over = ended(*PRINTING, STOP, now=NEXT_BOOT)
    assert (over["host"].ending, over["host"].file, over["host"].completion) == (UNSEEN, None, None)
    assert {over[clock].file for clock in ("octoprint", "printer")} == {"benchy.gcode"}


@pytest.mark.parametrize(
    ("what", "of_host"), [("restart", None), ("update", None), ("reboot", "reboot"), ("shutdown", "shutdown")]
)
def test_what_was_asked_for_explains_the_ends_that_it_concerns(what, of_host):
    over = ended(*PRINTING, ask(what, 1005.0), STOP, WITH_HOST, now=NEXT_BOOT)

    assert [over[clock].asked for clock in ("host", "octoprint", "printer")] == [of_host, what, None]


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ([ask("restart"), STOP], "restart"),
        ([ask("update"), STOP], "update"),
        ([ask("restart", 710.0), STOP], "restart"),
        ([ask("restart", 709.9), STOP], None),
        ([ask("restart", 700.0), (State.heartbeat, 1000.0, EPOCH, True)], "restart"),  # killed while it stopped
        ([ask("restart", 699.9), (State.heartbeat, 1000.0, EPOCH, True)], None),
        # The host did not go down, so that this is not why OctoPrint stopped.
        ([ask("reboot"), STOP], None),
        ([ask("shutdown"), STOP], None),
        ([ask("reboot"), ask("restart"), STOP], "restart"),
    ],
)
def test_a_request_explains_a_stop_soon_after_it_if_it_was_fulfilled(changes, asked):
    assert ended(*changes)["octoprint"].asked == asked


def test_a_host_that_was_not_seen_stopping_has_no_request():
    assert ended(ask("reboot", 600.0), STOP, now=NEXT_BOOT)["host"].asked is None
    assert ended(ask("reboot"), now=NEXT_BOOT)["host"].asked == "reboot"


def test_the_first_moment_of_a_stop_stays_with_the_wall_clock_of_then():
    state = started((State.begin_stop, 1010.0, EPOCH + 3600, False), (State.begin_stop, 1018.0, EPOCH + 3600, False))

    assert (state.stop, state.up, state.host_stops) == (1010.0, 1010.0, False)
    assert (state.boot.epoch, state.boot.confirmed, state.clock_since) == (EPOCH + 3600, True, 1010.0)


OFF = (State.leave, 1000.0)


@pytest.mark.parametrize(
    ("changes", "options", "watched"),
    [
        ([STOP], {}, True),
        ([], {}, True),
        ([OFF, STOP], {}, False),
        ([OFF, (State.leave, 1001.0, False), STOP], {}, True),
        ([STOP], {"safe_mode": EPOCH + 1010.5}, False),
        ([STOP], {"safe_mode": EPOCH + 1010}, True),
        ([STOP], {"safe_mode": EPOCH + 50}, True),
    ],
)
def test_sessions_that_began_while_the_plugin_was_off_were_not_watched(changes, options, watched):
    same, new = moment(1100.0, **options), NEXT_BOOT._replace(**options)

    assert [one.watched for one in sessions.begin(started(*changes), same).running] == [False, watched]
    assert [one.watched for one in sessions.begin(started(*changes), new).running] == [watched, watched]
    assert sessions.begin(started(*changes), new).leaving is False


def test_a_card_that_is_cloned_ends_on_both_machines_as_what_was_seen_on_it():
    card = started(*PRINTING)
    here, there = (sessions.begin(card, now) for now in (NEXT_BOOT, moment(30.0, boot_id="c", epoch=EPOCH + 9000)))

    assert [one.ending for one in here.unsaved] == [one.ending for one in there.unsaved] == [SILENT, CARRIED, CARRIED]
    assert here.boot.id != there.boot.id


def test_a_step_of_the_wall_clock_moves_the_boot_and_no_session():
    before = started(*PRINTING)
    after = before.heartbeat(1060.0, EPOCH + 7 * YEAR, True)

    assert after == before._replace(up=1060.0, boot=before.boot._replace(epoch=EPOCH + 7 * YEAR), clock_since=1060.0)


def test_a_heartbeat_records_the_moment_and_how_far_the_print_is():
    before = started((connect, 200.0), (start_print, 210.0))
    assert before.up == 210.0
    after = before.heartbeat(270.0, EPOCH + 1, False, 12.5)

    assert after == before._replace(up=270.0, print=sessions.Print("benchy.gcode", 12.5))
    assert after.heartbeat(330.0, EPOCH, False).print == after.print
    assert begun().heartbeat(330.0, EPOCH, False, 50.0).print is None
    assert after.seen(100.0).up == 270.0


def test_under_voltage_is_unknown_until_it_is_measured_and_then_belongs_to_what_was_running():
    def measured(*reports):
        state = started((connect, 200.0), *((State.report_undervoltage, 300.0, *report) for report in reports))
        assert state.up == (300.0 if reports else 200.0)
        return [session.undervoltage for session in state.running]

    assert measured() == [None, None, None]
    assert measured((False, False)) == [False, False, False]
    assert measured((True, True)) == [True, True, True]
    assert measured((False, True)) == [True, False, False]  # before OctoPrint started
    assert measured((False, True), (False, True)) == [True, False, False]
    assert measured((False, False), (False, True)) == [True, True, True]  # between two measurements
    assert measured((True, True), (False, False)) == [True, True, True]


@pytest.mark.parametrize(
    ("session", "unexpected"),
    [
        *(
            (Session("", "host", "", 0.0, 1.0, ending=ending), ending in (SILENT, LOST, RESET))
            for ending in sessions.ENDINGS
        ),
        (Session("", "printer", "", 0.0), False),
        (Session("", "printer", "", 0.0, 1.0, ending=STOPPED), False),
        (Session("", "printer", "", 0.0, 1.0, ending=STOPPED, file="x"), True),
        (Session("", "printer", "", 0.0, 1.0, ending=STOPPED, file="x", asked="disconnect"), False),
        (Session("", "printer", "", 0.0, 1.0, ending=LOST, file="x", asked="disconnect"), True),
        (Session("", "printer", "", 0.0, 1.0, ending=CARRIED, file="x"), False),
        (Session("", "octoprint", "", 0.0, 1.0, ending=STOPPED, file="x"), False),
    ],
)
def test_what_was_not_asked_for_is_unexpected(session, unexpected):
    assert sessions.is_unexpected(session) is unexpected


# ~~ Stopped prints

FIRMWARE = {"firmwareError": "kill() called!"}
CANCELLED = [(take, "PrintFailed", 1020.0, {"reason": "cancelled"})]
BY_FIRMWARE = [(take, "PrintCancelling", 1019.0, FIRMWARE), *CANCELLED]


def test_a_cancelled_print_is_recorded_as_soon_as_its_connection_has_gone_on_for_long_enough():
    state = started(*PRINTING, *CANCELLED)

    assert state.settle(1024.9) == state
    after = state.settle(1025.0)
    assert after.stopped is None
    (stopped,) = after.unsaved
    assert stopped == after.unsent[-1]
    assert (stopped.cause, stopped.end, stopped.file) == ("cancelled", 1020.0, "benchy.gcode")
    assert after.settle(2000.0) == after
    assert state.heartbeat(1025.0, EPOCH, True).unsaved == after.unsaved


def test_a_print_that_a_firmware_error_stopped_is_sent_and_waits_for_the_end_of_its_connection():
    state = started(*PRINTING, *BY_FIRMWARE)
    after = state.settle(1025.0)

    assert (after.unsaved, after.stopped, after.stopped_sent) == ((), state.stopped, True)
    assert after.unsent[-1] == state.stopped
    assert after.settle(2000.0) == after
    closed = after.close_print()
    assert (closed.unsaved, closed.stopped, closed.stopped_sent) == ((state.stopped,), None, False)
    assert closed.unsent == after.unsent
    assert state.close_print().unsent[-1] == state.stopped


def test_a_print_that_failed_for_no_known_reason_is_never_recorded_without_an_end():
    state = started(*PRINTING, (take, "PrintFailed", 1020.0))

    assert state.settle(5000.0) == state
    assert state.close_print() == state._replace(stopped=None)


@pytest.mark.parametrize("stopped", [CANCELLED, BY_FIRMWARE])
def test_a_print_that_stopped_before_octoprint_did_is_recorded_by_itself(stopped):
    state = sessions.begin(started(*PRINTING, *stopped), SAME_BOOT)

    assert [type(one) for one in state.unsaved] == [StoppedPrint, Session, Session]
    assert [one.file for one in state.unsaved] == ["benchy.gcode", None, None]


# ~~ What has to be saved and sent


def test_what_was_not_sent_or_saved_is_kept_over_starts_but_not_without_end():
    state = begun()
    for up in range(1000, 1100):
        state = sessions.begin(state, moment(float(up)))

    assert (len(state.unsent), len(state.unsaved)) == (20, 50)
    assert state.unsent[-1] == state.running[-1]
    assert state.unsaved[-1].before == 1098.0
    flapped = flap(begun(), 60)
    assert len(flapped.unsaved) == 50
    assert flapped.unsaved[-1].start == 218.0
    assert len(started(*((connect, 200.0 + 20 * n) for n in range(60))).unsent) == 20


def test_what_was_saved_is_not_saved_again():
    state = flap(begun(), 3)._replace(past_boots=(Boot("b", None, EPOCH, True),))
    first, second, third = state.unsaved

    some = state.saved((first, third))
    assert (some.unsaved, some.past_boots) == ((second,), state.past_boots)
    assert state.saved(state.unsaved) == state._replace(unsaved=(), past_boots=())


def test_a_cleared_history_leaves_only_what_is_running():
    state = started(*PRINTING, *CANCELLED, (start_print, 1030.0), (disconnect, 1040.0), *PRINTING, *BY_FIRMWARE)
    state = state.settle(1030.0)._replace(past_boots=(Boot("b", None, EPOCH, True),))
    cleared = state.clear()

    assert "benchy" not in str(cleared)
    assert (cleared.clearing, cleared.unsaved, cleared.past_boots, cleared.stopped) == (True, (), (), None)
    assert (cleared.stopped_sent, cleared.running, cleared.up) == (False, state.running, state.up)
    assert [one.clock for one in cleared.unsent] == ["host", "octoprint", "printer", "printer"]


def test_what_is_unsaved_keeps_the_boots_of_its_times():
    state, boots = begun(), []
    for day in range(1, 4):
        boots.append(state.boot)
        state = sessions.begin(change(state, (disconnect, 500.0)), moment(60.0, str(day), EPOCH + 86_400 * day))
        assert state.past_boots == tuple(boots)

    saved = state.saved(state.unsaved)
    assert sessions.begin(saved, moment(60.0, "z", EPOCH + 864_000)).past_boots == (state.boot,)
    # A reset of the host's clock keeps what ends in the boot that goes on out of the list.
    assert sessions.begin(saved, moment(100.0, "3", EPOCH + 3 * 86_400)).past_boots == ()


def test_boot_ids_that_alternate_while_the_disk_is_full_keep_their_sessions_apart():
    state = begun()
    for day, boot_id in enumerate("baba", start=1):
        state = sessions.begin(state, moment(60.0, boot_id, EPOCH + 86_400 * day))

    hosts = [one.id for one in (*state.unsaved, *state.running) if one.clock == "host"]
    assert len(set(hosts)) == 5
    assert [boot.epoch for boot in state.past_boots] == [EPOCH + 86_400 * day for day in range(4)]


def test_what_has_to_be_deleted_is_still_to_be_deleted_after_a_start():
    deleted = sessions.Deleted(EPOCH, 30, "a", 5.0, EPOCH + 5)
    state = sessions.begin(begun()._replace(clearing=True, deleted=deleted), SAME_BOOT)

    assert (state.clearing, state.deleted) == (True, deleted)


# ~~ The State that was left could be read only later


def adopted(left, now, *changes, known=()):
    """What was left, taken over by an OctoPrint that started ``now`` and in which this has happened since."""
    return sessions.adopt(change(sessions.begin(None, now), *changes), left, now, known)


@pytest.mark.parametrize("now", [SAME_BOOT, NEXT_BOOT, moment(1100.0, boot_id="b")])
@pytest.mark.parametrize("changes", [[STOP], PRINTING, [OFF, STOP], [ask("reboot"), STOP]])
@pytest.mark.parametrize("confirmed", [True, False])
def test_a_state_that_is_read_at_once_is_judged_as_if_it_had_been_there(now, changes, confirmed):
    left = started(*changes)
    now = now._replace(synchronized=confirmed)
    expected = sessions.begin(left, now)
    ids = {sessions.begin(None, now).running[1].id: expected.running[1].id}

    def renamed(record):
        return record._replace(id=ids.get(record.id, record.id))

    state = adopted(left, now)
    assert tuple(map(renamed, state.running)) == expected.running
    assert set(map(renamed, state.unsent)) == set(expected.unsent)
    assert len(state.unsent) == len(expected.unsent)
    assert state._replace(running=(), unsent=()) == expected._replace(running=(), unsent=())


def test_what_happened_since_the_start_follows_what_was_left_on_the_same_boot():
    left = flap(begun(), 2, up=200.0)
    state = adopted(left, SAME_BOOT, (connect, 1110.0), (disconnect, 1120.0), (connect, 1130.0), ask("restart", 1140.0))

    assert [one.clock for one in state.unsaved] == ["printer", "printer", "octoprint", "printer"]
    assert [one.start for one in state.unsaved] == [200.0, 202.0, 95.0, 1110.0]
    assert [(one.clock, one.start, one.watched) for one in state.running] == [
        ("host", 0.0, False),
        ("octoprint", 1095.0, True),
        ("printer", 1130.0, True),
    ]
    assert {one.boot for one in (*state.running, *state.unsaved)} == {left.boot.id}
    assert (state.asked, state.up) == (sessions.Ask("restart", 1140.0), 1140.0)
    assert [(one.clock, one.end is None) for one in state.unsent] == [
        ("octoprint", False),
        ("octoprint", True),
        ("printer", True),
        ("printer", False),
        ("printer", True),
    ]


def test_what_happened_since_the_start_gets_the_boot_s_own_id_if_another_boot_had_it():
    left = begun()  # the boot id repeats
    now = moment(60.0, "a", EPOCH + 5000)
    state = adopted(left, now, (connect, 110.0), (disconnect, 120.0), (connect, 130.0))
    boot = sessions.begin(left, now).boot

    assert state.boot == boot != left.boot
    assert state.running[0].id == boot.id
    assert {one.boot for one in state.running} == {boot.id}
    (host, octoprint, printer) = state.unsaved
    assert (host.boot, host.before_boot, octoprint.boot) == (left.boot.id, boot.id, left.boot.id)
    assert (printer.boot, printer.before_boot) == (boot.id, boot.id)
    assert state.past_boots == (left.boot,)
    assert {one.id for one in state.unsent if one.clock == "host"} == {left.boot.id, boot.id}


def test_ids_in_the_history_are_known_when_a_state_is_adopted():
    taken = sessions.begin(None, NEXT_BOOT).boot.id

    assert adopted(begun(), NEXT_BOOT, known={taken}).boot.id != taken
    assert sessions.begin(begun(), NEXT_BOOT, {taken}).boot.id != taken


def test_a_clock_that_was_set_since_the_start_stays_set():
    now = SAME_BOOT._replace(synchronized=False)
    left = begun(synchronized=False)

    state = adopted(left, now, (State.heartbeat, 1160.0, EPOCH + YEAR, False))
    assert (state.boot.epoch, state.boot.confirmed, state.clock_since) == (EPOCH + YEAR, True, 1160.0)
    assert adopted(left, now, (State.heartbeat, 1160.0, EPOCH + 1, False)).boot == left.boot


def test_what_was_to_be_deleted_and_what_is_to_be_deleted_since_is_deleted():
    deleted = sessions.Deleted(EPOCH, 30, "a", 5.0, EPOCH + 5)

    assert adopted(begun()._replace(clearing=True, deleted=deleted), SAME_BOOT).clearing is True
    assert adopted(begun()._replace(deleted=deleted), SAME_BOOT, (State.clear,)).clearing is True
    assert adopted(begun()._replace(deleted=deleted), SAME_BOOT).deleted == deleted
    assert adopted(begun(), SAME_BOOT).clearing is False


def test_what_is_adopted_is_bounded():
    left = flap(begun(), 60)
    state = adopted(left, SAME_BOOT, *((connect, 1100.0 + 20 * n) for n in range(60)))

    assert (len(state.unsaved), len(state.unsent)) == (50, 20)
    assert state.unsaved[-1].start == 2260.0
    assert state.unsent[-1] == state.running[-1]


# ~~ Every order

CHANGES = [
    (connect,),
    (start_print,),
    (disconnect,),
    (State.ask, "reboot"),
    (State.begin_stop, EPOCH, True),
]


@pytest.mark.parametrize("now", [SAME_BOOT, NEXT_BOOT])
def test_in_every_order_each_session_ends_once_and_never_before_it_began(now):
    for order in itertools.permutations(CHANGES):
        changes = [(one, 100.0 * count + 200, *rest) for count, (one, *rest) in enumerate(order)]
        state = started(*changes)
        after = sessions.begin(state, now)
        ids = [session.id for session in after.unsaved]

        assert len(ids) == len(set(ids))
        assert all(session.start <= session.end for session in after.unsaved)
        assert {session.id for session in after.running}.isdisjoint(ids)
        assert "host" not in [session.clock for session in after.unsaved] or now is NEXT_BOOT
