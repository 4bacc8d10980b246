"""What OctoPrint calls in addition to the plugin's mixins."""

from importlib.metadata import metadata
from pathlib import Path

import flask
import octoprint.plugin
import octoprint.settings
from octoprint.access.permissions import Permissions

from octoprint_uptime.history.files import damaged_files
from octoprint_uptime.history.sessions import State
from octoprint_uptime.machine.clocks import steady_seconds

# As in pyproject.toml: updates and links follow it.
REPOSITORY_URL = metadata("OctoPrint-Uptime")["Project-URL"].split(", ")[1]

# The commands of OctoPrint's System menu; in safe mode OctoPrint goes on without this plugin.
ASKED = {"restart": "restart", "restart_safe": "restart", "reboot": "reboot", "shutdown": "shutdown"}
# By OctoPrint's endpoint: the command to the printer that counts, and what its user has to be allowed.
PRINTER_COMMANDS = {
    "api.connectionCommand": ("disconnect", Permissions.CONNECTION),
    "api.controlJob": ("cancel", Permissions.PRINT),
}
# A request to the printer explains what OctoPrint reports within this time.
EXPLAINS_SECONDS = 30


class Hooks(octoprint.plugin.OctoPrintPlugin):
    """A part of the plugin, which has the recorder."""

    _last_line = None  # when the printer sent it

    def initialize(self):
        self._printer_requests = {}  # "disconnect" and "cancel", and when they came

    def get_hooks(self):
        """The hooks by OctoPrint's names for them."""
        return {
            "octoprint.comm.protocol.gcode.received": self.note_line,
            "octoprint.events.register_custom_events": lambda: ["session_started", "session_ended", "print_stopped"],
            "octoprint.plugin.backup.additional_excludes": self.get_backup_excludes,
            "octoprint.plugin.softwareupdate.check_config": self.get_update_information,
            "octoprint.server.api.after_request": lambda plugin: [self._note_accepted],
            "octoprint.server.api.before_request": lambda plugin: [self._note_printer_request],
        }

    def note_line(self, comm, line, *args, **kwargs):
        words = line and line.strip()
        if words:  # OctoPrint passes on each of its timeouts as an empty line
            self._last_line = steady_seconds()
            self._recorder.note_line(words, self._last_line)
        return line

    def _note_printer_request(self):
        """OctoPrint reports what it does for the printer before it has answered the request."""
        if flask.request.method != "POST" or flask.request.endpoint not in PRINTER_COMMANDS:
            return
        command, permission = PRINTER_COMMANDS[flask.request.endpoint]
        data = flask.request.get_json(silent=True) if permission.can() else None
        if isinstance(data, dict) and data.get("command") == command:
            flask.g.uptime_command = command, self._printer_requests.get(command)
            self._printer_requests[command] = steady_seconds()

    def _note_accepted(self, response):
        request, refused = flask.request, response.status_code >= 400
        if refused and "uptime_command" in flask.g:
            command, before = flask.g.uptime_command
            self._printer_requests[command] = before
        if request.endpoint == "api.executeSystemCommand" and request.method == "POST" and not refused:
            asked = ASKED.get(request.view_args["command"]) if request.view_args["source"] == "core" else None
            if asked is not None:
                self._recorder.change(State.ask, asked)
        return response

    def take_request(self, command):
        """Whether "disconnect" or "cancel" was requested just now; each request explains one event."""
        noted = self._printer_requests.pop(command, None)
        return noted is not None and steady_seconds() - noted < EXPLAINS_SECONDS

    def get_backup_excludes(self, excludes):
        # What is running now is not what will be running where the backup is restored.
        # OctoPrint's command line does this without having initialized the plugin.
        folder = Path(octoprint.settings.settings().getBaseFolder("data"), "octoprint_uptime")
        return ["running.db", "running.db-journal", *(file.name for file in damaged_files(folder))]

    def get_update_information(self):
        owner, repository = REPOSITORY_URL.split("/")[-2:]
        source = {"type": "github_release", "user": owner, "repo": repository}
        pip = f"{REPOSITORY_URL}/archive/{{target_version}}.zip"
        named = {"displayName": self._plugin_name, "displayVersion": self._plugin_version}
        return {"octoprint_uptime": {**named, "current": self._plugin_version, **source, "pip": pip}}
