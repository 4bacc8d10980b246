"""Which sessions started and which ended, and how. Pure: from one State to the next.

A session stores seconds of the steady clock of its boot. The wall clock belongs to the boot: setting it corrects the
times of every session of that boot.
"""

from collections.abc import Iterable
from typing import NamedTuple, Optional, Union

from octoprint_uptime.history.boots import Boot, Moment, follow_clock, recognize, session_id
from octoprint_uptime.machine.evidence import memory_evidence

ASKED_SECONDS = 300  # so long a request explains a stop: longer than systemd waits
SETTLE_SECONDS = 5  # OctoPrint may report the end of a print and that of its connection in either order
UNEXPLAINED_SECONDS = 300  # a print that failed without a reason belongs to a connection that ends within this time
OOM_SECONDS = 900  # a longer time without a heartbeat says little about when a program was stopped
MOST_UNSENT, MOST_UNSAVED = 20, 50  # while events cannot be sent or the disk cannot be written
MOST_CHARACTERS = 500  # of a text that comes from outside, such as the firmware's words

CLOCKS = HOST, OCTOPRINT, PRINTER = "host", "octoprint", "printer"
ENDINGS = "stopped", "lost", "reset", "silent", "carried", "unseen"
STOPPED, LOST, RESET, SILENT, CARRIED, UNSEEN = ENDINGS
SUDDEN = SILENT, LOST, RESET  # always unexpected
CANCELLED, FIRMWARE_ERROR = "cancelled", "firmware_error"
HOST_REQUESTS = ("reboot", "shutdown")
Codes = tuple[str, ...]


class BootTime(NamedTuple):
    """A moment on the steady clock of a boot."""

    boot: str
    up: float


class Print(NamedTuple):
    """A print that runs or is paused."""

    file: Optional[str]
    completion: Optional[float]  # percent


class Session(NamedTuple):
    """One session of the host, OctoPrint or the printer connection. It runs as long as ``end`` is None."""

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
    watched: bool = True  # False: nothing was recorded just before it was first seen
    evidence: Optional[Codes] = None  # codes of machine/evidence.py; None if nothing could be read

    def ended(self, end: float, ending: str, before: BootTime, print: Optional[Print], **details) -> "Session":
        """The session after its end, which interrupted this print. ``details`` are more of its fields."""
        end = max(end, self.start)
        latest = max(before.up, end) if before.boot == self.boot else before.up
        interrupted = {} if print is None else print._asdict()
        return self._replace(end=end, ending=ending, before_boot=before.boot, before=latest, **interrupted, **details)


class StoppedPrint(NamedTuple):
    """A print that ended before it was done. ``cause`` is None until it is known."""

    id: str
    boot: str
    end: float
    file: Optional[str]
    completion: Optional[float]
    cause: Optional[str] = None
    reason: Optional[str] = None  # the firmware's words
    asked: Optional[str] = None


Record = Union[Session, StoppedPrint]


class Ask(NamedTuple):
    """What OctoPrint was asked to do, and when."""

    what: str
    up: float


class OomKills(NamedTuple):
    """How many programs the kernel had stopped because memory ran out, and when that was read."""

    number: int
    up: float


class Reported(NamedTuple):
    """What OctoPrint has reported about the connection that is running and the print in it."""

    disconnecting: bool = False  # the connection is being closed on purpose
    disconnect_asked: bool = False  # … through OctoPrint's API
    cancel_asked: bool = False
    error: Optional[str] = None  # the words of the newest error that closes the connection
    firmware_error: Optional[str] = None  # the firmware's words for a print that OctoPrint cancels because of them
    silent_since: Optional[float] = None  # the printer's last line before OctoPrint gave up waiting


class Deleted(NamedTuple):
    """How far the deletion by age has come, and when that was."""

    before: float  # Unix seconds
    days: int
    boot: str
    up: float
    wall: float  # the same moment in Unix seconds


