"""Builds the Docker images of one OctoPrint version: with the plugin in it, and without."""

import shutil
import ssl
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
OFFICIAL_BASE = "python:3.11-slim-bookworm"
OWN_BASE = "octoprint-uptime-base:bookworm"
NAME = "octoprint-uptime-test"


def build_image(version, package):
    """Docker takes from its cache what has not changed. Without a package, no plugin."""
    tag = ["--tag", image_name(version, package), "--label", NAME]
    target = [] if package else ["--target", "octoprint"]
    with tempfile.TemporaryDirectory() as context:
        _fill(Path(context), package)
        arguments = [f"OCTOPRINT_VERSION={version}", f"BASE_IMAGE={_base_image()}"]
        options = [option for argument in arguments for option in ("--build-arg", argument)]
        # Host networking: the build reaches what this machine reaches, also where containers are fenced in.
        _docker("build", "--quiet", "--network", "host", *tag, *target, *options, context)
    _remove_replaced_images()


def image_name(version, with_plugin):
    return f"{NAME}:{version}" if with_plugin else f"{NAME}:{version}-bare"


def _remove_replaced_images():
    """Those that lost their tag to a newer one. What a container still uses stays until the next time."""
    subprocess.run(["docker", "image", "prune", "--force", "--filter", f"label={NAME}"], capture_output=True)


def _fill(context, package):
    shutil.copy(HERE / "Dockerfile", context)
    shutil.copytree(HERE / "constraints", context / "constraints")
    if package:
        (context / "package").mkdir()
        shutil.copy(package, context / "package")
    shutil.copy(
        ssl.get_default_verify_paths().cafile or "/etc/ssl/certs/ca-certificates.crt", context / "ca-certificates.crt"
    )


def _base_image():
    """The official image where a registry is reached, else one made from Debian's packages."""
    for known in (OFFICIAL_BASE, OWN_BASE):
        if _succeeds("docker", "image", "inspect", known):
            return known
    if _succeeds("docker", "pull", "--quiet", OFFICIAL_BASE):
        return OFFICIAL_BASE
    subprocess.run([HERE / "base-image", OWN_BASE], check=True)
    return OWN_BASE


def _docker(*arguments):
    return subprocess.run(["docker", *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout


def _succeeds(*command):
    return subprocess.run(command, capture_output=True).returncode == 0
