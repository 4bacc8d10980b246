"""Whatever the plugin is installed from, all of it arrives: code, templates, static files and every catalog."""

import gzip
import json
import re
import shutil
import subprocess
import sys

import pytest

from scripts.release import git, pack_repository
from tests.harness.wheel import ROOT, build_wheel

NOT_SOURCES = shutil.ignore_patterns(".git", ".cache", ".venv", "node_modules", "__pycache__")


def wheel(_):
    return build_wheel()


def sdist(folder):
    source = shutil.copytree(ROOT, folder / "source", ignore=NOT_SOURCES)
    run(sys.executable, "-m", "build", "--sdist", "--outdir", folder, source)
    return next(folder.glob("*.tar.gz"))


def zip_of_the_repository(folder):
    """As GitHub offers it, and as the README has it installed."""
    archive = folder / "main.zip"
    pack_repository(archive, "OctoPrint-Uptime-main")
    return archive


def files_of_the_working_tree():
    return {
        str(path.relative_to(ROOT))
        for name in ("octoprint_uptime", "translations")
        for path in ROOT.glob(f"{name}/**/*.*")
    }


def files_of_the_last_commit():
    return set(git("ls-tree", "-r", "--name-only", "HEAD").splitlines())


def installed(sources):
    """Where the files that ship are installed to."""
    code = {path for path in sources if path.startswith("octoprint_uptime/") and "__pycache__" not in path}
    catalogs = {f"octoprint_uptime/{path}" for path in sources if path.endswith(("/messages.po", "/messages.mo"))}
    return code | catalogs


def run(*command):
    return subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout


@pytest.mark.parametrize(
    ("package", "sources"),
    [
        (wheel, files_of_the_working_tree),
        (sdist, files_of_the_working_tree),
        (zip_of_the_repository, files_of_the_last_commit),
    ],
)
def test_a_package_installs_everything_that_ships_and_nothing_else(package, sources, tmp_path):
    target = tmp_path / "target"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile", "--target", target]
    run(*install, package(tmp_path))

    files = {str(path.relative_to(target)) for path in target.glob("octoprint_uptime/**/*.*") if path.is_file()}
    assert files == installed(sources())
    assert len([path for path in files if path.endswith((".po", ".mo"))]) >= 2 * 24


def test_a_build_needs_setuptools_alone():
    (required,) = re.findall(r"(?m)^requires = (.*)$", (ROOT / "pyproject.toml").read_text())

    assert [re.match(r"\w+", requirement)[0] for requirement in json.loads(required)] == ["setuptools"]


def test_what_browsers_fetch_is_small_enough_as_it_is():
    files = [path for path in ROOT.glob("octoprint_uptime/static/**/*.*") if path.suffix in (".js", ".css")]

    assert len(gzip.compress(b"\n".join(path.read_bytes() for path in sorted(files)))) < 37 * 1024


def test_packages_and_scripts_in_folders_of_their_own_are_installed(tmp_path):
    source = shutil.copytree(ROOT, tmp_path / "source", ignore=NOT_SOURCES)
    added = ["added/__init__.py", "added/module.py", "static/js/added/script.js", "static/css/added/style.css"]
    for path in added:
        file = source / "octoprint_uptime" / path
        file.parent.mkdir(exist_ok=True)
        file.touch()

    run(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", tmp_path / "target", source)

    assert [path for path in added if not (tmp_path / "target" / "octoprint_uptime" / path).exists()] == []
