# SPDX-License-Identifier: Apache-2.0
"""What the checks look at: the project's own source files, and text with comments and literals blanked out."""
import os
import re

ROOMS = ("lib", "vrrpd", "vtysh", "tests", "tools")
CPP = (".cpp", ".h")


def files(root, suffixes, rooms=ROOMS):
    """Paths relative to `root` of the files with one of these suffixes, sorted; generated and hidden folders left out."""
    found = []
    for room in rooms:
        for folder, names, leaves in os.walk(os.path.join(root, room)):
            names[:] = [n for n in names if not n.startswith((".", "__")) and n != "build"]
            found += [os.path.relpath(os.path.join(folder, leaf), root) for leaf in leaves if leaf.endswith(suffixes)]
    return sorted(found)


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8") as file:
        return file.read()


_NOISE = re.compile(
    r'//[^\n]*'                                    # comment
    r'|/\*.*?\*/'                                  # block comment
    r'|R"(?P<tag>[^()\\\s]{0,16})\(.*?\)(?P=tag)"'  # raw string
    r'|"(?:\\.|[^"\\\n])*"'                        # string
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'",       # character; not the ' in 1'000
    re.DOTALL)
_DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", re.MULTILINE)


def _blank(match):
    return re.sub(r"[^\n]", " ", match.group(0))


def without_noise(text):
    """C++ text of the same length and lines, with comments, literals and preprocessor lines replaced by blanks."""
    return _DIRECTIVE.sub(_blank, _NOISE.sub(_blank, text))
