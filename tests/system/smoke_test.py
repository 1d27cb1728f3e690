#!/usr/bin/env python3
"""The whole main job with the real programs: `./run --smoke` holds every step and ends by itself."""

import os
import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Smoke(unittest.TestCase):
    def test_the_smoke_run_holds_every_step_and_leaves_nothing_running(self):
        self.assertTrue(Path(os.environ["JANUS_BIN"], "janusd").exists(), "the programs are not built")
        done = subprocess.run([str(ROOT / "run"), "--no-build", "--smoke"], capture_output=True, text=True,
                              check=False, stdin=subprocess.DEVNULL, timeout=300)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        numbers = [line.split(".")[0] for line in done.stdout.splitlines() if line[:1].isdigit()]
        self.assertEqual(numbers, [str(number) for number in range(1, 10)], done.stdout)
        state = subprocess.run([str(ROOT / "scripts" / "postgres"), "status", str(ROOT / "var/smoke/postgres")],
                               capture_output=True, text=True, check=False)
        self.assertEqual(state.stdout, "stopped\n")


if __name__ == "__main__":
    unittest.main()
