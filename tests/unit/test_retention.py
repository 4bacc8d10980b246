"""How far the history is deleted by age, whatever the wall clock does."""

import pytest

from octoprint_uptime.history.retention import advance, is_due
from octoprint_uptime.history.sessions import Deleted
from tests.harness.states import DAY, EPOCH, HOUR, YEAR, begun

UP = 10 * DAY
STATE = begun()._replace(clock_since=UP - 2 * HOUR)
BOOT = STATE.boot
NEXT = BOOT._replace(id="next")
WALL = EPOCH + UP


def deleted(up=UP, days=30, boot=BOOT, before=WALL - 30 * DAY):
    """The deletion at ``up`` of the boot that is running."""
    return Deleted(before, days, boot.id, up, EPOCH + up)


@pytest.mark.parametrize(
    ("changes", "due"),
    [
        ({}, True),
        ({"boot": BOOT._replace(confirmed=False)}, False),
        # The wall clock has to be left alone for an hour.
        ({"clock_since": UP - HOUR}, True),
        ({"clock_since": UP - HOUR + 1}, False),
        # Every six hours, at each start, and when the user changes the days.
        ({"deleted": deleted(UP - 6 * HOUR)}, True),
        ({"deleted": deleted(UP - 6 * HOUR + 1)}, False),
        ({"deleted": deleted(UP - 1, boot=NEXT)}, True),
        ({"deleted": deleted(UP - 1, days=31)}, True),
        # After a gap, the clock has to be believed for a share of it.
        ({"deleted": deleted(UP - 48 * HOUR, boot=NEXT)}, True),
        ({"deleted": deleted(UP - 48 * HOUR - 1, boot=NEXT)}, False),
        ({"deleted": deleted(UP - 48 * HOUR - 1)}, True),
        ({"deleted": deleted(UP + 48 * HOUR, boot=NEXT)}, True),
    ],
)
def test_the_history_is_deleted_by_age_if_it_is_time_and_the_clock_is_believed(changes, due):
    assert is_due(STATE._replace(**changes), 30, UP) is due


@pytest.mark.parametrize(
    ("oldest", "before"),
    [(None, WALL - 30 * DAY), (WALL - 50 * DAY, WALL - 50 * DAY), (WALL - 2 * DAY, WALL - 30 * DAY)],
)
def test_the_first_deletion_deletes_nothing(oldest, before):
    assert advance(None, 30, BOOT, UP, oldest) == Deleted(before, 30, BOOT.id, UP, WALL)


@pytest.mark.parametrize(
    ("last", "days", "boot", "moved"),
    [
        # On one boot the steady clock measures time, whatever the wall clock was set to.
        (deleted(), 30, BOOT, 2 * HOUR),
        (deleted(), 30, BOOT._replace(epoch=EPOCH + YEAR), 2 * HOUR),
        (deleted(), 30, BOOT._replace(epoch=EPOCH - DAY), 2 * HOUR - DAY),
        # Between two boots the wall clock does.
        (deleted(), 30, NEXT._replace(epoch=EPOCH + DAY), DAY + 2 * HOUR),
        (deleted(), 30, NEXT._replace(epoch=EPOCH - DAY), 2 * HOUR - DAY),
        (deleted(before=WALL - 40 * DAY), 30, NEXT._replace(epoch=EPOCH - DAY), -10 * DAY),
        # What is deleted is older than the days, also if more time passed than was deleted.
        (deleted(before=WALL - 30 * DAY + HOUR), 30, BOOT, 2 * HOUR),
        # The user wants to keep less, or more.
        (deleted(), 10, BOOT, 20 * DAY + 2 * HOUR),
        (deleted(), 10, BOOT._replace(epoch=EPOCH + YEAR), 20 * DAY + 2 * HOUR),
        (deleted(), 40, BOOT, -10 * DAY + 2 * HOUR),
        (deleted(), 40, BOOT._replace(epoch=EPOCH + YEAR), 2 * HOUR),
    ],
)
def test_the_limit_moves_no_faster_than_time_passes(last, days, boot, moved):
    up = UP + 2 * HOUR
    after = advance(last, days, boot, up, EPOCH)

    assert after == Deleted(WALL - 30 * DAY + moved, days, boot.id, up, boot.epoch + up)


def test_a_clock_that_is_400_days_ahead_has_to_be_believed_for_17_days_before_it_deletes_anything():
    wrong = STATE._replace(boot=NEXT._replace(epoch=EPOCH + 400 * DAY), clock_since=0.0, deleted=deleted(UP - DAY))
    hours = [hour for hour in range(24 * 20) if is_due(wrong, 7, hour * HOUR)]

    assert hours[0] / 24 == pytest.approx(17, abs=0.1)


def test_a_clock_that_was_wrong_and_believed_for_long_moves_the_limit_back_once_it_is_right():
    wrong, right = NEXT._replace(epoch=EPOCH + 400 * DAY), BOOT._replace(id="right", epoch=EPOCH + DAY)
    last = advance(advance(deleted(), 30, wrong, HOUR, EPOCH), 30, right, UP, EPOCH)

    assert last.before == EPOCH + DAY + UP - 30 * DAY
