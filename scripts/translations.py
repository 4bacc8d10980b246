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


# Punctuation, and words that some languages use as they are.
SAME_AS_ENGLISH = {
    "%(day)s, %(from)s – %(to)s",
    "%(from)s – %(to)s",
    "%(name)s: %(duration)s",
    "%(name)s: %(state)s, %(duration)s (%(from)s – %(to)s)",
    "Badge",
    "Host",
    "Starts: %(count)s",
    "Uptime",
}


def extract(root=ROOT):
    """All messages of the package, as a catalog without translations."""
    with open(root / "babel.cfg") as configuration:
        methods, options = parse_mapping_cfg(configuration)
    catalog = Catalog(project="OctoPrint-Uptime", charset="utf-8")
    for _, _, message, comments, _ in extract_from_dir(root, methods, options, comment_tags=["NOTE"]):
        catalog.add(message, auto_comments=comments)
    return catalog


def catalogs(root=ROOT):
    """The locale and the path of each catalog."""
    return {path.parts[-3]: path for path in sorted(root.glob("translations/*/LC_MESSAGES/messages.po"))}


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


def missing(template, catalog):
    """The messages of the code that the catalog has no translation of: its readers get them in English."""
    strings = {message.id: message.string for message in catalog if message.id and not message.fuzzy}
    return [id for id in _ids(template) if not strings.get(id) or (strings[id] == id and id not in SAME_AS_ENGLISH)]


def incomplete(root=ROOT):
    """What a release can't have: one line for each catalog that lacks messages of the code, or has others."""
    template, lines = extract(root), []
    for locale, path in catalogs(root).items():
        catalog = read(path, locale)
        lacking, left_over = missing(template, catalog), sorted(set(_ids(catalog)) - set(_ids(template)))
        lines += [f"{locale}: no translation of {message!r}" for message in lacking]
        lines += [f"{locale}: {message!r} is no message of the code" for message in left_over]
    return lines


def _ids(catalog):
    return sorted(message.id for message in catalog if message.id)


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
        print(summary(locale, missing(template, read(path, locale))))


def summary(locale, lacking):
    """What is left to translate in a language, one message a line."""
    if not lacking:
        return f"{locale}: complete"
    return "\n  ".join([f"{locale}: in English, {len(lacking)}:", *lacking])


if __name__ == "__main__":
    main(*sys.argv[1:])
