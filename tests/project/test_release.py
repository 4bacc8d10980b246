"""What `make release-check` says before it installs anything."""

import io
import shutil
import tarfile
import zipfile
from pathlib import Path

import pytest

from scripts.release import disagreement, gaps, old_pictures, untranslated, version_of
from tests.harness.wheel import SOURCES

UNRELEASED = "# Changelog\n\n## Unreleased\n"
SAYS = "pyproject.toml says version 1.2.0, but"

FILES = ["octoprint_uptime/plugin.py", "translations/de/LC_MESSAGES/messages.mo", "pyproject.toml"]
FILES += ["setup.py", "README.md", "LICENSE"]
NOT_NEEDED = ["Makefile", "tests/__init__.py", "translations/messages.pot", "translations/GLOSSARY.md"]


@pytest.mark.parametrize(
    ("changelog", "complaint"),
    [
        (UNRELEASED, f"{SAYS} CHANGELOG.md has no heading for a version."),
        (UNRELEASED + "\n## 1.1.0 (2026-01-31)\n", f"{SAYS} the newest version in CHANGELOG.md is 1.1.0."),
        # The version stands there, but pyproject.toml was forgotten at the next one.
        (UNRELEASED + "\n## 1.3.0\n\n## 1.2.0\n", f"{SAYS} the newest version in CHANGELOG.md is 1.3.0."),
        ("## 1.2.0rc1\n", f"{SAYS} the newest version in CHANGELOG.md is 1.2.0rc1."),
        (UNRELEASED + "\n## 1.2.0 (2026-02-28)\n\n## 1.1.0 (2026-01-31)\n", None),
        ("## 1.2.0\n", None),
    ],
)
def test_the_version_has_to_be_the_newest_of_the_changelog(changelog, complaint):
    assert disagreement("1.2.0", changelog) == complaint


def test_pictures_have_to_be_as_new_as_their_sources():
    assert old_pictures({"a.js": "1", "b.js": "2"}, {"a.js": "1", "b.js": "2"}) is None
    assert "b.js, c.js" in old_pictures({"a.js": "1", "b.js": "2"}, {"a.js": "1", "c.js": "3"})


def test_the_version_stands_in_pyproject():
    assert version_of('[tool.ruff]\ntarget-version = "py39"\n\n[project]\nversion = "1.2.0"\n') == "1.2.0"


def sdist(folder, files):
    path = folder / "octoprint_uptime-1.2.0.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for file in files:
            archive.addfile(tarfile.TarInfo(f"octoprint_uptime-1.2.0/{file}"), io.BytesIO())
    return path


def repository(folder, files):
    path = folder / "OctoPrint-Uptime-1.2.0.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in files:
            archive.writestr(f"OctoPrint-Uptime-1.2.0/{file}", "")
    return path


@pytest.mark.parametrize("missing", FILES)
def test_the_sdist_has_to_have_all_that_a_build_needs(missing, tmp_path):
    packed = sdist(tmp_path, [file for file in FILES if file != missing])

    assert gaps(packed, repository(tmp_path, FILES)) == f"octoprint_uptime-1.2.0.tar.gz lacks {missing}."


def test_the_sdist_need_not_have_anything_else(tmp_path):
    assert gaps(sdist(tmp_path, FILES), repository(tmp_path, FILES + NOT_NEEDED)) is None


def test_every_source_is_watched():
    assert [source for source in SOURCES if not any(file.startswith(source) for file in FILES)] == []


MESSAGES = {"Sidebar": "Seitenleiste", "Separate tab": "Eigener Tab", "Uptime": "Uptime"}


def catalogs_of_a_repository(folder, german):
    """A zip of a repository whose code has MESSAGES, with a German catalog of these translations."""
    root = folder / "OctoPrint-Uptime-1.2.0"
    code = "\n".join(f"gettext({message!r})" for message in MESSAGES)
    catalog = "\n".join(f'msgid "{message}"\nmsgstr "{text}"\n' for message, text in german.items())
    files = {
        "babel.cfg": "[python: octoprint_uptime/**.py]\n",
        "octoprint_uptime/page.py": code,
        "translations/de/LC_MESSAGES/messages.po": f'msgid ""\nmsgstr ""\n\n{catalog}',
    }
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return Path(shutil.make_archive(root, "zip", folder, root.name))


@pytest.mark.parametrize(
    ("german", "lines"),
    [
        (MESSAGES, None),
        ({**MESSAGES, "Sidebar": ""}, ["de: no translation of 'Sidebar'"]),
        ({"Sidebar": "Seitenleiste", "Uptime": "Uptime"}, ["de: no translation of 'Separate tab'"]),
        ({**MESSAGES, "Sidebar": "Sidebar"}, ["de: no translation of 'Sidebar'"]),
        ({**MESSAGES, "Tab": "Tab"}, ["de: 'Tab' is no message of the code"]),
    ],
)
def test_a_release_has_complete_catalogs(german, lines, tmp_path):
    complaint = untranslated(catalogs_of_a_repository(tmp_path, german))

    assert (complaint and complaint.splitlines()[1:]) == lines
