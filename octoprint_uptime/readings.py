"""The one JSON document that the API answers, and the rows for System Information."""

import time
from collections import Counter
from functools import lru_cache, partial
from pathlib import Path

from babel.support import Translations

from octoprint_uptime.durations import cldr_locale, duration_patterns, format_duration
from octoprint_uptime.history.sessions import HOST, OCTOPRINT, PRINTER, SUDDEN, first, is_unexpected
from octoprint_uptime.machine.evidence import CODES, UNDERVOLTAGE

# What the fields of each uptime begin with.
PREFIXES = {HOST: "", OCTOPRINT: "octoprint_", PRINTER: "printer_"}
# The format behind each text field.
TEXTS = {"uptime": "full", "uptime_dhm": "dhm", "uptime_dh": "dh", "uptime_d": "d", "uptime_short": "short"}
TRANSLATIONS = Path(__file__).parent / "translations"
DEFAULT_DAYS, MOST_DAYS, ROW_DAYS = 30, 3660, 7
DAY_SECONDS = 86400


def take_reading(snapshot, settings, locale, with_patterns=False):
    """All uptimes of one moment as a dict for JSON, with texts in ``locale``; see docs/api.md."""
    reading = {}
    for clock, prefix in PREFIXES.items():
        reading.update(_read_uptime(snapshot, clock, prefix, locale))
    # Since when, and how, a printer has been away that is not connected.
    away = None if first(snapshot.state.running, PRINTER) else first(snapshot.ended, PRINTER)
    reading["printer_last_ended"] = away and _time(snapshot.boots.get(away.boot), away.end)
    reading["printer_last_ending"] = away and away.ending
    reading.update({name: settings[name] for name in ("display_format", "poll_interval_seconds")})
    reading["uptime_available"] = reading["seconds"] is not None
    if not reading["uptime_available"]:
        refused = isinstance(snapshot.host_problem, PermissionError)
        reading["uptime_note"] = _explain("start_refused" if refused else "start_unknown", locale)
    reading["locale"] = locale
    reading["text_direction"] = cldr_locale(locale).text_direction
    reading["utc_offset_seconds"] = time.localtime().tm_gmtoff
    reading["history_revision"] = snapshot.revision
    if with_patterns:
        reading["duration_patterns"] = duration_patterns(locale)
    return reading


def _read_uptime(snapshot, clock, prefix, locale):
    session = first(snapshot.state.running, clock)
    fields: dict = dict.fromkeys(("session", "seconds", *TEXTS, "started", "started_timestamp"))
    if session is not None:
        seconds, started = _age(session, snapshot.up), round(snapshot.state.boot.epoch + session.start)
        fields.update({name: format_duration(seconds, format, locale=locale) for name, format in TEXTS.items()})
        fields.update(session=session.id, seconds=round(seconds, 3), started=_iso(started), started_timestamp=started)
    return {prefix + name: value for name, value in fields.items()}


def _age(session, up):
    return max(0.0, (up if session.end is None else session.end) - session.start)


def take_history(snapshot, days, locale, later=False):
    """What happened within so many ``days`` as a dict for JSON; ``locale`` is that of its note.

    With ``later``, its sessions are functions that return one each: of thousands, not all have to be in memory.
    """
    state, boots, off = snapshot.state, snapshot.boots, snapshot.problem == "off"
    document: dict = {"recording": snapshot.problem is None}
    if snapshot.problem is not None:
        document["note"] = _explain(snapshot.problem, locale)
    recorded = snapshot.recorded and boots.get(snapshot.recorded.boot)
    document["recorded_from"] = _iso(recorded.epoch + snapshot.recorded.up) if recorded else None
    document["days"] = days
    document["clock_confirmed"] = state.boot.confirmed
    now = [] if off else sorted(state.running, key=lambda session: -session.start)
    since = state.boot.epoch + snapshot.up - days * DAY_SECONDS
    ended = [] if off else _within(snapshot.ended, boots, since)
    sessions = [partial(tell_session, session, boots, snapshot.up) for session in (*now, *ended)]
    document["sessions"] = sessions if later else [tell() for tell in sessions]
    document["stopped_prints"] = [tell_print(one, boots) for one in _within(snapshot.prints, boots, since) if not off]
    return document


def _within(ended, boots, since):
    """Those that ended since then. The order of recording is certain, the wall clock is not: what was recorded after
    something younger is as young, and what ended while the clock was not set is as old as its neighbours.
    """
    confirmed = {id: boot.epoch for id, boot in boots.items() if boot.confirmed}
    young = [confirmed[one.boot] + one.end >= since if one.boot in confirmed else None for one in ended]
    count = len(young) - young[::-1].index(True) if True in young else 0
    return ended[: young.index(False, count) if False in young[count:] else len(ended)]


