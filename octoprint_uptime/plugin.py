"""What OctoPrint calls. The work is done in the modules next door."""

import os
from pathlib import Path

import octoprint.plugin
from flask_babel import gettext
from octoprint.access.permissions import Permissions
from octoprint.events import Events

from octoprint_uptime import clocks, events, metrics, readings, settings, web
from octoprint_uptime.hooks import Hooks
from octoprint_uptime.journal import Journal
from octoprint_uptime.observer import Observer
from octoprint_uptime.page import Page


class UptimePlugin(
    octoprint.plugin.SettingsPlugin,
    Page,
    octoprint.plugin.SimpleApiPlugin,
    octoprint.plugin.BlueprintPlugin,
    octoprint.plugin.EventHandlerPlugin,
    octoprint.plugin.EnvironmentDetectionPlugin,
    octoprint.plugin.StartupPlugin,
    octoprint.plugin.ShutdownPlugin,
    Hooks,
):
    """Shows how long the host, OctoPrint and the printer connection have been up."""

    def __init__(self):
        self._epoch = clocks.Epoch()
        kinds = (clocks.HostClock, clocks.OctoPrintClock, clocks.PrinterClock)
        self._clocks = tuple(kind(self._epoch) for kind in kinds)

    def initialize(self):
        # As early as OctoPrint allows: its own clean-up of stored settings trips over what is not a dict.
        self._mend_stored_settings()
        self._read_settings()
        self._journal = Journal(
            Path(self._data_folder),
            self._clocks,
            self._epoch,
            completion=self._completion,
            safe_mode=self._last_safe_mode,
            tell=self._fire,
            logger=self._logger,
        )
        self._observer = Observer(self._printer, self._clocks[2], self._journal)

    def get_uptime(self, locale="en", with_patterns=False):
        """The API's document as a dict, with its texts in ``locale``; for other plugins."""
        self._observer.look()  # an event may still be on its way
        return readings.take_reading(self._clocks, self._current_settings, locale, with_patterns)

    def get_history(self, days=readings.DEFAULT_DAYS, locale="en"):
        """What happened within so many days, as the API's ``history``; for other plugins.

        None for the moment after OctoPrint's start in which the journal has not looked yet.
        """
        return self._take_history(days, locale)

    def _take_history(self, days, locale, later=False):
        return readings.take_history(self._journal.read(), days, locale, clocks.steady_seconds(), later)

    def _completion(self):
        return self._printer.get_current_data()["progress"]["completion"]

    def _last_safe_mode(self):
        try:
            return os.path.getmtime(os.path.join(self._settings.global_get_basefolder("data"), "last_safe_mode"))
        except OSError:
            return None

    def _fire(self, told):
        for name, payload in events.tell_events(told, self._journal.read(), clocks.steady_seconds()):
            self._event_bus.fire(f"plugin_octoprint_uptime_{name}", payload)

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
        self._journal.keep(self._current_settings["history_days"])
        return saved

    ##~~ SimpleApiPlugin

    def is_api_protected(self):
        # Checked in on_api_get: guests may have been granted STATUS, and a refusal says so in our words.
        return False

    def get_api_commands(self):
        return {"clear_history": []}

    def on_api_get(self, request):
        if not Permissions.STATUS.can():
            return web.refuse(gettext("You are not allowed to see the uptime."))
        locale, wanted = web.requested_locale(request), web.requested_parts(request)
        answer = self.get_uptime(locale, with_patterns="patterns" in wanted)
        if "history" in wanted:
            answer["history"] = self._take_history(web.requested_days(request), locale, later=True)
        return web.answer(answer)

    def on_api_command(self, command, data):
        if not Permissions.SETTINGS.can():
            return web.refuse(gettext("You are not allowed to delete the history."))
        return web.answer({"cleared": self._journal.clear()})

    ##~~ BlueprintPlugin

    def is_blueprint_protected(self):
        return False  # for the reasons of is_api_protected

    def is_blueprint_csrf_protected(self):
        return True

    @octoprint.plugin.BlueprintPlugin.route("/metrics", methods=["GET"])
    def answer_metrics(self):
        if not Permissions.STATUS.can():
            return web.refuse(gettext("You are not allowed to see the uptime."))
        text = metrics.expose(self.get_uptime(), self._journal.read().ended)
        return web.answer_text(text, metrics.CONTENT_TYPE)

    ##~~ EventHandlerPlugin

    def on_event(self, event, payload):
        self._observer.on_event(event, payload)
        if event == Events.SETTINGS_UPDATED:  # perhaps ours, by somebody else
            self._read_settings()
            self._journal.keep(self._current_settings["history_days"])

    ##~~ EnvironmentDetectionPlugin

    def get_additional_environment(self):
        self._observer.look()
        return readings.take_rows(self._clocks, self._journal.read(), clocks.steady_seconds())

    ##~~ StartupPlugin, ShutdownPlugin

    def on_startup(self, host, port):
        self._journal.start(self._current_settings["history_days"])

    def on_after_startup(self):
        helpers = self._plugin_manager.get_helpers("pi_support", "get_throttled") or {}
        throttled = helpers["get_throttled"]() if helpers else False
        if throttled:
            self._observer.throttled(throttled)

    def on_shutdown(self):
        self._journal.stop()

    def get_sorting_key(self, context):
        # Others may take their time to stop, and the supervisor's patience may end with them.
        return -1000 if context == "ShutdownPlugin.on_shutdown" else None
