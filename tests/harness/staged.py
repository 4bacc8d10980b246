"""A history as the API has it, from a few words."""

from datetime import datetime, timedelta, timezone

UNEXPECTED = ("silent", "lost", "reset")
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)


def iso(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def ago(**units):
    """A moment before NOW: ago(hours=3)."""
    return NOW - timedelta(**units)


def session(clock, started, ended=None, before=None, ending=None, **fields):
    """One session. Moments are datetimes; `before` is `ended` where nothing else is said."""
    before = before or ended
    return {
        "clock": clock,
        "session": f"{clock} {iso(started)}",
        "started": iso(started),
        "ended": ended and iso(ended),
        "ended_before": before and iso(before),
        "seconds": ((ended or NOW) - started).total_seconds(),
        "ending": ending,
        "asked": None,
        "reason": None,
        "print": None,
        "undervoltage": None,
        "evidence": None,
        "unexpected": ending in UNEXPECTED,
        "watched_before": True,
        "confirmed": True,
        **fields,
    }


def history(*sessions, recorded_from=None, **fields):
    """The API's document of these sessions, which come newest first."""
    return {
        "recording": True,
        "recorded_from": recorded_from and iso(recorded_from),
        "days": 30,
        "clock_confirmed": True,
        "sessions": list(sessions),
        "stopped_prints": [],
        **fields,
    }


def stopped_print(ended, cause="cancelled", **fields):
    """One print that ended before it was done while the connection went on."""
    return {
        "ended": iso(ended),
        "file": "benchy.gcode",
        "completion": 63.2,
        "cause": cause,
        "reason": None,
        "asked": None,
        "confirmed": True,
        **fields,
    }


def told(document, **fields):
    """For answer_with: the fields of an answer at NOW that bring this history along."""
    connections = [each for each in document["sessions"] if each["clock"] == "printer"]
    away = connections and connections[0]["ending"] is not None
    running = {each["clock"]: each["session"] for each in document["sessions"] if each["ending"] is None}
    return {
        "octoprint_seconds": 3600.0,
        "octoprint_started_timestamp": int(ago(hours=1).timestamp()),
        "session": running.get("host"),
        "octoprint_session": running.get("octoprint"),
        "printer_session": running.get("printer"),
        "printer_last_ended": connections[0]["ended"] if away else None,
        "printer_last_ending": connections[0]["ending"] if away else None,
        "history_revision": "a revision",
        "history": document,
        **fields,
    }


BENCHY = {"file": "benchy.gcode", "completion": 63.2}


def night(**fields):
    """A host that lost its power during a print, ten hours ago, and what was before; `fields` are of the host's end."""
    gone, back = ago(hours=10, minutes=4), ago(hours=10)
    cut = {"ended": gone, "before": back}
    return history(
        session("octoprint", ago(hours=9, minutes=59)),
        session("host", back),
        session("printer", ago(hours=30), **cut, ending="carried", print=BENCHY),
        session("octoprint", ago(hours=50), **cut, ending="carried", print=BENCHY),
        session("host", ago(days=5), **cut, ending="silent", **{"print": BENCHY, **fields}),
        session("octoprint", ago(days=5), ago(hours=50, seconds=41), ending="stopped", asked="restart"),
        recorded_from=ago(days=5),
    )


ENDINGS = [
    ("host", "silent", None),
    ("host", "stopped", None),
    ("host", "stopped", "reboot"),
    ("host", "stopped", "shutdown"),
    ("host", "unseen", None),
    ("octoprint", "silent", None),
    ("octoprint", "stopped", None),
    ("octoprint", "stopped", "restart"),
    ("octoprint", "stopped", "update"),
    ("octoprint", "unseen", None),
    ("printer", "stopped", None),
    ("printer", "lost", None),
    ("printer", "reset", None),
    ("printer", "unseen", None),
]


def eventful():
    """A history of all that can happen, as often as makes a long list and pieces too narrow to be drawn."""
    sessions = [session("octoprint", ago(minutes=1)), session("host", ago(minutes=2))]
    for hours, (clock, ending, asked) in enumerate(ENDINGS, start=1):
        told = {"ending": ending, "asked": asked, "print": {"file": "ŝŝŝ", "completion": 9.5}}
        start, end, before = (ago(hours=hours, minutes=minutes) for minutes in (40, 20, 10))
        details = {"reason": "ŝŝŝ", "undervoltage": True, "confirmed": hours != 1}
        exact = ending not in ("silent", "unseen")
        sessions.append(session(clock, start, end, end if exact else before, **told, **details))
    for count in range(1, 20):
        start, end = ago(days=3, seconds=20 * count), ago(days=3, seconds=20 * count - 10)
        sessions.append(session("printer", start, end, ending="lost"))
    for clock in ("printer", "octoprint"):
        sessions.append(session(clock, ago(days=4), ago(days=3, hours=20), ending="carried"))
    return history(*sessions, recorded_from=ago(days=5))
