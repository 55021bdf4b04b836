# SPDX-License-Identifier: Apache-2.0
"""The common part of all routers: a namespace, a directory for files, and processes that the harness ends by their ids."""
import contextlib
import ctypes
import dataclasses
import os
import shutil
import signal
import subprocess
import tempfile

from .. import netns
from ..waiting import wait_for

# Daemons that fork become children of this process, so that the harness can reap all of them.
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)    # PR_SET_CHILD_SUBREAPER


@dataclasses.dataclass
class Group:
    """The configuration of one virtual router, in terms that all three makes share. IPv6: the link-local address first."""
    vrid: int = 5
    priority: int = 100
    interval_ms: int = 1000
    version: int = 3
    ipv4: tuple = ()
    ipv6: tuple = ()
    interface: str = "eth1"
    preempt: bool = True
    extra: tuple = ()    # configuration lines in the syntax of the make

    def families(self):
        return [f for f, listed in ((4, self.ipv4), (6, self.ipv6)) if listed]


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            return file.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def children_of(pid):
    with contextlib.suppress(OSError), open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [int(word) for word in file.read().split()]
    return []


class Router:
    """`name`: "r1" or "r2" of the topology."""

    def __init__(self, topology, name):
        self.topology, self.name, self.ns = topology, name, topology.ns(name)
        self.dir = tempfile.mkdtemp(prefix=f"{self.ns}-")
        os.chmod(self.dir, 0o755)
        self._children = []

    # Each make implements these.
    def start(self, *groups):
        raise NotImplementedError

    def pids(self):
        """Returns the ids of its living processes; the process that handles signals comes first."""
        raise NotImplementedError

    def state(self, vrid=5, family=4):
        """Returns "Master", "Backup", "Initialize", or "" if the make does not report the state."""
        raise NotImplementedError

    # All makes share these.
    def explanation(self, vrid, family):
        """Returns further details of its state, for the message of a failed test."""
        return ""

    def path(self, name):
        return os.path.join(self.dir, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def read(self, name):
        with contextlib.suppress(FileNotFoundError), open(self.path(name), encoding="utf-8", errors="replace") as file:
            return file.read()
        return ""

    def spawn(self, argv, output="output.log", **options):
        with open(self.path(output), "ab") as file, netns.inside(self.ns):
            process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=file, stderr=file, start_new_session=True, **options)
        self._children.append(process)
        return process

    def wait_state(self, wanted, vrid=5, family=4, timeout=10):
        def seen():
            state, explanation = self.state(vrid, family), self.explanation(vrid, family)
            return f"{type(self).__name__} {self.name} is {state!r}, not {wanted}, for {vrid}/IPv{family}{explanation}"
        wait_for(lambda: self.state(vrid, family) == wanted, timeout, seen, step=0.02)

    def terminate(self):
        """Sends SIGTERM and waits until all processes have ended."""
        victims = self.pids()
        if victims:
            os.kill(victims[0], signal.SIGTERM)
        self._reap(victims)

    def kill(self):
        """Sends SIGKILL to all processes at once: a crash."""
        victims = self.pids()
        for pid in victims:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._reap(victims)

    def _reap(self, pids, timeout=15):
        wait_for(lambda: not any(alive(p) for p in pids), timeout, lambda: f"{[p for p in pids if alive(p)]} of {self.ns} are still there",
                 step=0.002)
        for process in self._children:
            if process.pid in pids:
                process.wait()
        for pid in pids:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)

    def close(self):
        with contextlib.suppress(AssertionError):
            self.kill()
        shutil.rmtree(self.dir, ignore_errors=True)
