#!/usr/bin/env python3
"""Refuses what no compiler catches: includes against the arrows, clocks, doubles, secrets in texts.

    tests/check_arrows.py [FOLDER]     checks the tree; prints `file:line: reason`; exit code 1 if any

Each rule is one row of RULES, with its reason and an example that it must find. Which room may
include which is the table ARROWS. tests/check_arrows_test.py runs both against this tree.
"""

import re
import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

# Room -> what its files may include besides the room itself. A row names rooms, or single headers by
# pattern. Whatever a room may include, its tests may too; tests may also use the in-memory worlds.
ARROWS = {
    "base": (),
    "domain": ("base",),
    "gateway": ("base", "domain"),
    "gateway/ib": ("base", "domain", "gateway"),
    "gateway/webull": ("base", "domain", "gateway"),
    "core": ("base", "domain", "gateway"),
    "store": ("base", "domain", r"core/\w*port\w*\.hpp", r"core/store\w*\.hpp"),
    "net": ("base", "domain", "gateway"),
    "config": ("base", "domain"),
    "api": ("base", "domain", "gateway", "core", "config", "proto"),
    "client": ("base", "proto"),
    "cli": ("base", "client", "proto"),
    "tui": ("base", "client", "proto"),
    "sim": ("base", "domain", "gateway", "gateway/ib", "gateway/webull", "core",
            r"store/\w*memory\w*\.hpp"),
    "app": (".*",),
}
TESTS_MAY_INCLUDE = ("sim", r"store/\w*memory\w*\.hpp")

MACHINES = ("domain", "core", "gateway", "gateway/ib", "gateway/webull", "sim")
EXACT = ("base", "domain", "core", "gateway", "gateway/ib", "gateway/webull")
CLOCKLESS = tuple(room for room in ARROWS if room not in ("net", "app"))
EVERY_ROOM = tuple(ARROWS)

LINES_MAX = {".hpp": 400, ".cpp": 600, ".py": 600, ".ts": 600, ".tsx": 600, "": 600}
FUNCTION_LINES_MAX = 70


@dataclass
class Rule:
    """A pattern that must not stand in some files. `where` names rooms, or nothing for every file."""

    name: str
    pattern: str
    reason: str
    example: tuple  # (path, text) that the rule must find.
    where: tuple = ()
    in_comments: bool = False  # Looks at comments, too.
    in_strings: bool = False  # Looks at string literals, too.
    in_tests: bool = False  # Holds for *_test.cpp, too.
    suffixes: tuple = ()


CPP = (".cpp", ".hpp")

