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

# What a new installation stores. The defaults stay as they were: earlier installations may rely on them.
NEW = {"display_format": "short"}

# Whole numbers: lowest and highest value.
BOUNDS = {
    "compact_toggle_interval_seconds": (5, 60),
    "poll_interval_seconds": (5, 3600),
    "history_days": (0, 3660),  # 0 keeps none
}


def clean_settings(data):
    """What may be saved of data of any shape: a dict, and a sentence for the log about each value that was refused."""
    if not isinstance(data, dict):
        return {}, [f"settings must be an object, not {_quote(data)}"]
    problems = {key: _problem(key, value) for key, value in data.items()}
    accepted = {key: value for key, value in data.items() if problems[key] is None}
    return accepted, [problem for problem in problems.values() if problem is not None]


def mend_settings(stored):
    """The same for what config.yaml holds.

    Ajimaru/OctoPrint-Uptime up to 0.4.5 stored its settings under the same identifier. Its polling every 1 to 4 seconds
    becomes 5, its badge that was switched off stays off.
    """
    if not isinstance(stored, dict):
        return clean_settings(stored)
    taken_over = dict(stored)
    if "navbar_enabled" in taken_over:
        taken_over.setdefault("show_navbar", taken_over.pop("navbar_enabled"))
    polling, (lowest, _) = stored.get("poll_interval_seconds", 0), BOUNDS["poll_interval_seconds"]
    if _is_integer(polling) and 1 <= polling < lowest:
        taken_over["poll_interval_seconds"] = lowest
    return clean_settings(taken_over)


def _problem(key, value):
    """What is wrong with a value, or None."""
    if key not in DEFAULTS:
        return f"there is no setting {_quote(key)}"
    if key in BOUNDS:
        lowest, highest = BOUNDS[key]
        fits, wanted = _is_integer(value) and lowest <= value <= highest, f"a whole number from {lowest} to {highest}"
    elif key == "display_format":
        fits, wanted = isinstance(value, str) and value in FORMATS, "one of " + ", ".join(FORMATS)
    else:
        fits, wanted = isinstance(value, bool), "true or false"
    return None if fits else f"{key} must be {wanted}, not {_quote(value)}"


def _is_integer(value):
    return isinstance(value, int) and not isinstance(value, bool)


def _quote(value):
    """A value as a log line can bear it: on one line, visible, short."""
    text = ascii(value)
    return text if len(text) <= 60 else text[:57] + "..."
