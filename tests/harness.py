"""What the suites share: counts, running a program with a time limit, a database for tests."""

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT / "build" / "test-logs"


@dataclass
class Count:
    """How many single test cases passed, failed and were skipped."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other):
        return Count(self.passed + other.passed, self.failed + other.failed,
                     self.skipped + other.skipped)

    def text(self):
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


def end_on_signals():
    """Turns SIGTERM and SIGHUP into an orderly end, so that what was started is stopped."""
    def end(number, _frame):
        sys.exit(128 + number)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)


def end_group(process):
    """Ends a process and all that it started: first kindly, after five seconds not."""
    for number, patience in ((signal.SIGTERM, 5), (signal.SIGKILL, 5)):
        try:
            os.killpg(process.pid, number)
            process.wait(patience)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue


def run_logged(command, log, seconds_max, environment=None, folder=ROOT):
    """Runs a command with its output in a file. Returns its exit code, or nothing when time ran out."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen([str(word) for word in command], stdout=out, stderr=subprocess.STDOUT,
                                   stdin=subprocess.DEVNULL, cwd=folder, start_new_session=True,
                                   env={**os.environ, **(environment or {})})
        try:
            return process.wait(seconds_max)
        except subprocess.TimeoutExpired:
            return None
        finally:
            end_group(process)


def last_lines(log, count=40):
    """Returns the last lines of a log, or nothing when there is none."""
    if not log.exists():
        return []
    return log.read_text(encoding="utf-8", errors="replace").splitlines()[-count:]


class TestDatabase:
    """A fast private PostgreSQL under var/, stopped and deleted at the end, however that comes."""

    def __init__(self, needed):
        self.needed = needed
        self.folder = ROOT / "var" / f"test-{os.getpid()}"
        self.url = ""
        self.problem = ""

    def environment(self):
        """Returns what tests find in their environment: the address of an instance, or nothing."""
        return {"JANUS_TEST_POSTGRES": self.url} if self.url else {}

    def __enter__(self):
        remove_left_over_databases()
        if self.needed:
            self.start()
        return self

    def start(self):
        started = script("start", "--fast", self.folder / "postgres")
        if started.returncode == 0:
            self.url = script("url", self.folder / "postgres").stdout.strip()
        else:
            self.problem = started.stderr.strip()

    def __exit__(self, *_):
        remove_database(self.folder)


def script(*arguments):
    return subprocess.run([str(ROOT / "scripts" / "postgres"), *map(str, arguments)], check=False,
                          capture_output=True, text=True, stdin=subprocess.DEVNULL)


def remove_database(folder):
    if folder.exists():
        script("remove", folder / "postgres")
        shutil.rmtree(folder, ignore_errors=True)


def remove_left_over_databases():
    """Removes what runs that were killed have left: folders named after processes that are gone."""
    for folder in (ROOT / "var").glob("test-*"):
        if not Path(f"/proc/{folder.name.removeprefix('test-')}").exists():
            remove_database(folder)
