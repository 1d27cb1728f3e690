#!/usr/bin/env python3
"""Every fuzz target on its seeds: 60 s each in CI or as JANUS_FUZZ_SECONDS says, else 5 s (JANUS_FUZZ_BIN).

Targets that read little have half of that: what they can do is soon known.

What a target finds on the way is kept in build/fuzz-found/<target> and is where the next run begins.
"""

import base64
import os
import shlex
import subprocess
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("JANUS_FUZZ_BIN", ROOT / "build" / "fuzz" / "bin"))
CORPUS = ROOT / "tests" / "fuzz" / "corpus"
FOUND = ROOT / "build" / "fuzz-found"
SECONDS = int(os.environ.get("JANUS_FUZZ_SECONDS", "60" if os.environ.get("CI") == "true" else "5"))
HALF_TIME = ("fuzz_webull_bodies", "fuzz_webull_events", "fuzz_webull_signature", "fuzz_words")
PARALLEL = 2
SEED_COUNT_MAX = 200
SEED_SIZE_MAX = 2000

# As the other sanitized suites run; a fuzzer that holds more than this has met a size it believed.
OPTIONS = ("-seed=20260105", "-rss_limit_mb=1024", "-timeout=10", "-max_len=4096", "-print_final_stats=0")


def targets():
    """Returns the names of the targets that the CMake file declares."""
    text = (ROOT / "tests" / "fuzz" / "CMakeLists.txt").read_text(encoding="utf-8")
    return sorted(line.split("(")[1].split()[0] for line in text.splitlines() if line.startswith("janus_fuzz("))


def run(target):
    """Runs one target; returns what went wrong, or nothing."""
    program = BIN / target
    if not program.exists():
        return f"{target} is not built"
    found = FOUND / target
    found.mkdir(parents=True, exist_ok=True)
    seconds = -(-SECONDS // 2) if target in HALF_TIME else SECONDS
    with tempfile.TemporaryDirectory() as crashes:
        command = [str(program), *OPTIONS, f"-max_total_time={seconds}", f"-artifact_prefix={crashes}/",
                   str(found), str(CORPUS / target)]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False,
                              stdin=subprocess.DEVNULL, timeout=SECONDS + 120)
        if done.returncode == 0:
            return None
        inputs = sorted(Path(crashes).iterdir())
        lines = [f"{target} ended with code {done.returncode}", done.stderr[-3000:]]
        for path in inputs:
            text = base64.b64encode(path.read_bytes()).decode()
            lines.append(f"replay: echo {text} | base64 -d > input && {shlex.quote(str(program))} input")
        return "\n".join(lines)


class Fuzz(unittest.TestCase):
    def test_no_target_finds_a_crash(self):
        names = targets()
        self.assertGreaterEqual(len(names), 4)
        with ThreadPoolExecutor(PARALLEL) as pool:
            for name, trouble in zip(names, pool.map(run, names), strict=True):
                with self.subTest(name):
                    self.assertIsNone(trouble, trouble)

    def test_each_target_has_seeds_and_they_are_small(self):
        for name in targets():
            with self.subTest(name):
                seeds = list((CORPUS / name).iterdir())
                self.assertTrue(0 < len(seeds) <= SEED_COUNT_MAX, len(seeds))
                self.assertLessEqual(max(seed.stat().st_size for seed in seeds), SEED_SIZE_MAX)


if __name__ == "__main__":
    unittest.main(verbosity=2)
