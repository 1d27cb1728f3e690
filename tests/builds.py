"""Configures and builds what the chosen suites need, and says which targets are missing."""

import fcntl
import json
import re
import subprocess
import time

from harness import LOGS, ROOT, last_lines, run_logged

BUILD_SECONDS_MAX = 5400


class Builds:
    """The builds of one test run: preset -> targets. One run builds in a checkout at a time."""

    def __init__(self, chosen):
        self.targets = {}
        for suite in chosen:
            for preset, target in suite.needs:
                self.targets.setdefault(preset, []).append(target)
        self.broken = set()

    def run(self):
        """Builds everything; what failed is remembered, and only its suites fail."""
        (ROOT / "build").mkdir(exist_ok=True)
        with (ROOT / "build" / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for preset, targets in self.targets.items():
                self.build(preset, sorted(set(targets)))

    def build(self, preset, targets):
        began = time.monotonic()
        if run_logged(["cmake", "--preset", preset], self.log(preset, "configure"), 300) != 0:
            self.broken |= {(preset, target) for target in targets}
            self.explain(preset, "configure")
        elif run_logged(self.command(preset, targets), self.log(preset, "build"), BUILD_SECONDS_MAX) != 0:
            self.broken |= {(preset, target) for target in targets if not self.builds_alone(preset, target)}
            self.explain(preset, "build")
        print(f"build {preset:<22} {'failed' if self.failed(preset) else 'done':<34} "
              f"{time.monotonic() - began:6.1f} s", flush=True)

    @staticmethod
    def command(preset, targets):
        # Unknown targets would stop the whole build, so only known ones are asked for at first.
        known = known_targets(preset)
        return ["ninja", "-C", ROOT / "build" / preset, "-k", "0", *(t for t in targets if t in known)]

    @staticmethod
    def log(preset, step):
        return LOGS / f"{step}-{preset}.log"

    def builds_alone(self, preset, target):
        command = ["ninja", "-C", ROOT / "build" / preset, target]
        return run_logged(command, LOGS / f"build-{preset}-{target}.log", BUILD_SECONDS_MAX) == 0

    def explain(self, preset, step):
        lines = last_lines(self.log(preset, step), 4000)
        errors = [line for line in lines if re.search(r"\berror:|CMake Error|^FAILED:", line)]
        for line in (errors or lines)[-20:]:
            print(f"    {line}", flush=True)

    def failed(self, preset):
        return any(broken == preset for broken, _ in self.broken)

    def missing(self, suite):
        """Returns the targets of a suite that were not built."""
        return [target for preset, target in suite.needs
                if (preset, target) in self.broken or target not in known_targets(preset)]


def known_targets(preset):
    """Returns the names that ninja can build in a configured build."""
    listed = subprocess.run(["ninja", "-C", str(ROOT / "build" / preset), "-t", "targets", "all"],
                            capture_output=True, text=True, check=False).stdout
    return {line.split(":")[0] for line in listed.splitlines()}


def ctest_entry(preset, name):
    """Returns how ctest would run a test: its command and its properties; nothing if unknown."""
    shown = subprocess.run(["ctest", "--test-dir", str(ROOT / "build" / preset), "--show-only=json-v1"],
                           capture_output=True, text=True, check=False).stdout
    for test in json.loads(shown or "{}").get("tests", []):
        if test["name"] == name:
            return test.get("command"), {row["name"]: row["value"] for row in test["properties"]}
    return None
