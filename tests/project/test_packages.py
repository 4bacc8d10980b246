"""Whatever the plugin is installed from, all of it arrives: code, templates, static files and every catalog."""

import re
import shutil
import subprocess
import sys
import zipfile

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


def test_browsers_fetch_no_comments():
    with zipfile.ZipFile(build_wheel()) as packed:
        sent = {name: packed.read(name).decode() for name in packed.namelist() if name.endswith((".js", ".css"))}

    assert len(sent) == len(list(ROOT.glob("octoprint_uptime/static/*/*.*")))
    assert [name for name, text in sent.items() if re.search(r"/\*|^\s|\n ", text)] == []
