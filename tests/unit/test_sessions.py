"""What began and what ended, and how: OctoPrint, the host and the printer, in every order that happens."""

import itertools

import pytest

from octoprint_uptime import sessions
from octoprint_uptime.boots import Moment
from octoprint_uptime.sessions import CARRIED, LOST, RESET, SILENT, STOPPED, UNSEEN

YEAR = 31_536_000
EPOCH = 1_795_500_000.0


def moment(up, boot_id="a", epoch=EPOCH, confirmed=True, process=None, **options):
    return Moment(boot_id, up, epoch, confirmed, 0.0, (process or f"{boot_id}{up}", up - 5.0), f"new{up}", **options)


def apply(state, *changes):
    """The state after some changes, and the Sessions that ended by them."""
    ended = []
    for change, *arguments in changes:
        state, more = change(state, *arguments)
        ended += more
    return state, ended


def started(*changes, up=100.0):
    """OctoPrint runs since ``up`` - 5 of a boot, for the first time with the plugin; then these changes."""
    state, _ = sessions.begin(None, moment(up))
    return apply(state, *changes)[0]


PRINTING = [
    (sessions.connect, 200.0, "p"),
    (sessions.print_begins, 210.0, "benchy.gcode"),
    (sessions.beat, 1000.0, EPOCH, True, 63.2),
]
STOP = (sessions.stop, 1010.0)
NEXT_BOOT = moment(60.0, boot_id="b", epoch=EPOCH + 5000)
SAME_BOOT = moment(1100.0)


def endings(ended):
    return {session.clock: session.ending for session in ended}


@pytest.mark.parametrize(
    ("changes", "now", "expected"),
    [
        # OctoPrint was stopped in order; the host went on, or went down some time later.
        ([*PRINTING, STOP], SAME_BOOT, {"octoprint": STOPPED, "printer": CARRIED}),
        ([STOP], SAME_BOOT, {"octoprint": STOPPED}),
        ([STOP], NEXT_BOOT, {"host": UNSEEN, "octoprint": STOPPED}),
        # … or in the same breath, by OctoPrint's menu or with the system seen stopping.
        ([(sessions.ask, 1000.0, "reboot"), STOP], NEXT_BOOT, {"host": STOPPED, "octoprint": STOPPED}),
        ([(sessions.ask, 1000.0, "shutdown"), STOP], NEXT_BOOT, {"host": STOPPED, "octoprint": STOPPED}),
        ([(sessions.stop, 1010.0, True)], NEXT_BOOT, {"host": STOPPED, "octoprint": STOPPED}),
        ([STOP, (sessions.stop, 1011.0, True)], NEXT_BOOT, {"host": STOPPED, "octoprint": STOPPED}),
        # … that was asked for, but the host did not go down, or only much later.
        ([(sessions.ask, 1000.0, "reboot"), STOP], SAME_BOOT, {"octoprint": STOPPED}),
        ([(sessions.ask, 700.0, "reboot"), STOP], NEXT_BOOT, {"host": UNSEEN, "octoprint": STOPPED}),
        ([(sessions.ask, 1000.0, "restart"), STOP], NEXT_BOOT, {"host": UNSEEN, "octoprint": STOPPED}),
        (
            [(sessions.ask, 1000.0, "reboot"), (sessions.ask, 1001.0, None), STOP],
            NEXT_BOOT,
            {"host": UNSEEN, "octoprint": STOPPED},
        ),
        # It was being watched, and then there was nothing more.
        (PRINTING, SAME_BOOT, {"octoprint": SILENT, "printer": CARRIED}),
        (PRINTING, NEXT_BOOT, {"host": SILENT, "octoprint": CARRIED, "printer": CARRIED}),
        ([(sessions.ask, 1000.0, "reboot")], NEXT_BOOT, {"host": SILENT, "octoprint": CARRIED}),
        # The container around OctoPrint was made anew on the same host.
        (PRINTING, moment(1100.0, boot_id="b"), {"octoprint": SILENT, "printer": CARRIED}),
        # The wall clock was set meanwhile, by minutes or by years.
        (PRINTING, moment(1100.0, epoch=EPOCH + 600), {"octoprint": SILENT, "printer": CARRIED}),
        (PRINTING, moment(1100.0, epoch=EPOCH - 7 * YEAR, confirmed=False), {"octoprint": SILENT, "printer": CARRIED}),
    ],
)
def test_what_was_open_is_judged_at_the_next_start(changes, now, expected):
    state, ended = sessions.begin(started(*changes), now)

    assert endings(ended) == expected
    assert [session.clock for session in state.running] == ["host", "octoprint"]
    assert state.running[0].id == state.boot.id


