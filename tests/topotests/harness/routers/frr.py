# SPDX-License-Identifier: Apache-2.0
"""FRR 8.4.4: zebra and vrrpd, and the part that FRR leaves to the operator: one macvlan per group and family with the addresses on it, and the ARP
sysctls. Without these sysctls each ARP request gets three answers."""
import contextlib
import json
import os
import shutil
import signal
import subprocess

from .. import netns
from ..waiting import wait_for
from .base import Router, alive
from .tandem import config_lines

_LIB = "/usr/lib/frr"


class Frr(Router):
    def start(self, *groups, text=None):
        """Starts the router with `groups`, or with configuration `text` as it is; with `text` the caller creates the macvlans."""
        shutil.chown(self.dir, "frr", "frr")
        self.add_macvlans(groups)
        self.write("zebra.conf", "hostname r\n")
        self.write("vrrpd.conf", "hostname r\n" + (config_lines(groups) if text is None else text))
        for name in ("zebra", "vrrpd"):
            self._launch(name)
        wait_for(lambda: self._ask("show vrrp json"), 10, lambda: f"FRR does not answer: {self.read('output.log')}")
        return self

    def add_macvlans(self, groups):
        for name in ("arp_ignore", "arp_announce"):
            netns.write_sysctl(self.ns, f"ipv4/conf/all/{name}", {"arp_ignore": 1, "arp_announce": 2}[name])
        for g in groups:
            for family in g.families():
                device = f"vrrp{family}-{g.interface}-{g.vrid}"[:15]
                mac = f"00:00:5e:00:{1 if family == 4 else 2:02x}:{g.vrid:02x}"
                listed = g.ipv4 if family == 4 else g.ipv6
                netns.ip(f"link add {device} link {g.interface} address {mac} type macvlan mode bridge",
                         f"link set dev {device} addrgenmode random",
                         *(f"addr add {a}/{24 if family == 4 else 64} dev {device}" + (" nodad" if family == 6 else "") for a in listed),
                         f"link set dev {device} up", ns=self.ns)

    def _launch(self, name):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.path(f"{name}.pid"))
        process = self.spawn([f"{_LIB}/{name}", "-d", "-f", self.path(f"{name}.conf"), "-i", self.path(f"{name}.pid"),
                              "-z", self.path("zserv.api"), "--vty_socket", self.dir, "-P", "0",
                              "--log", f"file:{self.path(name + '.log')}", "--log-level", "info"])
        if process.wait():
            raise AssertionError(f"FRR's {name} did not start: {self.read('output.log')}")

    def pids(self):
        found = []
        for name in ("vrrpd", "zebra"):
            with contextlib.suppress(ValueError):
                found.append(int(self.read(f"{name}.pid")))
        return [p for p in found if alive(p)]

    def terminate(self):
        """Stops vrrpd before zebra, as frrinit.sh does. Then removes the macvlans."""
        for pid in self.pids():
            os.kill(pid, signal.SIGTERM)
            self._reap([pid])
        self._remove_macvlans()

    def kill(self):
        super().kill()
        if os.path.exists(f"/run/netns/{self.ns}"):
            self._remove_macvlans()    # the macvlans would continue to answer: a crash of FRR leaves two gateways

    def _remove_macvlans(self):
        for device, link in netns.links(self.ns).items():
            if link.get("linkinfo", {}).get("info_kind") == "macvlan":
                netns.ip(f"link del {device}", ns=self.ns)

    def _vtysh(self, *arguments):
        return netns.run(["/usr/bin/vtysh", "--vty_socket", self.dir, "--config_dir", self.dir, *arguments], self.ns, check=False)

    def _ask(self, command):
        done = self._vtysh("-d", "vrrpd", "-c", command)
        return done.stdout if done.returncode == 0 else ""

    def load(self, path):
        """Loads a file with vtysh, which sends each running daemon its part."""
        return self._vtysh("-f", path)

    def running_config(self):
        return self._vtysh("-c", "show running-config").stdout

    def state(self, vrid=5, family=4):
        with contextlib.suppress(ValueError):
            for group in json.loads(self._ask("show vrrp json")):
                if group["vrid"] == vrid:
                    return group[f"v{family}"]["status"]
        return ""
