# SPDX-License-Identifier: Apache-2.0
"""Reads cli.md, the contract of the command line, which lies beside the repository (../shared): its text in backquotes, and the command lines of each
syntax."""
import itertools
import os
import re
from dataclasses import dataclass

ROOT = os.path.realpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", ".."))
PATH = os.path.join(os.environ.get("TANDEM_SHARED", os.path.join(os.path.dirname(ROOT), "shared")), "cli.md")


@dataclass(frozen=True)
class Span:
    """`text` has no line breaks; `line` is its line in the file; `section` is the section's number (0: before the first section)."""
    text: str
    line: int
    section: int
    paragraph: str    # the whole paragraph; in a table, the row

    def __str__(self):
        return f"cli.md:{self.line}: {self.text}"


def spans(text):
    """Returns all text between backquotes, in order. Omits sections whose heading ends with `(coming)`: the program does not have their commands yet.
    Raises ValueError if the backquotes of a paragraph do not pair up."""
    found, section, coming = [], 0, False
    for number, paragraph in _paragraphs(text):
        heading = re.match(r"## (\d+) ", paragraph)
        if heading:
            section, coming = int(heading[1]), paragraph.rstrip().endswith("(coming)")
        if paragraph.count("`") % 2:
            raise ValueError(f"cli.md:{number}: a backquote too many or too few")
        if coming:
            continue
        for match in re.finditer(r"`([^`]+)`", paragraph):
            line = number + paragraph.count("\n", 0, match.start())
            found.append(Span(re.sub(r"\s*\n\s*", " ", match[1]), line, section, paragraph))
    return found


def _paragraphs(text):
    """Yields each paragraph with the number of its first line. Each row of a table is a paragraph. Code fences are not supported."""
    if "```" in text:
        raise ValueError("cli.md has blocks of code now: harness/contract.py has to learn to read them")
    number, lines = 1, []
    for n, line in enumerate([*text.splitlines(), ""], 1):
        if line and not line.startswith("|"):
            number = number if lines else n
            lines.append(line)
            continue
        if lines:
            yield number, "\n".join(lines)
            lines = []
        if line:
            yield n, line


def expand(syntax, values):
    """Returns all lines of a syntax: [optional], (one|of), {some|of}, one|of. A word in `values` (a range like `(1-255)` with its brackets) gives a
    line for each of its values. Raises ValueError for unbalanced brackets."""
    tokens = re.findall(r"\s+|[][{}()]|[^\s\][{}()]+", syntax)
    lines, rest = _sequence(tokens, values)
    if rest:
        raise ValueError(f"brackets do not fit: {syntax}")
    return list(dict.fromkeys(re.sub(r"\s+", " ", line).strip() for line in lines))


_CLOSING = {"[": "]", "(": ")", "{": "}"}


def _sequence(tokens, values):
    parts = []
    while tokens and tokens[0] not in _CLOSING.values():
        token, tokens = tokens[0], tokens[1:]
        if token in _CLOSING:
            inner, rest = _sequence(tokens, values)
            if rest[:1] != [_CLOSING[token]]:
                raise ValueError(f"brackets do not fit behind {token}")
            parts.append(_group(token, "".join(tokens[:len(tokens) - len(rest)]), inner, values))
            tokens = rest[1:]
        elif token.isspace():
            parts.append([" "])
        else:
            parts.append([line for word in token.split("|") for line in values.get(word, [word])])
    return ["".join(line) for line in itertools.product(*parts)], tokens


def _group(bracket, text, inner, values):
    if bracket == "(":
        return values.get(f"({text})", inner)
    if bracket == "[":
        return ["", *inner]
    return ["", *inner, " ".join(line.strip() for line in inner)]
