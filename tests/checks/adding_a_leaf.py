#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that doc/adding-a-leaf.patch, which doc/developing.md shows as the way to add a setting that the protocol uses, still applies, that it
changes no more than four files (model, struct, use, test), and that its YANG edit alone gives the command: the reference made of the patched
models has it.

Usage: adding_a_leaf.py ROOT DOCUMENT      DOCUMENT: the program of tools/document
"""
import os
import shutil
import subprocess
import sys
import tempfile

COMMAND = "vrrp (1-255) answer-priority (0-255)"
WORDS = "vrrp (1-255) answer-priority"
FILES = ["vrrpd/core/master.cpp", "vrrpd/core/master_test.cpp", "vrrpd/core/types.h", "yang/tandem-vrrp.yang"]


def problem(root, document):
    with open(os.path.join(root, "doc", "adding-a-leaf.patch"), encoding="utf-8") as file:
        changed = [line.split("/", 1)[1].strip() for line in file if line.startswith("+++ ")]
    if changed != FILES:
        return f"a setting that the protocol uses takes {len(changed)} files, not {len(FILES)}: {changed}"
    with tempfile.TemporaryDirectory() as scratch:
        for folder in ("yang", "vrrpd/core"):
            shutil.copytree(os.path.join(root, folder), os.path.join(scratch, folder))
        patch = os.path.join(root, "doc", "adding-a-leaf.patch")
        applied = subprocess.run(["patch", "-p1", "-i", patch], cwd=scratch, capture_output=True, text=True, check=False)
        if applied.returncode:
            return f"{patch} does not apply any more:\n{applied.stdout}"
        made = subprocess.run([document, os.path.join(root, "tools", "document", "templates"), os.path.join(scratch, "doc")],
                              env={**os.environ, "TANDEM_YANG_DIR": os.path.join(scratch, "yang")}, capture_output=True, text=True, check=False)
        if made.returncode:
            return f"the patched models do not load: {made.stderr}"
        with open(os.path.join(scratch, "doc", "cli", "configuration.md"), encoding="utf-8") as file:
            text = file.read()
        missing = [form for form in (f"### `{COMMAND}`", f"    no {WORDS}", f"    default {WORDS}") if form not in text]
        return f"the reference of the patched models lacks {missing}" if missing else None


def main(argv):
    found = problem(os.path.abspath(argv[1]), os.path.abspath(argv[2]))
    print(found or "adding_a_leaf: the patch applies and gives its command")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
