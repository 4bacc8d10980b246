"""What the plugin reads from a request and how it answers one."""

import json

import flask
import flask_babel

from octoprint_uptime.readings import DEFAULT_DAYS, MOST_DAYS


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
