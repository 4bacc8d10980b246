"""The texts of the templates, in the language of the request."""

import re

import flask_babel

_PLACEHOLDER = re.compile(r"%\(\w+\)s|%")


def gettext(message, **values):
    """The translation of ``message`` with ``values`` in the places of its placeholders.

    In English if the translation lacks a placeholder, or has one that the message lacks: a language
    pack may bring any text, and one that cannot be filled in would stop the whole template.
    """
    translation = flask_babel.gettext(message)
    usable = _placeholders(translation) == _placeholders(message)
    return (translation if usable else message) % values


def _placeholders(text):
    return sorted(_PLACEHOLDER.findall(text))
