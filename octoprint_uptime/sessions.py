"""Which sessions began and which ended, and how. Pure: states and moments in, states out.

A session knows seconds on the steady clock of its boot only. The wall clock belongs to the boot, so that setting it
right puts right every session of that boot.
"""

from typing import NamedTuple, Optional

from octoprint_uptime.boots import Boot, recognize

# What OctoPrint was asked to do is the reason of a stop for so long, which is more than systemd's patience.
ASKED_SECONDS = 300

# Between a print that ended with its connection and the news of the connection, which may come in either order.
CUT_SECONDS = 5

# Nobody listens while OctoPrint starts again and again; what happened is in the history all the same.
MOST_UNTOLD = 20

HOST, OCTOPRINT, PRINTER = "host", "octoprint", "printer"
STOPPED, LOST, RESET, SILENT, CARRIED, UNSEEN = "stopped", "lost", "reset", "silent", "carried", "unseen"
ENDINGS = (STOPPED, LOST, RESET, SILENT, CARRIED, UNSEEN)


class Print(NamedTuple):
    """A print that runs or is paused."""

    file: Optional[str]
    completion: Optional[float]  # percent


class Session(NamedTuple):
    """One session of one clock. It runs as long as ``end`` is None."""

    id: str
    clock: str
    boot: str
    start: float
    end: Optional[float] = None  # the last moment at which it was known to run
    before_boot: Optional[str] = None
    before: Optional[float] = None  # it ended no later than at this moment of that boot
    ending: Optional[str] = None
    asked: Optional[str] = None
    reason: Optional[str] = None
    file: Optional[str] = None
    completion: Optional[float] = None
    undervoltage: Optional[bool] = None
    watched: bool = True  # False: nobody was watching just before it was first seen


class State(NamedTuple):
    """All that is remembered of what runs."""

    boot: Boot
    up: float  # the last moment on the steady clock at which all of it was seen
    running: tuple  # Sessions, one of each clock at most
    print: Optional[Print] = None
    cut: Optional[tuple] = None  # a print that nobody ended: file, completion, when, endings that would explain it
    asked: Optional[tuple] = None  # what OctoPrint was asked to do, and when
    stop: Optional[float] = None  # when OctoPrint noticed that it was being stopped
    host_stops: bool = False  # the system was seen stopping then, or had been asked to
    leaving: bool = False  # OctoPrint goes on without the plugin
    untold: tuple = ()  # Sessions whose end or start nobody was told yet
    waiting: tuple = ()  # Sessions that ended while they could not be stored


def begin(last, now):
    """OctoPrint starts: judge what was open when it was last seen. ``last`` is a State or None, ``now`` a Moment.

    Returns the new State and the Sessions that ended and are not stored yet, outermost first.
    """
    verdict, boot = recognize(last and last.boot, last.up if last else 0.0, now)
    ended = _ended(last, now, boot, verdict) if last is not None else []
    waiting = list(last.waiting) if last is not None else []
    over = {session.id for session in ended}
    kept = [session for session in last.running if session.id not in over] if last is not None else []
    watched = last is not None and not last.leaving and not _in_safe_mode_since(last, now)
    started = [Session(now.octoprint[0], OCTOPRINT, boot.id, now.octoprint[1], watched=watched)]
    if not kept and now.host_start is not None:
        started.insert(0, Session(boot.id, HOST, boot.id, now.host_start, watched=last is not None))
    untold = (*(last.untold if last is not None else ()), *ended, *started)
    return State(boot, now.up, (*kept, *started), untold=untold[-MOST_UNTOLD:]), waiting + ended


def _in_safe_mode_since(last, now):
    return now.safe_mode is not None and now.safe_mode > last.boot.epoch + last.up


def _ended(last, now, boot, verdict):
    """What was open and is no more: always OctoPrint and its printer, the host where it has booted anew."""
    told = last.stop is not None
    end = last.stop if told else last.up
    here = (boot.id, (now.host_start or 0.0) if verdict == "new" else now.octoprint[1])
    before = (last.boot.id, end) if told else here
    around = STOPPED if told else CARRIED if verdict == "new" else SILENT
    ways = {OCTOPRINT: (around, before), PRINTER: (CARRIED, before)}
    if verdict == "new":
        ways[HOST] = (STOPPED, before) if told and last.host_stops else (UNSEEN if told else SILENT, here)
    return [_end(last, session, end, *ways[session.clock]) for session in last.running if session.clock in ways]


