"""How far the history is deleted by age. Pure.

One wrong clock must not delete the history: the limit never moves faster than time passes.
"""

from typing import Optional

from octoprint_uptime.history.boots import Boot
from octoprint_uptime.history.sessions import Deleted, State

DAY_SECONDS = 86400
# The wall clock has to be believed and left alone for this long before anything is deleted.
TRIAL_SECONDS = 3600
# Between two boots only the wall clock measures time: it counts for this much at most.
MOST_AWAY_SECONDS = 7 * DAY_SECONDS
INTERVAL_SECONDS = 6 * 3600


def is_due(state: State, days: int, up: float) -> bool:
    """Whether it is time to delete what is old, and the wall clock can be believed."""
    last = state.deleted
    recent = last is not None and last.boot == state.boot.id and last.days == days and up - last.up < INTERVAL_SECONDS
    return state.boot.confirmed and up - state.clock_since >= TRIAL_SECONDS and not recent


def advance(last: Optional[Deleted], days: int, boot: Boot, up: float, oldest: Optional[float]) -> Deleted:
    """What may be deleted at ``up`` if the history is kept for so many ``days``.

    ``last`` is the former answer, or None; then only what is older than the ``oldest`` session may be, in Unix seconds.
    """
    wall = boot.epoch + up
    limit = wall - days * DAY_SECONDS
    if last is None:
        before = limit if oldest is None else min(limit, oldest)
    else:
        away = min(max(0.0, wall - last.wall), MOST_AWAY_SECONDS)
        passed = up - last.up if boot.id == last.boot else away
        shortened = max(0, last.days - days) * DAY_SECONDS  # by the user
        before = min(limit, last.before + passed + shortened)
    return Deleted(before, days, boot.id, up, wall)
