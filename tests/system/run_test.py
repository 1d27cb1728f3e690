#!/usr/bin/env python3
"""./run starts, finds again and stops its programs, however it is interrupted.

The programs are small stand-ins here, so that this test is about the script alone; the real ones are
run by smoke_test.py.
"""

import os
import pty
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# One program that plays all three by its name. File `code` beside it makes janusd end with that code.
STAND_IN = r"""
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <libgen.h>
#include <sys/stat.h>
static void end(int number) { (void)number; _exit(0); }
static void janusd(const char *config, const char *folder) {
    char path[4096], line[4096], state[4096] = "";
    snprintf(path, sizeof path, "%s/code", folder);
    FILE *file = fopen(path, "r");
    int code = 0;
    if (file && fscanf(file, "%d", &code) == 1) { unlink(path); exit(code); }
    file = fopen(config, "r");
    while (file && fgets(line, sizeof line, file)) sscanf(line, "dir = \"%4000[^\"]", state);
    mkdir(state, 0700);
    snprintf(path, sizeof path, "%s/ports.json", state);
    file = fopen(path, "w");
    fprintf(file, "{\"grpc\": [\"127.0.0.1:1\"], \"http\": [\"127.0.0.1:2\"]}");
    fclose(file);
    puts("janusd ready");
}
int main(int count, char **words) {
    char self[4096], folder[4096];
    ssize_t size = readlink("/proc/self/exe", self, sizeof self - 1);
    self[size] = 0;
    strcpy(folder, self);
    dirname(folder);
    const char *name = basename(self);
    signal(SIGTERM, end);
    if (strcmp(name, "janus") == 0) { puts("the portfolio"); return 0; }
    if (strcmp(name, "janusd") == 0) janusd(words[count - 1], folder);
    else puts("janus-sim ready ib=127.0.0.1:11 webull=127.0.0.1:12 webull_events=127.0.0.1:13 control=127.0.0.1:14");
    fflush(stdout);
    for (;;) pause();
}
"""


def running(tree):
    """Returns the names of the programs of a tree that run; those only waiting to be reaped do not."""
    found = []
    for link in Path("/proc").glob("[0-9]*/exe"):
        try:
            target = os.readlink(link)
        except OSError:
            continue
        if target.startswith(str(tree / "build")):
            found.append(Path(target.removesuffix(" (deleted)")).name)
        elif target.endswith("/postgres") and os.readlink(link.parent / "cwd").startswith(str(tree)):
            found.append("postgres")
    return sorted(set(found))


