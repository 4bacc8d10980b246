"""Keeps the message catalogs up to date.

    python scripts/translations.py            extract the messages, update every catalog, compile it
    python scripts/translations.py LOCALE     the same, and start a catalog for a new language

LOCALE is a folder name such as ``de`` or ``pt_BR``. Chinese is ``zh`` and ``zh_Hant_TW``: OctoPrint
does not load ``zh_CN`` and ``zh_TW``.
"""

import io
import sys
from datetime import datetime, timezone
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
TRANSLATIONS = ROOT / "translations"
TEMPLATE = TRANSLATIONS / "messages.pot"

NO_DATE = datetime(2000, 1, 1, tzinfo=timezone.utc)


def extract():
    """All messages of the package, as a catalog without translations."""
    with open(ROOT / "babel.cfg") as configuration:
        methods, options = parse_mapping_cfg(configuration)
    catalog = Catalog(project="OctoPrint-Uptime", charset="utf-8")
    for _, _, message, comments, _ in extract_from_dir(ROOT, methods, options, comment_tags=["NOTE"]):
        catalog.add(message, auto_comments=comments)
    return catalog


def catalogs():
    """The locale and the path of each catalog."""
    return {path.parts[-3]: path for path in sorted(TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"))}


def read(path, locale=None):
    with open(path, "rb") as file:
        return read_po(file, locale=locale)


def update(template, locale, path):
    """Bring one catalog up to date. A message that changed stays untranslated until somebody translates it."""
    catalog = read(path, locale)
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    _write(path, catalog, locale)
    path.with_suffix(".mo").write_bytes(compiled(path, locale))


def compiled(path, locale):
    """What belongs into the .mo file; the same for the same .po, whenever it is made."""
    catalog = read(path, locale)
    catalog.creation_date = catalog.revision_date = NO_DATE
    content = io.BytesIO()
    write_mo(content, catalog)
    return content.getvalue()


def start(locale):
    path = TRANSLATIONS / locale / "LC_MESSAGES" / "messages.po"
    if str(Locale.parse(locale)) != locale:
        sys.exit(f"{locale}: OctoPrint looks for a folder named {Locale.parse(locale)}.")
    path.parent.mkdir(parents=True)
    _write(path, Catalog(locale=locale), locale)


def _write(path, catalog, locale=None):
    """With the headers that mean something and without a date, so that only real changes show."""
    plurals = f'"Plural-Forms: {catalog.plural_forms}\\n"\n' if locale else ""
    language = f'"Language: {locale}\\n"\n' if locale else ""
    with open(path, "wb") as file:
        head = f'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n{language}{plurals}\n'
        file.write(head.encode())
        write_po(file, catalog, omit_header=True, sort_output=True, width=100)


def main(new_locale=None):
    template = extract()
    _write(TEMPLATE, template)
    if new_locale:
        start(new_locale)
    for locale, path in catalogs().items():
        update(template, locale, path)
        missing = sum(1 for message in read(path, locale) if message.id and not message.string)
        print(f"{locale}: {'complete' if missing == 0 else f'{missing} messages to translate'}")


if __name__ == "__main__":
    main(*sys.argv[1:])
