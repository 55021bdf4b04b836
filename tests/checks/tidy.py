#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Checks what every file must have or must not have: the licence line, `#pragma once` in headers, no unfinished work, ids of
messages that are given once.

Usage: tidy.py [ROOT]. Prints one line per violation, `FILE:LINE: what`, and exits 1 if there is any.
"""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import sources  # noqa: E402

LICENCE = "SPDX-License-Identifier: Apache-2.0"
MESSAGE_ID = re.compile(r"\bMessage \w+\{\s*\"([A-Z]+-\d+)\"")
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")


def untidy(path, text):
    lines = text.splitlines()
    if not any(LICENCE in line for line in lines[:2]):
        yield f"{path}:1: the first line must say `{LICENCE}`"
    if path.endswith(".h") and "#pragma once" not in lines:
        yield f"{path}:1: a header needs #pragma once"
    for number, line in enumerate(lines, 1):
        if UNFINISHED.search(line):
            yield f"{path}:{number}: unfinished work: finish it or open an issue"


class MessageIds:
    """Users look messages up by their id; each is given once, in one of the messages.h."""

    def __init__(self):
        self._where = {}

    def repeated(self, path, text):
        if os.path.basename(path) != "messages.h":
            return
        for found in MESSAGE_ID.finditer(text):
            where = f"{path}:{text.count(chr(10), 0, found.start()) + 1}"
            first = self._where.setdefault(found.group(1), where)
            if first != where:
                yield f"{where}: {found.group(1)} is the id of another message, {first}"


def main(argv):
    root = argv[1] if len(argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    paths = sources.files(root, (*sources.CPP, ".py", ".proto"))
    ids = MessageIds()
    found = [line for path in paths for text in [sources.read(root, path)] for line in (*untidy(path, text), *ids.repeated(path, text))]
    print("\n".join(found) if found else f"tidy: {len(paths)} files")
    return 1 if found or not paths else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
