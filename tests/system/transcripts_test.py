#!/usr/bin/env python3
"""Every transcript of both brokers, cut at every byte, at full speed (needs JANUS_BIN: transcript_run)."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("JANUS_BIN", ROOT / "build" / "release" / "bin")) / "transcript_run"
FOLDER = ROOT / "tests" / "transcript"

if __name__ == "__main__":
    # Its closing line, `N passed, N failed`, is the suite's.
    sys.exit(subprocess.run([PROGRAM, FOLDER / "ib_messages.txt", FOLDER / "webull_bodies.txt", FOLDER / "ib",
                             FOLDER / "webull"], check=False,
                            stdin=subprocess.DEVNULL).returncode)