RULES = (
    Rule("clock", r"\b(?:system_clock|steady_clock|high_resolution_clock|utc_clock)\b|\bstd::time\s*\("
         r"|\b(?:gettimeofday|clock_gettime)\s*\(|(?<![\w.>:])time\s*\(\s*(?:nullptr|NULL|0)\s*\)",
         "a clock outside net/ and app/: time is an argument (Now)",
         ("src/core/desk.cpp", "auto at = std::chrono::steady_clock::now();\n"), CLOCKLESS, suffixes=CPP),
    Rule("double", r"\b(?:double|float)\b",
         "money is counted, not measured: use Decimal",
         ("src/domain/order.hpp", "double price;\n"), EXACT, in_tests=True, suffixes=CPP),
    Rule("thread", r"\bstd::(?:jthread|thread|async|mutex|shared_mutex|condition_variable)\b"
         r"|\bsleep_(?:for|until)\b|\busleep\s*\(",
         "a machine neither waits nor locks: it runs on the thread of whoever calls it",
         ("src/gateway/ib/machine.cpp", "std::thread worker;\n"), MACHINES, in_tests=True, suffixes=CPP),
    Rule("socket", r"#\s*include\s*<(?:boost/(?:asio|beast)|sys/socket|netinet/|arpa/|grpcpp)",
         "a machine touches no socket: it says io words and a driver performs them",
         ("src/core/desk.cpp", "#include <boost/asio.hpp>\n"), ("base", "config", "store", *MACHINES),
         in_tests=True, suffixes=CPP),
    Rule("chance", r"\b(?:std::random_device|std::mt19937|random_device|std::rand|srand)\b",
         "chance is an argument: take a Random&",
         ("src/sim/walk.cpp", "std::mt19937 engine;\n"), EXACT + ("sim",), suffixes=CPP),
    Rule("environment", r"\b(?:std::)?(?:getenv|secure_getenv)\s*\(",
         "the environment is read by config/, app/ and the clients only",
         ("src/net/tls.cpp", 'auto home = std::getenv("HOME");\n'),
         tuple(room for room in ARROWS if room not in ("config", "app", "client", "cli", "tui")),
         suffixes=CPP),
    Rule("secret", r"(?:\bprintf|\bfmt::(?:print|format|format_to)|\bspdlog::\w+|<<|\bwrite|\brefuse|\bError)"
         r"\s*\(?[^;]*\breveal\s*\(\)",
         "a secret goes to the wire or a signature only, never into a text for people",
         ("src/net/http.cpp", 'log_.write(LogLevel::Info, secret.reveal());\n'), EVERY_ROOM, suffixes=CPP),
    Rule("stdout", r"\b(?:std::)?(?:printf|puts|putchar)\s*\(|\bstd::(?:cout|cerr)\b|\bfmt::print\s*\(",
         "machines and stores do not print: they return errors and events, and write to a Log",
         ("src/core/desk.cpp", 'printf("%s", key.c_str());\n'),
         ("base", "config", "store", "net", *MACHINES), suffixes=CPP),
    Rule("process exit", r"(?<![\w.>:])(?:std::|::)?(?:exit|_exit|quick_exit)\s*\(",
         "only app/ ends the process",
         ("src/api/server.cpp", "std::exit(1);\n"),
         tuple(room for room in ARROWS if room not in ("app", "base")), suffixes=CPP),
    Rule("using namespace std", r"\busing\s+namespace\s+(?:std|janus|boost)\s*;",
         "it hides where a name comes from",
         ("src/core/desk.cpp", "using namespace std;\n"), EVERY_ROOM, in_tests=True, suffixes=CPP),
    Rule("unfinished", r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b",
         "do it, or write an issue: nothing unfinished is committed",
         ("src/core/desk.cpp", "// TO" "DO: later\n"), in_comments=True, in_tests=True,
         suffixes=(*CPP, ".py", ".ts", ".tsx", ".proto", ".sql", ".cmake", ".txt", ".toml", "")),
    Rule("machine path", r"(?<![\w.])/(?:wo" r"rk|ro" r"ot|Us" r"ers)/\w",
         "a path of one machine",
         ("docs/a.md", "see /wo" "rk/main\n"), in_comments=True, in_strings=True, in_tests=True),
    Rule("registry host", r"registry\.npm" r"js\.org|npm" r"mirror\.com|\"resol" r"ved\": \"http",
         "the name of a package registry's host",
         ("web/package-lock.json", '"resol' 'ved": "https://example.org/x.tgz"\n'),
         in_comments=True, in_strings=True, in_tests=True),
    Rule("private key", r"-----BEGIN (?:[A-Z]+ )?PRIV" r"ATE KEY-----\s*\n?[A-Za-z0-9+/]{16}",
         "a private key in the repository",
         ("tests/tls/key.pem", "-----BEGIN PRIV" "ATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0\n"),
         in_comments=True, in_strings=True, in_tests=True),
)


@dataclass
class Finding:
    """One broken rule at one line."""

    file: str
    line: int
    rule: str
    reason: str

    def __str__(self):
        return f"{self.file}:{self.line}: {self.reason}"


TOKEN = re.compile(
    r'(?P<comment>//[^\n]*|/\*.*?\*/)|(?P<raw>R"(?P<mark>[^(\s]*)\(.*?\)(?P=mark)")'
    r'|(?P<string>"(?:\\.|[^"\\\n])*")|(?P<letter>(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])+\')', re.S)


def blank(text):
    """Returns spaces in place of a text, with its line breaks kept."""
    return re.sub(r"[^\n]", " ", text)


@lru_cache(maxsize=16)
def without(text, kinds):
    """Returns C++ text in which comments or strings, as named, are spaces; include lines stay."""
    def replace(match):
        kind = "comment" if match.group("comment") else "string"
        before = text[text.rfind("\n", 0, match.start()) + 1:match.start()]
        if kind not in kinds or re.match(r"\s*#\s*include\s*$", before):
            return match.group()
        return blank(match.group())
    return TOKEN.sub(replace, text)


def room_of(path):
    """Returns the room of a file below src/, or nothing: the longest name in ARROWS that fits."""
    if not path.startswith("src/"):
        return None
    inside = path[len("src/"):]
    rooms = [room for room in ARROWS if inside.startswith(room + "/")]
    return max(rooms, key=len, default=None)


def is_test(path):
    return path.endswith(("_test.cpp", "_test.hpp", "_fuzz.cpp")) or path.startswith("tests/")