class State(NamedTuple):
    """Everything that is known about what is running. Its methods return the State after something happened."""

    boot: Boot
    up: float  # the last moment on the steady clock at which all of it was seen
    running: tuple[Session, ...]  # one of each kind at most
    clock_since: float = 0.0  # since when the wall clock has been left alone
    print: Optional[Print] = None
    stopped: Optional[StoppedPrint] = None  # the end of its connection may still explain it
    stopped_sent: bool = False
    reported: Reported = Reported()
    asked: Optional[Ask] = None
    stop: Optional[float] = None  # when OctoPrint began to stop
    host_stops: bool = False  # … and the system with it
    low_before: Optional[bool] = None  # whether under-voltage had been reported at the last measurement
    oom_kills: Optional[OomKills] = None
    awaited: tuple[str, ...] = ()  # the ids of ended sessions whose evidence is still being collected
    leaving: bool = False  # OctoPrint goes on without the plugin
    clearing: bool = False  # delete the history as soon as the disk allows
    deleted: Optional[Deleted] = None
    past_boots: tuple[Boot, ...] = ()  # those of unsaved records
    unsaved: tuple[Record, ...] = ()  # what ended and is not in history.db yet
    unsent: tuple[Record, ...] = ()  # what has to be sent as an event

    def heartbeat(self, up: float, epoch: float, synchronized: bool, completion: Optional[float] = None) -> "State":
        """All of it is still running at ``up``. The wall clock may have been set; the print is at ``completion``."""
        state = self.see_clock(up, epoch, synchronized)
        if state.print is not None and completion is not None:
            state = state._replace(print=state.print._replace(completion=completion))
        return state.settle(up).seen(up)

    def see_clock(self, up: float, epoch: float, synchronized: bool) -> "State":
        """The wall clock as it is at ``up``."""
        boot = follow_clock(self.boot, epoch, synchronized)
        return self._replace(boot=boot, clock_since=self.clock_since if boot.epoch == self.boot.epoch else up)

    def ask(self, up: float, what: str) -> "State":
        """OctoPrint was asked to "restart", "reboot", "shutdown" or "update"."""
        return self._replace(asked=Ask(what, up)).seen(up)

    def leave(self, up: float, leaving: bool = True) -> "State":
        """The plugin will be off after OctoPrint's next start; or not, after all."""
        return self._replace(leaving=leaving).seen(up)

    def begin_stop(self, up: float, epoch: float, synchronized: bool) -> "State":
        """OctoPrint begins to stop. If this is called again, the first moment stays."""
        state, stop = self.see_clock(up, epoch, synchronized), up if self.stop is None else self.stop
        host_stops = self.host_stops or _asked(self, HOST, up) is not None
        return state._replace(stop=stop, host_stops=host_stops, awaited=()).seen(stop)

    def report_undervoltage(self, up: float, now: bool, since_boot: Optional[bool]) -> "State":
        """The supply voltage was measured: whether it is too low ``now``, or was at some time since the host booted."""
        now = now or (bool(since_boot) and self.low_before is False)  # a dip between two measurements
        low = {HOST: now or since_boot, OCTOPRINT: now, PRINTER: now}
        running = (one._replace(undervoltage=bool(one.undervoltage or low[one.clock])) for one in self.running)
        return self._replace(running=tuple(running), low_before=since_boot).seen(up)

    def see_undervoltage(self, up: float) -> "State":
        """The supply voltage is too low at ``up``."""
        if all(one.undervoltage for one in self.running):
            return self
        return self.report_undervoltage(up, True, self.low_before)

    def see_oom_kills(self, up: float, number: Optional[int]) -> "State":
        """The kernel's number at ``up``; None if it does not report one."""
        return self._replace(oom_kills=None if number is None else OomKills(number, up))

    def add_evidence(self, up: float, id: str, codes: Optional[Codes]) -> "State":
        """All evidence about how the session with this id ended is collected."""

        def added(records):
            is_meant = [one.id == id and one.end is not None for one in records]
            return tuple(one._replace(evidence=codes) if meant else one for one, meant in zip(records, is_meant))

        awaited = tuple(other for other in self.awaited if other != id)
        return self._replace(awaited=awaited, unsaved=added(self.unsaved), unsent=added(self.unsent)).seen(up)

    def complete(self, records: tuple[Record, ...]) -> tuple[Record, ...]:
        """Those of the records that come before any whose evidence is awaited: their order has to stay."""
        awaits = (place for place, one in enumerate(records) if one.end is not None and one.id in self.awaited)
        return records[: next(awaits, len(records))]

    def seen(self, up: float) -> "State":
        """Everything was seen at ``up``."""
        return self._replace(up=max(self.up, up))

    def settle(self, up: float) -> "State":
        """Record the print that stopped, if the end of its connection has not explained it in time."""
        stopped = self.stopped
        if stopped is None or stopped.cause is None or self.stopped_sent or up < stopped.end + SETTLE_SECONDS:
            return self
        if stopped.cause == CANCELLED:
            return self.close_print()
        # A printer whose firmware reported an error may still take long to go away, and then takes the print along.
        return self._replace(stopped_sent=True).record(unsent=[stopped])

    def close_print(self) -> "State":
        """Record the print that stopped separately from its connection, if its cause is known."""
        records = [] if self.stopped is None or self.stopped.cause is None else [self.stopped]
        closed = self._replace(stopped=None, stopped_sent=False)
        return closed.record(unsaved=records, unsent=[] if self.stopped_sent else records)

    def record(self, unsaved: Iterable[Record] = (), unsent: Iterable[Record] = ()) -> "State":
        """Have these saved and those sent."""
        unsaved, unsent = (*self.unsaved, *unsaved)[-MOST_UNSAVED:], (*self.unsent, *unsent)[-MOST_UNSENT:]
        return self._replace(unsaved=unsaved, unsent=unsent)

    def saved(self, records: tuple[Record, ...]) -> "State":
        """The history has these."""
        done = {record.id for record in records}
        unsaved = tuple(record for record in self.unsaved if record.id not in done)
        return self._replace(unsaved=unsaved, past_boots=self.past_boots if unsaved else ())

    def clear(self) -> "State":
        """Have everything deleted that has ended, and forget what is not saved yet."""
        unsent = tuple(record for record in self.unsent if record.end is None)
        return self._replace(clearing=True, unsaved=(), past_boots=(), unsent=unsent, stopped=None, stopped_sent=False)


