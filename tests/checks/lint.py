#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs clang-tidy (.clang-tidy) over the sources of ROOMS and remembers which ones were clean.

Usage: lint.py BUILD [JOBS]      BUILD: a build directory, whose compile_commands.json names the sources and their options

A source that was clean is not looked at again until something changes that decides on the result: the source itself, a
header of this repository that it includes (directly or not), its compile options, .clang-tidy, or the program clang-tidy.
BUILD/lint holds one empty file per clean source, named by the hash of all that. Prints one line per finding and exits 1 if
there is any. Tests (*_test.cpp, tests/) are not looked at: they cost as much as the programs, and run under sanitizers.
"""
import concurrent.futures
import hashlib
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import layers  # noqa: E402
import sources  # noqa: E402

CLANG_TIDY = "clang-tidy-19"
FINDING = re.compile(r"^(?P<where>\S+?:\d+:\d+): (?:warning|error): (?P<what>.*)$")


ROOMS = ("lib/", "vtysh/", "tools/")


def is_linted(path):
    return path.startswith(ROOMS) and not path.endswith("_test.cpp")


def closure(path, texts):
    """`path` and the files of this repository that it includes, directly or through others."""
    found, todo = set(), [path]
    while todo:
        name = todo.pop()
        if name in texts and name not in found:
            found.add(name)
            todo += [included for _, included, _ in layers.includes(texts[name])]
    return sorted(found)


def keys(root, commands, texts, setting):
    """Path of each source -> hash of what decides on its findings."""
    result = {}
    for command in commands:
        path = os.path.relpath(command["file"], root)
        if is_linted(path):
            parts = [setting, command["command"].replace(root, "")]
            parts += [part for name in closure(path, texts) for part in (name, texts[name])]
            result[path] = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    return result


def findings(root, build, path):
    """What clang-tidy has to say about one source, a line each."""
    done = subprocess.run([CLANG_TIDY, "--quiet", f"-p={build}", os.path.join(root, path)], cwd=root, capture_output=True, text=True, check=False)
    found = {f"{os.path.relpath(match['where'], root)}: {match['what']}" for match in map(FINDING.match, done.stdout.splitlines()) if match}
    if done.returncode and not found:
        found = {f"{path}:1: {CLANG_TIDY} failed: {done.stderr.strip()}"}
    return found


def setting_of(root):
    version = subprocess.run([CLANG_TIDY, "--version"], capture_output=True, text=True, check=True).stdout
    return version + sources.read(root, ".clang-tidy")


def lint(root, build, jobs):
    """(number of sources, how many of them were looked at, what was found)"""
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        commands = json.load(file)
    texts = {path: sources.read(root, path) for path in sources.files(root, sources.CPP)}
    wanted = keys(root, commands, texts, setting_of(root))
    clean = os.path.join(build, "lint")
    os.makedirs(clean, exist_ok=True)
    for stale in set(os.listdir(clean)) - set(wanted.values()):
        os.unlink(os.path.join(clean, stale))
    todo = [path for path, key in wanted.items() if not os.path.exists(os.path.join(clean, key))]
    found = set()
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for path, of_path in zip(todo, pool.map(lambda path: findings(root, build, path), todo)):
            found |= of_path
            if not of_path:
                with open(os.path.join(clean, wanted[path]), "w", encoding="utf-8"):
                    pass
    return len(wanted), len(todo), sorted(found)


def main(argv):
    root = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
    total, looked_at, found = lint(root, os.path.abspath(argv[1]), int(argv[2]) if len(argv) > 2 else os.cpu_count())
    print("\n".join(found) if found else f"lint: {total} sources, {looked_at} of them looked at now")
    return 1 if found or not total else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
