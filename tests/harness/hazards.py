"""Makes a host misbehave: inside a child process, in namespaces of its own, where nobody else notices."""

import ctypes
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

CLONE_NEWTIME = 0x80  # linux/sched.h; Python knows it from 3.12 on

CHILD = """
import json, time
born = time.clock_gettime(time.CLOCK_BOOTTIME)
from {function.__module__} import {function.__name__} as tell
print(json.dumps({{"born": born, **tell()}}))
"""


def missing(what):
    """End the running test for want of something: skipped on somebody's machine, failed in CI, which has to have it."""
    end = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
    end(f"not possible here: {what}")


def unshare(*namespaces, mount=None):
    """The beginning of a command that runs the rest of it in new namespaces, after this mount."""
    # Who is not root becomes root of a user namespace first.
    owner = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    mounting = ["sh", "-c", f'mount {mount} && exec "$@"', "sh"] if mount else []
    command = ["unshare", *owner, *namespaces, *mounting]
    trial = subprocess.run([*command, "true"], capture_output=True, text=True)
    if trial.returncode != 0:
        missing(f"{' '.join(command)}: {trial.stderr.strip()}")
    return command


def run_child(function, command):
    """Call a function in a Python of its own, behind ``command``; it returns a dict.

    The child adds ``born``: what CLOCK_BOOTTIME said before it imported anything of the plugin.
    """
    code = CHILD.format(function=function)
    child = subprocess.run(
        [*command, sys.executable, "-c", code], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(child.stdout)


def suspend(seconds):
    """Let CLOCK_BOOTTIME of this process jump, as it does while a host sleeps; CLOCK_MONOTONIC stays.

    Needs the rights that ``unshare`` gives and a process without other threads.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    _check(libc.unshare(CLONE_NEWTIME))
    Path("/proc/self/timens_offsets").write_text(f"boottime {seconds} 0")
    with open("/proc/self/ns/time_for_children") as namespace:
        _check(libc.setns(namespace.fileno(), CLONE_NEWTIME))


def _check(result):
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
