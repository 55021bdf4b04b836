#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that rooms stay livable: no function above 70 lines, no file above 600, C++ and Python; no class of C++ with more than
15 data members of its own or 30 functions. No exceptions.

Usage: sizes.py [ROOT]. Prints one line per violation, `FILE:LINE: what`, and exits 1 if there is any.
A C++ function is counted from the first line of its signature to its closing brace. It is found by its braces: good enough for
code in this project's style, and checks_test.py holds the cases it must get right.

Counted are the members that a class declares itself, private ones included. Not counted: constants and other static data, types,
constructors, destructors and assignments (`= default` and `= delete` among them). A record, whose data is all public, may have
any number of fields: it is a row of a table, and no function has to be understood together with all of them. Classes of tests
are not counted: a fake has all the functions of what it stands for.
"""
import ast
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import sources  # noqa: E402

FUNCTION_LIMIT = 70
FILE_LIMIT = 600
# As many names as a reader can keep in mind while changing one function of the class; a class beyond has more than one task.
MEMBER_LIMIT = 15
FUNCTIONS_LIMIT = 30

_CONTAINER = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b")
_MEMBER_INITIALISER = re.compile(r"\)\s*(noexcept\s*(\([^()]*\)\s*)?)?:(?!:)")


def matching_brace(text, start):
    """Index of the `}` that closes the `{` at `start`; the end of the text if there is none."""
    depth = 0
    for match in re.finditer(r"[{}]", text[start:]):
        depth += 1 if match.group() == "{" else -1
        if depth == 0:
            return start + match.start()
    return len(text) - 1


def opens_container(header):
    """Whether `header {` opens a scope in which functions are declared: `struct X {`, but not `struct X f() {`."""
    match = _CONTAINER.search(header)
    if not match:
        return False
    if match.group() in ("namespace", "extern", "enum"):
        return True
    bare = re.sub(r"<[^<>]*>|alignas\s*\([^()]*\)|\[\[.*?\]\]", "", header)
    return "(" not in bare


def opens_function(header):
    head = header.rstrip()
    return "(" in head and not head.endswith(("=", ",", "return"))


def is_member_initialiser(header, text, end):
    """`: a_{1}, b_{2} {`: the braces of a member, not the body."""
    rest = text[end + 1:].lstrip()
    return bool(_MEMBER_INITIALISER.search(header)) and rest[:1] in ("{", ",")


def cpp_functions(text):
    """Yields (first line, last line, name) of every function defined in C++ text."""
    clean = sources.without_noise(text)
    at = start = parens = 0
    while at < len(clean):
        c = clean[at]
        if c in "()":
            parens += 1 if c == "(" else -1
        elif c == ";" and parens == 0 or c == "}":
            start = at + 1
        elif c == "{":
            header, end = clean[start:at], matching_brace(clean, at)
            if parens or is_member_initialiser(header, clean, end):
                at = end    # part of an expression: the header goes on
            elif opens_container(header):
                start = at + 1
            else:
                if opens_function(header):
                    yield span(clean, start, end, header)
                at = end
                start = end + 1
        at += 1


def span(text, start, end, header):
    first = start + len(header) - len(header.lstrip())
    name = re.search(r"([\w:~]+|operator\s*\S+?)\s*\(", header)
    if name and re.fullmatch(r"TEST(_[FP])?|RC_GTEST_\w+|TYPED_TEST", name.group(1)):
        label = " ".join(header.split())
    else:
        label = name.group(1) if name else "?"
    return text.count("\n", 0, first) + 1, text.count("\n", 0, end) + 1, label


_CLASS = re.compile(r"(?<!enum )(?<![<,] )(?<![<,])\b(?:class|struct)\s+(?P<name>\w+(?:::\w+)*)(?:\s+final)?\s*(?::[^;{()]*)?\{")
_ACCESS = re.compile(r"\b(public|private|protected)\s*:(?!:)")
_TEMPLATE = re.compile(r"^template\s*<(?:[^<>]|<[^<>]*>)*>\s*")
_ARGUMENTS = re.compile(r"<[^<>]*>")
_NO_MEMBER = re.compile(r"(using|typedef|friend|static_assert)\b|(enum|class|struct|union)\b(?!.*\}\s*\w)")
_NOT_COUNTED = re.compile(r"[^(]*(~|operator\s*=\s*\()")    # destructor, assignment


def declarations(body):
    """The declarations at the top of a class body, each on one line, with `{}` for all that is in braces."""
    found, begun, at, parens = [], "", 0, 0
    while at < len(body):
        c = body[at]
        if c == "{":
            at = matching_brace(body, at)
            begun += "{}"
            if parens == 0 and body[at + 1:].lstrip()[:1] not in (";", ",", "{", "="):
                found.append(begun)
                begun = ""
        elif c == ";" and parens == 0:
            found.append(begun)
            begun = ""
        else:
            parens += {"(": 1, ")": -1}.get(c, 0)
            begun += c
        at += 1
    return [text for text in (" ".join(text.split()) for text in found) if text]


def without_arguments(text):
    """`std::function<void()> f` becomes `std::function f`."""
    bare = _ARGUMENTS.sub("", text)
    return bare if bare == text or "operator" in text else without_arguments(bare)


def kind_of(declaration, name):
    """"data", "function", or None for what is not counted."""
    text = _TEMPLATE.sub("", re.sub(r"\[\[.*?\]\]", "", _ACCESS.sub("", declaration)).strip())
    if not text or _NO_MEMBER.match(text):
        return None
    head = re.split(r"[={](?!=)", without_arguments(text), maxsplit=1)[0] if "operator" not in text else text
    if "(" in head:
        special = _NOT_COUNTED.match(head) or re.match(rf"(explicit |constexpr |inline )*{re.escape(name)}\s*\(", head)
        return None if special else "function"
    return None if re.match(r"(inline |constexpr )*static\b", text) else "data"


def cpp_classes(text):
    """Yields (line, name, number of data members, number of functions, whether all data is public) of every class."""
    clean = sources.without_noise(text)
    for match in _CLASS.finditer(clean):
        start = match.end() - 1
        body = clean[start + 1:matching_brace(clean, start)]
        found = declarations(body)
        kinds = [kind_of(declaration, match["name"].rpartition("::")[2]) for declaration in found]
        public = clean[match.start():].startswith("struct") and not any(re.search(r"\b(private|protected)\s*:(?!:)", text) for text in found)
        yield clean.count("\n", 0, match.start()) + 1, match["name"], kinds.count("data"), kinds.count("function"), public


def is_program(path):
    """Whether its classes are counted: not those of tests."""
    return not path.startswith("tests/") and not path.endswith("_test.cpp") and os.path.basename(path) != "testing.h"


def whales(path, text, members, functions):
    """The classes of C++ text with more than so many data members or functions."""
    for line, name, data, own, public in cpp_classes(text):
        if data > members and not public:
            yield f"{path}:{line}: {name} has {data} data members; the limit of a class is {members}"
        if own > functions:
            yield f"{path}:{line}: {name} has {own} functions; the limit of a class is {functions}"


def python_functions(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.lineno, node.end_lineno, node.name


def oversize(path, text):
    lines = text.count("\n") + (not text.endswith("\n") and bool(text))
    if lines > FILE_LIMIT:
        yield f"{path}:1: {lines} lines; the limit of a file is {FILE_LIMIT}"
    functions = cpp_functions if path.endswith(sources.CPP) else python_functions
    for first, last, name in functions(text):
        if last - first + 1 > FUNCTION_LIMIT:
            yield f"{path}:{first}: {name} has {last - first + 1} lines; the limit of a function is {FUNCTION_LIMIT}"


def python_scripts(root):
    """Programs without suffix, by their first line."""
    for path in sources.files(root, ("",), ("tools", "tests")):
        if "." not in os.path.basename(path):
            with open(os.path.join(root, path), "rb") as file:
                if re.match(rb"#!.*python", file.readline()):
                    yield path


def main(argv):
    root = argv[1] if len(argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    paths = sources.files(root, (*sources.CPP, ".py")) + list(python_scripts(root))
    found = [line for path in paths for line in oversize(path, sources.read(root, path))]
    programs = {path: sources.read(root, path) for path in paths if path.endswith(sources.CPP) and is_program(path)}
    found += [line for path, text in programs.items() for line in whales(path, text, MEMBER_LIMIT, FUNCTIONS_LIMIT)]
    print("\n".join(found) if found else f"sizes: {len(paths)} files within {FUNCTION_LIMIT} lines a function, {FILE_LIMIT} a file; "
          f"every class within {MEMBER_LIMIT} data members and {FUNCTIONS_LIMIT} functions")
    return 1 if found or not paths else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
