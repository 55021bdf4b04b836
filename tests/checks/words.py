#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that comments, messages and pages name the actor ("another program", "no router") instead of a pronoun for all and none, and that
they cite only documents of the repository: doc/decisions/NNNN, doc/NAME.md, or an RFC.

Usage: words.py [ROOT]. Prints one line per violation, `FILE:LINE: what`, and exits 1 if there is any.
Looked at are all of a page, a schema, a script, and of C++; of a test in C++ and of Python the comments (strings are input of tests there).
The user of that name, in quotes or behind -u, may be named.
"""
import ast
import io
import os
import re
import sys
import tokenize

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import sources  # noqa: E402

FORBIDDEN = re.compile(r"\b(whoever|nobody|somebody|anybody)\b", re.IGNORECASE)
OUTSIDE = re.compile(r"\b(design\.md|frr-facts|conformance\.md|cli\.md §)", re.IGNORECASE)    # beside the repository; readers lack them
THE_USER = re.compile(r"""[`"']nobody[`"']|-u nobody""")
PAGES = (".md", ".yang", ".proto", ".txt", ".cmake", ".sh", ".in", ".service", ".tmpfiles", ".1", ".5", ".8")
ROOMS = (*sources.ROOMS, "doc", "yang", "cmake")
INPUTS = ("tests/fuzz/corpus/", "tests/topotests/transcripts/")    # of tests, or what they expect of a terminal


def python_prose(text):
    """The lines of Python text with all but comments and docstrings left empty."""
    lines = [""] * (text.count("\n") + 1)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            lines[token.start[0] - 1] = token.string
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node):
            first = node.body[0]
            lines[first.lineno - 1:first.end_lineno] = text.splitlines()[first.lineno - 1:first.end_lineno]
    return lines


def prose(path, text):
    if path.endswith(".py") or re.match(r"#!.*python", text):
        return python_prose(text)
    if path.endswith(sources.CPP) and (path.endswith("_test.cpp") or path.startswith("tests/")):
        return [line.partition("//")[2] for line in text.splitlines()]
    return text.splitlines()


def vague(path, text):
    for number, line in enumerate(prose(path, text), 1):
        found = FORBIDDEN.search(THE_USER.sub("", line))
        if found:
            yield f"{path}:{number}: \"{found.group()}\": name the actor"
        outside = OUTSIDE.search(line)
        if outside:
            yield f"{path}:{number}: \"{outside.group()}\" is not in the repository: cite a decision, a page of doc/ or an RFC"


def scripts(root):
    """Programs without suffix."""
    for path in sources.files(root, ("",), ("tools", "tests")):
        if "." not in os.path.basename(path):
            with open(os.path.join(root, path), "rb") as file:
                if file.read(2) == b"#!":
                    yield path


def main(argv):
    root = argv[1] if len(argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    paths = sources.files(root, (*sources.CPP, *PAGES, ".py"), ROOMS) + list(scripts(root)) + ["README.md", "CMakeLists.txt"]
    paths = [path for path in paths if not path.startswith(INPUTS)]
    found = [line for path in paths for line in vague(path, sources.read(root, path))]
    print("\n".join(found) if found else f"words: {len(paths)} files")
    return 1 if found or not paths else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
