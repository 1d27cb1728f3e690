#!/usr/bin/env python3
"""Another project's client, unchanged, against the simulated IB Gateway."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
import urllib.request
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
        self.control = re.search(r"\bcontrol=(\S+)", line).group(1)
        return self

    def switch_on(self, fault):
        body = json.dumps({"target": "ib", "fault": fault}).encode()
        urllib.request.urlopen(f"http://{self.control}/faults", body, timeout=10).close()

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)
        self.process.stdout.close()


class Conformance(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        for file in [FOLDER / ".npmrc", *FOLDER.glob("*.json"), *FOLDER.glob("*.mjs")]:
            shutil.copy(file, cls.folder)
        run_or_fail(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cls.folder, {}, 240)

    def test_the_node_client_trades_without_a_complaint(self):
        with Simulator() as simulator:
            self.run_suites(simulator)

    def test_pieces_of_messages_are_no_trouble(self):
        with Simulator() as simulator:
            simulator.switch_on("split_writes")
            self.run_suites(simulator)

    def run_suites(self, simulator):
        for suite in sorted(self.folder.glob("*.test.mjs")):
            run_or_fail(["node", "--test", suite.name], self.folder, {"JANUS_SIM_IB": simulator.ib}, 180)


def run_or_fail(command, folder, environment, seconds):
    done = subprocess.run(command, cwd=folder, env={**os.environ, **environment}, text=True,
                          capture_output=True, check=False, timeout=seconds)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(command)}:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    unittest.main()
