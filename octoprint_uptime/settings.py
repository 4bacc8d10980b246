"""What can be set, within which bounds, and what becomes of a value outside them."""

from octoprint_uptime.durations import FORMATS

DEFAULTS = {
    "show_navbar": True,
    "show_sidebar": True,
    "show_tab": True,
    "show_system_uptime": True,
    "show_octoprint_uptime": True,
    "show_printer_uptime": True,
    "display_format": "full",
    "compact_display": False,
    "compact_toggle_interval_seconds": 5,
    "poll_interval_seconds": 300,
    "restart_notice": True,
    "history_days": 365,
}

# Whole numbers: lowest and highest value.
BOUNDS = {
    "compact_toggle_interval_seconds": (5, 60),
    "poll_interval_seconds": (5, 3600),
    "history_days": (0, 3660),  # 0 keeps none
}


def clean_settings(data):
    """Sort what should be saved into what may be and what may not.

    ``data`` is what came from outside, of any shape. Returns ``(accepted, problems)``: a dict of
    known keys with valid values, and one sentence for the log about each value that was refused.
    """
    if not isinstance(data, dict):
        return {}, [f"settings must be an object, not {_quote(data)}"]
    problems = {key: _problem(key, value) for key, value in data.items()}
    accepted = {key: value for key, value in data.items() if problems[key] is None}
    return accepted, [problem for problem in problems.values() if problem is not None]


def mend_settings(stored):
    """Sort what config.yaml holds into what may stay and what has to go; returns what clean_settings does.

    Ajimaru/OctoPrint-Uptime up to 0.4.5 stored its settings under the same identifier. Its polling
    every 1 to 4 seconds becomes 5, its badge that was switched off stays off.
    """
    if not isinstance(stored, dict):
        return clean_settings(stored)
    taken_over = dict(stored)
    if "navbar_enabled" in taken_over:
        taken_over.setdefault("show_navbar", taken_over.pop("navbar_enabled"))
    key = "poll_interval_seconds"
    lowest, _ = BOUNDS[key]
    if _is_integer(stored.get(key)) and 1 <= stored[key] < lowest:
        taken_over[key] = lowest
    return clean_settings(taken_over)


def _problem(key, value):
    if key not in DEFAULTS:
        return f"there is no setting {_quote(key)}"
    expectation = _expectation(key, value)
    return expectation and f"{key} must be {expectation}, not {_quote(value)}"


def _expectation(key, value):
    """What the value should have been, or None where it is fine."""
    if key in BOUNDS:
        lowest, highest = BOUNDS[key]
        fits = _is_integer(value) and lowest <= value <= highest
        return None if fits else f"a whole number from {lowest} to {highest}"
    if key == "display_format":
        fits = isinstance(value, str) and value in FORMATS
        return None if fits else "one of " + ", ".join(FORMATS)
    return None if isinstance(value, bool) else "true or false"


def _is_integer(value):
    return isinstance(value, int) and not isinstance(value, bool)


def _quote(value):
    """A value as a log line can bear it: on one line, visible, short."""
    text = ascii(value)
    return text if len(text) <= 60 else text[:57] + "..."
