"""What OctoPrint calls. The work is done in the modules next door."""

import json
import threading

import flask
import flask_babel
import octoprint.plugin
from flask_babel import gettext
from octoprint.access.permissions import Permissions
from octoprint.events import Events

from octoprint_uptime import clocks, settings
from octoprint_uptime.durations import format_duration
from octoprint_uptime.readings import take_reading

GITHUB_OWNER, GITHUB_REPOSITORY = "OctoPrint-Uptime", "OctoPrint-Uptime"

# In this order: the view models come last and use the others.
SCRIPTS = ("durations", "clocks", "timeline", "badge", "settings", "clock_view_model", "uptime")

PRINTER_EVENTS = (Events.PRINTER_STATE_CHANGED, Events.CONNECTED, Events.DISCONNECTED)


class UptimePlugin(
    octoprint.plugin.SettingsPlugin,
    octoprint.plugin.TemplatePlugin,
    octoprint.plugin.AssetPlugin,
    octoprint.plugin.SimpleApiPlugin,
    octoprint.plugin.EventHandlerPlugin,
    octoprint.plugin.EnvironmentDetectionPlugin,
):
    """Shows how long the host, OctoPrint and the printer connection have been up."""

    def __init__(self):
        self._printer_clock = clocks.PrinterClock()
        self._clocks = {
            "host": clocks.HostClock(),
            "octoprint": clocks.OctoPrintClock(),
            "printer": self._printer_clock,
        }
        self._printer_lock = threading.Lock()

    def initialize(self):
        # As early as OctoPrint allows: its own clean-up of stored settings trips over what is not a dict.
        self._mend_stored_settings()
        self._read_settings()

    def get_uptime(self, locale="en"):
        """The API's document as a dict, with its texts in ``locale``; for other plugins."""
        return self._take_reading(locale)

    def _take_reading(self, locale, with_patterns=False):
        self._update_printer_clock()  # an event may still be on its way
        return take_reading(self._clocks, self._current_settings, locale, with_patterns)

    def _update_printer_clock(self):
        # The event thread and any number of requests come here: what was asked first must be told first.
        with self._printer_lock:
            self._printer_clock.update(self._printer.is_operational())

    def _read_settings(self):
        # Kept at hand: to look them up takes OctoPrint longer than all the rest of an answer.
        self._current_settings = self._settings.get_all_data()

    def _mend_stored_settings(self):
        stored = self._settings.get_all_data(merged=False, incl_defaults=False)
        if stored is None:
            return
        kept, problems = settings.mend_settings(stored)
        for problem in problems:
            self._logger.warning("Stored setting dropped: %s", problem)
        if kept != stored:
            self._settings.clean_all_data()
            self._settings.set([], kept)
            self._settings.save()

    ##~~ SettingsPlugin

    def get_settings_defaults(self):
        return dict(settings.DEFAULTS)

    def on_settings_save(self, data):
        accepted, problems = settings.clean_settings(data)
        for problem in problems:
            self._logger.warning("Not saved: %s", problem)
        saved = octoprint.plugin.SettingsPlugin.on_settings_save(self, accepted)
        self._read_settings()
        return saved

    ##~~ TemplatePlugin

    def get_template_configs(self):
        # Hidden until Knockout knows who is asking: OctoPrint renders the page once for everybody.
        hidden = ["display: none"]
        # OctoPrint puts it into attributes, too, where a quotation mark would end them: a translation may have one.
        name = gettext("Uptime").replace('"', "\u201d")
        return [
            {"type": "navbar", "data_bind": "visible: showNavbar", "styles": hidden},
            {
                "type": "sidebar",
                "name": name,
                "icon": "fas fa-stopwatch",
                "order": 50,  # else the translated name decides
                "data_bind": "visible: showSidebar",
                "styles_wrapper": hidden,
            },
            {
                "type": "tab",
                "name": name,
                "order": 50,
                "data_bind": "visible: showTab",
                "styles_link": hidden,
            },
            {"type": "settings", "name": name},
        ]

    def is_template_autoescaped(self):
        return True

    ##~~ AssetPlugin

    def get_assets(self):
        return {
            "js": [f"js/{name}.js" for name in SCRIPTS],
            "clientjs": ["js/rescue.js"],
            "css": ["css/uptime.css"],
        }

    ##~~ SimpleApiPlugin

    def is_api_protected(self):
        # Checked in on_api_get: guests may have been granted STATUS, and a refusal says so in our words.
        return False

    def on_api_get(self, request):
        if not Permissions.STATUS.can():
            return self._refuse()
        reading = self._take_reading(
            locale=_requested_locale(request),
            with_patterns="patterns" in request.args.get("include", "").split(","),
        )
        # Not flask.jsonify: it sorts and indents, which takes longer than all the rest.
        response = flask.Response(json.dumps(reading), mimetype="application/json")
        response.headers["Cache-Control"] = "no-store"
        return response

    def _refuse(self):
        error = gettext("You are not allowed to see the uptime.")
        response = flask.jsonify(error=error, uptime_available=False)
        response.status_code = 403
        return response

    ##~~ EventHandlerPlugin

    def on_event(self, event, payload):
        if event in PRINTER_EVENTS:
            self._update_printer_clock()
        elif event == Events.SETTINGS_UPDATED:  # perhaps ours, by somebody else
            self._read_settings()

    ##~~ EnvironmentDetectionPlugin

    def get_additional_environment(self):
        self._update_printer_clock()
        environment = {}
        for name, clock in self._clocks.items():
            seconds = clock.seconds()
            environment[name + "_seconds"] = None if seconds is None else int(seconds)
            environment[name + "_uptime"] = None if seconds is None else format_duration(seconds)
        return environment

    ##~~ Hook: octoprint.plugin.softwareupdate.check_config

    def get_update_information(self):
        return {
            "octoprint_uptime": {
                "displayName": self._plugin_name,
                "displayVersion": self._plugin_version,
                "current": self._plugin_version,
                "type": "github_release",
                "user": GITHUB_OWNER,
                "repo": GITHUB_REPOSITORY,
                "pip": f"https://github.com/{GITHUB_OWNER}/{GITHUB_REPOSITORY}/archive/{{target_version}}.zip",
            }
        }


def _requested_locale(request):
    # OctoPrint has looked up the language that a request names; the user's own it did not know yet at that point.
    named = flask.g.locale if "l10n" in request.args else None
    return str(named or flask_babel.get_locale())
