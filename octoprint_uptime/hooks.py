"""What OctoPrint calls beside the plugin's mixins."""

import flask
import octoprint.plugin

from octoprint_uptime import sessions, web

GITHUB_OWNER, GITHUB_REPOSITORY = "OctoPrint-Uptime", "OctoPrint-Uptime"

# What OctoPrint's menu asks for; in safe mode it goes on without this plugin.
ASKED = {"restart": "restart", "restart_safe": "restart", "reboot": "reboot", "shutdown": "shutdown"}


class Hooks(octoprint.plugin.OctoPrintPlugin):
    """A part of the plugin, which has the journal."""

    def get_hooks(self):
        """The hooks by the names that OctoPrint gives them."""
        return {
            "octoprint.events.register_custom_events": self.get_custom_events,
            "octoprint.plugin.backup.additional_excludes": self.get_backup_excludes,
            "octoprint.plugin.softwareupdate.check_config": self.get_update_information,
            "octoprint.server.api.after_request": self.get_after_request_handlers,
            "octoprint.server.api.before_request": self.get_before_request_handlers,
        }

    ##~~ Hooks: octoprint.server.api.before_request, octoprint.server.api.after_request

    def get_before_request_handlers(self, plugin):
        return [self._note_asked]

    def get_after_request_handlers(self, plugin):
        return [self._withdraw_refused]

    def _note_asked(self):
        command = web.system_command(flask.request)
        if command in ASKED:
            self._journal.change(sessions.ask, ASKED[command])

    def _withdraw_refused(self, response):
        if response.status_code >= 400 and web.system_command(flask.request) in ASKED:
            self._journal.change(sessions.ask, None)
        return response

    ##~~ Hook: octoprint.events.register_custom_events

    def get_custom_events(self):
        return ["session_started", "session_ended"]

    ##~~ Hook: octoprint.plugin.backup.additional_excludes

    def get_backup_excludes(self, excludes):
        # What runs now is not what will run where the backup is restored.
        return ["running.db", "running.db-journal"]

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