def test_a_silent_end_lies_between_the_last_sight_and_the_next_start():
    _, (host, octoprint, printer) = sessions.begin(started(*PRINTING), NEXT_BOOT)
    boot = sessions.begin(None, NEXT_BOOT)[0].boot

    for session in (host, octoprint, printer):
        assert (session.end, session.before_boot, session.before) == (1000.0, boot.id, 0.0)

    _, (octoprint, printer) = sessions.begin(started(*PRINTING), SAME_BOOT)
    assert (octoprint.end, octoprint.before) == (printer.end, printer.before) == (1000.0, 1095.0)


def test_an_end_that_was_told_is_known_to_the_moment():
    _, (octoprint, printer) = sessions.begin(started(*PRINTING, STOP), SAME_BOOT)

    assert octoprint.end == octoprint.before == printer.end == printer.before == 1010.0


def test_the_print_that_ran_is_told_of_all_that_ended_with_it_but_not_of_what_nobody_saw():
    _, ended = sessions.begin(started(*PRINTING), NEXT_BOOT)
    assert {(session.file, session.completion) for session in ended} == {("benchy.gcode", 63.2)}

    _, (host, *others) = sessions.begin(started(*PRINTING, STOP), NEXT_BOOT)
    assert (host.ending, host.file) == (UNSEEN, None)
    assert {session.file for session in others} == {"benchy.gcode"}


@pytest.mark.parametrize(
    ("what", "of_host"), [("restart", None), ("update", None), ("reboot", "reboot"), ("shutdown", "shutdown")]
)
def test_what_was_asked_for_is_told_of_octoprint_and_the_host_as_it_concerns_them(what, of_host):
    asked = [*PRINTING, (sessions.ask, 1005.0, what), (sessions.stop, 1010.0, True)]
    _, (host, octoprint, printer) = sessions.begin(started(*asked), NEXT_BOOT)

    assert (host.asked, octoprint.asked, printer.asked) == (of_host, what, None)


@pytest.mark.parametrize(("ending", "reason"), [(STOPPED, None), (LOST, "SerialException: gone"), (RESET, None)])
def test_a_printer_that_goes_while_octoprint_runs_takes_its_print_along(ending, reason):
    state, (printer,) = apply(started(*PRINTING), (sessions.disconnect, 1020.0, ending, reason))

    assert (printer.ending, printer.reason, printer.end, printer.before) == (ending, reason, 1020.0, 1020.0)
    assert printer.file == "benchy.gcode"
    assert state.print is None
    assert [session.clock for session in state.running] == ["host", "octoprint"]


def test_a_print_that_is_over_is_not_told():
    state = started(*PRINTING, (sessions.print_ends, 1020.0))
    _, (printer,) = sessions.disconnect(state, 1030.0, STOPPED)

    assert printer.file is None


def test_a_stop_is_what_it_was_when_it_was_first_noticed():
    state = started(STOP, (sessions.stop, 1018.0))

    assert state.stop == 1010.0


