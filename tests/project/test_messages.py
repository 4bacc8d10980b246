"""Our messages beside OctoPrint's own: in its page, both come from one catalog."""

import io
import subprocess
import sys
import zipfile

import pytest
from babel.messages.pofile import read_po

from scripts import translations
from tests.harness.wheel import ROOT

VERSIONS = sorted(path.stem for path in (ROOT / "tests" / "harness" / "constraints").glob("*.txt"))
CATALOG = "octoprint/translations/de/LC_MESSAGES/messages.po"


def german_of_octoprint(version):
    """Each message of OctoPrint with its German translation, from the wheel as it is published."""
    folder = ROOT / ".cache" / "octoprint-wheels" / version
    if not list(folder.glob("*.whl")):
        download = ["download", "--quiet", "--no-deps", "--only-binary", ":all:", "--ignore-requires-python"]
        subprocess.run([sys.executable, "-m", "pip", *download, "--dest", folder, f"OctoPrint=={version}"], check=True)
    (wheel,) = folder.glob("*.whl")
    catalog = read_po(io.BytesIO(zipfile.ZipFile(wheel).read(CATALOG)), locale="de")
    # A message with a plural is known by its singular.
    return {message.id if isinstance(message.id, str) else message.id[0]: message.string for message in catalog}


@pytest.mark.parametrize("version", VERSIONS)
def test_no_message_of_ours_means_something_else_to_octoprint(version):
    theirs = german_of_octoprint(version)
    catalog = translations.read(translations.catalogs()["de"], "de")
    ours = {message.id: message.string for message in catalog if message.id and message.string}
    assert len(theirs) > 1000
    clashes = {id: (ours[id], theirs[id]) for id in ours.keys() & theirs.keys() if ours[id] != theirs[id]}
    assert clashes == {}
