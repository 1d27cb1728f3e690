#!/usr/bin/env python3
"""./test is honest: what fails, crashes, does not build or runs no test is counted as failed."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
import suites  # noqa: E402

CMAKE = """
cmake_minimum_required(VERSION 3.25)
project(sample LANGUAGES CXX)
set(CMAKE_CXX_STANDARD 20)
enable_testing()
find_package(GTest REQUIRED)
add_subdirectory(src)
"""

ROOMS = """
function(janus_test name)
  add_executable(${name} ${name}.cpp)
  target_link_libraries(${name} PRIVATE GTest::gtest GTest::gtest_main)
  add_test(NAME ${name} COMMAND ${name})
endfunction()
janus_test(good)
janus_test(bad)
janus_test(crash)
janus_test(broken)
janus_test(empty)
janus_test(late)
"""

PRESETS = """{"version": 6, "configurePresets": [{"name": "asan", "generator": "Ninja",
  "binaryDir": "${sourceDir}/build/${presetName}", "cacheVariables": {
  "CMAKE_CXX_COMPILER": "clang++-19", "CMAKE_CXX_COMPILER_LAUNCHER": "ccache"}}]}"""

SOURCES = {
    "good": "TEST(A, Passes) {} TEST(A, Reads) { ASSERT_NE(getenv(\"JANUS_TEST_POSTGRES\"), nullptr); }"
            " TEST(A, Skips) { GTEST_SKIP(); }",
    "bad": "TEST(A, Passes) {} TEST(A, Fails) { EXPECT_EQ(1, 2); }",
    "crash": "TEST(A, Passes) {} TEST(B, Ends) { abort(); }",
    "broken": "TEST(A, Passes) { no_such_name(); }",
    "empty": "",
    "late": "struct Late { ~Late() { _exit(23); } } late; TEST(A, Passes) {}",
}

SCRIPT = """#!/usr/bin/env python3
import unittest
class Case(unittest.TestCase):
    def test_passes(self): pass
    def test_fails(self): self.fail("no")
    @unittest.skip("why")
    def test_skips(self): pass
unittest.main()
"""


class Runner(unittest.TestCase):
    """A small project with one program for each fate."""

    @classmethod
    def setUpClass(cls):
        cls.tree = Path(tempfile.mkdtemp(prefix="janus-runner-"))
        cls.tree.chmod(0o755)
        for name in ("tests", "tests/system", "src", "scripts"):
            (cls.tree / name).mkdir()
        shutil.copy(ROOT / "test", cls.tree)
        for name in ("run_suites.py", "harness.py", "builds.py", "suites.py", "lsan.supp", "tsan.supp"):
            shutil.copy(ROOT / "tests" / name, cls.tree / "tests")
        shutil.copy(ROOT / "scripts" / "postgres", cls.tree / "scripts")
        cls.write("scripts/dependencies", "#!/bin/sh\n")
        cls.write("tests/check_arrows_test.py", "#!/bin/sh\necho '3 passed, 0 failed'\n")
        cls.write("tests/dependencies_test.sh", "#!/bin/sh\nexit 0\n")
        cls.write("tests/system/sample_test.py", SCRIPT)
        cls.write("tests/system/slow_test.py", "#!/bin/sh\necho $$ >slow.pid\nsleep 600\n")
        cls.write("CMakeLists.txt", CMAKE)
        cls.write("CMakePresets.json", PRESETS)
        cls.write("src/CMakeLists.txt", ROOMS)
        for name, text in SOURCES.items():
            cls.write(f"src/{name}.cpp",
                      f"#include <gtest/gtest.h>\n#include <cstdlib>\n#include <unistd.h>\n{text}\n")

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.tree, ignore_errors=True)

    @classmethod
    def write(cls, name, text):
        (cls.tree / name).write_text(text)
        (cls.tree / name).chmod(0o755)

    def call(self, *names):
        return subprocess.run([str(self.tree / "test"), *names], capture_output=True, text=True,
                              check=False, stdin=subprocess.DEVNULL, timeout=300)

    def expect(self, names, closing_line, code):
        done = self.call(*names)
        self.assertEqual((done.stdout.splitlines()[-1], done.returncode), (closing_line, code),
                         done.stdout + done.stderr)
        return done.stdout

    def test_the_list_names_every_suite_without_building(self):
        names = self.call("--list").stdout.split()
        self.assertEqual(names[0], "check")
        self.assertLessEqual({"good", "broken", "sample_test", "dependencies"}, set(names))

    def test_single_cases_are_counted_and_a_database_is_there(self):
        self.expect(["good"], "2 passed, 0 failed, 1 skipped", 0)
        self.assertEqual(list((self.tree / "var").glob("*")), [])

    def test_a_failed_case_is_named(self):
        self.assertIn("A.Fails", self.expect(["bad"], "1 passed, 1 failed", 1))

    def test_a_crash_counts_as_failed(self):
        self.expect(["crash"], "1 passed, 1 failed", 1)

    def test_what_does_not_build_fails_and_the_others_still_run(self):
        out = self.expect(["broken", "bad", "good"], "3 passed, 2 failed, 1 skipped", 1)
        self.assertIn("not built: broken", out)
        self.assertIn("no_such_name", out)

    def test_a_suite_without_tests_fails(self):
        self.expect(["empty"], "0 passed, 1 failed", 1)

    def test_an_end_with_an_error_after_good_cases_fails(self):
        self.expect(["late"], "1 passed, 1 failed", 1)

    def test_scripts_are_counted_by_their_closing_lines(self):
        self.expect(["check"], "3 passed, 0 failed", 0)
        self.expect(["sample"], "1 passed, 1 failed, 1 skipped", 1)
        self.expect(["dependencies"], "1 passed, 0 failed", 0)

    def test_an_unknown_name_is_a_usage_error(self):
        self.assertEqual(self.call("no_such_suite").returncode, 2)

    def test_an_interrupted_run_leaves_nothing_behind(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            running = subprocess.Popen([str(self.tree / "test"), "good", "slow"], stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
            pid_file = self.tree / "slow.pid"
            deadline = time.monotonic() + 60
            while not pid_file.exists() and time.monotonic() < deadline:
                time.sleep(0.1)
            child = int(pid_file.read_text())
            running.send_signal(number)
            self.assertNotEqual(running.wait(60), 0)
            self.assertFalse(is_alive(child))
            self.assertEqual(list((self.tree / "var").glob("*")), [])
            pid_file.unlink()


class Tree(unittest.TestCase):
    """This checkout: a test that no suite runs would pass for ever."""

    def test_every_test_file_belongs_to_a_suite(self):
        owned = set()
        for file in [*ROOT.glob("src/**/CMakeLists.txt"), *ROOT.glob("tests/**/CMakeLists.txt")]:
            text = file.read_text()
            if "janus_room(" in text:
                owned |= set(suites.room_tests(file.parent, text))
            owned |= {test for test in file.parent.glob("*_test.cpp") if test.name in text}
        every = {*ROOT.glob("src/**/*_test.cpp"), *ROOT.glob("tests/**/*_test.cpp")}
        self.assertEqual(every - owned, set())

    def test_every_system_script_may_be_executed(self):
        left_out = [file.name for file in (ROOT / "tests" / "system").glob("*_test.*")
                    if not os.access(file, os.X_OK)]
        self.assertEqual(left_out, [])


def is_alive(pid):
    """Tells whether a process runs; one that only waits to be reaped does not."""
    try:
        return os.readlink(f"/proc/{pid}/exe") != ""
    except OSError:
        return False


if __name__ == "__main__":
    unittest.main()
