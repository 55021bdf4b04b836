# SPDX-License-Identifier: Apache-2.0
"""Tandem: one program in two processes, configured with FRR's syntax. It creates its macvlans itself."""
import contextlib
import json
import os
import signal
import subprocess

from .. import netns
from ..programs import program
from ..waiting import wait_for
from .base import Router, alive, children_of


def config_lines(groups):
    """Returns the configuration text for groups, by interface."""
    by_interface = {}
    for g in groups:
        lines = [f"vrrp {g.vrid} version {g.version}", f"vrrp {g.vrid} priority {g.priority}",
                 f"vrrp {g.vrid} advertisement-interval {g.interval_ms}"]
        lines += [f"vrrp {g.vrid} ip {a}" for a in g.ipv4] + [f"vrrp {g.vrid} ipv6 {a}" for a in g.ipv6]
        lines += [] if g.preempt else [f"no vrrp {g.vrid} preempt"]
        by_interface.setdefault(g.interface, []).extend(lines + list(g.extra))
    return "".join(f"interface {name}\n " + "\n ".join(lines) + "\nexit\n!\n" for name, lines in by_interface.items())


class Tandem(Router):
    environment = None    # of the daemon; None: the test's environment
    wrapper = ()          # a command that executes the daemon
    program = None        # path of the program; None: the program in the build directory

    def start(self, *groups, text=None, wait=True, options=()):
        """Starts the daemon with `groups`, or with configuration `text` as it is."""
        self.write("vrrpd.conf", f"hostname {self.name}\n" + config_lines(groups) if text is None else text)
        self.launch(options)
        if wait:
            self.wait_ready()
        return self

    def launch(self, options=(), **popen):
        argv = [*self.wrapper, self.program or program("vrrpd"), "-f", self.path("vrrpd.conf"), "-i", self.path("vrrpd.pid"), "--vty_socket", self.dir,
                "--state-dir", self.path("state"), "--log-dir", self.dir, "--log", "file:" + self.path("vrrpd.log"), *options]
        os.makedirs(self.path("state"), exist_ok=True)
        return self.spawn(argv, env=self.environment, **popen)

    def wait_ready(self, timeout=10):
        def answers():
            if not self.pids():
                raise AssertionError(f"vrrpd ended: {self.output()}")
            return self.vtysh("show version", check=False).returncode == 0
        wait_for(answers, timeout, lambda: f"vrrpd does not answer: {self.output()}")

    def output(self):
        return (self.read("output.log") + self.read("vrrpd.log"))[-2000:]

    def log(self):
        return self.read("vrrpd.log")

    def refused_calls(self):
        """Returns the lines of the log and of the kernel's audit log about refused system calls (seccomp)."""
        ours = tuple(f" pid={child.pid} " for child in self._children)
        audit = subprocess.run(["dmesg"], capture_output=True, text=True, check=False).stdout.splitlines()
        return [line for line in self.log().splitlines() if "[VRRP-048]" in line] + [
            line for line in audit if "audit: type=1326" in line and any(pid in line for pid in ours)]

    def pids(self):
        """Returns the supervisor, which handles signals, and the worker."""
        found = []
        for child in self._children:
            if alive(child.pid):
                found += [child.pid, *(pid for pid in children_of(child.pid) if alive(pid))]
        return found

    def worker(self):
        return wait_for(lambda: self.pids()[1:2], 5, lambda: f"there is no worker: {self.output()}")[0]

    def wait_new_worker(self, old, timeout=10):
        """Waits until a worker other than `old` answers the shell."""
        wait_for(lambda: [pid for pid in self.pids()[1:] if pid != old], timeout, lambda: f"no other worker than {old}: {self.output()}",
                 step=0.001)
        self.wait_ready(timeout)
        return self.worker()

    def kill(self):
        """Sends SIGKILL to both processes at once: a crash of both. The supervisor must not notice the worker's end."""
        for pid in self.pids()[:1]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)
        victims = self.pids()
        for pid in reversed(victims):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._reap(victims)

    def run_vtysh(self, *arguments, check=True, **options):
        return netns.run([program("vtysh"), "--vty_socket", self.dir, *arguments], self.ns, check=check, **options)

    def vtysh(self, *commands, **options):
        return self.run_vtysh(*(part for command in commands for part in ("-c", command)), **options)

    def vtysh_input(self, text, **options):
        """Sends lines to the shell through a pipe, as a script does."""
        return self.run_vtysh(check=False, input=text, **options)

    def configure(self, *lines, check=True):
        """Executes lines in `configure terminal`."""
        return self.vtysh("configure terminal", *lines, check=check)

    def show(self, command="show vrrp json"):
        return json.loads(self.vtysh(command).stdout)

    def group(self, vrid=5):
        return next(g for g in self.show() if g["vrid"] == vrid)

    def family(self, vrid=5, family=4):
        """Returns the `v4` or `v6` part of a group's JSON."""
        return self.group(vrid)[f"v{family}"]

    def state(self, vrid=5, family=4):
        try:
            return self.family(vrid, family)["status"]
        except (RuntimeError, StopIteration, ValueError):
            return ""

    def explanation(self, vrid, family):
        try:
            return ": " + json.dumps(self.family(vrid, family))
        except (RuntimeError, StopIteration, ValueError):
            return ""

    def macvlan(self, vrid=5, family=4, interface="eth1"):
        """Returns the name that the macvlan of a group must have."""
        return f"vrrp{family}-{interface}-{vrid}"
