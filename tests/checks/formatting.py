#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that all C++ text is as clang-format (.clang-format) writes it.

Usage: formatting.py [ROOT]. Prints one line per difference, `FILE:LINE:COLUMN: …`, and exits 1 if there is any.
To mend it: clang-format-19 -i FILE
"""
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import sources  # noqa: E402

CLANG_FORMAT = "clang-format-19"


def differences(root, paths):
    done = subprocess.run([CLANG_FORMAT, "--dry-run", "-Werror", *paths], cwd=root, capture_output=True, text=True, check=False)
    found = [line for line in done.stderr.splitlines() if "-Wclang-format-violations" in line]
    return found or ([done.stderr.strip()] if done.returncode else [])


def main(argv):
    root = argv[1] if len(argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    paths = sources.files(root, sources.CPP)
    found = differences(root, paths)
    print("\n".join(found) if found else f"formatting: {len(paths)} files")
    return 1 if found or not paths else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
