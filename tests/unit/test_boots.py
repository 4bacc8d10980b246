"""Which boot of the host this is, from what is known about boot ids and what clocks do to it."""

import pytest

from octoprint_uptime.history.boots import Boot, follow_clock, goes_on, recognize, session_id
from tests.harness.states import DAY, EPOCH, HOUR, YEAR, moment

UP = 10 * HOUR


def last(boot_id="a", epoch=EPOCH, confirmed=True):
    return Boot("5adlast", boot_id, epoch, confirmed)


def now(boot_id="a", up=UP + 60, **options):
    return moment(up, boot_id, **options)


NO_ID = last(boot_id=None)


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        # The same id and a steady clock that went on: the wall clock may have been set.
        (last(), now(), True),
        (last(), now(up=UP), True),
        (last(confirmed=False), now(epoch=EPOCH + YEAR), True),
        (last(confirmed=False), now(epoch=EPOCH - YEAR), True),
        (last(), now(epoch=EPOCH + YEAR, synchronized=False), True),
        (last(), now(epoch=EPOCH + HOUR), True),
        (last(), now(epoch=EPOCH + UP - 1), True),
        (last(), now(epoch=EPOCH - 10 * YEAR), True),
        # The same id, but this boot started after the other was last seen: a Pi Zero repeats its ids.
        (last(), now(epoch=EPOCH + UP + 120), False),
        (last(), now(up=UP, epoch=EPOCH + UP), False),
        # A steady clock that is younger belongs to another boot.
        (last(), now(up=UP - 1), False),
        (last(), now(up=30, epoch=EPOCH + UP), False),
        (NO_ID, now(boot_id=None, up=30), False),
        (last(), now(boot_id="b", up=30), False),
        # Another id on the same steady clock: LXC gives each container its own.
        (last(), now(boot_id="b"), True),
        (last(), now(boot_id="b", epoch=EPOCH + 4), True),
        (last(), now(boot_id="b", epoch=EPOCH + 6), False),
        # Without a clock, a machine that boots twice has the same epoch.
        (last(confirmed=False), now(boot_id="b"), False),
        (last(), now(boot_id="b", synchronized=False), False),
        (last(), now(boot_id="b", up=UP + DAY, epoch=EPOCH + DAY), False),
        # No ids: the epoch decides, also if only one of the two has none.
        (NO_ID, now(boot_id=None), True),
        (NO_ID, now(boot_id=None, up=UP, epoch=EPOCH + 5), True),
        (NO_ID, now(boot_id=None, up=UP, epoch=EPOCH - 5.01), False),
        (NO_ID, now(boot_id=None, epoch=EPOCH - 5), True),
        (NO_ID, now(boot_id=None, epoch=EPOCH + 6), False),
        (NO_ID, now(), True),
        (NO_ID, now(epoch=EPOCH + DAY), False),
        (last(), now(boot_id=None), True),
        (last(), now(boot_id=None, epoch=EPOCH + DAY), False),
        # What two clocks may differ by grows with the time between: 100 parts per million.
        (NO_ID, now(boot_id=None, up=UP + 3 * DAY, epoch=EPOCH + 6), True),
        (NO_ID, now(boot_id=None, up=UP + 3 * DAY, epoch=EPOCH + 30), True),
        (NO_ID, now(boot_id=None, up=UP + 3 * DAY, epoch=EPOCH + 32), False),
    ],
)
def test_a_boot_is_recognized(before, after, same):
    assert goes_on(before, UP, after, after.synchronized) is same
    assert (recognize(before, UP, after).id == before.id) is same


def test_a_boot_that_was_seen_only_in_its_first_second_is_not_a_repeated_one():
    assert goes_on(last(), 0.0, now(up=1.0, epoch=EPOCH + 2), True) is True


@pytest.mark.parametrize(
    ("before", "after", "boot"),
    [
        (last(confirmed=False), now(synchronized=False), last(confirmed=False)),
        (last(confirmed=False), now(epoch=EPOCH + 5, up=UP, synchronized=False), last("a", EPOCH + 5, False)),
        (
            last(confirmed=False),
            now(epoch=EPOCH + YEAR, synchronized=False),
            last("a", EPOCH + YEAR, True),
        ),  # it was set
        (last(confirmed=False), now(epoch=EPOCH - YEAR, synchronized=False), last("a", EPOCH - YEAR, True)),
        (last(confirmed=False), now(epoch=EPOCH + 1), last("a", EPOCH + 1, True)),
        (last(), now(synchronized=False), last()),  # confirmed once is enough
        (last(), now(boot_id="b"), last(boot_id="b")),
        (NO_ID, now(), last()),
    ],
)
def test_a_boot_that_goes_on_keeps_its_session_and_follows_the_wall_clock(before, after, boot):
    assert recognize(before, UP, after) == boot


