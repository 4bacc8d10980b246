"""Everything that is known at one moment, for readers. Pure."""

from typing import NamedTuple, Optional

from octoprint_uptime.history import sessions
from octoprint_uptime.history.boots import Boot
from octoprint_uptime.history.sessions import BootTime, Session, State, StoppedPrint
from octoprint_uptime.history.store import Stored

# More records than can be saved between the look at the State and the one at the history.
MOST_NEW = 2 * sessions.MOST_UNSAVED


class Snapshot(NamedTuple):
    """No session is missing from it or in it twice."""

    state: State
    up: float  # now, on the steady clock
    ended: list[Session]  # newest first
    prints: list[StoppedPrint]  # newest first
    boots: dict[str, Boot]
    recorded: Optional[BootTime]  # since when everything is recorded
    problem: Optional[str]  # why nothing is recorded: "off", or what a StoreError says
    host_problem: Optional[OSError]  # why the host's start is unknown
    revision: str  # another one means that something other than the age of what is running has changed


def take(state: State, stored: Stored, up: float, epoch: float, problem, host_problem) -> Snapshot:
    """The Snapshot of the moment ``up``, at which the wall clock's offset is ``epoch``."""
    # What was stored may be newer than the State: what is still running there has not ended yet.
    state = state.see_clock(up, epoch, False)
    prints = _all_of(StoppedPrint, state, stored.prints)
    if state.stopped is not None and state.stopped_sent and state.stopped.id not in {one.id for one in prints}:
        prints.insert(0, state.stopped)
    boots = {**stored.boots, **{boot.id: boot for boot in (*state.past_boots, state.boot)}}
    parts = (state.running, state.unsaved, state.stopped_sent, state.boot, problem, stored.changes)
    revision = f"{hash(parts) & 0xFFFFFFFFFFFF:x}"
    ended = _all_of(Session, state, stored.sessions)
    return Snapshot(state, up, ended, prints, boots, stored.recorded, problem, host_problem, revision)


def _all_of(kind, state, stored):
    """The stored records of this kind and those that the history does not have yet, newest first."""
    running = {session.id for session in state.running}
    newest = [record for record in stored[:MOST_NEW] if record.id not in running]
    known = {record.id for record in newest}
    unsaved = [record for record in reversed(state.unsaved) if isinstance(record, kind) and record.id not in known]
    return unsaved + newest + stored[MOST_NEW:]
