"""What the API answers, as Prometheus reads it: its text exposition format, version 0.0.4."""

from octoprint_uptime.history.sessions import first, is_unexpected
from octoprint_uptime.readings import PREFIXES, evidence_of

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

# The names that Prometheus sees, and what each says of itself.
AGE = ("octoprint_uptime_seconds", "Uptime in seconds of the host, OctoPrint or printer connection.")
START_TIME = ("octoprint_uptime_start_time_seconds", "When it started, in Unix seconds.")
PREVIOUS_END = ("octoprint_uptime_previous_end_info", "How the session before this one ended.")
UNEXPECTED_END = ("octoprint_uptime_previous_end_unexpected", "Whether the session before this one ended unexpectedly.")
EVIDENCE = ("octoprint_uptime_previous_end_evidence_info", "What was reported about how it ended.")


def expose(reading, ended):
    """The exposition of the API's document and of the Sessions that have ended, newest first.

    What is not running has no age and no start; the previous end stays while it is away.
    """
    clocks = {_labels(uptime=name): prefix for name, prefix in PREFIXES.items()}
    ends = [end for end in (first(ended, name) for name in PREFIXES) if end is not None]
    evidence = {_labels(uptime=end.clock, evidence=code): 1 for end in ends for code in evidence_of(end) or ()}
    lines = [
        *_family(*AGE, {labels: reading[f"{prefix}seconds"] for labels, prefix in clocks.items()}),
        *_family(*START_TIME, {labels: reading[f"{prefix}started_timestamp"] for labels, prefix in clocks.items()}),
        *_family(*PREVIOUS_END, {_labels(uptime=end.clock, ending=end.ending): 1 for end in ends}),
        *_family(*UNEXPECTED_END, {_labels(uptime=end.clock): int(is_unexpected(end)) for end in ends}),
        *_family(*EVIDENCE, evidence),
    ]
    return "\n".join(lines) + "\n"


def _family(name, help, samples):
    """The lines of one metric; ``samples`` maps labels to a number, or to None if it is unknown."""
    values = (f"{name}{labels} {value}" for labels, value in samples.items() if value is not None)
    return [f"# HELP {name} {help}", f"# TYPE {name} gauge", *values]


def _labels(**labels):
    # All values are words of ours: there is nothing to escape.
    return "{" + ",".join(f'{name}="{value}"' for name, value in labels.items()) + "}"