def tell_session(session, boots, up):
    """A Session as the API has it; ``boots`` are the Boots by id, ``up`` is now on the steady clock."""
    boot = boots.get(session.boot)
    printing = {"file": session.file, "completion": session.completion and round(session.completion, 1)}
    return {  # in an order that compresses well
        "clock": session.clock,
        "ending": session.ending,
        "unexpected": is_unexpected(session),
        "evidence": evidence_of(session),
        "asked": session.asked,
        "reason": session.reason,
        "seconds": round(_age(session, up), 1),
        "session": session.id,
        "print": session.file and printing,
        "undervoltage": session.undervoltage,
        "watched_before": session.watched,
        "confirmed": bool(boot and boot.confirmed),
        "ended_before": _bound(session, boot, comparable(boot, boots.get(session.before_boot))),
        "ended": _time(boot, session.end),
        "started": _time(boot, session.start),
    }


def evidence_of(session):
    """The codes of what was reported about how a Session ended; None if nothing could be read."""
    if session.ending not in SUDDEN or session.evidence is session.undervoltage is None:
        return None
    known = [code for code in session.evidence or () if code in CODES]
    return [*known, UNDERVOLTAGE] if session.undervoltage else known


def tell_print(stopped, boots):
    """A StoppedPrint as the API has it."""
    boot = boots.get(stopped.boot)
    return {
        "ended": _time(boot, stopped.end),
        "file": stopped.file,
        "completion": stopped.completion and round(stopped.completion, 1),
        "cause": stopped.cause,
        "reason": stopped.reason,
        "asked": stopped.asked,
        "confirmed": bool(boot and boot.confirmed),
    }


def comparable(boot, other):
    """The other boot, if its times can be compared with those of this one."""
    return other if boot is other or (boot and other and boot.confirmed and other.confirmed) else None


def _time(boot, seconds):
    return None if boot is None or seconds is None else _iso(boot.epoch + seconds)


def _bound(session, boot, other):
    """No later than when the session ended; None if the two boots' clocks contradict each other."""
    if None in (other, session.end, session.before) or other.epoch + session.before < boot.epoch + session.end:
        return None
    return _iso(other.epoch + session.before)


@lru_cache(maxsize=1)  # an end that is known exactly comes twice in a row
def _iso(timestamp):
    """Unix seconds such as 1795593600 as 2026-11-25T08:00:00Z."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(round(timestamp)))


def take_rows(snapshot):
    """What System Information shows of each uptime, in English; without file names, since people post it."""
    sessions = take_history(snapshot, ROW_DAYS, "en")["sessions"]
    known, since = snapshot.problem != "off", _iso(snapshot.state.boot.epoch + snapshot.up - ROW_DAYS * DAY_SECONDS)
    rows = {}
    for name in PREFIXES:
        session = first(snapshot.state.running, name)
        own = [one for one in sessions if one["clock"] == name]
        starts, ends = sum((one["started"] or "") >= since for one in own), sum(one["unexpected"] for one in own)
        rows[f"{name}_seconds"] = session and int(_age(session, snapshot.up))
        rows[f"{name}_uptime"] = session and format_duration(_age(session, snapshot.up))
        rows[f"{name}_starts_in_{ROW_DAYS}_days"] = starts if known else None
        rows[f"{name}_unexpected_ends_in_{ROW_DAYS}_days"] = ends if known else None
        rows[f"{name}_evidence_in_{ROW_DAYS}_days"] = _count_codes(own) if known else None
    return rows


def _count_codes(sessions):
    """Each code with the number of ends that it was reported about, the most frequent first; None for no code."""
    counts = Counter(code for session in sessions for code in session["evidence"] or ())
    return ", ".join(f"{code} ({count})" for code, count in counts.most_common()) or None


def _explain(problem, locale):
    # Flask's own gettext speaks the language of the request, and English outside of one.
    gettext = Translations.load(TRANSLATIONS, [locale]).gettext
    return {
        "start_refused": gettext("OctoPrint is not allowed to read the host’s start time."),
        "start_unknown": gettext("The host does not report when it started."),
        "off": gettext("The history is turned off in this plugin’s settings."),
        "no_sqlite": gettext("Nothing is being recorded: Python lacks SQLite on this system."),
        "locked": gettext(
            "Nothing is being recorded: another OctoPrint uses the data folder, or it is on a share without file locks."
        ),
        "forgets": gettext("Nothing is being recorded: the data folder is reset whenever the host restarts."),
        "newer": gettext("Nothing is being recorded: the history was written by a newer version of this plugin."),
        "readonly": gettext("Nothing is being recorded: OctoPrint is not allowed to write to its data folder."),
        "full": gettext("Nothing is being recorded: the disk is full."),
        "failed": gettext("Nothing is being recorded: the history cannot be written. See octoprint.log."),
    }[problem]
