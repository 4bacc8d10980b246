"""How long the host, OctoPrint and the printer connection have been up.

Other plugins may import the ``format_uptime`` family from here; importing it does not need OctoPrint.
"""

from octoprint_uptime.durations import (
    format_uptime,
    format_uptime_d,
    format_uptime_dh,
    format_uptime_dhm,
    format_uptime_short,
)

__all__ = [
    "format_uptime",
    "format_uptime_d",
    "format_uptime_dh",
    "format_uptime_dhm",
    "format_uptime_short",
]

# OctoPrint reads these without importing the module, so they have to be plain constants.
__plugin_name__ = "Uptime"
__plugin_pythoncompat__ = ">=3.9,<4"

# These come with __plugin_load__.
__plugin_implementation__: object
__plugin_hooks__: dict
__plugin_helpers__: dict


def __plugin_load__():
    """Create the plugin when OctoPrint asks for it, so that a mere import stays free of OctoPrint."""
    global __plugin_implementation__, __plugin_hooks__, __plugin_helpers__

    from octoprint_uptime.plugin import UptimePlugin

    plugin = UptimePlugin()
    __plugin_implementation__ = plugin
    __plugin_hooks__ = plugin.get_hooks()
    __plugin_helpers__ = {
        "format_uptime": format_uptime,
        "get_uptime": plugin.get_uptime,
        "get_history": plugin.get_history,
    }
