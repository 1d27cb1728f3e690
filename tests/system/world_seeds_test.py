#!/usr/bin/env python3
"""Many seeds of the simulated world, at full speed (needs JANUS_BIN)."""

import os
import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("JANUS_BIN", ROOT / "build" / "release" / "bin")) / "world_run"
SEEDS = int(os.environ.get("JANUS_SEEDS", "1500"))


class Seeds(unittest.TestCase):
    def test_every_seed_keeps_every_promise_and_heals(self):
        done = subprocess.run([PROGRAM, "--seeds", f"1-{SEEDS}"], capture_output=True, text=True, check=False,
                              stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 0, done.stdout[-4000:] + done.stderr[-4000:])


if __name__ == "__main__":
    unittest.main(verbosity=2)
