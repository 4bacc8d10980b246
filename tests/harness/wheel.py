"""Builds the plugin's wheel, the thing that is tested."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HARNESS = Path(__file__).parent
ROOT = HARNESS.parents[1]
WHEELS = ROOT / ".cache" / "wheel"

SOURCES = ("octoprint_uptime", "translations", "pyproject.toml", "setup.py", "README.md", "LICENSE")

# A fixed date, so that the same sources make the same wheel and Docker sees that nothing changed.
EPOCH = "1700000000"


def build_wheel():
    """Build the wheel from a copy of the sources, where no earlier build can leave anything behind."""
    with tempfile.TemporaryDirectory() as copy:
        for source in SOURCES:
            _copy(ROOT / source, Path(copy) / source)
        command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", copy, copy]
        subprocess.run(command, check=True, env={**os.environ, "SOURCE_DATE_EPOCH": EPOCH})
        (wheel,) = Path(copy).glob("*.whl")
        WHEELS.mkdir(parents=True, exist_ok=True)
        return shutil.copy(wheel, WHEELS)


def _copy(source, target):
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy2(source, target)


if __name__ == "__main__":
    print(build_wheel())
