"""Programs that the documents use: those of this machine, else Debian's, unpacked beside the tests."""

import os
import shutil
import subprocess

from tests.harness.wheel import ROOT


def environment_with(*programs, package=None):
    """Environment variables under which these programs are found.

    ``package`` is where they come from; without one, each comes from the package of its name.
    """
    missing = [program for program in programs if shutil.which(program) is None]
    if not missing:
        return dict(os.environ)
    packages = [package or program for program in missing]
    folder = ROOT / ".cache" / "debian" / "-".join(packages)
    subprocess.run([ROOT / "scripts" / "debian-packages", folder, *packages], check=True)
    libraries = sorted({str(library.parent) for library in folder.glob("**/*.so*")})
    path = f"{folder / 'usr' / 'bin'}:{folder / 'usr' / 'sbin'}:{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "LD_LIBRARY_PATH": ":".join(libraries)}
