#!/usr/bin/env python3
"""Proves scripts/packages.txt against what the tree and its finished builds really use.

Everything used is traced to the Debian package that owns it, and that package must be named in the
list or be a dependency of a named one: only then does a bare machine get it. Used are: the headers
that compilers read (ninja's dependency log), the libraries that were linked and the CMake packages
that were found (build.ninja, CMakeCache.txt), and the programs that scripts and CMake files call.

    check_dependencies.py PACKAGES.TXT [BUILD_DIR...]

Prints one line for each kind, one for each package that is not covered, and at last how many kinds
passed and failed; exit code 1 when any failed.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SYSTEM_PLACES = ("/usr/", "/lib/", "/bin/", "/etc/", "/opt/")
SCRIPT_NAMES = ("run", "test", ".ci/run")

# Words of the shell after which a command begins, and words that stand before a command they run.
COMMAND_START = re.compile(
    r"(?:^|[|;&(`]|\$\(|\b(?:if|then|else|do|while|until|exec|env|nice|command|time|elif)\b|! )\s*"
    r"((?:[A-Za-z_]\w*=\S*\s+)*)([a-z][\w+.-]*)(?=\s|$|[;|&)])")
PYTHON_PROGRAM = re.compile(r"""(?:\[|which\()\s*["']([a-z][\w+.-]*)["']""")

# Programs that are called only where they exist, with the reason why they are not required.
OPTIONAL_PROGRAMS = {
    "sudo": "asked for only when the user is not root, and its absence is said",
    "apt-get": "part of every system that this installer serves",
    "npm": "listed as a program: any node and npm do",
    "node": "listed as a program: any node and npm do",
}


def output_of(*command):
    """Returns the standard output of a command, or nothing when it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout


def listed_packages(path):
    """Returns the packages that the list asks for on this machine."""
    rows = (line.split("#")[0].split() for line in path.read_text().splitlines())
    return [row[0].split("=")[-1] for row in rows if row and not program_is_there(row[0])]


def program_is_there(entry):
    """Tells whether an entry PROGRAM=PACKAGE is served by a program from elsewhere."""
    program, separator, _ = entry.partition("=")
    return bool(separator) and shutil.which(program) is not None


class Installed:
    """The installed packages of this machine: what each needs, and who provides virtual names."""

    def __init__(self):
        self.needs, self.essential, self.providers = {}, set(), {}
        fields = "${Package}\t${Essential}\t${Pre-Depends}, ${Depends}\t${Provides}\n"
        for line in output_of("dpkg-query", "-W", "-f", fields).splitlines():
            name, essential, depends, provides = line.split("\t")
            self.needs.setdefault(name, []).extend(part for part in depends.split(",") if part.strip())
            if essential == "yes":
                self.essential.add(name)
            for provided in provides.split(","):
                if provided.strip():
                    self.providers.setdefault(self.bare(provided), set()).add(name)

    @staticmethod
    def bare(text):
        """Returns the name in `name:any (>= 1.0)`."""
        return re.split(r"[\s:(]", text.strip())[0]

    def choose(self, need):
        """Returns the packages that satisfy one `a | b` need: the first alternative that is there."""
        for alternative in need.split("|"):
            name = self.bare(alternative)
            if name in self.needs:
                return {name}
            if name in self.providers:
                return self.providers[name]
        return set()

    def closure(self, names):
        """Returns the named packages, the essential ones, and all that they depend on."""
        reached, waiting = set(), [*names, *self.essential]
        while waiting:
            name = waiting.pop()
            if name in reached or name not in self.needs:
                continue
            reached.add(name)
            for need in self.needs[name]:
                waiting.extend(self.choose(need))
        return reached


def spellings(path):
    """Returns the names under which dpkg may know a file, since /bin and /lib are links into /usr."""
    names = {path, str(Path(path).resolve())}
    names |= {name[4:] for name in names if name.startswith("/usr/")}
    return names


def owners_of(paths):
    """Returns a dict from each path to the set of packages that own it."""
    wanted = {path: spellings(path) for path in paths}
    every = sorted(set().union(*wanted.values())) if wanted else []
    owner = {}
    for start in range(0, len(every), 500):
        for line in output_of("dpkg-query", "-S", *every[start:start + 500]).splitlines():
            packages, separator, file = line.partition(": ")
            if separator and not line.startswith("diversion"):
                owner[file] = {package.split(":")[0].strip() for package in packages.split(",")}
    return {path: set().union(*(owner.get(name, set()) for name in names))
            for path, names in wanted.items()}


def on_system(path):
    return path.startswith(SYSTEM_PLACES) and Path(path).exists()


def used_headers(build):
    """Returns the system headers that the compilers of a build read."""
    lines = output_of("ninja", "-C", str(build), "-t", "deps").splitlines()
    return {line.strip() for line in lines if line.startswith(" ") and on_system(line.strip())}


def used_libraries(build):
    """Returns the system libraries, found by full path, that a build links, and its tools."""
    text = (build / "build.ninja").read_text()
    words = set(re.findall(r"(/[\w.+/-]+)", text))
    return {word for word in words if on_system(word) and Path(word).is_file()}


def used_cmake_packages(build):
    """Returns the folders of the CMake packages and the compiler that a build found."""
    cache = (build / "CMakeCache.txt").read_text()
    found = re.findall(r"^\w+_DIR:PATH=(/.*)$", cache, re.M)
    found += re.findall(r"^CMAKE_(?:CXX_COMPILER|MAKE_PROGRAM|COMMAND):\w+=(/.*)$", cache, re.M)
    return {path for path in found if on_system(path)}


def tracked_files():
    names = output_of("git", "-C", str(ROOT), "ls-files", "-co", "--exclude-standard").splitlines()
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def shell_programs(text):
    """Returns the words at the places of commands in a shell script."""
    text = re.sub(r"<<'?(\w+)'?\n.*?\n\1$", "", text, flags=re.S | re.M)
    text = re.sub(r"(?m)(^|\s)#.*$", "", text)
    text = re.sub(r"'[^']*'", "''", text)
    own = set(re.findall(r"^\s*([a-z]\w*)\(\)", text, re.M))
    return {match.group(2) for line in text.splitlines()
            for match in COMMAND_START.finditer(line)} - own


def used_programs():
    """Returns the paths of the programs that the scripts of this tree call."""
    names = set()
    for file in tracked_files():
        first = file.read_bytes()[:40]
        if first.startswith((b"#!/usr/bin/env bash", b"#!/bin/bash", b"#!/bin/sh")):
            names |= shell_programs(file.read_text())
        elif file.suffix == ".py":
            names |= set(PYTHON_PROGRAM.findall(file.read_text()))
        elif file.name == "CMakePresets.json":
            names |= set(re.findall(r'"CMAKE_\w+_COMPILER": "([\w+.-]+)"', file.read_text()))
    names |= {"ninja", "ld.lld-19", "llvm-symbolizer-19"}
    found = {shutil.which(name, path="/usr/bin:/bin:/usr/sbin:/sbin") for name in names
             if name not in OPTIONAL_PROGRAMS}
    return {path for path in found if path}


def report(kind, paths, covered):
    """Prints how many things of one kind were traced; returns sentences about those not covered."""
    bad = {}
    for path, owners in owners_of(paths).items():
        if owners and not owners & covered:
            bad.setdefault("/".join(sorted(owners)), []).append(path)
    print(f"dependencies: {len(paths)} {kind}, {len(bad)} packages not covered")
    return [f"{owner}: {sorted(files)[0]} is used (with {len(files) - 1} more of it), "
            "but no listed package brings it" for owner, files in sorted(bad.items())]


def check(list_path, builds):
    """Returns, for each kind of thing that was traced, the sentences about what is not covered."""
    installed = Installed()
    listed = listed_packages(list_path)
    covered = installed.closure(listed)
    kinds = {"programs that scripts call": used_programs()}
    for build in builds:
        kinds[f"headers read by {build.name}"] = used_headers(build)
        kinds[f"libraries and tools of {build.name}"] = used_libraries(build)
        kinds[f"CMake packages of {build.name}"] = used_cmake_packages(build)
    results = [report(kind, paths, covered) for kind, paths in kinds.items()]
    absent = [f"{name}: listed, but not installed here" for name in listed if name not in installed.needs]
    return [absent, *results]


def main(arguments):
    if not arguments:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    builds = [Path(name) for name in arguments[1:]]
    for build in builds:
        if not (build / "build.ninja").is_file():
            print(f"dependencies: {build} is not a configured build", file=sys.stderr)
            return 2
    results = check(Path(arguments[0]), builds)
    for sentence in sum(results, []):
        print(f"dependencies: {sentence}", file=sys.stderr)
    failed = sum(1 for sentences in results if sentences)
    print(f"{len(results) - failed} passed, {failed} failed", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
