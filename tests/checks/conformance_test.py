#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""tools/conformance itself: each of its checks must find what it is for. Usage: conformance_test.py [unittest options]."""
import importlib.machinery
import importlib.util
import os
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
TOOL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools", "conformance")
_loader = importlib.machinery.SourceFileLoader("conformance", TOOL)
conformance = importlib.util.module_from_spec(importlib.util.spec_from_loader("conformance", _loader))
_loader.exec_module(conformance)

ENTRY = {"text": "what", "level": "must", "9568": "7.2", "source": ["tools/conformance"], "tests": ["Suite.Test"]}
GTEST = """<testsuites><testsuite>
 <testcase name="Row/A" classname="X/Table" status="run"/><testcase name="Row/B" classname="X/Table" status="run"><failure/></testcase>
 <testcase name="Test" classname="Suite" status="run"/><testcase name="Off" classname="Suite" status="notrun"/></testsuite></testsuites>"""
PYTEST = """<testsuites><testsuite><testcase classname="tests.topotests.test_a" name="test_x[1]"/>
 <testcase classname="tests.topotests.test_a" name="test_y"><skipped/></testcase></testsuite></testsuites>"""


class Entries(unittest.TestCase):
    def wrong(self, **changes):
        all_ = {name: ENTRY for name in conformance.WANTED}
        all_["R5"] = {key: value for key, value in {**ENTRY, **changes}.items() if value is not None}
        return list(conformance.wrong_entries(all_))

    def test_a_good_one_is_good(self):
        self.assertEqual(self.wrong(), [])
        self.assertEqual(self.wrong(tests=None, source=None, not_applicable="why"), [])

    def test_bad_ones_are_named(self):
        for changes in ({"text": ""}, {"level": "MUST"}, {"tests": None}, {"source": None}, {"sections": "7"}):
            self.assertTrue(any(line.startswith("R5:") for line in self.wrong(**changes)), changes)

    def test_a_missing_one_is_named(self):
        self.assertIn("X16 has no entry", list(conformance.wrong_entries({})))


class Sources(unittest.TestCase):
    def test_ranges_name_all_that_is_in_them(self):
        self.assertEqual(conformance.named_in("(R1–R3, X2), R39-R40; FR7 R8x"), {"R1", "R2", "R3", "X2", "R39", "R40"})

    def test_silent_and_missing_files_are_named(self):
        for path in ("tools/setup", "tools/nothing"):
            self.assertTrue(list(conformance.silent_sources({"R5": {**ENTRY, "source": [path]}})), path)


class Tests(unittest.TestCase):
    def test_parameters_do_not_count(self):
        self.assertEqual(conformance.plain("V3/Golden.Encodes/Ipv6"), "Golden.Encodes")
        self.assertEqual(conformance.plain("test_a.py::test_x[1]"), "test_a.py::test_x")

    def test_unknown_ones_are_named(self):
        self.assertEqual(list(conformance.unknown_tests({"R5": ENTRY}, {"Suite.Test/0"})), [])
        self.assertEqual(len(list(conformance.unknown_tests({"R5": ENTRY}, {"Suite.Other"}))), 1)

    def test_what_did_not_run_or_failed_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            for leaf, text in (("unit.xml", GTEST), ("pytest.xml", PYTEST)):
                with open(os.path.join(folder, leaf), "w", encoding="utf-8") as file:
                    file.write(text)
            for test, wrong in (("Suite.Test", ""), ("X/Table.Row/A", ""), ("Table.Row", "failed"), ("Suite.Off", "not run"),
                                ("test_a.py::test_x", ""), ("test_a.py::test_y", "skipped"), ("Suite.Missing", "not run")):
                found = list(conformance.tests_that_did_not_run({"R5": {"tests": [test]}}, [folder]))
                self.assertEqual(found, [f"R5: {test}: {wrong}"] if wrong else [], test)


if __name__ == "__main__":
    unittest.main()
