"""What the API answers, as Prometheus reads it: its text exposition format, version 0.0.4."""

from octoprint_uptime.history.sessions import first, is_unexpected
from octoprint_uptime.readings import PREFIXES

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

# The names that Prometheus sees, and what each says of itself.
AGE = ("octoprint_uptime_seconds", "How long it has been up.")
START_TIME = ("octoprint_uptime_start_time_seconds", "When it started, in Unix seconds.")
PREVIOUS_END = ("octoprint_uptime_previous_end_info", "How the session before this one ended.")
UNEXPECTED_END = ("octoprint_uptime_previous_end_unexpected", "Whether the session before this one ended unexpectedly.")


def expose(reading, ended):
    """Spell what is known in Prometheus's text exposition.

    ``reading`` is the API's document, ``ended`` are the Sessions that are recorded, newest first. What is not running
    has no age and no start; the previous end stays while it is away.
    """
    running = {name: prefix for name, prefix in PREFIXES.items() if reading[prefix + "seconds"] is not None}
    ages = {name: reading[prefix + "seconds"] for name, prefix in running.items()}
    starts = {name: reading[prefix + "started_timestamp"] for name, prefix in running.items()}
    newest = {name: first(ended, name) for name in PREFIXES}
    ends = {name: session for name, session in newest.items() if session is not None}
    lines = [
        *_family(*AGE, {_labels(uptime=name): age for name, age in ages.items()}),
        *_family(*START_TIME, {_labels(uptime=name): start for name, start in starts.items()}),
        *_family(*PREVIOUS_END, {_labels(uptime=name, ending=end.ending): 1 for name, end in ends.items()}),
        *_family(*UNEXPECTED_END, {_labels(uptime=name): int(is_unexpected(end)) for name, end in ends.items()}),
    ]
    return "\n".join(lines) + "\n"


def _family(name, help, samples):
    """The lines of one metric; ``samples`` maps labels to a number."""
    return [
        f"# HELP {name} {help}",
        f"# TYPE {name} gauge",
        *(f"{name}{labels} {value}" for labels, value in samples.items()),
    ]


def _labels(**labels):
    # All values are words of ours: there is nothing to escape.
    return "{" + ",".join(f'{name}="{value}"' for name, value in labels.items()) + "}"
