"""How far the history is deleted by age. Pure.

One wrong clock must not delete the history. While the host is up, the limit moves as fast as the steady clock counts.
Only the wall clock measures the gap between two boots: the longer the gap, the longer it has to be believed first.
"""

from typing import Optional

from octoprint_uptime.history.boots import Boot
from octoprint_uptime.history.sessions import Deleted, State

DAY_SECONDS = 86400
# For this long, and for this share of the gap before the boot, the wall clock has to be believed and left alone.
TRIAL_SECONDS, TRIAL_SHARE = 3600, 1 / 24
INTERVAL_SECONDS = 6 * 3600


def is_due(state: State, days: int, up: float) -> bool:
    """Whether it is time to delete what is old, and the wall clock can be believed."""
    last = state.deleted
    recent, gap = False, 0.0
    if last is not None and last.boot == state.boot.id:
        recent = last.days == days and up - last.up < INTERVAL_SECONDS
    elif last is not None:
        gap = state.boot.epoch + up - last.wall
    trial = max(TRIAL_SECONDS, gap * TRIAL_SHARE)
    return state.boot.confirmed and up - state.clock_since >= trial and not recent


def advance(last: Optional[Deleted], days: int, boot: Boot, up: float, oldest: Optional[float]) -> Deleted:
    """What may be deleted at ``up`` if the history is kept for so many ``days``.

    ``last`` is the former answer, or None; then only what is older than the ``oldest`` session may be, in Unix seconds.
    """
    wall = boot.epoch + up
    limit = wall - days * DAY_SECONDS
    if last is None:
        before = limit if oldest is None else min(limit, oldest)
    else:
        passed = up - last.up if boot.id == last.boot else max(0.0, wall - last.wall)
        shortened = max(0, last.days - days) * DAY_SECONDS  # by the user
        before = min(limit, last.before + passed + shortened)
    return Deleted(before, days, boot.id, up, wall)
