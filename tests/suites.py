"""The suites of ./test: which there are, what each needs built, and how its cases are counted."""

import json
import os
import re
from pathlib import Path

from builds import ctest_entry
from harness import LOGS, ROOT, Count, last_lines, run_logged

# Rooms with threads, which are tested once more under ThreadSanitizer.
THREADED_ROOMS = ("base", "store", "net", "app")
PROGRAMS = ("janusd", "janus", "janus-sim", "world_run")
OWN_PROGRAMS = ("transcript_run",)  # Needed by one suite each, and by no other.
SECONDS_MAX = 600

SANITIZER_OPTIONS = {
    "ASAN_OPTIONS": "detect_stack_use_after_return=1:check_initialization_order=1",
    "UBSAN_OPTIONS": "print_stacktrace=1",
    "LSAN_OPTIONS": f"suppressions={ROOT}/tests/lsan.supp:print_suppressions=0",
    "TSAN_OPTIONS": f"suppressions={ROOT}/tests/tsan.supp:ignore_noninstrumented_modules=1",
}


class Suite:
    """One name of ./test."""

    kind = ""
    wants_database = False

    def __init__(self, name, needs=()):
        self.name = name
        self.needs = tuple(needs)  # (preset, target) pairs.
        self.log = LOGS / f"{name}.log"

    def answers_to(self, word):
        return word in (self.name, self.name.removesuffix("_test"), self.kind)

    def run(self, builds, environment):
        """Returns the count and, when something failed, lines that say what."""
        missing = builds.missing(self)
        if missing:
            return Count(failed=1), [f"not built: {', '.join(missing)}"]
        self.log.unlink(missing_ok=True)
        code, count = self.execute(environment)
        if code is None:
            return count + Count(failed=1), self.explanation(["it ran out of time"])
        if code != 0 and not count.failed:
            return count + Count(failed=1), self.explanation([f"it ended with code {code}"])
        if not count.passed and not count.failed and not count.skipped:
            return Count(failed=1), self.explanation(["it ran no test"])
        return count, self.explanation([]) if count.failed else []

    def explanation(self, first):
        where = os.path.relpath(self.log, ROOT)
        return [*first, *self.failures()[:30], *last_lines(self.log, 12), f"the whole output: {where}"]

    def failures(self):
        """Returns the lines of the log that name failed cases."""
        return [line for line in last_lines(self.log, 100000)
                if re.match(r"\[  FAILED  \] \w+\.|(?:FAIL|ERROR): |\S+:\d+: Failure|.*ERROR: \w+Sanitizer", line)]


class UnitSuite(Suite):
    """A GoogleTest program, run as ctest would run it."""

    def __init__(self, name, target, preset, kind):
        super().__init__(name, [(preset, target)])
        self.target, self.preset, self.kind = target, preset, kind
        self.wants_database = True

    def execute(self, environment):
        entry = ctest_entry(self.preset, self.target)
        if not entry or not entry[0]:
            return 1, Count()
        command, properties = entry
        results = LOGS / f"{self.name}.json"
        results.unlink(missing_ok=True)
        own = dict(pair.split("=", 1) for pair in properties.get("ENVIRONMENT", []) if "=" in pair)
        code = run_logged([*command, f"--gtest_output=json:{results}"], self.log,
                          properties.get("TIMEOUT", SECONDS_MAX),
                          {**SANITIZER_OPTIONS, **environment, **own},
                          properties.get("WORKING_DIRECTORY", ROOT))
        return code, self.count(results)

    def count(self, results):
        """Counts the cases in the result file or, when a crash kept it from being written, the log."""
        if results.exists():
            report = json.loads(results.read_text())
            cases = [case for suite in report["testsuites"] for case in suite["testsuite"]]
            failed = sum(1 for case in cases if case.get("failures"))
            skipped = sum(1 for case in cases if case["result"] in ("SKIPPED", "SUPPRESSED")
                          or case["status"] == "NOTRUN")
            return Count(len(cases) - failed - skipped, failed, skipped)
        text = "\n".join(last_lines(self.log, 1000000))
        failed = len(set(re.findall(r"^\[  FAILED  \] (\w+\.\w+)", text, re.M)))
        return Count(len(re.findall(r"^\[       OK \]", text, re.M)), max(failed, 1))


