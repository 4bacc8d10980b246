"""What OctoPrint puts on its page for the plugin: templates, their texts, scripts and styles."""

import re

import flask_babel
import octoprint.plugin

from octoprint_uptime.hooks import REPOSITORY_URL
from octoprint_uptime.settings import BOUNDS

# In this order: a script comes after those that it uses.
SCRIPTS = (
    *(f"model/{name}" for name in ("durations", "translations", "dates", "evidence", "texts", "clocks")),
    *(f"model/{name}" for name in ("story", "timeline", "csv")),
    *("sync", "record", "remembered"),
    *(f"view/{name}" for name in ("stable", "octoprint", "pieces", "cards", "fit", "badge", "events", "summary")),
    *(f"view/{name}" for name in ("answer", "timeline", "settings", "notices", "uptime")),
)

EVIDENCE_URL = f"{REPOSITORY_URL}/blob/main/docs/evidence.md"
_PLACEHOLDER = re.compile(r"%\(\w+\)s|%")


def gettext(message):
    """The translation of ``message``; in English if it has other placeholders."""
    # A language pack may bring any text, and one that cannot be filled in would stop the whole template.
    translation = flask_babel.gettext(message)
    usable = sorted(_PLACEHOLDER.findall(translation)) == sorted(_PLACEHOLDER.findall(message))
    return translation if usable else message


class Page(octoprint.plugin.TemplatePlugin, octoprint.plugin.AssetPlugin):
    """The templates of the four placements, with their scripts and styles."""

    ##~~ TemplatePlugin

    def get_template_configs(self):
        # Hidden until Knockout knows the user: OctoPrint renders the page once for everybody.
        hidden = ["display: none"]
        # OctoPrint puts it into attributes, too, where a quotation mark would end them: a translation may have one.
        name = gettext("Uptime").replace('"', "\u201d")
        placed = {"name": name, "order": 50}  # else the translated name decides
        sidebar = {"icon": "fas fa-stopwatch", "data_bind": "visible: showSidebar", "styles_wrapper": hidden}
        return [
            {"type": "navbar", "data_bind": "visible: showNavbar", "styles": hidden},
            {"type": "sidebar", **placed, **sidebar},
            {"type": "tab", **placed, "data_bind": "visible: showTab", "styles_link": hidden},
            {"type": "settings", "name": name},
        ]

    def get_template_vars(self):
        return {"bounds": BOUNDS, "gettext": gettext, "evidence": EVIDENCE_URL, "version": self._plugin_version}

    def is_template_autoescaped(self):
        return True

    ##~~ AssetPlugin

    def get_assets(self):
        scripts = [f"js/{name}.js" for name in SCRIPTS]
        return {"js": scripts, "clientjs": ["js/rescue.js"], "css": ["css/uptime.css"]}
