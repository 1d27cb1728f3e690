#!/usr/bin/env python3
"""Builds and runs the test suites; `./test` calls this after it has installed what is missing.

    ./test              everything
    ./test NAME...      suites by name, with or without `_test`; or by kind: scripts unit tsan system
    ./test --list       the names of all suites

Each suite writes its whole output to build/test-logs/NAME.log. A suite that does not build, crashes,
runs out of time or runs no test counts as failed. The last line is `N passed, N failed[, N skipped]`.
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import suites  # noqa: E402
from builds import Builds  # noqa: E402
from harness import Count, TestDatabase, end_on_signals  # noqa: E402


def choose(every, names):
    """Returns the suites that the names mean, in their own order; exits when a name means none."""
    if not names:
        return every
    unknown = [name for name in names if not any(suite.answers_to(name) for suite in every)]
    if unknown:
        print(f"test: no suite is called {', '.join(unknown)}; see ./test --list", file=sys.stderr)
        sys.exit(2)
    return [suite for suite in every if any(suite.answers_to(name) for name in names)]


def run_one(suite, builds, environment):
    """Runs one suite, prints its line and, when it failed, the end of its log."""
    began = time.monotonic()
    count, why = suite.run(builds, environment)
    print(f"{suite.name:<28} {count.text():<34} {time.monotonic() - began:6.1f} s", flush=True)
    for line in why:
        print(f"    {line}", flush=True)
    return count


def run(chosen):
    """Builds what the suites need, runs them in turn and returns the sum of their counts."""
    builds = Builds(chosen)
    builds.run()
    total = Count()
    with TestDatabase(needed=any(suite.wants_database for suite in chosen)) as database:
        if database.problem:
            print(f"test: no PostgreSQL for the tests: {database.problem}", file=sys.stderr)
            total += Count(failed=1)
        for suite in chosen:
            total += run_one(suite, builds, database.environment())
    return total


def main(arguments):
    every = suites.find_suites()
    if arguments == ["--list"]:
        print("\n".join(suite.name for suite in every))
        return 0
    if any(argument.startswith("-") for argument in arguments):
        print(__doc__.strip(), file=sys.stderr)
        return 0 if arguments in (["--help"], ["-h"]) else 2
    end_on_signals()
    total = run(choose(every, arguments))
    print(total.text(), flush=True)
    return 1 if total.failed or not total.passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
