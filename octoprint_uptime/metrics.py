"""What the API answers, as Prometheus reads it: its text exposition format, version 0.0.4."""

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

# What the fields of each uptime begin with in the API's document.
PREFIXES = {"host": "", "octoprint": "octoprint_", "printer": "printer_"}

# The names that Prometheus sees, and what each says of itself.
AGE = ("octoprint_uptime_seconds", "How long it has been up.")
START_TIME = ("octoprint_uptime_start_time_seconds", "When it started, in Unix seconds.")
PREVIOUS_END = ("octoprint_uptime_previous_end_info", "How the session before this one ended.")


def expose(reading, ended):
    """Spell what is known in Prometheus's text exposition.

    ``reading`` is the API's document, ``ended`` the Sessions that the journal remembers, newest first. What does not
    run has no samples, and there is none of an end that nobody recorded.
    """
    running = {name: prefix for name, prefix in PREFIXES.items() if reading[prefix + "seconds"] is not None}
    ages = {name: reading[prefix + "seconds"] for name, prefix in running.items()}
    starts = {name: reading[prefix + "started_timestamp"] for name, prefix in running.items()}
    lines = [
        *_family(*AGE, {_labels(uptime=name): age for name, age in ages.items()}),
        *_family(*START_TIME, {_labels(uptime=name): start for name, start in starts.items()}),
        *_family(*PREVIOUS_END, _previous_ends(running, ended)),
    ]
    return "\n".join(lines) + "\n"


def _previous_ends(running, ended):
    endings: dict = {}
    for session in ended:
        if session.clock in running:
            endings.setdefault(session.clock, session.ending)
    return {_labels(uptime=name, ending=ending): 1 for name, ending in endings.items()}


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
