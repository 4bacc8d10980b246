"""Mornings after a bad night, and quiet ones: what was recorded, and the exact English answer of the page.

A morning is a YAML file of this folder. It is noon on 24 November 2026; times are a day of that month and a time of
day, UTC. ``sessions`` come newest first, ``before`` is the same as ``ended`` if it is not given; ``prints`` are those
that stopped. The answer is the moment, one sentence each, then the ``advice`` and what is said about ``others``.
"""

from datetime import datetime, timezone
from pathlib import Path

import yaml

from tests.harness.staged import history, session, stopped_print

FILES = sorted(Path(__file__).parent.glob("*.yaml"))


def load(file):
    """The history as the API has it, and the expected answer: a dict."""
    morning = yaml.safe_load(file.read_text())
    sessions = [_session(**fields) for fields in morning["sessions"]]
    prints = [stopped_print(_moment(fields.pop("ended")), **fields) for fields in morning.get("prints", [])]
    confirmed = morning.get("clock_confirmed", True)
    document = history(
        *sessions, stopped_prints=prints, recorded_from=_moment("1T00:00"), clock_confirmed=confirmed, days=30
    )
    return document, {name: morning.get(name, "") for name in ("answer", "advice", "others")}


def _session(clock, started, ended=None, before="", file=None, completion=None, **fields):
    found = session(clock, _moment(started), _moment(ended), _moment(before) if before else None, **fields)
    if before is None:  # the clocks of two boots that cannot be compared
        found["ended_before"] = None
    return {**found, "print": file and {"file": file, "completion": completion}}


def _moment(text):
    if text is None:
        return None
    day, time = text.split("T")
    return datetime.strptime(f"2026-11-{day} {time}", "%Y-%m-%d %H:%M").replace(tzinfo=timezone.utc)
