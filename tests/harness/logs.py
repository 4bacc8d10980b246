"""Reads octoprint.log."""

import re
from typing import NamedTuple

_HEAD = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - (\S+) - ([A-Z]+) - ", re.MULTILINE)


class Record(NamedTuple):
    logger: str
    level: str
    text: str  # may have many lines


def records(log):
    """The records of a log, each with its traceback if it has one."""
    _, *parts = _HEAD.split(log)
    return [Record(*part) for part in zip(parts[0::3], parts[1::3], parts[2::3])]


def complaints(log):
    """What the plugin itself warned of."""
    own = [record for record in records(log) if record.logger == "octoprint.plugins.octoprint_uptime"]
    return [record.text.rstrip("\n") for record in own if record.level != "INFO"]


def failures(log):
    """The records that tell of something that went wrong in the plugin, or with it."""
    named = [record for record in records(log) if "octoprint_uptime" in record.logger + record.text]
    return [record for record in named if record.level in ("ERROR", "CRITICAL") or "Traceback" in record.text]
