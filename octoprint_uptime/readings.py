"""The one JSON document that the API answers, and the rows for System Information."""

import time
from functools import lru_cache, partial
from pathlib import Path

from babel.support import Translations

from octoprint_uptime.durations import cldr_locale, duration_patterns, format_duration

# The format behind each text field.
TEXTS = {"uptime": "full", "uptime_dhm": "dhm", "uptime_dh": "dh", "uptime_d": "d", "uptime_short": "short"}

TRANSLATIONS = Path(__file__).parent / "translations"

DEFAULT_DAYS = 30
MOST_DAYS = 3660
DAY_SECONDS = 86400
ROW_DAYS = 7
UNEXPECTED = ("silent", "lost")


def take_reading(clocks, settings, locale, with_patterns=False):
    """Read all clocks at once.

    ``clocks`` are the host's, OctoPrint's and the printer's, ``settings`` holds the plugin's settings, ``locale`` is
    that of every text. Returns a dict that is ready for JSON; docs/octoprint-integration.md describes its fields.
    """
    reading = {}
    for clock in clocks:
        reading.update(_read_clock(clock, locale))
    reading["display_format"] = settings["display_format"]
    reading["poll_interval_seconds"] = settings["poll_interval_seconds"]
    reading["uptime_available"] = reading["seconds"] is not None
    if not reading["uptime_available"]:
        reading["uptime_note"] = _explain_clock(clocks[0].failure, locale)
    reading["locale"] = locale
    reading["text_direction"] = cldr_locale(locale).text_direction
    reading["utc_offset_seconds"] = time.localtime().tm_gmtoff
    if with_patterns:
        reading["duration_patterns"] = duration_patterns(locale)
    return reading


def _read_clock(clock, locale):
    session, prefix = clock.session(), clock.prefix
    seconds = session.seconds
    fields = {prefix + "session": session.id, prefix + "seconds": None if seconds is None else round(seconds, 3)}
    for field, format in TEXTS.items():
        text = None if seconds is None else format_duration(seconds, format, locale=locale)
        fields[prefix + field] = text
    fields[prefix + "started"] = None if session.started is None else _iso(session.started)
    fields[prefix + "started_timestamp"] = session.started
    return fields


def take_history(history, days, locale, up, later=False):
    """What happened within so many ``days``, as a dict that is ready for JSON, or None: the journal has not looked yet.

    ``history`` is what the journal knows, ``up`` is now on the steady clock, ``locale`` that of the note. With
    ``later``, its sessions are calls that tell one each: of thousands, not all have to be in memory.
    """
    state, boots = history.state, history.boots
    if state is None and history.problem is None:
        return None
    document: dict = {"recording": history.problem is None}
    if history.problem is not None:
        document["note"] = _explain_journal(history.problem, locale)
    running = sorted(state.running, key=lambda session: -session.start) if state and history.problem != "off" else []
    recorded = history.recorded and boots.get(history.recorded[0])
    document["recorded_from"] = _iso(recorded.epoch + history.recorded[1]) if recorded else None
    document["days"] = days
    document["clock_confirmed"] = bool(state and state.boot.confirmed)
    ended = _within(history.ended, boots, time.time() - days * DAY_SECONDS)
    sessions = [partial(tell_session, session, boots, up) for session in (*running, *ended)]
    document["sessions"] = sessions if later else [tell() for tell in sessions]
    return document


def _within(ended, boots, since):
    """Those that ended since then. The order of recording is certain, the wall clock is not: what was recorded after
    something younger is as young, and what no clock was set for as old as its neighbours.
    """
    young = [_ended_since(session, boots.get(session.boot), since) for session in ended]
    count = len(young) - young[::-1].index(True) if True in young else 0
    return ended[: young.index(False, count) if False in young[count:] else len(ended)]


def _ended_since(session, boot, since):
    """None where no clock was set."""
    return boot.epoch + session.end >= since if boot is not None and boot.confirmed else None


def tell_session(session, boots, up):
    """A Session as the API has it; of the Boots by id, ``up`` is now on the steady clock."""
    boot = boots.get(session.boot)
    last = up if session.end is None else session.end
    return {  # in an order that compresses well
        "clock": session.clock,
        "ending": session.ending,
        "asked": session.asked,
        "reason": session.reason,
        "seconds": round(max(0.0, last - session.start), 1),
        "session": session.id,
        "print": session.file and {"file": session.file, "completion": _round(session.completion)},
        "undervoltage": None if session.undervoltage is None else bool(session.undervoltage),
        "watched_before": bool(session.watched),
        "confirmed": bool(boot and boot.confirmed),
        "ended_before": _time(comparable(boot, boots.get(session.before_boot)), session.before),
        "ended": _time(boot, session.end),
        "started": _time(boot, session.start),
    }


def comparable(boot, other):
    """The other boot, if its times can be held against those of this one."""
    return other if boot is other or (boot and other and boot.confirmed and other.confirmed) else None


def _time(boot, seconds):
    return None if boot is None or seconds is None else _iso(boot.epoch + seconds)


def _round(percent):
    return None if percent is None else round(percent, 1)


@lru_cache(maxsize=1)  # an end that is known to the second is told twice in a row
def _iso(timestamp):
    """Unix seconds such as 1795593600 as 2026-11-25T08:00:00Z."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(round(timestamp)))


def take_rows(clocks, history, up):
    """What System Information shows of each clock, in English; no file names, since it gets posted."""
    told = take_history(history, ROW_DAYS, "en", up)
    sessions = told["sessions"] if told else []
    known = history.state is not None and history.problem != "off"
    rows = {}
    for clock in clocks:
        seconds, name = clock.session().seconds, clock.name
        own = [session for session in sessions if session["clock"] == name]
        rows[f"{name}_seconds"] = None if seconds is None else int(seconds)
        rows[f"{name}_uptime"] = None if seconds is None else format_duration(seconds)
        starts = sum(_began_within(session, ROW_DAYS) for session in own)
        ends = sum(session["ending"] in UNEXPECTED for session in own)
        rows[f"{name}_starts_in_{ROW_DAYS}_days"] = starts if known else None
        rows[f"{name}_unexpected_ends_in_{ROW_DAYS}_days"] = ends if known else None
    return rows


def _began_within(session, days):
    return session["started"] is not None and session["started"] >= _iso(time.time() - days * DAY_SECONDS)


def _explain_clock(failure, locale):
    gettext = _gettext(locale)
    if isinstance(failure, PermissionError) or type(failure).__name__ == "AccessDenied":  # psutil's
        return gettext("OctoPrint is not allowed to read the host’s start time.")
    return gettext("The host does not report when it started.")


def _explain_journal(problem, locale):
    gettext = _gettext(locale)
    return {
        "off": gettext("The history is turned off in this plugin’s settings."),
        "no_sqlite": gettext("Nothing is being recorded: Python lacks SQLite on this system."),
        "second": gettext("Nothing is being recorded: another OctoPrint is using the same folder."),
        "newer": gettext("Nothing is being recorded: the history was written by a newer version of this plugin."),
        "readonly": gettext("Nothing is being recorded: OctoPrint is not allowed to write to its data folder."),
        "full": gettext("Nothing is being recorded: the disk is full."),
        "failed": gettext("Nothing is being recorded: the history cannot be written. See octoprint.log."),
    }[problem]


def _gettext(locale):
    # Flask's own gettext speaks the language of the request, and English outside of one.
    return Translations.load(TRANSLATIONS, [locale]).gettext
