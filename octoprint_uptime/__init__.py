"""How long the host, OctoPrint and the printer connection have been up.

Other plugins may import the ``format_uptime`` family from here; importing it does not need OctoPrint.
"""

from octoprint_uptime.durations import format_duration

# OctoPrint reads these without importing the module, so they have to be plain constants.
__plugin_name__ = "Uptime"
__plugin_pythoncompat__ = ">=3.9,<4"
# These come with __plugin_load__.
__plugin_implementation__: object
__plugin_hooks__: dict
__plugin_helpers__: dict


def format_uptime(seconds, locale="en"):
    """Days, hours, minutes and seconds, narrow: ``format_uptime(3600) == "1h 0m 0s"``."""
    return format_duration(seconds, "full", locale=locale)


def format_uptime_dhm(seconds, locale="en"):
    """Days, hours and minutes, narrow: ``format_uptime_dhm(300) == "5m"``."""
    return format_duration(seconds, "dhm", locale=locale)


def format_uptime_dh(seconds, locale="en"):
    """Days and hours, narrow: ``format_uptime_dh(300) == "0h"``."""
    return format_duration(seconds, "dh", locale=locale)


def format_uptime_d(seconds, locale="en"):
    """Days, narrow: ``format_uptime_d(86400) == "1d"``."""
    return format_duration(seconds, "d", locale=locale)


def format_uptime_short(seconds, locale="en"):
    """The two largest units, narrow: ``format_uptime_short(93784) == "1d 2h"``."""
    return format_duration(seconds, "short", locale=locale)


def __plugin_load__():
    """Create the plugin when OctoPrint loads it, so that a mere import stays free of OctoPrint."""
    global __plugin_implementation__, __plugin_hooks__, __plugin_helpers__

    from octoprint_uptime.plugin import UptimePlugin

    plugin = __plugin_implementation__ = UptimePlugin()
    __plugin_hooks__ = plugin.get_hooks()
    helpers = {"get_uptime": plugin.get_uptime, "get_history": plugin.get_history}
    __plugin_helpers__ = {"format_uptime": format_uptime, **helpers}
