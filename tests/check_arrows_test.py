#!/usr/bin/env python3
"""The tree breaks no rule of check_arrows.py, and each rule finds its own example."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import check_arrows  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = {rule.name: rule.example for rule in check_arrows.RULES} | check_arrows.OTHER_EXAMPLES


def check_files(files):
    """Returns the findings in a temporary tree of these files (path -> text)."""
    with tempfile.TemporaryDirectory() as folder:
        for path, text in files.items():
            target = Path(folder) / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        return check_arrows.check_tree(Path(folder))


class Tree(unittest.TestCase):
    """One case for each rule over this checkout."""

    @classmethod
    def setUpClass(cls):
        cls.findings = check_arrows.check_tree(ROOT)


class Examples(unittest.TestCase):
    """One case for each rule over the example that it must find."""


def add_cases(name):
    def tree_case(self):
        broken = [str(finding) for finding in self.findings if finding.rule == name]
        self.assertEqual(broken, [], "\n" + "\n".join(broken))

    def example_case(self):
        path, text = EXAMPLES[name]
        found = [finding.rule for finding in check_files({path: text})]
        self.assertIn(name, found)

    word = name.replace(" ", "_")
    setattr(Tree, f"test_the_tree_keeps_the_rule_{word}", tree_case)
    setattr(Examples, f"test_the_rule_{word}_finds_its_example", example_case)


for rule_name in check_arrows.rule_names():
    add_cases(rule_name)


class Edges(unittest.TestCase):
    """What must not be found, and arrows in detail."""

    def arrows(self, path, target):
        return [finding for finding in check_files({path: f'#pragma once\n#include "{target}"\n'})
                if finding.rule == "arrow"]

    def test_every_arrow_that_is_not_drawn_is_refused(self):
        for room, row in check_arrows.ARROWS.items():
            for other in check_arrows.ARROWS:
                drawn = other == room or other in row or ".*" in row
                refused = bool(self.arrows(f"src/{room}/a.cpp", f"{other}/b.hpp"))
                self.assertEqual(refused, not drawn, f"{room} -> {other}")

    def test_ports_of_the_core_are_open_to_stores_only(self):
        self.assertFalse(self.arrows("src/store/a.cpp", "core/registry_port.hpp"))
        self.assertTrue(self.arrows("src/store/a.cpp", "core/order_desk.hpp"))
        self.assertTrue(self.arrows("src/net/a.cpp", "core/registry_port.hpp"))

    def test_tests_may_use_the_in_memory_worlds(self):
        self.assertFalse(self.arrows("src/core/a_test.cpp", "sim/world.hpp"))
        self.assertTrue(self.arrows("src/core/a.cpp", "sim/world.hpp"))
        self.assertTrue(self.arrows("src/core/a_test.cpp", "gateway/ib/machine.hpp"))

    def test_comments_and_texts_are_not_code(self):
        text = ('#pragma once\n// A double is not a std::thread.\n/* float\n double */\n'
                'auto a = "double";\nauto b = R"(float " double)";\nint c = 1\'000\'000;\n')
        self.assertEqual(check_files({"src/core/a.hpp": text}), [])

    def test_a_text_of_the_wire_is_not_unfinished_work(self):
        self.assertEqual(check_files({"src/core/a.cpp": 'auto side = "XX' 'X";\n'}), [])

    def test_code_behind_a_comment_or_a_text_is_seen(self):
        for text in ("/* a */ double x;\n", 'f("//"); double x;\n', "char q = '\"'; double x; // \"\n"):
            rules = [finding.rule for finding in check_files({"src/core/a.cpp": text})]
            self.assertEqual(rules, ["double"], text)

    def test_a_finding_names_its_line(self):
        findings = check_files({"src/core/a.cpp": "int x;\n\ndouble y;\n"})
        self.assertEqual([str(finding).split(" ")[0] for finding in findings], ["src/core/a.cpp:3:"])

    def test_drivers_may_ask_clocks_and_open_sockets(self):
        text = "#include <boost/asio.hpp>\nauto at = std::chrono::steady_clock::now();\n"
        self.assertEqual(check_files({"src/net/a.cpp": text, "src/app/b.cpp": text}), [])

    def test_a_member_called_exit_is_no_end_of_the_process(self):
        self.assertEqual(check_files({"src/cli/a.cpp": "app.exit(error);\nx->exit(1);\n"}), [])

    def test_a_file_of_600_lines_is_still_read(self):
        self.assertEqual(check_files({"src/core/a.cpp": "int x;\n" * 600}), [])
        self.assertEqual(check_files({"src/core/a.cpp": "void f() {\n" + "    g();\n" * 70 + "}\n"}), [])

    def test_binary_files_are_left_alone(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "a.png").write_bytes(b"\x89PNG\xff\xfe")
            self.assertEqual(check_arrows.check_tree(Path(folder)), [])


if __name__ == "__main__":
    unittest.main()
