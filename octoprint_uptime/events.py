"""The plugin's events on OctoPrint's event bus: what the API answers, flat, so that each part has a placeholder."""

from typing import Optional

from octoprint_uptime.history.sessions import LOST, RESET, STOPPED, StoppedPrint
from octoprint_uptime.readings import comparable, tell_print, tell_session

# Endings whose moment is known.
EXACT = (STOPPED, LOST, RESET)


def event_of(record, snapshot):
    """The name and the payload of the event about a Session, started or ended, or a StoppedPrint."""
    if isinstance(record, StoppedPrint):
        return "print_stopped", tell_print(record, snapshot.boots)
    ends = {session.id: session.end for session in snapshot.ended}  # it may have ended since it started
    fields = tell_session(record, snapshot.boots, ends.get(record.id, snapshot.up))
    printing = fields.pop("print") or {"file": None, "completion": None}
    fields.update({"print_file": printing["file"], "print_completion": printing["completion"]})
    fields["evidence"] = None if fields["evidence"] is None else " ".join(fields["evidence"])
    fields["down_seconds"] = _down_seconds(record, snapshot)
    return "session_started" if record.end is None else "session_ended", fields


def _down_seconds(session, snapshot) -> Optional[float]:
    """How long it was away before the next session; None if there is none yet, or if that is not known exactly."""
    kind = [other for other in (*snapshot.state.running, *snapshot.ended) if other.clock == session.clock]
    after = next((later for later, one in zip(kind, kind[1:]) if one.id == session.id), None)
    if session.end is None or after is None or session.ending not in EXACT or not after.watched:
        return None
    boot, next_boot = snapshot.boots.get(session.boot), snapshot.boots.get(after.boot)
    if boot is None or comparable(boot, next_boot) is None:
        return None
    return round(max(0.0, next_boot.epoch + after.start - boot.epoch - session.end), 3)
