"""A plugin that uses ours. test_helpers.py puts it into the base folder of an OctoPrint, as a single file."""

from concurrent.futures import ThreadPoolExecutor

import flask
import octoprint.plugin

from octoprint_uptime import format_uptime

__plugin_name__ = "Uptime consumer"
__plugin_pythoncompat__ = ">=3.9,<4"


class ConsumerPlugin(octoprint.plugin.SimpleApiPlugin):
    """Tells through an API of its own what it got."""

    def is_api_protected(self):
        return True

    def on_api_get(self, request):
        helpers = self._plugin_manager.get_helpers("octoprint_uptime", "get_uptime", "get_history", "format_uptime")
        get_uptime = helpers["get_uptime"]
        return flask.jsonify(
            helpers=sorted(helpers),
            imported_text=format_uptime(3600),
            helper_text=helpers["format_uptime"](3600, locale="de"),
            inside=get_uptime(),
            outside=outside_of_requests(get_uptime, locale="de"),
            history=outside_of_requests(helpers["get_history"], days=7),
        )


def outside_of_requests(function, **options):
    """Call a function as a timer or an event would: a new thread knows no request."""
    with ThreadPoolExecutor(1) as executor:
        return executor.submit(function, **options).result()


__plugin_implementation__ = ConsumerPlugin()
