"""What OctoPrint puts on its page for the plugin."""

import octoprint.plugin

from octoprint_uptime.settings import BOUNDS
from octoprint_uptime.texts import gettext

# In this order: who uses others comes after them.
SCRIPTS = (
    *("durations", "clocks", "sync", "timeline", "story", "csv", "translations", "words", "sentences", "stored"),
    *("clock", "badge", "history", "picture", "list", "tab", "settings", "notice", "uptime"),
)


class Page(octoprint.plugin.TemplatePlugin, octoprint.plugin.AssetPlugin):
    """The templates of the four placements, with their scripts and styles."""

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

    def get_template_vars(self):
        return {"bounds": BOUNDS, "gettext": gettext}

    def is_template_autoescaped(self):
        return True

    ##~~ AssetPlugin

    def get_assets(self):
        return {
            "js": [f"js/{name}.js" for name in SCRIPTS],
            "clientjs": ["js/rescue.js"],
            "css": ["css/uptime.css"],
        }
