"""What OctoPrint's events mean for the printer connection and its print. Pure: a State and an Event in, a State out."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Optional

from octoprint_uptime.history import sessions
from octoprint_uptime.history.boots import session_id
from octoprint_uptime.history.sessions import PRINTER, BootTime, Print, Reported, Session, State, StoppedPrint

# Printers restart while they connect, and some connectors of OctoPrint 2 report a connection twice.
CONNECTING_SECONDS = 10


class Event(NamedTuple):
    """One of OctoPrint's events, and what was known when it came."""

    name: str
    up: float
    payload: Mapping[str, Any]
    error: Optional[str] = None  # OctoPrint's words, if its state says that the connection ended with an error
    asked: bool = False  # a request to OctoPrint's API asked for it
    last_line: Optional[float] = None  # when the printer sent its last line


def apply(state: State, event: Event) -> State:
    """The State after the event. Events that say nothing about the printer or its print change nothing."""
    handler = HANDLERS.get(event.name)
    return state if handler is None else handler(state, event).seen(event.up)


def _connection(state):
    return sessions.first(state.running, PRINTER)


def _connecting(state, event):
    return state._replace(reported=Reported()) if _connection(state) is None else state


def _connected(state, event):
    if _connection(state) is not None:
        return _reset(state, event)
    unreported = all(session.undervoltage is None for session in state.running)
    id = session_id(state.boot, PRINTER, event.up)
    session = Session(id, PRINTER, state.boot.id, event.up, undervoltage=None if unreported else False)
    return state._replace(running=(*state.running, session)).record(unsent=[session])


def _reset(state, event):
    """The printer restarted while the connection stayed open, unless it is still connecting."""
    session = _connection(state)
    busy = state.print is not None or state.stopped is not None
    if session is None or (event.up - session.start <= CONNECTING_SECONDS and not busy):
        return state
    return _connected(_end(state, event, sessions.RESET), event)


def _disconnecting(state, event):
    return state._replace(reported=state.reported._replace(disconnecting=True, disconnect_asked=event.asked))


def _disconnected(state, event):
    reported = state.reported
    if reported.disconnecting:
        return _end(state, event, sessions.STOPPED, asked="disconnect" if reported.disconnect_asked else None)
    # The firmware's words say more than the timeouts that follow.
    reason = (state.stopped and state.stopped.reason) or reported.error or _text(event.error)
    return _end(state, event, sessions.LOST, reason=reason, end=reported.silent_since)


def _error(state, event):
    """Only OctoPrint 2 reports an error that cancels the print; no version says what follows a timeout."""
    words = _text(event.payload.get("error"))
    if event.payload.get("consequence") == "cancel":  # the connection goes on
        return state._replace(reported=state.reported._replace(firmware_error=words))
    reported = state.reported._replace(error=words)
    if event.payload.get("reason") == "timeout":
        reported = reported._replace(silent_since=event.last_line)
    return state._replace(reported=reported)


def _end(state, event, ending, end=None, **details):
    session = _connection(state)
    if session is None:
        return state
    interrupted = _interrupted(state, ending, event.up)
    end, limit = event.up if end is None else min(end, event.up), BootTime(state.boot.id, event.up)
    ended = sendable = session.ended(end, ending, limit, interrupted, **details)
    if ending in (sessions.LOST, sessions.RESET):
        state = state._replace(awaited=(*state.awaited, session.id))
    if interrupted is not None and state.print is None:  # it had stopped before
        unsent = tuple(record for record in state.unsent if record != state.stopped)
        if state.stopped_sent and unsent == state.unsent:
            sendable = ended._replace(file=None, completion=None)
        state = state._replace(unsent=unsent, stopped=None, stopped_sent=False)
    others = tuple(other for other in state.running if other is not session)
    state = state.close_print()._replace(running=others, print=None, reported=Reported())
    return state.record(unsaved=[ended], unsent=[sendable])


def _interrupted(state, ending, up):
    """The Print that this end of the connection interrupted: the one that runs, or one that stopped because of it."""
    stopped = state.stopped
    if state.print is not None or stopped is None:
        return state.print
    if stopped.cause == sessions.FIRMWARE_ERROR:
        explained = ending != sessions.STOPPED
    else:
        patience = sessions.UNEXPLAINED_SECONDS if stopped.cause is None else sessions.SETTLE_SECONDS
        explained = up - stopped.end <= patience
    return Print(stopped.file, stopped.completion) if explained else None


def _print_started(state, event):
    if _connection(state) is None:  # it comes after the end of its connection
        return state
    reported = state.reported._replace(error=None, firmware_error=None, cancel_asked=False)
    state = state.close_print()
    return state._replace(print=Print(_text(event.payload.get("name")), 0.0), reported=reported)


def _print_cancelling(state, event):
    """OctoPrint 1 names the firmware's error only here."""
    words = _text(event.payload.get("firmwareError")) or state.reported.firmware_error
    return state._replace(reported=state.reported._replace(cancel_asked=event.asked, firmware_error=words))


def _print_failed(state, event):
    """A print that ended with its connection has none any more: OctoPrint reports the two in either order."""
    if state.print is None:
        return state
    id = session_id(state.boot, "print", event.up)
    completion = _completion(state.print, event.payload)
    stopped = StoppedPrint(id, state.boot.id, event.up, state.print.file, completion)
    asked, words = state.reported.cancel_asked, state.reported.firmware_error
    state = state._replace(print=None, stopped_sent=False)
    if asked or "user" in event.payload:
        stopped = stopped._replace(cause=sessions.CANCELLED, asked="cancel" if asked else None)
        return state.record(unsaved=[stopped], unsent=[stopped])
    if words is not None:
        return state._replace(stopped=stopped._replace(cause=sessions.FIRMWARE_ERROR, reason=words))
    cause = sessions.CANCELLED if event.payload.get("reason") == "cancelled" else None
    return state._replace(stopped=stopped._replace(cause=cause))


def _completion(print, payload):
    """The percentage: the one last seen, or the one reported, which is a fraction if the print failed with an error."""
    progress = payload.get("progress")
    if not isinstance(progress, (int, float)):
        return print.completion
    percent = progress * 100 if payload.get("reason") == "error" else progress
    return max(print.completion or 0.0, min(float(percent), 100.0))


def _print_done(state, event):
    return state._replace(print=None, reported=state.reported._replace(error=None, firmware_error=None))


def _text(value):
    """A text that may come from a printer, bounded; None if there is none."""
    return str(value)[: sessions.MOST_CHARACTERS] if value else None


HANDLERS = {
    "Connecting": _connecting,
    "Connected": _connected,
    "Disconnecting": _disconnecting,
    "Disconnected": _disconnected,
    "Error": _error,
    "PrinterReset": _reset,
    "PrintStarted": _print_started,
    "PrintCancelling": _print_cancelling,
    "PrintFailed": _print_failed,
    "PrintDone": _print_done,
}
