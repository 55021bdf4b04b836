# SPDX-License-Identifier: Apache-2.0
"""Types megabytes of noise into a real vtysh, on a terminal and into a pipe. Neither program ends, and both work afterwards. The noise comes from a
seed; a failure prints it."""
import contextlib
import os
import random
import re
import select
import signal

import pytest

from harness import netns
from harness.programs import program
from harness.routers import Group, Tandem
from harness.topology import VIP4
from harness.waiting import wait_for

SEED = int(os.environ.get("TANDEM_SEED", "20261121"))
TERMINAL_BYTES = 128 << 10    # each byte is a key: readline redraws the line
PIPE_BYTES = 4 << 20
WORDS = ("show", "vrrp", "configure", "terminal", "private", "exclusive", "interface", "eth1", "lo", "5", "255", "256", "priority", "ip", "ipv6",
         "10.10.10.16", "2001:db8::1", "|", "include", "count", "json", "no", "default", "commit", "discard", "end", "do", "?",
         "description", "Zürich", "東京", "vrrp", "summary", "detail", "history", "monitor", "find", "^(", "list", "debug", "hostname", "\t")
LEAVES = re.compile(rb"(?:(?<=^)|(?<=[\r\n]))([ \t]*)(?:ex?i?t?|qu?i?t?)(?=[\s|]|$)")    # also abbreviated
# Commands that would wait for something outside of the test, or write there.
FORBIDDEN = (b"ping", b"traceroute", b"output", b"copy", b"log", b"write", b"rollback")


def noise(generator, size):
    """Returns noise: half meaningful words, half random bytes."""
    pieces, length = [], 0
    while length < size:
        if generator.random() < 0.5:
            piece = " ".join(generator.choice(WORDS) for _ in range(generator.randrange(1, 7))).encode()
        else:
            piece = generator.randbytes(generator.randrange(1, 40))
        if generator.random() < 0.001:
            piece *= 500    # a line that is too long
        piece += generator.choice((b"\n", b"\n", b" ", b"\r"))
        pieces.append(piece)
        length += len(piece)
    text = b"".join(pieces)
    for word in FORBIDDEN:
        text = text.replace(word, b"show")
    return LEAVES.sub(rb"\1end", text)


@pytest.fixture
def router(lan, routers):
    one = routers(Tandem, lan, "r1").start(Group(5, 210, 100, ipv4=(VIP4,)))
    one.wait_state("Master")
    return one


def check_daemon(router, before):
    assert router.pids() == before, f"seed {SEED}: the daemon has ended: {router.output()}"
    assert router.vtysh("show version").returncode == 0, f"seed {SEED}"


def test_noise_into_a_pipe(router):
    """Errors do not stop vtysh (-n), so it reads all of the noise. The noise contains all bytes, NUL included."""
    before = router.pids()
    text = noise(random.Random(SEED), PIPE_BYTES) + b"\nend\nshow version\n"
    done = netns.run([program("vtysh"), "--vty_socket", router.dir, "-n"], router.ns, check=False, text=False, input=text, timeout=300)
    assert done.returncode >= 0, f"seed {SEED}: vtysh ended by signal {-done.returncode}"
    assert b"Tandem vrrpd" in done.stdout[-200:], f"seed {SEED}: vtysh did not read to the end: {done.stdout[-500:]}"
    check_daemon(router, before)


class Pty:
    """A vtysh on a pseudo terminal. The test ignores the screen, but must read the output, or vtysh would stall."""

    def __init__(self, router):
        self.pid, self.terminal = os.forkpty()
        if self.pid == 0:
            with netns.inside(router.ns):
                os.execve(program("vtysh"), ["vtysh", "--vty_socket", router.dir, "-H", router.path("history")],
                          {"TERM": "xterm", "PATH": "/nonexistent", "HOME": router.dir})
        os.set_blocking(self.terminal, False)
        self.seen, self.status = b"", None    # status: its exit status

    def alive(self):
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.status = status if pid else None
        return self.status is None

    def close(self):
        if self.alive():
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.terminal)

    def pump(self, data=b""):
        """Types as much as vtysh takes, and reads its output. Returns the rest."""
        readable, writable, _ = select.select([self.terminal], [self.terminal] if data else [], [], 0.2)
        if readable and self.alive():
            self.seen = (self.seen + os.read(self.terminal, 65536))[-4096:]
        if writable:
            data = data[os.write(self.terminal, data[:512]):]
        return data


def open_shell(router):
    shell = Pty(router)
    wait_for(lambda: shell.pump() == b"" and re.search(rb"[#>] $", shell.seen), 10, "a prompt")    # before the prompt Ctrl-C ends the program
    return shell


def typed_on(router, text):
    shell = open_shell(router)
    try:
        while text:
            with contextlib.suppress(OSError):    # the program may have ended; the check below reports it
                text = shell.pump(text)
            if not shell.alive():
                assert shell.status == 0, f"seed {SEED}: vtysh has ended with status {shell.status:#x}: {shell.seen[-500:]}"
                shell.close()    # the noise edited a line so that it was `exit`
                shell = open_shell(router)
        # vtysh may be in any dialogue: a question, a search in the history, a live screen.
        def works():
            assert shell.alive(), f"seed {SEED}: vtysh has ended with status {shell.status:#x}: {shell.seen[-500:]}"
            shell.pump(b"\x03\n\x1a\nshow version\n")
            return b"Tandem vrrpd" in shell.seen[-2000:]
        wait_for(works, 60, lambda: f"seed {SEED}: vtysh does not answer: {shell.seen[-500:]}")
    finally:
        shell.close()


def test_noise_on_a_terminal(router):
    """All bytes except those that would end the session or stop the terminal: Ctrl-D at the beginning of a line, Ctrl-S, Ctrl-\\."""
    before = router.pids()
    text = noise(random.Random(SEED + 1), TERMINAL_BYTES)
    for ending in (b"\x04", b"\x13", b"\x1c"):
        text = text.replace(ending, b"")
    typed_on(router, text)
    check_daemon(router, before)
