"""How the package is built; what it is, pyproject.toml says."""

from pathlib import Path

from rcssmin import cssmin
from rjsmin import jsmin
from setuptools import setup
from setuptools.command.build_py import build_py

MINIFIERS = {"js": jsmin, "css": cssmin}


class BuildSmall(build_py):
    """Leaves comments and indentation out of what browsers fetch: OctoPrint sends it as it is."""

    def build_package_data(self):
        super().build_package_data()
        for kind, minify in MINIFIERS.items():
            for path in Path(self.build_lib).glob(f"octoprint_uptime/static/{kind}/**/*.{kind}"):
                path.write_text(minify(path.read_text("utf-8")), "utf-8")


setup(cmdclass={"build_py": BuildSmall})
