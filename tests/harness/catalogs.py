"""Catalogs of a language, as files."""

import io

from babel.messages.mofile import write_mo
from babel.messages.pofile import write_po


def files_of(catalog):
    """The source and the compiled form of a catalog, by their paths below a folder of translations."""
    folder = f"{catalog.locale}/LC_MESSAGES"
    return {f"{folder}/messages.po": _written(write_po, catalog), f"{folder}/messages.mo": _written(write_mo, catalog)}


def _written(write, catalog):
    content = io.BytesIO()
    write(content, catalog)
    return content.getvalue()