@pytest.mark.parametrize(
    ("before", "epoch", "confirmed"),
    [
        (None, EPOCH, True),
        (last(), EPOCH + UP - 30, True),  # exactly when the other boot was last seen
        # A Pi 5 without its battery starts at the last shutdown or in 1970.
        (last(), EPOCH + UP - 31, False),
        (last(), -30.0, False),
        (last(confirmed=False), -30.0, True),
    ],
)
def test_a_clock_with_a_battery_is_believed_unless_it_is_behind_what_was_recorded(before, epoch, confirmed):
    after = now("b", up=30.0, epoch=epoch, synchronized=False, battery=True)

    assert recognize(before, UP, after) == Boot(recognize(None, 0.0, after).id, "b", epoch, confirmed)
    assert recognize(before, UP, after._replace(battery=False)).confirmed is False
    assert recognize(before, UP, after._replace(synchronized=True)).confirmed is True


@pytest.mark.parametrize("boot_id", ["b", None])
def test_a_boot_has_the_same_session_again_if_everything_stored_is_lost(boot_id):
    first, second = (recognize(None, 0.0, now(boot_id, up=up, epoch=EPOCH + up / 100)) for up in (60, 600))

    assert first.id == second.id != boot_id
    assert first.id.startswith("5ad")  # as each id of this machine
    assert len(first.id) == 13
    assert int(first.id, 16)


def test_boots_without_boot_ids_have_different_sessions():
    starts = [(0.0, 0.0), (600.0, 0.0), (0.0, 1200.0)]
    moments = [now(None, epoch=EPOCH + later, host_start=start) for later, start in starts]

    assert len({recognize(None, 0.0, one).id for one in moments}) == 3
    assert recognize(None, 0.0, moments[0]._replace(host_start=None)) == recognize(None, 0.0, moments[0])


def test_a_boot_id_that_repeats_makes_another_session():
    first = recognize(None, 0.0, now("a"))
    second = recognize(first, UP, now("a", up=30, epoch=EPOCH + DAY))
    third = recognize(first, UP, now("a", up=30, epoch=EPOCH + 2 * DAY))

    assert len({first.id, second.id, third.id}) == 3
    assert second.id.startswith("5ad")


def test_boot_ids_that_alternate_make_another_session_each_time():
    boots, boot = [], None
    for day, boot_id in enumerate("ababa"):
        known = {one.id for one in boots}
        boot = recognize(boot, UP, now(boot_id, up=30, epoch=EPOCH + day * DAY), known)
        boots.append(boot)

    assert len({one.id for one in boots}) == 5


@pytest.mark.parametrize(
    ("confirmed", "step", "synchronized", "expected"),
    [
        (False, 0.0, False, (0.0, False)),
        (False, 1.99, False, (0.0, False)),
        (False, -1.99, False, (0.0, False)),
        (False, 2.0, False, (2.0, True)),
        (False, -2.0, False, (-2.0, True)),
        (False, 0.1, True, (0.0, True)),
        (False, YEAR, True, (YEAR, True)),
        (True, 1.0, False, (0.0, True)),
    ],
)
def test_the_start_stays_until_the_wall_clock_is_set_and_that_confirms_it(confirmed, step, synchronized, expected):
    boot = follow_clock(last(confirmed=confirmed), EPOCH + step, synchronized)

    assert boot == last("a", EPOCH + expected[0], expected[1])


def test_ids_differ_by_boot_and_by_what_happened_when_and_begin_with_the_machine():
    ids = [session_id(last(), "printer", 1.0), session_id(last(), "printer", 2.0), session_id(last(), "print", 1.0)]
    ids.append(session_id(Boot("5adnext", "a", EPOCH, True), "printer", 1.0))

    assert len(set(ids)) == 4
    assert {(id[:3], len(id)) for id in ids} == {("5ad", 13)}
    assert session_id(last(), "printer", 1.0) == ids[0]
