"""What OctoPrint calls. The work is done in the modules that it imports."""

import os

import octoprint.plugin
from flask_babel import gettext
from octoprint.access.permissions import Permissions
from octoprint.events import Events

from octoprint_uptime import events, metrics, readings, settings, web
from octoprint_uptime.history import printer
from octoprint_uptime.history.recorder import Recorder
from octoprint_uptime.history.sessions import State
from octoprint_uptime.hooks import Hooks
from octoprint_uptime.machine import clocks
from octoprint_uptime.page import Page

# What OctoPrint's state says after a connection that ended with an error, in every version and language.
AFTER_ERROR = "Offline after error"
# Which request explains an event.
REQUESTS = {Events.DISCONNECTING: "disconnect", Events.PRINT_CANCELLING: "cancel"}
# Whether a plugin will be off after the next start, if the plugin manager did this to it.
LEAVES = {f"plugin_pluginmanager_{done}_plugin": done != "enable" for done in ("enable", "disable", "uninstall")}


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

    def initialize(self):
        Hooks.initialize(self)
        # As early as OctoPrint allows: its own clean-up of stored settings fails if they are not a dict.
        self._mend_stored_settings()
        # Kept at hand: to look them up takes OctoPrint longer than all the rest of an answer.
        self._current_settings = self._settings.get_all_data()
        self._recorder = Recorder(
            self._data_folder, self._completion, self._send_event, self._last_safe_mode(), self._logger
        )

    def get_uptime(self, locale="en", with_patterns=False):
        """The API's document as a dict, with its texts in ``locale``; for other plugins."""
        return readings.take_reading(self._recorder.snapshot(), self._current_settings, locale, with_patterns)

    def get_history(self, days=readings.DEFAULT_DAYS, locale="en"):
        """What happened within so many days, as the API's ``history``; for other plugins."""
        return readings.take_history(self._recorder.snapshot(), days, locale)

    def _completion(self):
        return self._printer.get_current_data()["progress"]["completion"]

    def _last_safe_mode(self):
        try:
            return os.path.getmtime(os.path.join(self._settings.global_get_basefolder("data"), "last_safe_mode"))
        except OSError:
            return None

    def _send_event(self, record):
        name, payload = events.event_of(record, self._recorder.snapshot())
        self._event_bus.fire(f"plugin_octoprint_uptime_{name}", payload)

    def _read_settings(self):
        self._current_settings = self._settings.get_all_data()
        self._recorder.keep(self._current_settings["history_days"])

    def _mend_stored_settings(self):
        stored = self._settings.get_all_data(merged=False, incl_defaults=False)
        if stored is None:
            self._start_with_new_settings()
            return
        kept, problems = settings.mend_settings(stored)
        for problem in problems:
            self._logger.warning("Stored setting dropped: %s", problem)
        if kept != stored:
            self._settings.clean_all_data()
            self._settings.set([], kept)
            self._settings.save()

    def _start_with_new_settings(self):
        """An installation that has run before has a data folder, and keeps the defaults."""
        if not os.path.exists(self._data_folder):
            self._settings.set([], dict(settings.NEW))
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

    ##~~ SimpleApiPlugin

    def is_api_protected(self):
        # Checked in on_api_get: guests may have been granted STATUS, and a refusal says so in our words.
        return False

    def get_api_commands(self):
        return {"clear_history": []}

    def on_api_get(self, request):
        if not Permissions.STATUS.can():
            return web.refuse(gettext("You are not allowed to see the uptime."))
        locale, wanted = web.requested_locale(request), request.args.get("include", "").split(",")
        snapshot = self._snapshot_for_request()
        answer = readings.take_reading(snapshot, self._current_settings, locale, "patterns" in wanted)
        if "history" in wanted and request.args.get("revision") != snapshot.revision:
            answer["history"] = readings.take_history(snapshot, web.requested_days(request), locale, later=True)
        return web.answer(answer)

    def _snapshot_for_request(self):
        self._recorder.wait_for_printer(self._printer.is_operational())
        return self._recorder.snapshot()

    def on_api_command(self, command, data):
        if not Permissions.SETTINGS.can():
            return web.refuse(gettext("You are not allowed to delete the history."))
        return web.answer({"cleared": self._recorder.clear()})

    ##~~ BlueprintPlugin

    def is_blueprint_protected(self):
        return False  # for the reasons of is_api_protected

    def is_blueprint_csrf_protected(self):
        return True

    @octoprint.plugin.BlueprintPlugin.route("/metrics", methods=["GET"])
    def answer_metrics(self):
        if not Permissions.STATUS.can():
            return web.refuse(gettext("You are not allowed to see the uptime."))
        snapshot = self._snapshot_for_request()
        text = metrics.expose(readings.take_reading(snapshot, self._current_settings, "en"), snapshot.ended)
        return web.answer_text(text, metrics.CONTENT_TYPE)

    ##~~ EventHandlerPlugin

    def on_event(self, event, payload):
        if event in printer.HANDLERS:
            self._recorder.take(self._describe(event, payload or {}))
        elif event == Events.SETTINGS_UPDATED:  # another plugin may have changed ours
            self._read_settings()
        elif event == "plugin_pi_support_throttle_state":
            self._voltage_reported(payload)
        elif event == "plugin_softwareupdate_update_succeeded":
            self._recorder.change(State.ask, "update")
        elif event in LEAVES and payload["id"] == "octoprint_uptime":
            self._recorder.change(State.leave, LEAVES[event])

    def _describe(self, event, payload):
        """What was known when the event came."""
        error = self._error_after_disconnect() if event == Events.DISCONNECTED else None
        asked = event in REQUESTS and self.take_request(REQUESTS[event])
        return printer.Event(event, clocks.steady_seconds(), payload, error, asked, self._last_line)

    def _error_after_disconnect(self):
        try:
            state = self._printer.get_current_data()["state"]
        except Exception:  # OctoPrint is still disconnecting; the end counts more than its reason
            self._logger.exception("OctoPrint does not say why the connection ended")
            return None
        return state["error"] if state["text"].startswith(AFTER_ERROR) else None

    def _voltage_reported(self, payload):
        low = bool(payload["current_undervoltage"]), bool(payload["past_undervoltage"])
        self._recorder.change(State.report_undervoltage, *low)

    ##~~ EnvironmentDetectionPlugin

    def get_additional_environment(self):
        return readings.take_rows(self._recorder.snapshot())

    ##~~ StartupPlugin, ShutdownPlugin

    def on_startup(self, host, port):
        self._recorder.start(self._current_settings["history_days"])

    def on_after_startup(self):
        helpers = self._plugin_manager.get_helpers("pi_support", "get_throttled") or {}
        throttled = helpers["get_throttled"]() if helpers else False
        if throttled:
            self._voltage_reported(throttled)

    def on_shutdown(self):
        self._recorder.stop()

    def get_sorting_key(self, context):
        # First at the start, before others use the helpers; and at the stop: others may take longer than the
        # supervisor is patient.
        return -1000 if context in ("StartupPlugin.on_startup", "ShutdownPlugin.on_shutdown") else None