def is_unexpected(session: Session) -> bool:
    """Whether a session ended without being asked to, as far as is known. The only definition of "unexpected"."""
    interrupted = session.clock == PRINTER and session.file is not None and session.asked is None
    return session.ending in SUDDEN or (session.ending == STOPPED and interrupted)


def first(sessions: Iterable[Session], clock: str) -> Optional[Session]:
    """The first of the sessions that is one of ``clock``, or None."""
    return next((session for session in sessions if session.clock == clock), None)


def begin(last: Optional[State], now: Moment, known: Iterable[str] = ()) -> State:
    """Judge what was running in the stored State, if any, and start the sessions of the host and OctoPrint."""
    boots = {*known, *(boot.id for boot in last.past_boots)} if last else {*known}
    boot = recognize(last and last.boot, last.up if last else 0.0, now, boots)
    state, watched = State(boot, now.up, (), clock_since=now.up), False
    if last is not None:
        without_plugins = now.safe_mode is not None and now.safe_mode > last.boot.epoch + last.up
        watched = not last.leaving and not without_plugins
        state = _judge(last.close_print(), now if watched else now._replace(board=None), state)
    id = session_id(boot, OCTOPRINT, now.octoprint_start)
    started = [Session(id, OCTOPRINT, boot.id, now.octoprint_start, watched=watched)]
    if first(state.running, HOST) is None and now.host_start is not None:
        started.insert(0, Session(boot.id, HOST, boot.id, now.host_start, watched=watched))
    return state._replace(running=(*state.running, *started)).record(unsent=started)


