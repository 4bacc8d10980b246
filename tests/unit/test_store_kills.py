"""A process that is killed at any moment loses nothing that it had acknowledged, and damages nothing."""

import json
import os
import subprocess
import sys

from tests.harness.wheel import ROOT

# A thousand with make test-all.
KILLS = os.environ.get("KILLS", "100")


def test_what_was_acknowledged_outlives_every_kill(tmp_path):
    command = [sys.executable, "-m", "tests.harness.kills", tmp_path, KILLS]
    report = json.loads(subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout)

    assert report["acknowledged"] >= int(KILLS) / 2
    assert (report["lost"], report["damaged"]) == ([], False)