def test_who_was_off_for_a_while_knows_that_nothing_was_recorded():
    assert sessions.begin(None, SAME_BOOT)[0].running[1].watched is False
    assert sessions.begin(started(STOP), SAME_BOOT)[0].running[1].watched is True
    assert sessions.begin(started((sessions.leave, 1000.0), STOP), SAME_BOOT)[0].running[1].watched is False
    turned_on_again = started((sessions.leave, 1000.0), (sessions.leave, 1001.0, False), STOP)
    assert sessions.begin(turned_on_again, SAME_BOOT)[0].running[1].watched is True
    safe_mode = moment(1100.0, safe_mode=EPOCH + 1050)
    assert sessions.begin(started(STOP), safe_mode)[0].running[1].watched is False
    assert sessions.begin(started(STOP), moment(1100.0, safe_mode=EPOCH + 50))[0].running[1].watched is True


def test_a_card_that_is_cloned_ends_on_both_machines_as_what_was_seen_on_it():
    card = started(*PRINTING)
    _, here = sessions.begin(card, NEXT_BOOT)
    _, there = sessions.begin(card, moment(30.0, boot_id="c", epoch=EPOCH + 9000))

    assert endings(here) == endings(there) == {"host": SILENT, "octoprint": CARRIED, "printer": CARRIED}


def test_one_step_of_the_wall_clock_moves_the_boot_and_no_session():
    before = started(*PRINTING)
    after, _ = sessions.beat(before, 1060.0, EPOCH + 7 * YEAR, True)

    assert after.running == before.running
    assert after.boot == before.boot._replace(epoch=EPOCH + 7 * YEAR)


def test_under_voltage_is_null_until_somebody_reports_and_then_true_for_who_ran():
    state = started((sessions.connect, 200.0, "p"))
    assert [session.undervoltage for session in state.running] == [None, None, None]

    state, _ = sessions.report_undervoltage(state, 300.0, False, True)  # it was, before OctoPrint started
    assert [session.undervoltage for session in state.running] == [True, False, False]

    state, _ = sessions.report_undervoltage(state, 400.0, True, True)
    state, _ = sessions.report_undervoltage(state, 500.0, False, True)
    assert [session.undervoltage for session in state.running] == [True, True, True]
    state, _ = apply(state, (sessions.disconnect, 600.0, STOPPED), (sessions.connect, 700.0, "q"))
    assert state.running[-1].undervoltage is False


def test_who_was_told_is_not_told_again():
    state = started((sessions.connect, 200.0, "p"))
    assert [session.clock for session in state.untold] == ["host", "octoprint", "printer"]

    state, _ = sessions.told(state, 300.0, state.untold[:2])
    assert [session.clock for session in state.untold] == ["printer"]


def test_what_octoprint_did_not_live_to_tell_is_told_after_the_next_start_but_not_for_ever():
    state = started()
    for up in range(1000, 1100):
        state, _ = sessions.begin(state, moment(float(up)))

    assert len(state.untold) == sessions.MOST_UNTOLD
    assert state.untold[-1].id == state.running[-1].id


CHANGES = [
    (sessions.connect, 200.0, "p"),
    (sessions.print_begins, 300.0, "x"),
    (sessions.disconnect, 400.0, LOST),
    (sessions.ask, 450.0, "reboot"),
    (sessions.stop, 500.0),
]


@pytest.mark.parametrize("order", list(itertools.permutations(CHANGES)))
@pytest.mark.parametrize("now", [SAME_BOOT, NEXT_BOOT])
def test_in_every_order_each_session_ends_once_and_never_before_it_began(order, now):
    changes = [(change, 100.0 * count + 200, *arguments) for count, (change, _, *arguments) in enumerate(order)]
    state, ended = apply(started(), *changes)
    after, more = sessions.begin(state, now)
    ids = [session.id for session in ended + more]

    assert len(ids) == len(set(ids))
    assert all(session.start <= session.end for session in ended + more)
    assert {session.id for session in after.running}.isdisjoint(ids)
    assert "host" not in endings(more) or now is NEXT_BOOT
