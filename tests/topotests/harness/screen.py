# SPDX-License-Identifier: Apache-2.0
"""A terminal with a simulated user: tmux runs the real program, the harness types keys and compares the screen with a golden one.

A transcript is a file of screens. The line before each screen shows the keys that led to it:

    === show vrrp ? 
    r1# show vrrp
      <cr>
    …

TANDEM_UPDATE_TRANSCRIPTS=1 rewrites the files from screens that no longer change. Read the difference before you commit it.
"""
import os
import re
import subprocess
import time

from . import netns
from .waiting import wait_for

COLUMNS, LINES = 80, 24
UPDATE = bool(os.environ.get("TANDEM_UPDATE_TRANSCRIPTS"))
FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "transcripts")
TIMEOUT = 15


class Terminal:
    """Runs `argv` in a terminal of 80 × 24 in a namespace, with an environment of its own."""

    def __init__(self, namespace, argv, **environment):
        self._socket = f"tt{os.getpid()}-{id(self):x}"
        self._seated = False
        env = {"TERM": "xterm-256color", "PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C", **environment}
        # The file that shells would read is not under the harness's control. tmux's status line is off because it would show the time.
        with netns.inside(namespace):
            self._tmux("-f", "/dev/null", "new-session", "-d", "-x", str(COLUMNS), "-y", str(LINES), ";", "set", "-g", "status", "off",
                       ";", "set", "-g", "remain-on-exit", "on", ";", "respawn-pane", "-k", "env", "-i",
                       *(f"{key}={value}" for key, value in env.items()), *argv)

    def _tmux(self, *words):
        return subprocess.run(["tmux", "-u", "-L", self._socket, *words], check=True, capture_output=True, text=True, timeout=30).stdout

    def _sit_down(self):
        """Types two keys. It types the second after the shell has echoed the first, so that the shell takes the user for a person (decision 0035)."""
        self._seated = True
        self._tmux("send-keys", "-l", "x")
        self.wait_for("[>#] x")
        self._tmux("send-keys", "BSpace")
        wait_for(lambda: not re.search("[>#] x", self.screen()), TIMEOUT, self.screen)

    def type(self, keys):
        """Types literal text. <Tab>, <Enter>, <C-c> and other names of tmux are keys."""
        if not self._seated:
            self._sit_down()
        for part in re.split(r"(<[A-Z][A-Za-z0-9-]*>)", keys):
            if part.startswith("<"):
                self._tmux("send-keys", part[1:-1])
            elif part:
                self._tmux("send-keys", "-l", part)

    def screen(self, *options):
        return self._tmux("capture-pane", "-p", *options)

    def resize(self, columns, lines):
        self._tmux("resize-window", "-x", str(columns), "-y", str(lines))

    def wait_for(self, pattern):
        """Waits until a regular expression matches on the screen."""
        return wait_for(lambda: re.search(pattern, self.screen(), re.MULTILINE), TIMEOUT,
                        lambda: f"/{pattern}/ on the screen:\n{self.screen()}")

    def wait_for_end(self):
        wait_for(lambda: self._tmux("list-panes", "-F", "#{pane_dead}").strip() == "1", TIMEOUT,
                 lambda: f"the end of the program:\n{self.screen()}")

    def pid(self):
        return int(self._tmux("list-panes", "-F", "#{pane_pid}"))

    def close(self):
        subprocess.run(["tmux", "-L", self._socket, "kill-server"], check=False, capture_output=True, timeout=30)


class Transcript:
    """Types keys and waits until the screen equals the golden one. `hidden`: (regular expression, replacement) for text that differs from run to run,
    such as times."""

    def __init__(self, terminal, name, hidden=()):
        self._terminal, self._path, self._hidden = terminal, os.path.join(FOLDER, name + ".txt"), hidden
        self._written = []
        self._golden = {} if UPDATE else self._read()

    def _read(self):
        with open(self._path, encoding="utf-8") as file:
            parts = re.split(r"^=== (.*)\n", file.read(), flags=re.MULTILINE)
        return dict(enumerate(zip(parts[1::2], parts[2::2])))

    def _screen(self):
        text = self._terminal.screen()
        for pattern, replacement in self._hidden:
            text = re.sub(pattern, replacement, text)
        return "".join(line.rstrip() + "\n" for line in text.rstrip().splitlines())

    def _at_rest(self):
        seen, since = self._screen(), time.monotonic()
        while time.monotonic() - since < 1:
            time.sleep(0.05)
            if self._screen() != seen:
                seen, since = self._screen(), time.monotonic()
        return seen

    def step(self, keys):
        number = len(self._written)
        self._terminal.type(keys)
        if UPDATE:
            self._written.append((keys, self._at_rest()))
            return
        golden_keys, golden = self._golden.get(number, ("nothing", ""))
        assert golden_keys == keys.rstrip("\n"), f"{self._path}: step {number} types {golden_keys!r} there and {keys!r} here"
        self._written.append((keys, golden))
        wait_for(lambda: self._screen() == golden, TIMEOUT,
                 lambda: f"after {keys!r}, expected\n{golden}\n---- and the screen shows ----\n{self._screen()}")

    def finish(self):
        if UPDATE:
            os.makedirs(FOLDER, exist_ok=True)
            with open(self._path, "w", encoding="utf-8") as file:
                file.writelines(f"=== {keys}\n{text}" for keys, text in self._written)
        assert UPDATE or len(self._written) == len(self._golden), f"{self._path} goes on after step {len(self._written)}"