def allowed_by(row, target, target_room):
    """Tells whether one row of ARROWS covers an included file: by its room, or by its name."""
    return any(entry == target_room or (entry not in ARROWS and re.fullmatch(entry, target))
               for entry in row)


def check_includes(path, text):
    """Yields an include that goes against the arrows."""
    room = room_of(path)
    if room is None or not path.endswith(CPP):
        return
    row = ARROWS[room] + (TESTS_MAY_INCLUDE if is_test(path) else ())
    for number, line in enumerate(without(text, ("comment",)).splitlines(), 1):
        match = re.match(r'\s*#\s*include\s*"([^"]+)"', line)
        if not match:
            continue
        target = match.group(1)
        target_room = "proto" if target.startswith("janus/v1/") else room_of("src/" + target)
        if target_room is None or target_room == room or allowed_by(row, target, target_room):
            continue
        yield Finding(path, number, "arrow", f"{room}/ may not include {target}")


def applies(rule, path):
    if rule.suffixes and not path.endswith(tuple(s for s in rule.suffixes if s)):
        if "" not in rule.suffixes or "." in Path(path).name:
            return False
    if rule.where and room_of(path) not in rule.where:
        return False
    return rule.in_tests or not is_test(path)


def check_patterns(path, text):
    """Yields what the rows of RULES find."""
    for rule in RULES:
        if not applies(rule, path):
            continue
        seen = text
        if path.endswith(CPP):
            seen = without(text, ("comment",) * (not rule.in_comments) + ("string",) * (not rule.in_strings))
        for match in re.finditer(rule.pattern, seen):
            yield Finding(path, seen.count("\n", 0, match.start()) + 1, rule.name, rule.reason)


def check_size(path, text):
    """Yields files and functions that are too long, and headers without #pragma once."""
    lines = text.splitlines()
    limit = LINES_MAX.get(Path(path).suffix)
    if limit and len(lines) > limit:
        yield Finding(path, limit + 1, "file length", f"{len(lines)} lines: more than {limit}")
    if not path.endswith(CPP):
        return
    if path.endswith(".hpp") and "#pragma once" not in text:
        yield Finding(path, 1, "pragma once", "a header without #pragma once")
    yield from check_function_lengths(path, without(text, ("comment", "string")).splitlines())


def check_function_lengths(path, lines):
    """Yields functions at namespace level, which is where bodies start and end in column one."""
    begin = None
    for number, line in enumerate(lines, 1):
        if re.match(r"[^\s#}].*\{\s*$", line) and not re.search(
                r"\b(?:namespace|class|struct|union|enum|extern)\b[^()]*\{\s*$|=\s*\{\s*$", line):
            begin = number
        elif re.match(r"\}\s*$", line) and begin:
            # A list of values, one a line, is long but not hard to read: only statements count.
            statements = sum(1 for inner in lines[begin:number - 1] if re.search(r"[;{}]", inner))
            if statements > FUNCTION_LINES_MAX:
                yield Finding(path, begin, "function length",
                              f"a function of {statements} statements: more than {FUNCTION_LINES_MAX}")
            begin = None


# Examples of the checks that are no rows of RULES: rule -> (path, text) that it must find.
OTHER_EXAMPLES = {
    "arrow": ("src/gateway/ib/machine.cpp", '#include "gateway/webull/words.hpp"\n'),
    "file length": ("src/core/desk.cpp", "int x;\n" * 601),
    "pragma once": ("src/core/desk.hpp", "struct Desk {};\n"),
    "function length": ("src/core/desk.cpp", "void f() {\n" + "    g();\n" * 71 + "}\n"),
}


def rule_names():
    return [rule.name for rule in RULES] + list(OTHER_EXAMPLES)


def files_of(root):
    """Returns the files of a checkout that git would commit, or of any other folder all files."""
    if (root / ".git").exists():
        listed = subprocess.run(["git", "-C", str(root), "ls-files", "-co", "--exclude-standard"],
                                capture_output=True, text=True, check=True).stdout.splitlines()
    else:
        listed = [str(path.relative_to(root)) for path in root.rglob("*")]
    return sorted(name for name in listed if (root / name).is_file())


def check_tree(root):
    """Returns every finding in a tree."""
    findings = []
    for name in files_of(root):
        try:
            text = (root / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for check in (check_includes, check_patterns, check_size):
            findings.extend(check(name, text))
    return findings


def main(arguments):
    root = Path(arguments[0]) if arguments else Path(__file__).resolve().parent.parent
    findings = check_tree(root)
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
