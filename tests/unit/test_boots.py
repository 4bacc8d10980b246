"""Which boot of the host this is: every row of what is known about boot ids, and what clocks do to it."""

import pytest

from octoprint_uptime.boots import Boot, Moment, judge_boot, recognize

HOUR, DAY, YEAR = 3600, 86_400, 31_536_000
EPOCH = 1_795_500_000.0
UP = 10 * HOUR


def last(boot_id="a", epoch=EPOCH, confirmed=True):
    return Boot("last", boot_id, epoch, confirmed)


def now(boot_id="a", up=UP + 60, epoch=EPOCH, confirmed=True):
    return Moment(boot_id, up, epoch, confirmed, 0.0, ("process", up - 5), "5ad new")


@pytest.mark.parametrize(
    ("before", "moment", "verdict"),
    [
        # The same id, and the steady clock went on: the wall clock may have been set by whatever.
        (last(), now(), "same"),
        (last(), now(epoch=EPOCH + 1.5), "same"),
        (last(confirmed=False), now(epoch=EPOCH + YEAR), "same"),
        (last(confirmed=False), now(epoch=EPOCH - YEAR), "same"),
        (last(), now(epoch=EPOCH + YEAR, confirmed=False), "same"),
        (last(), now(epoch=EPOCH + HOUR), "same"),
        (last(), now(epoch=EPOCH - 10 * YEAR), "same"),
        # The same id, but what it names began after the other was last seen: a Pi Zero repeats its ids.
        (last(), now(epoch=EPOCH + UP + 120), "new"),
        (last(), now(up=UP, epoch=EPOCH + UP), "new"),
        # A steady clock that is younger belongs to another boot, whatever else says.
        (last(), now(up=UP - 1), "new"),
        (last(), now(up=30, epoch=EPOCH + UP), "new"),
        (last(boot_id=None), now(boot_id=None, up=30), "new"),
        (last(), now(boot_id="b", up=30), "new"),
        # Another id on the same steady clock: a container was made anew, as LXC does.
        (last(), now(boot_id="b"), "container"),
        (last(), now(boot_id="b", epoch=EPOCH + 4), "container"),
        (last(), now(boot_id="b", epoch=EPOCH + 6), "new"),
        # Without a clock, a machine that boots twice shows the same epoch.
        (last(confirmed=False), now(boot_id="b"), "new"),
        (last(), now(boot_id="b", confirmed=False), "new"),
        (last(), now(boot_id="b", up=UP + DAY, epoch=EPOCH + DAY), "new"),
        # No ids at all: the epoch decides.
        (last(boot_id=None), now(boot_id=None), "same"),
        (last(boot_id=None), now(boot_id=None, epoch=EPOCH + 6), "new"),
        (last(boot_id=None), now(), "same"),
        (last(), now(boot_id=None, epoch=EPOCH + DAY), "new"),
    ],
)
def test_a_boot_is_told_from_another_one(before, moment, verdict):
    assert judge_boot(before, UP, moment) == verdict


def test_a_boot_that_goes_on_keeps_its_session_and_follows_the_wall_clock():
    verdict, boot = recognize(last(confirmed=False), UP, now(epoch=EPOCH + YEAR, confirmed=False))

    assert verdict == "same"
    assert boot == Boot("last", "a", EPOCH + YEAR, True)  # somebody set the clock


def test_a_boot_that_was_confirmed_once_stays_so():
    _, boot = recognize(last(), UP, now(confirmed=False))

    assert boot.confirmed is True


def test_a_container_that_was_made_anew_is_on_the_same_host():
    verdict, boot = recognize(last(), UP, now(boot_id="b"))

    assert (verdict, boot.id, boot.boot_id) == ("container", "last", "b")


def test_a_new_boot_has_the_same_session_again_if_all_memory_gets_lost():
    first, second = (recognize(None, 0.0, now(boot_id="b", up=up))[1] for up in (60, 600))

    assert first.id == second.id != "b"
    assert first.id.startswith("5ad")  # as every id of this machine does


def test_a_boot_id_that_repeats_makes_another_session():
    _, boot = recognize(last(), UP, now(up=30))

    assert boot.id == "5ad new"
    assert recognize(None, 0.0, now(boot_id=None))[1].id == "5ad new"
