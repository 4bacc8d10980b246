"""What OctoPrint's two events say: what the document has, flat, so that the Event Manager can name each part of it."""

from octoprint_uptime.readings import comparable, tell_session

# Endings whose moment is known.
TOLD = ("stopped", "lost", "reset")


def tell_events(sessions, history, up):
    """The name and the payload of an event about each of these Sessions, in their order.

    ``history`` is what the journal knows, ``up`` is now on the steady clock.
    """
    ends = {session.id: session.end for session in sessions if session.end is not None}
    for session in sessions:
        # What is told late may have ended by then.
        payload = _payload(session, history, ends.get(session.id, up))
        yield "session_started" if session.end is None else "session_ended", payload


def _payload(session, history, up):
    fields = tell_session(session, history.boots, up)
    printing = fields.pop("print") or {"file": None, "completion": None}
    fields.update({"print_file": printing["file"], "print_completion": printing["completion"]})
    fields["down_seconds"] = _down_seconds(session, history)
    return fields


def _down_seconds(session, history):
    """How long it was away before it ran again, or None where it does not yet, or either end is not known."""
    next_one = next((other for other in history.state.running if other.clock == session.clock), None)
    if session.end is None or next_one is None or session.ending not in TOLD:
        return None
    boot, next_boot = history.boots.get(session.boot), history.boots.get(next_one.boot)
    if comparable(boot, next_boot) is None:
        return None
    return round(max(0.0, next_boot.epoch + next_one.start - boot.epoch - session.end), 3)
