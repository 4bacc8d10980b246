"""Which folders lose their contents when the host restarts. Pure, apart from the two files that it reads."""

import os
import re
from pathlib import Path
from typing import NamedTuple

MEMORY = ("tmpfs", "ramfs")
CONTAINER_MARKS = (".dockerenv", "run/.containerenv", "run/systemd/container")


class Mount(NamedTuple):
    """A line of /proc/self/mountinfo (man 5 proc)."""

    point: str
    type: str
    options: str  # those of the file system


def forgets(folder, root="/") -> bool:
    """Whether what is written to this folder is gone after the host's next boot.

    True for file systems in memory, and for an overlay whose upper folder is in memory, such as that of raspi-config.
    An overlay on a disk (OpenWrt) keeps its contents, and so does a container's until the container is removed.
    """
    mounts = _mounts(root)
    mount = _mount_of(mounts, os.path.realpath(folder))
    if mount is None or mount.type != "overlay":
        return mount is not None and mount.type in MEMORY
    if any(Path(root, mark).exists() for mark in CONTAINER_MARKS):
        return False
    upper = next((_decode(part[9:]) for part in mount.options.split(",") if part.startswith("upperdir=")), None)
    if upper is None:
        return False  # read-only, and recognized as that
    if not Path(root, upper.lstrip("/")).exists():
        return True  # in the memory of the initial RAM disk, out of sight since (raspi-config)
    below = _mount_of([other for other in mounts if other is not mount], upper)
    return below is not None and below.type in MEMORY


def _mounts(root):
    try:
        lines = Path(root, "proc/self/mountinfo").read_text(errors="replace").splitlines()
    except OSError:  # not Linux
        return []
    parts = [(line.split(" - ", 1)[0].split(), line.split(" - ", 1)[-1].split()) for line in lines]
    return [Mount(_decode(before[4]), after[0], after[-1]) for before, after in parts if len(before) > 4 and after]


def _decode(path):
    return re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), path)


def _mount_of(mounts, path):
    """The mount that the path is in: the longest mount point above it, of equal ones the newest."""
    above = [mount for mount in mounts if (path + "/").startswith(mount.point.rstrip("/") + "/")]
    return max(reversed(above), key=lambda mount: len(mount.point), default=None)
