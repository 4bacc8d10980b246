"""The catalogs and what ships of them."""

import re
import zipfile

import pytest
from babel.messages.catalog import Catalog

from scripts import translations
from tests.harness.wheel import build_wheel

CATALOGS = translations.catalogs()


def messages(catalog):
    return {message.id: message.string for message in catalog if message.id}


@pytest.fixture(scope="module")
def template():
    return translations.extract()


@pytest.mark.parametrize("locale", CATALOGS)
def test_a_translation_has_the_placeholders_of_its_message(locale):
    def placeholders(text):
        return sorted(re.findall(r"%\(\w+\)s|%", text))

    for id, string in messages(translations.read(CATALOGS[locale], locale)).items():
        assert not string or placeholders(string) == placeholders(id), string
        assert string == string.strip()


@pytest.mark.parametrize("locale", CATALOGS)
def test_the_compiled_catalog_is_that_of_the_source(locale):
    path = CATALOGS[locale]

    assert path.with_suffix(".mo").read_bytes() == translations.compiled(path, locale)


@pytest.mark.parametrize("locale", CATALOGS)
def test_octoprint_finds_the_folder_of_a_catalog(locale):
    assert str(translations.Locale.parse(locale)) == locale


def test_no_message_has_plurals_or_a_context(template):
    assert all(isinstance(message.id, str) and message.context is None for message in template)


def test_every_catalog_has_its_glossary():
    glossary = (translations.TRANSLATIONS / "GLOSSARY.md").read_text()

    assert [locale for locale in CATALOGS if f"## {locale}:" not in glossary] == []


def test_the_wheel_holds_every_catalog_once():
    names = zipfile.ZipFile(build_wheel()).namelist()

    for locale in CATALOGS:
        for ending in ("po", "mo"):
            assert names.count(f"octoprint_uptime/translations/{locale}/LC_MESSAGES/messages.{ending}") == 1


def catalog_of(**translations):
    catalog = Catalog()
    for message, translation in translations.items():
        catalog.add(message, translation)
    return catalog


def test_what_is_shown_in_english_is_listed_for_each_language():
    template = catalog_of(Sidebar="", Tab="", Uptime="", Printer="")
    catalog = catalog_of(Sidebar="Seitenleiste", Tab="", Uptime="Uptime", Obsolete="Veraltet")

    lacking = translations.missing(template, catalog)
    assert translations.summary("de", lacking) == "de: in English, 2:\n  Printer\n  Tab"
    assert translations.summary("de", []) == "de: complete"
