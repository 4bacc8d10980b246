"""What the plugin reads from a request and how it answers one."""

import json

import flask
import flask_babel
from octoprint.access.permissions import Permissions

from octoprint_uptime.readings import DEFAULT_DAYS, MOST_DAYS

# By OctoPrint's endpoint: the command that counts, and what its user has to be allowed.
PRINTER_COMMANDS = {
    "api.connectionCommand": ("disconnect", Permissions.CONNECTION),
    "api.controlJob": ("cancel", Permissions.PRINT),
}


def answer(document, status=200):
    """A response that may not be cached. In the document, a call stands for what it returns."""
    # Not flask.jsonify: it sorts and indents, which takes longer than all the rest.
    text = json.dumps(document, separators=(",", ":"), default=lambda call: call())
    return answer_text(text, "application/json", status)


def answer_text(text, content_type, status=200):
    """The same for what is text already."""
    response = flask.Response(text, status, content_type=content_type)
    response.headers["Cache-Control"] = "no-store"
    return response


def refuse(error):
    """A refusal, with a sentence that says why, and nothing else."""
    return answer({"error": error, "uptime_available": False}, 403)


def requested_locale(request):
    """The locale of the answer's texts, as OctoPrint negotiates it."""
    # OctoPrint has looked up the language that a request names; the user's own it did not know yet at that point.
    named = flask.g.locale if "l10n" in request.args else None
    return str(named or flask_babel.get_locale())


def requested_days(request):
    """A whole number of days from 1 to MOST_DAYS, else DEFAULT_DAYS."""
    text = request.args.get("days", "")
    days = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0
    return days if 1 <= days <= MOST_DAYS else DEFAULT_DAYS


def system_command(request):
    """Which of OctoPrint's own system commands a request wants to be run, such as "restart", or None."""
    if request.endpoint != "api.executeSystemCommand" or request.method != "POST":
        return None
    return request.view_args["command"] if request.view_args["source"] == "core" else None


def printer_command(request):
    """The command to the printer in a request, "disconnect" or "cancel", if its user may send it; else None."""
    if request.endpoint not in PRINTER_COMMANDS or request.method != "POST":
        return None
    command, permission = PRINTER_COMMANDS[request.endpoint]
    if not permission.can():
        return None
    data = request.get_json(silent=True)
    return command if isinstance(data, dict) and data.get("command") == command else None
