"""A plugin that writes down each event of ours; a test puts it into the base folder of an OctoPrint."""

import json
import os

import octoprint.plugin

__plugin_name__ = "Recorder"
__plugin_pythoncompat__ = ">=3.9,<4"


class RecorderPlugin(octoprint.plugin.EventHandlerPlugin):
    def on_event(self, event, payload):
        if event.startswith("plugin_octoprint_uptime_"):
            with open(os.path.join(self.get_plugin_data_folder(), "events.jsonl"), "a") as file:
                file.write(json.dumps([event, payload]) + "\n")


__plugin_implementation__ = RecorderPlugin()
