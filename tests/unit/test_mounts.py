"""Which folders lose their contents when the host restarts, from what systems report about their mounts."""

import pytest

from octoprint_uptime.machine.mounts import forgets

DISK = "23 1 179:2 / {} rw,noatime shared:1 - ext4 /dev/root rw"
MEMORY = "31 23 0:28 / {} rw,nosuid - tmpfs tmpfs rw,size=1024k"
OVERLAY = "24 1 0:19 / {} rw,relatime shared:1 - overlay overlay rw,lowerdir={}/low,upperdir={}/up,workdir=/w{}"
DATA = "/home/pi/.octoprint/data/octoprint_uptime"


def overlay(folder="", point="/", options=""):
    return OVERLAY.format(point, folder, folder, options)


@pytest.fixture
def system(tmp_path):
    """Whether the folder forgets on a system with these mounts and paths."""

    def ask(mounts, *paths, folder=DATA):
        (tmp_path / "proc/self").mkdir(parents=True)
        (tmp_path / "proc/self/mountinfo").write_bytes(b"".join(line.encode() + b"\n" for line in mounts))
        for path in paths:
            (tmp_path / path).mkdir(parents=True)
        return forgets(folder, tmp_path)

    return ask


@pytest.mark.parametrize(
    ("mounts", "paths", "expected"),
    [
        # Disks, also with memory elsewhere.
        ([DISK.format("/")], [], False),
        ([DISK.format("/"), MEMORY.format("/home/pi/.octoprint/logs"), MEMORY.format("/home/p")], [], False),
        ([MEMORY.format("/"), DISK.format("/home")], [], False),
        ([DISK.format("/home"), MEMORY.format("/")], [], False),
        ([MEMORY.format("/home"), DISK.format("/home")], [], False),  # mounted over the other
        # Memory.
        ([DISK.format("/"), MEMORY.format("/home/pi")], [], True),
        ([DISK.format("/"), MEMORY.format(DATA)], [], True),
        ([DISK.format("/home"), MEMORY.format("/home")], [], True),
        ([DISK.format("/"), MEMORY.format("/home").replace("tmpfs", "ramfs")], [], True),
        # raspi-config's overlay: its upper folder was mounted by the initial RAM disk and is out of sight.
        ([overlay()], [], True),
        ([overlay(), DISK.format("/boot/firmware")], [], True),
        ([overlay(), DISK.format("/home")], [], False),
        # overlayroot: in sight, and in memory.
        ([overlay("/media/root-rw/overlay"), MEMORY.format("/media/root-rw")], ["media/root-rw/overlay/up"], True),
        ([MEMORY.format("/media/root-rw"), overlay("/media/root-rw/overlay")], ["media/root-rw/overlay/up"], True),
        # OpenWrt, or overlayroot on a disk.
        ([overlay("/overlay"), DISK.format("/overlay")], ["overlay/up"], False),
        ([overlay("/overlay"), DISK.format("/overlay"), MEMORY.format("/overlay/up/tmp")], ["overlay/up"], False),
        ([overlay("/overlay")], ["overlay/up"], False),
        # Docker and others: kept until the container is removed, and its volumes longer.
        ([overlay("/var/lib/docker")], [".dockerenv"], False),
        ([overlay("/var/lib/containers")], ["run/.containerenv"], False),
        ([overlay("/var/lib/machines")], ["run/systemd/container"], False),
        ([overlay("/var/lib/docker"), MEMORY.format("/home/pi")], [".dockerenv"], True),
        # An overlay without an upper folder is read-only.
        (["24 1 0:19 / / ro - overlay overlay ro,lowerdir=/a:/b"], [], False),
        # Spaces and other characters that are escaped.
        ([DISK.format("/"), MEMORY.format("/home/pi\\040")], [], False),
        ([overlay("/my\\040disk\\054x"), DISK.format("/my\\040disk\\054x")], ["my disk,x/up"], False),
        ([overlay("/my\\040disk"), MEMORY.format("/my\\040disk")], ["my disk/up"], True),
        # Nothing that can be understood.
        ([], [], False),
        (["", "x", "1 2 3 4 5", "1 2 3 4 - tmpfs", " - "], [], False),
        (["1 2 3 4 / -"], [], False),
    ],
)
def test_a_folder_forgets_if_it_is_in_memory(system, mounts, paths, expected):
    assert system(mounts, *paths) is expected


@pytest.mark.parametrize(
    ("point", "folder"),
    [
        ("/home/my\\040printer", "/home/my printer/data"),
        ("/home/my\\011printer", "/home/my\tprinter/data"),
        ("/home/a\\012b", "/home/a\nb/data"),
        ("/home/a\\134040b", "/home/a\\040b/data"),
        ("/home/drucker-für-käse", "/home/drucker-für-käse/data"),
        ("/home", "/home/data/../other"),
        ("/home/pi/", "/home/pi"),
    ],
)
def test_paths_are_compared_as_they_are(system, point, folder):
    assert system([DISK.format("/"), MEMORY.format(point)], folder=folder) is True


def test_a_line_that_is_no_unicode_does_not_hide_the_others(system, tmp_path):
    assert system([DISK.format("/"), MEMORY.format("/home")]) is True
    mounts = tmp_path / "proc/self/mountinfo"
    mounts.write_bytes(mounts.read_bytes() + b"40 23 0:9 / /b\xff rw - ext4 x rw\n")

    assert forgets(DATA, tmp_path) is True


def test_a_system_that_does_not_report_its_mounts_forgets_nothing(tmp_path):
    assert forgets(DATA, tmp_path) is False
