"""Reads the history of the API's answer as a person would: clock by clock, with real dates."""

from datetime import datetime, timezone


class History:
    """``document`` is the answer's ``history``."""

    def __init__(self, document):
        self.document = document
        self.sessions = document["sessions"]

    def of(self, clock):
        """The sessions of one clock, newest first."""
        return [session for session in self.sessions if session["clock"] == clock]

    def endings(self, clock):
        """How they ended, newest first; None for the one that runs."""
        return [session["ending"] for session in self.of(clock)]


def moment(text):
    """A date of the API, such as 2026-11-24T03:12:10Z."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)


def run_time(session):
    """Seconds from the start to the end of a session, as its dates have it."""
    return (moment(session["ended"]) - moment(session["started"])).total_seconds()
