"""What this plugin may find stored under its identifier: the settings of another one of the same name."""

# What Ajimaru/OctoPrint-Uptime 0.4.5 and its forerunners stored.
FORERUNNER = {
    "compact_display": True,
    "compact_toggle_interval_seconds": 10,
    "debug": True,
    "debug_throttle_seconds": 60,
    "display_format": "dhm",
    "navbar_enabled": True,
    "poll_interval_seconds": 1,
    "show_octoprint_uptime": False,
    "show_system_uptime": True,
}
