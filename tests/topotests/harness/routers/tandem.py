# SPDX-License-Identifier: Apache-2.0
"""Tandem: one program, configured like FRR; its macvlans are its own business."""
import json
import os

from .. import netns
from ..programs import program
from ..waiting import wait_for
from .base import Router, alive


def config_lines(groups):
    """Configuration text for groups, by interface."""
    by_interface = {}
    for g in groups:
        lines = [f"vrrp {g.vrid} version {g.version}", f"vrrp {g.vrid} priority {g.priority}",
                 f"vrrp {g.vrid} advertisement-interval {g.interval_ms}"]
        lines += [f"vrrp {g.vrid} ip {a}" for a in g.ipv4] + [f"vrrp {g.vrid} ipv6 {a}" for a in g.ipv6]
        lines += [] if g.preempt else [f"no vrrp {g.vrid} preempt"]
        by_interface.setdefault(g.interface, []).extend(lines + list(g.extra))
    return "".join(f"interface {name}\n " + "\n ".join(lines) + "\nexit\n!\n" for name, lines in by_interface.items())


class Tandem(Router):
    def start(self, *groups, text=None, wait=True, options=()):
        """With `groups`, or with configuration `text` as it is."""
        self.write("vrrpd.conf", f"hostname {self.name}\n" + config_lines(groups) if text is None else text)
        self.launch(options)
        if wait:
            self.wait_ready()
        return self

    def launch(self, options=(), **popen):
        argv = [program("vrrpd"), "-f", self.path("vrrpd.conf"), "-i", self.path("vrrpd.pid"), "--vty_socket", self.dir,
                "--state-dir", self.path("state"), "--log", "file:" + self.path("vrrpd.log"), *options]
        os.makedirs(self.path("state"), exist_ok=True)
        return self.spawn(argv, **popen)

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

    def pids(self):
        return [child.pid for child in self._children if alive(child.pid)]

    def vtysh(self, *commands, check=True, **options):
        argv = [program("vtysh"), "--vty_socket", self.dir]
        for command in commands:
            argv += ["-c", command]
        return netns.run(argv, self.ns, check=check, **options)

    def vtysh_input(self, text, **options):
        """Lines as somebody types them into a pipe."""
        return netns.run([program("vtysh"), "--vty_socket", self.dir], self.ns, check=False, input=text, **options)

    def configure(self, *lines, check=True):
        """Lines of `configure terminal`."""
        return self.vtysh("configure terminal", *lines, check=check)

    def show(self, command="show vrrp json"):
        return json.loads(self.vtysh(command).stdout)

    def group(self, vrid=5):
        return next(g for g in self.show() if g["vrid"] == vrid)

    def family(self, vrid=5, family=4):
        """The `v4` or `v6` part of a group's JSON."""
        return self.group(vrid)[f"v{family}"]

    def state(self, vrid=5, family=4):
        try:
            return self.family(vrid, family)["status"]
        except (RuntimeError, StopIteration, ValueError):
            return ""

    def macvlan(self, vrid=5, family=4, interface="eth1"):
        """The name that the macvlan of a group must have."""
        index = netns.links(self.ns)[interface]["ifindex"]
        return f"vrrp{family}-{index}-{vrid}"
