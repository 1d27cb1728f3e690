#!/usr/bin/env python3
"""Another project's client, unchanged, against the simulated IB Gateway."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "tests" / "conformance"


class Simulator:
    """janus-sim on ports of its own, for the length of a `with`."""

    def __enter__(self):
        words = [str(Path(os.environ["JANUS_BIN"], "janus-sim")), "--no-tls"]
        for name in ("--ib", "--webull", "--webull-events", "--control"):
            words += [name, "127.0.0.1:0"]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                        stdin=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline()
        self.ib = re.search(r"\bib=(\S+)", line).group(1)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)
        self.process.stdout.close()


class Conformance(unittest.TestCase):
    def test_the_node_client_trades_without_a_complaint(self):
        self.assertTrue(Path(os.environ["JANUS_BIN"], "janus-sim").exists(), "janus-sim is not built")
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for file in ("package.json", "package-lock.json", ".npmrc", "ib.test.mjs"):
                shutil.copy(FOLDER / file, folder)
            self.run_or_fail(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder, {}, 240)
            with Simulator() as simulator:
                self.run_or_fail(["node", "--test", "ib.test.mjs"], folder,
                                 {"JANUS_SIM_IB": simulator.ib}, 180)

    def run_or_fail(self, command, folder, environment, seconds):
        done = subprocess.run(command, cwd=folder, env={**os.environ, **environment}, text=True,
                              capture_output=True, check=False, timeout=seconds)
        self.assertEqual(done.returncode, 0, f"{' '.join(command)}:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    unittest.main()
