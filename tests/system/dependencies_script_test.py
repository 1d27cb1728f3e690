#!/usr/bin/env python3
"""scripts/dependencies installs what is missing, is silent when nothing is, and says why it cannot.

apt-get, dpkg and sudo are stand-ins that write down how they were called; nothing is installed.
"""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "dependencies"

# Writes its arguments to `calls`; fails with the words of file `fail-WORD` when it is called with WORD.
APT = """#!/bin/sh
here=$(dirname "$0")
echo "$(basename "$0") $*" >>"$here/calls"
for word in "$@"; do
  if [ -f "$here/fail-$word" ]; then cat "$here/fail-$word"; exit 100; fi
done
"""


class Dependencies(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="janus-dependencies-", dir="/tmp"))
        self.folder.chmod(0o777)
        for name in ("apt-get", "dpkg"):
            self.write(name, APT)
        self.list = self.folder / "list"

    def tearDown(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def write(self, name, text):
        (self.folder / name).write_text(text)
        (self.folder / name).chmod(0o755)

    def call(self, rows, *words, prefix=()):
        self.list.write_text(rows)
        environment = {**os.environ, "JANUS_PACKAGES": str(self.list), "TMPDIR": str(self.folder),
                       "PATH": f"{self.folder}:/usr/sbin:/usr/bin:/sbin:/bin"}
        return subprocess.run([*prefix, str(SCRIPT), *words], capture_output=True, text=True, check=False,
                              env=environment, stdin=subprocess.DEVNULL, timeout=60)

    def calls(self):
        path = self.folder / "calls"
        return path.read_text() if path.exists() else ""

    def test_nothing_missing_says_and_does_nothing(self):
        done = self.call("# a comment\nbash   the shell\nsh=no-such-package   a shell\n")
        self.assertEqual((done.returncode, done.stdout, done.stderr, self.calls()), (0, "", "", ""))

    @unittest.skipUnless(os.getuid() == 0, "installing needs root")
    def test_what_is_missing_is_installed_after_an_update(self):
        done = self.call("bash the shell\nno-such-package\nno-such-program=that-package\n")
        self.assertEqual(done.returncode, 0, done.stderr)
        updated, finished, installed = self.calls().splitlines()
        self.assertIn(" update", updated)
        self.assertEqual(finished, "dpkg --configure -a")
        self.assertTrue(installed.endswith("install -y --no-install-recommends no-such-package that-package"))
        self.assertEqual(len(done.stderr.splitlines()), 1)

    @unittest.skipUnless(os.getuid() == 0, "installing needs root")
    def test_servers_out_of_reach_are_told_with_what_is_missing(self):
        (self.folder / "fail-update").write_text("E: could not resolve\n")
        done = self.call("no-such-package\n")
        self.assertEqual(done.returncode, 3)
        self.assertIn("cannot be reached", done.stderr)
        self.assertIn("no-such-package", done.stderr.splitlines()[-1])

    @unittest.skipUnless(os.getuid() == 0, "installing needs root")
    def test_a_failed_installation_shows_the_reason(self):
        (self.folder / "fail-install").write_text("E: Unable to locate package no-such-package\n")
        done = self.call("no-such-package\n")
        self.assertEqual(done.returncode, 4)
        self.assertIn("E: Unable to locate package", done.stderr)

    @unittest.skipUnless(os.getuid() == 0, "only root can become another user")
    def test_without_rights_it_says_so_and_installs_nothing(self):
        nobody = ("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups")
        done = self.call("no-such-package\n", prefix=nobody)
        if "ailed to execute" in done.stderr:
            self.skipTest(f"user nobody cannot enter {ROOT}")
        self.assertEqual(done.returncode, 5)
        self.assertIn("no-such-package", done.stderr)
        self.write("sudo", "#!/bin/sh\nexit 1\n")
        self.assertEqual(self.call("no-such-package\n", prefix=nobody).returncode, 5)
        self.assertEqual(self.calls(), "")

    def test_an_unknown_word_is_a_usage_error(self):
        self.assertEqual(self.call("bash\n", "--install").returncode, 2)

    def test_a_list_that_lacks_a_used_program_fails_the_check(self):
        rows = "\n".join(line for line in (ROOT / "scripts/packages.txt").read_text().splitlines()
                         if not line.startswith("ninja-build"))
        done = self.call(rows, "--check")
        self.assertEqual(done.returncode, 1)
        self.assertIn("ninja-build: /usr/bin/ninja is used", done.stderr)
        self.assertRegex(done.stdout.splitlines()[-1], r"^\d+ passed, 1 failed$")

    def test_a_listed_package_that_is_not_installed_fails_the_check(self):
        rows = (ROOT / "scripts/packages.txt").read_text() + "\nno-such-package\n"
        done = self.call(rows, "--check")
        self.assertEqual(done.returncode, 1)
        self.assertIn("no-such-package: listed, but not installed here", done.stderr)


if __name__ == "__main__":
    unittest.main()