class Run(unittest.TestCase):
    """Each test has a small checkout of its own."""

    @classmethod
    def setUpClass(cls):
        cls.pattern = Path(tempfile.mkdtemp(prefix="janus-run-"))
        cls.pattern.chmod(0o755)
        binaries = cls.pattern / "build" / "release" / "bin"
        binaries.mkdir(parents=True)
        (cls.pattern / "a.c").write_text(STAND_IN)
        subprocess.run(["clang-19", "-w", "-o", str(binaries / "janusd"), str(cls.pattern / "a.c")], check=True)
        for name in ("janus", "janus-sim"):
            shutil.copy(binaries / "janusd", binaries / name)
        shutil.copy(ROOT / "run", cls.pattern)
        shutil.copytree(ROOT / "scripts", cls.pattern / "scripts")

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.pattern, ignore_errors=True)

    def setUp(self):
        self.base = Path(tempfile.mkdtemp(prefix="janus-run-", dir="/tmp"))
        self.base.chmod(0o755)
        self.tree = self.base / "a tree"
        shutil.copytree(self.pattern, self.tree)
        self.open = []

    def tearDown(self):
        for process in self.open:
            process.kill()
            process.communicate()
        self.call("--stop")
        subprocess.run([str(self.tree / "scripts" / "postgres"), "remove", str(self.tree / "var" / "postgres")],
                       check=False)
        shutil.rmtree(self.base, ignore_errors=True)

    def call(self, *words):
        return subprocess.run([str(self.tree / "run"), *words], capture_output=True, text=True, check=False,
                              stdin=subprocess.DEVNULL, timeout=120)

    def begin(self):
        """Starts `./run` without a terminal and returns once it shows that janusd runs."""
        process = subprocess.Popen([str(self.tree / "run"), "--no-build"], stdin=subprocess.DEVNULL, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.open.append(process)
        lines = []
        for line in process.stdout:
            lines.append(line.rstrip())
            if line.startswith("janusd runs"):
                return process, lines
        self.fail(f"./run ended: {lines}")

    def wait_until_stopped(self):
        deadline = time.monotonic() + 20
        while running(self.tree) and time.monotonic() < deadline:
            time.sleep(0.1)
        self.assertEqual(running(self.tree), [])

    def test_without_a_terminal_it_shows_and_stays_until_it_is_interrupted(self):
        process, lines = self.begin()
        self.assertEqual(lines[0], "the portfolio")
        self.assertIn("http://127.0.0.1:2/", lines[1])
        self.assertEqual(running(self.tree), ["janus-sim", "janusd", "postgres"])
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(30), 130)
        self.assertEqual(running(self.tree), [])

    def test_on_a_terminal_it_opens_the_client_and_stops_all_when_that_ends(self):
        master, slave = pty.openpty()
        process = subprocess.Popen([str(self.tree / "run"), "--no-build"], stdin=slave, stdout=slave,
                                   stderr=slave)
        self.open.append(process)
        os.close(slave)
        self.assertEqual(process.wait(60), 0)
        shown = os.read(master, 65536).decode()
        os.close(master)
        self.assertIn("the portfolio", shown)
        self.assertNotIn("janusd runs", shown)
        self.assertEqual(running(self.tree), [])

    def test_the_configuration_names_four_accounts_and_hides_the_secret(self):
        self.begin()
        text = (self.tree / "var" / "janus.toml").read_text()
        self.assertEqual(text.count("[[account]]"), 4)
        self.assertNotIn("demo-secret", text)
        secret = self.tree / "var" / "secrets" / "app_secret"
        self.assertEqual(secret.stat().st_mode & 0o777, 0o600)

    def test_a_second_run_reuses_what_runs_and_leaves_it_running(self):
        self.begin()
        pids = {name: (self.tree / "var" / "run" / f"{name}.pid").read_text() for name in ("janusd", "janus-sim")}
        second, _ = self.begin()
        second.send_signal(signal.SIGTERM)
        self.assertEqual(second.wait(30), 143)
        self.assertEqual(running(self.tree), ["janus-sim", "janusd", "postgres"])
        for name, pid in pids.items():
            self.assertEqual((self.tree / "var" / "run" / f"{name}.pid").read_text(), pid)

    def test_stop_ends_what_a_killed_run_has_left(self):
        process, _ = self.begin()
        process.kill()
        process.wait()
        self.assertEqual(running(self.tree), ["janus-sim", "janusd", "postgres"])
        self.assertEqual(self.call("--stop").returncode, 0)
        self.wait_until_stopped()
        self.assertEqual(self.call("--stop").returncode, 0)

    def test_a_recycled_process_id_is_not_killed(self):
        stranger = subprocess.Popen(["sleep", "60"])
        self.open.append(stranger)
        (self.tree / "var" / "run").mkdir(parents=True)
        (self.tree / "var" / "run" / "janusd.pid").write_text(f"{stranger.pid}\n")
        self.assertEqual(self.call("--stop").returncode, 0)
        self.assertIsNone(stranger.poll())

    def test_an_interrupt_at_any_time_leaves_nothing_running(self):
        for delay in (0.05, 0.3, 0.8, 1.5, 2.5):
            process = subprocess.Popen([str(self.tree / "run"), "--no-build"], stdin=subprocess.DEVNULL,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            self.open.append(process)
            time.sleep(delay)
            process.send_signal(signal.SIGTERM)
            process.wait(60)
            self.assertEqual(running(self.tree), [], f"after {delay} s")
        self.begin()

    def test_a_port_that_is_taken_in_the_last_moment_is_replaced(self):
        (self.tree / "build" / "release" / "bin" / "code").write_text("5")
        self.begin()
        self.assertIn('http = "127.0.0.1:0"', (self.tree / "var" / "janus.toml").read_text())

    def test_a_server_that_does_not_start_is_told_and_all_is_stopped(self):
        (self.tree / "build" / "release" / "bin" / "code").write_text("3")
        done = self.call("--no-build")
        self.assertEqual(done.returncode, 1)
        self.assertIn("janusd did not become ready (code 3)", done.stderr)
        self.assertEqual(running(self.tree), [])

    def test_reset_forgets_the_state(self):
        process, _ = self.begin()
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        mark = self.tree / "var" / "mark"
        mark.touch()
        (self.tree / "build" / "release" / "bin" / "code").write_text("3")
        self.call("--no-build", "--reset")
        self.assertFalse(mark.exists())

    def test_a_failed_step_of_the_smoke_run_is_named(self):
        done = self.call("--no-build", "--smoke")
        self.assertEqual(done.returncode, 1)
        self.assertIn("smoke: step 1 did not hold", done.stderr)
        self.assertEqual(running(self.tree), [])


if __name__ == "__main__":
    unittest.main()
