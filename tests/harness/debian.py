"""Programs that this machine lacks: Debian's, unpacked below .cache, where the rest of the system does not see them."""

import subprocess

from tests.harness.wheel import ROOT

FOLDER = ROOT / ".cache" / "debian"

WRAPPER = """#!/bin/sh
export LD_LIBRARY_PATH="{libraries}" FONTCONFIG_FILE="{fonts}"
exec "{program}" "$@"
"""

FONTS = """<fontconfig>
<dir>{folder}/usr/share/fonts</dir>
<cachedir>{folder}/var/cache/fontconfig</cachedir>
</fontconfig>
"""


def unpack(name, *packages):
    """The folder in which these packages are, with what they need and this machine lacks."""
    folder = FOLDER / name
    subprocess.run([ROOT / "scripts" / "debian-packages", folder, *packages], check=True)
    return folder


def libraries(folder):
    """What LD_LIBRARY_PATH has to be for the programs of a folder."""
    return ":".join(sorted({str(library.parent) for library in folder.glob("**/*.so*")}))


def browser(package, program):
    """A command that runs a browser, with fonts for every language."""
    folder = unpack(package, package)
    fonts = unpack("fonts", "fonts-noto-core", "fonts-noto-cjk")
    (fonts / "fonts.conf").write_text(FONTS.format(folder=fonts))
    wrapper = folder / "run"
    wrapper.write_text(
        WRAPPER.format(libraries=libraries(folder), fonts=fonts / "fonts.conf", program=folder / program)
    )
    wrapper.chmod(0o755)
    return wrapper
