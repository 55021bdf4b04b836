#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs clang-tidy (.clang-tidy) over the sources of the programs and remembers which ones were clean.

Usage: lint.py BUILD [JOBS]      BUILD: a build directory, whose compile_commands.json names the sources and their options

Most of the time of clang-tidy goes into the headers of libraries. So several sources of a folder are looked at as one: a file in
BUILD/lint includes them one after the other. Sources that define the same name in their anonymous namespaces cannot share a file; if
sources turn out not to compile together for another reason, they are looked at one by one.

What was clean is not looked at again until something changes that decides on the result: a source, a header of this repository that
it includes (directly or not), the compile options, .clang-tidy, or the program clang-tidy. BUILD/lint holds one empty file per clean
group, named by the hash of all that. Prints one line per finding and exits 1 if there is any. Tests (*_test.cpp, tests/) are not
looked at: they cost as much as the programs, and run under sanitizers.
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
COMPILER_ERROR = "clang-diagnostic-error"
# A file of a group includes sources, and a local name of one source may hide that of another.
TOGETHER_OPTIONS = ("--checks=-bugprone-suspicious-include", "--extra-arg=-Wno-shadow")
FINDING = re.compile(r"^(?P<where>\S+?:\d+:\d+): (?:warning|error): (?P<what>.*)$")


ROOMS = ("lib/", "vrrpd/", "vtysh/", "tools/")
# Sources looked at as one: more save little, and the last group is waited for.
TOGETHER = 10
# The headers of the kernel and those of the C library define the same names.
KERNEL_HEADER = "linux/"


def is_linted(path):
    return path.startswith(ROOMS) and not path.endswith("_test.cpp")


def local_names(text):
    """The names that a source defines in its anonymous namespaces, found by the project's layout: definitions begin a line."""
    inside = "\n".join(re.findall(r"^namespace \{\n(.*?)^\}  // namespace\n", text, re.S | re.M))
    lines = (line for line in inside.splitlines() if re.match(r"[A-Za-z]", line) and not line.startswith(("using", "template")))
    return {match[1] for match in (re.search(r"(\w+)(?:\s+final)?\s*(?:[({=;:\[]|$)", re.sub(r"\w*::", "", line)) for line in lines) if match}


def groups(paths, texts):
    """Lists of sources that can be compiled as one."""
    found = []    # (folder and kind of headers, names, sources)
    for path in sorted(paths):
        text, names = texts[path], local_names(texts[path])
        kind = (os.path.dirname(path), any(name.startswith(KERNEL_HEADER) for _, name, _ in layers.includes(text)))
        for of_kind, taken, group in found:
            if of_kind == kind and len(group) < TOGETHER and not taken & names:
                group.append(path)
                taken |= names
                break
        else:
            found.append((kind, names, [path]))
    return [group for _, _, group in found]


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
    for path, row in commands.items():
        parts = [setting, row["command"].replace(root, "")]
        parts += [part for name in closure(path, texts) for part in (name, texts[name])]
        result[path] = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    return result


def clang_tidy(root, database, path, *options):
    """What clang-tidy says about a source, a line each. `database`: the folder of compile_commands.json."""
    done = subprocess.run([CLANG_TIDY, "--quiet", f"-p={database}", *options, path], cwd=root, capture_output=True, text=True, check=False)
    found = {f"{os.path.relpath(match['where'], root)}: {match['what']}" for match in map(FINDING.match, done.stdout.splitlines()) if match}
    if done.returncode and not found:
        found = {f"{os.path.relpath(path, root)}:1: {CLANG_TIDY} failed: {done.stderr.strip()}"}
    return found


class Lint:
    """`folder` holds what is known to be clean, and the files that include a group each, with their compile_commands.json."""

    def __init__(self, root, build):
        self.root, self.build, self.folder = root, build, os.path.join(build, "lint")
        os.makedirs(self.folder, exist_ok=True)
        with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
            commands = {os.path.relpath(row["file"], root): row for row in json.load(file)}
        self.commands = {path: row for path, row in commands.items() if is_linted(path)}
        texts = {path: sources.read(root, path) for path in sources.files(root, sources.CPP)}
        self.groups = groups(self.commands, texts)
        of_path = keys(root, self.commands, texts, setting_of(root))
        self.keys = [hashlib.sha256("".join(of_path[path] for path in group).encode()).hexdigest() for group in self.groups]

    def together(self, group):
        return os.path.join(self.folder, re.sub(r"\W", "_", group[0]) + ".cpp")

    def write_together(self):
        rows = []
        for group in self.groups:
            with open(self.together(group), "w", encoding="utf-8") as file:
                file.writelines(f'#include "{os.path.join(self.root, path)}"\n' for path in group)
            row = self.commands[group[0]]
            rows.append({**row, "file": self.together(group), "command": row["command"].replace(os.path.join(self.root, group[0]), self.together(group))})
        with open(os.path.join(self.folder, "compile_commands.json"), "w", encoding="utf-8") as file:
            json.dump(rows, file)

    def findings(self, group):
        if len(group) > 1:
            found = clang_tidy(self.root, self.folder, self.together(group), *TOGETHER_OPTIONS)
            if not any(COMPILER_ERROR in line for line in found):
                return found
        return set().union(*(clang_tidy(self.root, self.build, os.path.join(self.root, path)) for path in group))

    def run(self, jobs):
        """(number of groups, how many of them were looked at, what was found)"""
        self.write_together()
        marks = [os.path.join(self.folder, key) for key in self.keys]
        for stale in set(os.listdir(self.folder)) - set(self.keys):
            if "." not in stale:
                os.unlink(os.path.join(self.folder, stale))
        todo = [(group, mark) for group, mark in zip(self.groups, marks) if not os.path.exists(mark)]
        found = set()
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            for (_, mark), of_group in zip(todo, pool.map(lambda row: self.findings(row[0]), todo)):
                found |= of_group
                if not of_group:
                    with open(mark, "w", encoding="utf-8"):
                        pass
        return len(self.groups), len(todo), sorted(found)


def setting_of(root):
    version = subprocess.run([CLANG_TIDY, "--version"], capture_output=True, text=True, check=True).stdout
    return version + sources.read(root, ".clang-tidy")


def main(argv):
    root = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
    lint = Lint(root, os.path.abspath(argv[1]))
    total, looked_at, found = lint.run(int(argv[2]) if len(argv) > 2 else os.cpu_count())
    print("\n".join(found) if found else f"lint: {len(lint.commands)} sources in {total} groups; {looked_at} groups were looked at now")
    return 1 if found or not total else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
