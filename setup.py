"""Which packages are built; everything else is in pyproject.toml, which can't list packages that it finds by itself."""

from setuptools import find_packages, setup

# The catalogs are in a folder of their own, at the top of the repository.
setup(packages=[*find_packages(include=["octoprint_uptime", "octoprint_uptime.*"]), "octoprint_uptime.translations"])