class ScriptSuite(Suite):
    """An executable file; Python's unittest summary or our own plain closing line tells its counts.

    A file that reads JANUS_BIN gets the release programs, or the one of OWN_PROGRAMS that it names;
    one that reads JANUS_FUZZ_BIN the fuzz targets; one that reads JANUS_TEST_POSTGRES a database.
    """

    def __init__(self, name, kind, command, needs=()):
        text = Path(command[0]).read_text()
        super().__init__(name, [*needs, *programs_of(text)])
        self.kind, self.command = kind, command
        self.wants_database = "JANUS_TEST_POSTGRES" in text

    def execute(self, environment):
        own = {"JANUS_BIN": str(ROOT / "build" / "release" / "bin"),
               "JANUS_FUZZ_BIN": str(ROOT / "build" / "fuzz" / "bin"), "PYTHONDONTWRITEBYTECODE": "1"}
        code = run_logged(self.command, self.log, SECONDS_MAX, {**environment, **own})
        return code, script_count("\n".join(last_lines(self.log, 20)), code)


def programs_of(text):
    """Returns the (preset, target) pairs that a script needs built, by the words in it."""
    found = []
    if "JANUS_BIN" in text:
        own = [program for program in OWN_PROGRAMS if program in text]
        found += [("release", program) for program in own or PROGRAMS]
    if "JANUS_FUZZ_BIN" in text:
        found += [("fuzz", target) for target in fuzz_targets()]
    return found


def fuzz_targets():
    """Returns the fuzz targets that the CMake file declares."""
    text = (ROOT / "tests" / "fuzz" / "CMakeLists.txt").read_text()
    return re.findall(r"^janus_fuzz\((\w+)", text, re.M)


def script_count(end, code):
    """Counts cases from the end of a script's output; one without any closing line is one case."""
    plain = re.findall(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", end, re.M)
    if plain:
        return Count(*(int(number or 0) for number in plain[-1]))
    ran = re.findall(r"^Ran (\d+) tests? in ", end, re.M)
    if not ran:
        return Count(passed=1) if code == 0 else Count()
    of = {word: int(number) for word, number in re.findall(r"(\w[\w ]*)=(\d+)", end[end.rfind("Ran "):])}
    failed = of.get("failures", 0) + of.get("errors", 0) + of.get("unexpected successes", 0)
    skipped = of.get("skipped", 0) + of.get("expected failures", 0)
    return Count(max(int(ran[-1]) - failed - skipped, 0), failed, skipped)


def unit_targets():
    """Returns the unit test programs that the CMake files declare, found without configuring."""
    found = []
    for file in sorted([*ROOT.glob("src/**/CMakeLists.txt"), *ROOT.glob("tests/**/CMakeLists.txt")]):
        text = re.sub(r"#.*", "", file.read_text())
        for name in re.findall(r"\bjanus_room\(\s*(\w+)", text):
            if any(room_tests(file.parent, text)):
                found.append(f"{name}_test")
        found += re.findall(r"\bjanus_test\(\s*(\w+)", text)
    return found


def room_tests(folder, text):
    """Yields the test files of a room: those in its folder and in the folders its call names."""
    yield from folder.glob("*_test.cpp")
    for names in re.findall(r"FOLDERS\s+([\w/\s]+)", text):
        for name in names.split():
            yield from (folder / name).glob("*_test.cpp")


def find_suites():
    """Returns every suite, in the order in which they run."""
    found = [ScriptSuite("check", "scripts", [ROOT / "tests" / "check_arrows_test.py"])]
    targets = unit_targets()
    found += [UnitSuite(target, target, "asan", "unit") for target in targets]
    found += [UnitSuite(f"tsan_{room}_test", f"{room}_test", "tsan", "tsan")
              for room in THREADED_ROOMS if f"{room}_test" in targets]
    for file in sorted((ROOT / "tests" / "system").glob("*_test.*")):
        if os.access(file, os.X_OK):
            found.append(ScriptSuite(file.stem, "system", [file]))
    if (ROOT / "web" / "test").is_file():
        found.append(ScriptSuite("web", "scripts", [ROOT / "web" / "test"]))
    # Last, since it looks at the builds that the others have made.
    found.append(ScriptSuite("dependencies", "scripts", [ROOT / "tests" / "dependencies_test.sh"]))
    return found
