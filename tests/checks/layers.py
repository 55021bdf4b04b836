#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the include directions of doc/architecture.md ("Rooms"): who may include whom, that no files include each other in a
circle, and where external headers may appear.

Usage: layers.py [ROOT]. Prints one line per violation, `FILE:LINE: what`, and exits 1 if there is any.
"""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import sources  # noqa: E402

# Folder -> the folders it may include besides itself. A folder that is not here is itself a violation.
MAY_USE = {
    "lib/base": (),
    "lib/cli": ("lib/base",),
    "lib/log": ("lib/base",),
    "lib/event": ("lib/base", "lib/log"),
    "lib/os": ("lib/base", "lib/log"),
    "lib/supervisor": ("lib/base", "lib/os"),
    "lib/yang": ("lib/base", "lib/log", "lib/cli"),
    "lib/netlink": ("lib/base", "lib/log", "lib/event", "lib/os"),
    "lib/net": ("lib/base", "lib/log", "lib/event", "lib/os"),
    "lib/nft": ("lib/base", "lib/os"),
    "lib/ipc": ("lib/base", "lib/log", "lib/cli", "lib/event", "lib/os"),
    "lib/config": ("lib/base", "lib/log", "lib/cli", "lib/os", "lib/yang"),
    "lib/mgmt": ("lib/base", "lib/log", "lib/cli", "lib/event", "lib/os", "lib/yang", "lib/ipc", "lib/config"),
    "lib/daemon": ("lib/base", "lib/log", "lib/cli", "lib/event", "lib/os", "lib/yang", "lib/ipc", "lib/config", "lib/supervisor"),
    "vrrpd/packet": ("lib/base",),
    "vrrpd/core": ("lib/base", "vrrpd/packet"),
    "vrrpd/recording": ("lib/base", "vrrpd/packet", "vrrpd/core"),
    "vrrpd/config": ("lib/base", "lib/log", "lib/cli", "lib/yang", "lib/config", "vrrpd/core", "vrrpd/packet"),
    "vrrpd/checkpoint": ("lib/base", "vrrpd/config", "vrrpd/core", "vrrpd/packet"),
    "vrrpd/filter": ("lib/base", "lib/nft", "vrrpd/config", "vrrpd/core"),
    "vrrpd/io": ("lib/base", "lib/log", "lib/event", "lib/os", "lib/net", "lib/netlink", "lib/nft", "vrrpd/core", "vrrpd/packet"),
    "vrrpd/fence": ("lib/base", "lib/os", "lib/supervisor"),
    "vrrpd/mgmt": ("lib/base", "lib/log", "lib/cli", "lib/yang", "lib/config", "lib/ipc", "lib/event", "lib/mgmt",
                   "vrrpd/config", "vrrpd/core", "vrrpd/packet"),
    "vrrpd/daemon": ("lib/", "vrrpd/packet", "vrrpd/core", "vrrpd/recording", "vrrpd/config", "vrrpd/filter", "vrrpd/io",
                     "vrrpd/mgmt", "vrrpd/fence", "vrrpd/checkpoint"),
    "vrrpd": ("lib/daemon", "vrrpd/daemon"),
    "vtysh": ("lib/base", "lib/log", "lib/cli", "lib/event", "lib/os", "lib/ipc"),
}

# External headers -> the files that may include them (a regular expression over the path).
EXTERNAL = (
    (re.compile(r"libyang/"), re.compile(r"lib/yang/"), "libyang belongs to lib/yang"),
    (re.compile(r"netlink/"), re.compile(r"lib/netlink/"), "libnl belongs to lib/netlink"),
    (re.compile(r"seccomp\.h$"), re.compile(r"lib/os/seccomp\.cpp$"), "libseccomp belongs to lib/os/seccomp.cpp"),
    (re.compile(r"nftables/"), re.compile(r"lib/nft/"), "libnftables belongs to lib/nft"),
    (re.compile(r"google/protobuf/|.*\.pb\.h$"), re.compile(r"(lib/ipc|vrrpd/checkpoint)/"), "protobuf belongs to lib/ipc and vrrpd/checkpoint"),
    (re.compile(r"readline/"), re.compile(r"vtysh/editor\.cpp$"), "readline belongs to vtysh/editor.cpp"),
    (re.compile(r"(boost/)?asio(/|\.hpp)"), re.compile(r"lib/event/"), "Asio belongs to lib/event"),
    (re.compile(r"json-c/|json\.h$"), re.compile(r"lib/mgmt/json_test\.cpp$"), "json-c is for the test of our own printer"),
)

# What a pure folder must not even name (design: no clock, socket, thread, randomness, environment, file).
PURE = ("lib/base", "lib/cli", "vrrpd/packet", "vrrpd/core", "vrrpd/recording")
IMPURE = re.compile(r"(sys|net|netinet|linux)/|unistd\.h|fcntl\.h|poll\.h|c?time(\.h)?$|thread$|mutex$|future$|random$|"
                    r"condition_variable$|atomic$|fstream$|iostream$|filesystem$|c?signal(\.h)?$|cstdio$|stdio\.h")
PURE_FILES = ("lib/supervisor/types.h", "lib/supervisor/liveness.h", "lib/supervisor/liveness.cpp", "lib/supervisor/decision.h",
              "lib/supervisor/decision.cpp")
MAY_BE_IMPURE = ("lib/base/check.cpp",         # says on stderr which invariant broke, then aborts
                 "vrrpd/recording/main.cpp")   # tandem-replay

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"(?P<own>[^"]+)"|<(?P<other>[^>]+)>)')


def folder_of(path):
    return os.path.dirname(path)


def includes(text):
    """(line number, name, quoted) of every #include."""
    for number, line in enumerate(text.splitlines(), 1):
        match = _INCLUDE.match(line)
        if match:
            yield number, match["own"] or match["other"], match["own"] is not None


