# SPDX-License-Identifier: Apache-2.0
"""keepalived 2.2.7, with its virtual MAC (`use_vmac`) or without. The harness takes its state from its log."""
import os
import re

from .base import Router, alive
from ..waiting import wait_for

_STATES = {"MASTER": "Master", "BACKUP": "Backup", "FAULT": "Initialize"}


class Keepalived(Router):
    vmac = True
    options = ()    # lines for global_defs

    def start(self, *groups):
        self.write("keepalived.conf", self._config(groups))
        self.spawn(["/usr/sbin/keepalived", "-n", "-P", "-l", "-G", "-f", self.path("keepalived.conf"),
                    "-p", self.path("keepalived.pid"), "-r", self.path("vrrp.pid")], "keepalived.log",
                   env={**os.environ, "TMPDIR": self.dir})
        wait_for(lambda: "Entering" in self.read("keepalived.log"), 10, lambda: f"keepalived: {self.read('keepalived.log')}")
        return self

    def _config(self, groups):
        lines = ["global_defs {", f"  router_id {self.name}", *(f"  {o}" for o in self.options), "}"]
        for g in groups:
            for family in g.families():
                name = f"g{g.vrid}_{family}"
                lines += [f"vrrp_instance {name} {{", "  state BACKUP", f"  interface {g.interface}", f"  virtual_router_id {g.vrid}",
                          f"  version {g.version}", f"  priority {g.priority}", f"  advert_int {g.interval_ms / 1000:g}"]
                lines += [f"  use_vmac vm{family}-{g.vrid}"] if self.vmac else []
                lines += [] if g.preempt else ["  nopreempt"]
                lines += [f"  {line}" for line in g.extra]
                listed = g.ipv4 if family == 4 else g.ipv6
                lines += ["  virtual_ipaddress {", *(f"    {a}" for a in listed), "  }", "}"]
        return "\n".join(lines) + "\n"

    def pids(self):
        parents = [child.pid for child in self._children if alive(child.pid)]
        return parents + [kid for pid in parents for kid in self._below(pid)]

    @staticmethod
    def _below(pid):
        try:
            with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
                return [int(word) for word in file.read().split()]
        except OSError:
            return []

    def kill(self):
        """Kills the children first: they resign when the parent dies, and that would not be a crash."""
        victims = self.pids()
        for pid in reversed(victims):
            try:
                os.kill(pid, 9)
            except ProcessLookupError:
                pass
        self._reap(victims)

    def state(self, vrid=5, family=4):
        found = re.findall(rf"\(g{vrid}_{family}\) Entering (\w+) STATE", self.read("keepalived.log"))
        return _STATES.get(found[-1], "") if found else ""