def _end(state, session, end, ending, before, reason=None):
    """A Session of ``state`` that has ended."""
    seen = ending != UNSEEN
    asked = _asked(state, session.clock, end) if seen else None
    file, completion = (state.print or Print(None, None)) if seen else Print(None, None)
    end = max(end, session.start)
    return session._replace(
        end=end,
        before_boot=before[0],
        before=max(before[1], end) if before[0] == session.boot else before[1],
        ending=ending,
        asked=asked,
        reason=reason,
        file=file,
        completion=completion,
    )


def _asked(state, clock, end):
    what, up = state.asked or (None, 0.0)
    if clock == PRINTER or end - up > ASKED_SECONDS or (clock == HOST and what not in ("reboot", "shutdown")):
        return None
    return what


def connect(state, up, id):
    """The printer's connection became operational."""
    nobody_reports = all(session.undervoltage is None for session in state.running)
    session = Session(id, PRINTER, state.boot.id, up, undervoltage=None if nobody_reports else False)
    return _seen(state, up, running=(*state.running, session), untold=(*state.untold, session), cut=None), []


def disconnect(state, up, ending, reason=None):
    """The printer's connection ended, ``stopped``, ``lost`` (perhaps with OctoPrint's reason) or ``reset``."""
    session = next((session for session in state.running if session.clock == PRINTER), None)
    if session is None:
        return state, []
    if state.cut is not None and ending in state.cut[3] and up - state.cut[2] <= CUT_SECONDS:
        state = state._replace(print=Print(*state.cut[:2]))
    ended = _end(state, session, up, ending, (state.boot.id, up), reason)
    running = tuple(other for other in state.running if other is not session)
    # No print goes on without its printer.
    return _seen(state, up, running=running, untold=(*state.untold, ended), print=None), [ended]


def print_begins(state, up, file):
    """A print of the file with this name begins."""
    return _seen(state, up, print=Print(file, 0.0)), []


def print_ends(state, up, explained_by=()):
    """The print that ran is over, however it went; its connection may end in one of these ways, which explains it."""
    cut = (*state.print, up, explained_by) if explained_by and state.print else None
    return _seen(state, up, print=None, cut=cut), []


def ask(state, up, what):
    """OctoPrint was asked to "restart", "reboot", "shutdown" or "update"; with None, that was withdrawn."""
    return _seen(state, up, asked=what and (what, up)), []


def leave(state, up, leaving=True):
    """From OctoPrint's next start on, nobody watches: the plugin will be off."""
    return _seen(state, up, leaving=leaving), []


def stop(state, up, host_stops=False):
    """OctoPrint notices that it is being stopped. Told again, the first moment stays."""
    asked = _asked(state, HOST, up) is not None
    first = up if state.stop is None else state.stop
    return _seen(state, first, stop=first, host_stops=state.host_stops or host_stops or asked), []


def beat(state, up, epoch, confirmed, completion=None):
    """All of it still runs; the wall clock may have been set, the print has gone on (percent, None if unknown)."""
    boot = state.boot._replace(epoch=epoch, confirmed=state.boot.confirmed or confirmed)
    printing = state.print
    if printing is not None and completion is not None:
        printing = printing._replace(completion=completion)
    return _seen(state, up, boot=boot, print=printing), []


def report_undervoltage(state, up, now, since_boot):
    """Somebody watches the supply voltage: whether it is too low ``now``, or was at some time since the host booted."""
    seen = {HOST: now or since_boot, OCTOPRINT: now, PRINTER: now}
    running = [
        session._replace(undervoltage=bool(session.undervoltage or seen[session.clock])) for session in state.running
    ]
    return _seen(state, up, running=tuple(running)), []


def told(state, up, sessions):
    """Everybody who wants to know was told of these sessions."""
    known = {(session.id, session.ending) for session in sessions}
    return _seen(state, up, untold=tuple(one for one in state.untold if (one.id, one.ending) not in known)), []


def _seen(state, up, **changes):
    return state._replace(up=max(state.up, up), **changes)
