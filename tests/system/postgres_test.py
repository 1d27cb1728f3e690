#!/usr/bin/env python3
"""scripts/postgres keeps one private PostgreSQL instance, whatever happens to it."""

import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "postgres"


def run(*arguments, prefix=(), script=SCRIPT):
    return subprocess.run([*prefix, str(script), *map(str, arguments)], capture_output=True, text=True,
                          timeout=120, check=False, stdin=subprocess.DEVNULL)


def psql():
    return max(Path("/usr/lib/postgresql").glob("*/bin/psql"))


def postmaster_of(folder):
    return int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])


class Instance(unittest.TestCase):
    """Gives each test a folder of its own under /tmp, which every user may enter."""

    prefix = ()

    def setUp(self):
        self.base = Path(tempfile.mkdtemp(prefix="janus-pg-test-", dir="/tmp"))
        self.base.chmod(0o777)
        self.folder = self.base / "pg"

    def tearDown(self):
        run("remove", self.folder, prefix=self.prefix)
        shutil.rmtree(self.base, ignore_errors=True)

    def script(self, *arguments):
        return run(*arguments, self.folder, prefix=self.prefix)

    def start(self, *flags):
        done = self.script("start", *flags)
        self.assertEqual(done.returncode, 0, done.stderr)
        return self.script("url").stdout.strip()

    def ask(self, text):
        url = self.script("url").stdout.strip()
        done = subprocess.run([*self.prefix, str(psql()), "-XAtq", "-d", url, "-c", text],
                              capture_output=True, text=True, check=False, timeout=60)
        return done.stdout.strip() if done.returncode == 0 else f"failed: {done.stderr.strip()}"


class EveryUser:
    """What holds for root, whose server runs as another user, and for a user without rights."""

    def test_a_first_start_makes_role_and_database(self):
        self.start()
        self.assertEqual(self.ask("select current_user || ' ' || current_database()"), "janus janus")

    def test_starting_and_stopping_twice_changes_nothing(self):
        self.start()
        self.ask("create table kept(x int); insert into kept values (7)")
        first = self.ask("select pg_postmaster_start_time()")
        self.start()
        self.assertEqual(self.ask("select pg_postmaster_start_time()"), first)
        for _ in range(2):
            self.assertEqual(self.script("stop").returncode, 0)
        self.assertEqual(self.script("status").returncode, 3)
        self.start()
        self.assertEqual(self.ask("select x from kept"), "7")

    def test_it_listens_on_no_port_and_its_socket_folder_is_private(self):
        self.start()
        self.assertEqual(self.ask("show listen_addresses"), "")
        socket_folder = Path(self.ask("show unix_socket_directories").strip('"'))
        if not os.access(socket_folder.parent, os.X_OK):
            return
        self.assertEqual(stat.S_IMODE(socket_folder.stat().st_mode), 0o700)


class Root(EveryUser, Instance):
    """As whoever runs the tests; where that is not root, it is the same as a normal user."""

    def test_data_is_durable_unless_fast_is_asked_for(self):
        self.start("--fast")
        self.assertEqual(self.ask("show fsync"), "off")
        self.script("stop")
        self.start()
        self.assertEqual(self.ask("show fsync"), "on")

    def test_a_folder_with_a_long_and_odd_name_works(self):
        self.folder = self.base / ("it's a \"long\" % name " + "x" * 100)
        self.start()
        self.assertEqual(self.ask("select 1"), "1")

    def test_an_interrupted_initdb_leaves_nothing_that_hurts(self):
        (self.folder / "data.new" / "base").mkdir(parents=True)
        self.start()
        self.assertEqual(self.ask("select 1"), "1")

    def test_unknown_words_are_usage_errors(self):
        self.assertEqual(run("begin", self.folder).returncode, 2)
        self.assertEqual(run("start").returncode, 2)
        self.assertEqual(run().returncode, 2)


class KilledServer(Instance):
    """What happens after the server was killed, and when several start it."""

    def kill(self):
        pid = postmaster_of(self.folder)
        os.kill(pid, signal.SIGKILL)

    def test_a_killed_server_starts_again_and_lost_no_row(self):
        self.start()
        self.ask("create table kept(x int)")
        self.ask("insert into kept select generate_series(1, 1000)")
        self.kill()
        began = time.monotonic()
        self.start()
        self.assertLess(time.monotonic() - began, 30)
        self.assertEqual(self.ask("select count(*) from kept"), "1000")

    def test_a_killed_server_can_be_stopped(self):
        self.start()
        self.kill()
        self.assertEqual(self.script("stop").returncode, 0)
        self.assertEqual(self.script("status").returncode, 3)
        self.start()

    def test_a_stale_process_file_with_a_living_stranger_is_not_believed(self):
        self.start()
        self.script("stop")
        stale = self.folder / "data" / "postmaster.pid"
        stale.write_text(f"{os.getpid()}\n{self.folder}/data\n1\n5432\n{self.folder}/run\n\n\n")
        shutil.chown(stale, (self.folder / "data").stat().st_uid, (self.folder / "data").stat().st_gid)
        self.start()
        self.assertEqual(self.ask("select 1"), "1")

    def test_four_starts_at_once_make_one_server(self):
        starts = [subprocess.Popen([str(SCRIPT), "start", str(self.folder)], stderr=subprocess.PIPE,
                                   stdin=subprocess.DEVNULL) for _ in range(4)]
        errors = [start.communicate(timeout=120)[1] for start in starts]
        self.assertEqual([start.returncode for start in starts], [0] * 4, errors)
        postmasters = subprocess.run(["pgrep", "-f", f"postgres -D {self.folder}/data"],
                                     capture_output=True, text=True, check=False).stdout.split()
        self.assertEqual(len(postmasters), 1)
        self.assertEqual(self.ask("select 1"), "1")


@unittest.skipUnless(os.getuid() == 0, "only root can become another user")
class NormalUser(EveryUser, Instance):
    """As a user without rights."""

    prefix = ("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups")

    def setUp(self):
        super().setUp()
        if self.script("status").returncode not in (0, 3):
            self.skipTest(f"user nobody cannot enter {ROOT}")

    def test_another_user_gets_nothing(self):
        self.start()
        stranger = subprocess.run(["setpriv", "--reuid", "daemon", "--regid", "daemon", "--clear-groups",
                                   str(psql()), "-d", self.script("url").stdout.strip(), "-c", "select 1"],
                                  capture_output=True, text=True, check=False)
        self.assertIn("Permission denied", stranger.stderr)


@unittest.skipUnless(os.getuid() == 0, "only root runs the server as another user")
class ClosedHome(Instance):
    """As root, below a folder that the server's user cannot enter."""

    def setUp(self):
        super().setUp()
        self.base.chmod(0o700)

    def test_the_place_of_the_files_is_said_in_one_line(self):
        done = self.script("start")
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertIn("its files are in /var/tmp/", done.stderr)
        self.script("remove")
        self.assertFalse(Path(done.stderr.split()[-1]).exists())


if __name__ == "__main__":
    unittest.main()