def _judge(last, now, state):
    """``state`` after what ended since ``last``: OctoPrint and its printer, and the host if its boot is new."""
    if state.boot.id == last.boot.id and last.asked is not None and last.asked.what in HOST_REQUESTS:
        last = last._replace(asked=None)  # it did not happen
    ways = _ways(last, now, state.boot)
    over = [session for session in last.running if session.clock in ways]
    ended = [_end_at_start(last, now, session, *ways[session.clock]) for session in over]
    kept = tuple(session for session in last.running if session.clock not in ways)
    state = state._replace(running=kept, unsaved=last.unsaved, unsent=last.unsent)
    state = state._replace(clearing=last.clearing, deleted=last.deleted).record(unsaved=ended, unsent=ended)
    used = {id for record in state.unsaved for id in (record.boot, getattr(record, "before_boot", None))}
    boots = [boot for boot in (*last.past_boots, last.boot) if boot.id in used - {state.boot.id}]
    return state._replace(past_boots=tuple(boots))


def _ways(last, now, boot):
    """How each of those ended that did, and no later than when."""
    told, is_new = last.stop is not None, boot.id != last.boot.id
    start = BootTime(boot.id, (now.host_start or 0.0) if is_new else now.octoprint_start)
    before = BootTime(last.boot.id, last.stop) if told else start
    around = STOPPED if told else CARRIED if is_new else SILENT
    ways = {OCTOPRINT: (around, before), PRINTER: (CARRIED, before)}
    if is_new:
        ways[HOST] = (STOPPED, before) if told and last.host_stops else (UNSEEN if told else SILENT, start)
    return ways


def _end_at_start(last, now, session, ending, before):
    end = last.up if last.stop is None else last.stop
    if ending == UNSEEN:
        return session.ended(end, ending, before, None)
    details = {"asked": _asked(last, session.clock, end), "evidence": _evidence(last, now, session.clock, ending)}
    return session.ended(end, ending, before, last.print, **details)


def _evidence(last, now, clock, ending):
    if ending != SILENT:
        return None
    if clock == HOST:
        return now.board
    if last.oom_kills is None or now.octoprint_start - last.oom_kills.up > OOM_SECONDS:
        return None
    return memory_evidence(last.oom_kills.number, now.oom_kills)


def _asked(state, clock, end):
    if state.asked is None or clock == PRINTER or end - state.asked.up > ASKED_SECONDS:
        return None
    return state.asked.what if clock == OCTOPRINT or state.asked.what in HOST_REQUESTS else None


def adopt(state: State, left: State, start: Moment, known: Iterable[str] = ()) -> State:
    """``state`` with what was ``left`` behind, which could be read only after OctoPrint's ``start``."""
    judged = begin(left, start, known)
    boot = follow_clock(judged.boot, state.boot.epoch, False)  # it may have been set since
    now = {session.clock: session for session in judged.running}

    def moved(record):
        clock = getattr(record, "clock", None)
        if clock == HOST:
            return now[HOST]
        fields = {field: boot.id for field in ("boot", "before_boot") if getattr(record, field, None) == state.boot.id}
        return record._replace(**fields, **({"watched": now[OCTOPRINT].watched} if clock == OCTOPRINT else {}))

    host = [session for session in judged.running if session.clock == HOST]
    since = [moved(session) for session in state.running if session.clock != HOST]
    pending = tuple(record for record in judged.unsent if record.end is not None or record in left.unsent)
    started = [moved(record) for record in state.unsent]
    new = [record for record in started if record not in left.running]  # not the host that has gone on
    adopted = state._replace(boot=boot, running=(*host, *since), clearing=judged.clearing or state.clearing)
    adopted = adopted._replace(deleted=judged.deleted, past_boots=judged.past_boots)
    adopted = adopted._replace(unsaved=judged.unsaved, unsent=pending)
    return adopted.record(unsaved=map(moved, state.unsaved), unsent=new)
