"""The catalogs and what ships of them."""

import re
import zipfile

import pytest

from scripts import translations
from tests.harness.wheel import build_wheel

CATALOGS = translations.catalogs()

# Punctuation, and words that some languages use as they are.
SAME_AS_ENGLISH = {
    "%(name)s: %(duration)s",
    "%(name)s: %(state)s, %(duration)s (%(from)s – %(to)s)",
    "Host",
    "Starts: %(count)s",
    "Uptime",
}


def messages(catalog):
    return {message.id: message.string for message in catalog if message.id}


@pytest.fixture(scope="module")
def template():
    return translations.extract()


@pytest.mark.parametrize("locale", CATALOGS)
def test_a_catalog_has_exactly_the_messages_of_the_code(template, locale):
    assert set(messages(translations.read(CATALOGS[locale], locale))) == set(messages(template))


def test_the_template_is_up_to_date(template):
    assert set(messages(translations.read(translations.TEMPLATE))) == set(messages(template))


@pytest.mark.parametrize("locale", CATALOGS)
def test_a_catalog_is_complete(locale):
    catalog = translations.read(CATALOGS[locale], locale)

    assert [message.id for message in catalog if message.id and (not message.string or message.fuzzy)] == []
    same = {id for id, string in messages(catalog).items() if id == string}
    assert same <= SAME_AS_ENGLISH


@pytest.mark.parametrize("locale", CATALOGS)
def test_a_translation_has_the_placeholders_of_its_message(locale):
    def placeholders(text):
        return sorted(re.findall(r"%\(\w+\)s|%", text))

    for id, string in messages(translations.read(CATALOGS[locale], locale)).items():
        assert placeholders(string) == placeholders(id), string
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
