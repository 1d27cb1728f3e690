#!/usr/bin/env python3
"""Many seeds of the simulated world, at full speed (needs JANUS_BIN)."""

import os
import re
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
        self.they_reach_enough(done.stdout.splitlines()[-1])

    def they_reach_enough(self, totals):
        reached = {name: int(number) for name, number in re.findall(r"(\w+)=(\d+)", totals)}
        self.assertGreater(reached.pop("placed"), 4 * SEEDS, totals)
        self.assertGreater(reached.pop("batched"), SEEDS // 10, totals)
        self.assertGreater(reached.pop("executions"), 2 * SEEDS, totals)
        self.assertGreater(reached.pop("restarts"), SEEDS, totals)
        self.assertGreater(reached.pop("kinds_of_faults"), 50, totals)
        self.assertEqual([name for name, placed in reached.items() if not placed], [], "every version of IB")
        self.assertGreaterEqual(len(reached), 5, totals)


if __name__ == "__main__":
    unittest.main(verbosity=2)