def allowed(folder, target):
    return target == folder or any(target == a or (a.endswith("/") and target.startswith(a)) for a in MAY_USE[folder])


def external_rule(name):
    return next(((where, why) for pattern, where, why in EXTERNAL if pattern.match(name)), None)


def check_own(root, path, name, known):
    """Violation of an include of a file of this repository, or None."""
    if name not in known:
        return f'"{name}" is not a file of this repository (paths start at its root)'
    if not allowed(folder_of(path), folder_of(name)):
        return f"{folder_of(path)} must not use {folder_of(name)}"
    return None


def check_other(path, name):
    rule = external_rule(name)
    if rule and not rule[0].match(path):
        return f"<{name}>: {rule[1]}"
    pure = (folder_of(path) in PURE or path in PURE_FILES) and not path.endswith("_test.cpp") and path not in MAY_BE_IMPURE
    if pure and IMPURE.match(name):
        return f"<{name}> in {path}, which is pure"
    return None


def leaky_headers(table):
    """Headers that bring an external header with them, directly or through another header."""
    leaky = {p for p, found in table.items() if p.endswith(".h") and any(external_rule(n) for _, n, _ in found)}
    while True:
        more = {p for p, found in table.items() if p.endswith(".h") and any(n in leaky for _, n, _ in found)} - leaky
        if not more:
            return leaky
        leaky |= more


def unit_of(path):
    """A header with its sources: x.h, x.cpp, and x_impl.h, the inside of a class for the other sources of its room."""
    return re.sub(r"(_impl)?\.(h|cpp)$", "", path)


def reachable(start, uses):
    found, todo = set(), list(uses.get(start, ()))
    while todo:
        unit = todo.pop()
        if unit not in found:
            found.add(unit)
            todo += uses.get(unit, ())
    return found


def knots(table):
    """Units of one room, each of which includes all others of its knot, directly or through another one. Between rooms
    there is none: MAY_USE has no circle."""
    uses = {}
    for path, found in table.items():
        others = {unit_of(n) for _, n, _ in found if n in table and folder_of(n) == folder_of(path)}
        uses.setdefault(unit_of(path), set()).update(others - {unit_of(path)})
    reach = {unit: reachable(unit, uses) for unit in uses}
    return sorted({tuple(sorted(other for other in reach[unit] if unit in reach[other])) for unit in uses if unit in reach[unit]})


def violations(root):
    paths = [p for p in sources.files(root, sources.CPP) if not p.startswith(("tests/", "tools/"))]
    table = {path: list(includes(sources.read(root, path))) for path in paths}
    leaky = leaky_headers(table)
    for path, found in table.items():
        if folder_of(path) not in MAY_USE:
            yield f"{path}:1: {folder_of(path)} is not a room (tests/checks/layers.py, MAY_USE)"
            continue
        for line, name, quoted in found:
            problem = None
            if quoted and not external_rule(name):
                problem = check_own(root, path, name, table)
            else:
                problem = check_other(path, name)
            if not problem and name in leaky and folder_of(name) != folder_of(path):
                problem = f"{name} drags an external library's header out of {folder_of(name)}"
            if problem:
                yield f"{path}:{line}: {problem}"
    for knot in knots(table):
        yield f"{knot[0]}.h:1: an include knot (files with their headers): {' '.join(os.path.basename(unit) for unit in knot)}"


def main(argv):
    root = argv[1] if len(argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    found = list(violations(root))
    print("\n".join(found) if found else "layers: every include points downwards; no include knot")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
