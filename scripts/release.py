"""Builds what a release publishes, from the last commit into .cache/release: zip, sdist and wheel.

The zip is what GitHub serves for a tag, and what OctoPrint's Plugin Manager takes.
"""

import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from scripts import screenshots, translations
from tests.harness.wheel import ROOT, SOURCES

RELEASE = ROOT / ".cache" / "release"


def main():
    version = version_of(git("show", "HEAD:pyproject.toml"))
    _end_with(disagreement(version, git("show", "HEAD:CHANGELOG.md")))
    _end_with(old_pictures(json.loads(screenshots.RECORD.read_text()), screenshots.sources()))
    shutil.rmtree(RELEASE, ignore_errors=True)
    RELEASE.mkdir(parents=True)
    packages = build(RELEASE)
    _end_with(gaps(packages["sdist"], packages["zip"]))
    _end_with(untranslated(packages["zip"]))
    print(*sorted(path.relative_to(ROOT) for path in packages.values()), sep="\n", flush=True)


def old_pictures(taken, sources):
    """What changed since the pictures were taken, in a sentence; both map the path of a source to its checksum."""
    changed = sorted(path for path in {*taken, *sources} if taken.get(path) != sources.get(path))
    return f"The pictures are older than {', '.join(changed)}: make screenshots." if changed else None


def build(folder, commit="HEAD"):
    """What a release of this commit publishes, put into a folder: the paths of its "zip", "sdist" and "wheel"."""
    version = version_of(git("show", f"{commit}:pyproject.toml"))
    archive = folder / f"OctoPrint-Uptime-{version}.zip"
    pack_repository(archive, archive.stem, commit)
    _build(archive)
    (sdist,), (wheel,) = folder.glob(f"*-{version}.tar.gz"), folder.glob(f"*-{version}-*.whl")
    return {"zip": archive, "sdist": sdist, "wheel": wheel}


def pack_repository(path, folder, commit="HEAD"):
    """A zip of a commit, in which all files are in this folder."""
    git("archive", "--format=zip", f"--prefix={folder}/", f"--output={path}", commit)


def version_of(pyproject):
    return re.search(r'(?m)^version = "(.*)"$', pyproject)[1]


def disagreement(version, changelog):
    """What is wrong with the newest heading of the changelog, in a sentence."""
    headings = re.findall(r"(?m)^## (\S+)", changelog)
    newest = next((heading for heading in headings if heading != "Unreleased"), None)
    if newest is None:
        return f"pyproject.toml says version {version}, but CHANGELOG.md has no heading for a version."
    if newest != version:
        return f"pyproject.toml says version {version}, but the newest version in CHANGELOG.md is {newest}."


def gaps(sdist, archive):
    """What a build needs and the sdist has not, in a sentence."""
    with tarfile.open(sdist) as packed, zipfile.ZipFile(archive) as repository:
        missing = _sources(repository.namelist()) - _sources(packed.getnames())
    if missing:
        return f"{sdist.name} lacks {', '.join(sorted(missing))}."


def untranslated(archive):
    """Which catalogs of a zip of the repository are not complete, in a sentence with a line for each message."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.unpack_archive(archive, folder)
        lines = translations.incomplete(Path(folder) / archive.stem)
    if lines:
        return "\n".join(["run make translations, and translate what it reports.", *lines])


def _sources(names):
    """Those that are built from; what lies beside the catalogs is for translators only."""
    paths = {name.partition("/")[2] for name in names if not name.endswith("/")}
    return {path for path in paths if path.startswith(SOURCES) and not re.fullmatch("translations/[^/]*", path)}


def _build(archive):
    """Both from the sources, so that neither hides what the other lacks."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.unpack_archive(archive, folder)
        sources = Path(folder) / archive.stem
        build = [sys.executable, "-m", "build", "--sdist", "--wheel", "--outdir", archive.parent, sources]
        subprocess.run(build, check=True, stdout=subprocess.DEVNULL)


def git(*arguments):
    """What git says of the repository, also where it belongs to another user."""
    command = ["git", "-c", f"safe.directory={ROOT}", *arguments]
    return subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout


def _end_with(complaint):
    if complaint:
        sys.exit(f"The last commit is not ready for a release: {complaint}")


if __name__ == "__main__":
    main()
