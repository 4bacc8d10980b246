"""The one JSON document that the API answers."""

import time
from pathlib import Path

import psutil
from babel.support import Translations

from octoprint_uptime.durations import duration_patterns, format_duration

# What a clock's fields begin with, and the format behind each text field.
PREFIXES = {"host": "", "octoprint": "octoprint_", "printer": "printer_"}
TEXTS = {"uptime": "full", "uptime_dhm": "dhm", "uptime_dh": "dh", "uptime_d": "d", "uptime_short": "short"}


TRANSLATIONS = Path(__file__).parent / "translations"


def take_reading(clocks, settings, locale, with_patterns=False):
    """Read all clocks at once.

    ``clocks`` maps each name of PREFIXES to its clock, ``settings`` holds the plugin's settings,
    ``locale`` is that of every text. Returns a dict that is ready for JSON;
    docs/octoprint-integration.md describes its fields.
    """
    reading = {}
    for name, prefix in PREFIXES.items():
        reading.update(_read_clock(clocks[name], prefix, locale))
    reading["display_format"] = settings["display_format"]
    reading["poll_interval_seconds"] = settings["poll_interval_seconds"]
    reading["uptime_available"] = reading["seconds"] is not None
    if not reading["uptime_available"]:
        reading["uptime_note"] = _explain(clocks["host"].failure, locale)
    reading["locale"] = locale
    reading["utc_offset_seconds"] = time.localtime().tm_gmtoff
    if with_patterns:
        reading["duration_patterns"] = duration_patterns(locale)
    return reading


def _read_clock(clock, prefix, locale):
    seconds = clock.seconds()
    fields = {prefix + "seconds": None if seconds is None else round(seconds, 3)}
    for field, format in TEXTS.items():
        text = None if seconds is None else format_duration(seconds, format, locale=locale)
        fields[prefix + field] = text
    fields[prefix + "started"] = clock.started(seconds)
    return fields


def _explain(failure, locale):
    # Flask's own gettext speaks the language of the request, and English outside of one.
    gettext = Translations.load(TRANSLATIONS, [locale]).gettext
    if isinstance(failure, (PermissionError, psutil.AccessDenied)):
        return gettext("OctoPrint is not allowed to read when the host started.")
    return gettext("The host does not tell when it started.")
