"""Programs that the documents use: those of this machine, else Debian's."""

import os
import shutil

from tests.harness import debian


def environment_with(*programs, package=None):
    """Environment variables under which these programs are found.

    ``package`` is where they come from; without one, each comes from the package of its name.
    """
    missing = [program for program in programs if shutil.which(program) is None]
    if not missing:
        return dict(os.environ)
    packages = [package or program for program in missing]
    folder = debian.unpack("-".join(packages), *packages)
    path = f"{folder / 'usr' / 'bin'}:{folder / 'usr' / 'sbin'}:{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "LD_LIBRARY_PATH": debian.libraries(folder)}
