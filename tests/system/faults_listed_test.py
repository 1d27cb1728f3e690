#!/usr/bin/env python3
"""docs/faults.md tells the truth: every fault has a test, every listed test exists, none is left out."""

import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs" / "faults.md"

# How many faults each family of the catalogue has; a family joins when its first test is listed.
FAMILIES = {"IBC": 10, "IBW": 8, "IBO": 16, "IBD": 8, "IBA": 6, "WBR": 10, "WBE": 8}

ROW = re.compile(r"^\| ([A-Z]{3}-\d\d) \| (.*?) \| `(\w+)` \| `([\w./-]+)` \|$")
TEST = re.compile(r"^TEST(?:_F)?\(\w+, ([A-Z]{3}_\d\d_\w+)\)", re.MULTILINE)


def rows_of(page):
    """Returns (id, title, test, file) for each row of the page's tables."""
    return [match.groups() for line in page.splitlines() if (match := ROW.match(line))]


def ids_of(families):
    return [f"{family}-{number:02}" for family, most in families.items() for number in range(1, most + 1)]


def findings(page, files, families):
    """Returns what is wrong with a page, a line each. `files` maps a path to the text of a test file."""
    rows = rows_of(page)
    listed = {(test, file) for _, _, test, file in rows}
    found = [f"{fault} has no test" for fault in ids_of(families) if fault not in {row[0] for row in rows}]
    for fault, title, test, file in rows:
        if fault not in ids_of(families):
            found.append(f"{fault} is no fault of the catalogue")
        if not test.startswith(fault.replace("-", "_") + "_"):
            found.append(f"{test} does not bear the id {fault}")
        if test not in TEST.findall(files.get(file, "")):
            found.append(f"{test} does not exist in {file}")
    for file, text in files.items():
        found += [f"{test} in {file} is not listed" for test in TEST.findall(text)
                  if test[:3] in families and (test, file) not in listed]
    if len(rows) != len(listed):
        found.append("a test is listed twice")
    return found


def test_files():
    return {str(path.relative_to(ROOT)): path.read_text() for path in ROOT.glob("src/**/fault_*_test.cpp")}


class Page(unittest.TestCase):
    def test_every_fault_has_a_test_that_exists(self):
        self.assertEqual(findings(PAGE.read_text(), test_files(), FAMILIES), [])


class Findings(unittest.TestCase):
    """Each kind of mistake is found."""

    page = "| ABC-01 | a fault | `ABC_01_IsBorne` | `src/fault_test.cpp` |\n"
    files = {"src/fault_test.cpp": "TEST(Faults, ABC_01_IsBorne) {\n"}

    def test_a_page_that_is_right_has_none(self):
        self.assertEqual(findings(self.page, self.files, {"ABC": 1}), [])

    def test_an_id_without_a_test(self):
        self.assertEqual(findings(self.page, self.files, {"ABC": 2}), ["ABC-02 has no test"])

    def test_a_listed_test_that_does_not_exist(self):
        self.assertIn("ABC_01_IsBorne does not exist in src/fault_test.cpp",
                      findings(self.page, {"src/fault_test.cpp": "// TEST(Faults, ABC_01_IsBorne)"}, {"ABC": 1}))

    def test_a_test_that_is_not_listed(self):
        more = {"src/fault_test.cpp": self.files["src/fault_test.cpp"] + "TEST(Faults, ABC_01_More) {\n"}
        self.assertEqual(findings(self.page, more, {"ABC": 1}),
                         ["ABC_01_More in src/fault_test.cpp is not listed"])

    def test_a_family_that_has_not_joined_is_left_alone(self):
        more = self.files | {"src/other_test.cpp": "TEST(Faults, XYZ_01_IsBorne) {\n"}
        self.assertEqual(findings(self.page, more, {"ABC": 1}), [])

    def test_a_test_under_a_foreign_id_and_an_unknown_id(self):
        page = self.page.replace("| ABC-01 |", "| ABC-09 |")
        self.assertEqual(findings(page, self.files, {"ABC": 1}),
                         ["ABC-01 has no test", "ABC-09 is no fault of the catalogue",
                          "ABC_01_IsBorne does not bear the id ABC-09"])

    def test_a_test_that_is_listed_twice(self):
        self.assertEqual(findings(self.page * 2, self.files, {"ABC": 1}), ["a test is listed twice"])


if __name__ == "__main__":
    unittest.main()
