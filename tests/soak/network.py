# SPDX-License-Identifier: Apache-2.0
"""The network of the soak: three routers that share fifty groups, each Master of a third, and a host that asks for all their addresses."""
import time

from harness import netns
from harness.routers import Group, Tandem
from harness.shim import Shim
from harness.topology import Topology
from harness.watcher import Watcher
from harness.waiting import wait_for

INTERVAL_MS = 100
PRIORITIES = (210, 200, 190)
PRIMARY = {"r1": "10.10.10.15/24", "r2": "10.10.10.10/24", "r3": "10.10.10.12/24"}


def address(vrid):
    return f"10.10.10.{100 + vrid}"


class Network:
    def __init__(self, groups):
        self.lan = Topology(routers=3)
        self.vrids = range(1, groups + 1)
        self.addresses = [address(vrid) for vrid in self.vrids]
        self.routers = [Tandem(self.lan, name) for name in self.lan.routers]
        self.shims = {router: Shim(router) for router in self.routers}
        for number, router in enumerate(self.routers):
            router.start(*(Group(vrid, self.priority(number, vrid), INTERVAL_MS, ipv4=(address(vrid),)) for vrid in self.vrids))
        self.configurations = self.read_configurations()
        self.watcher = Watcher(self.lan, self.addresses)

    def priority(self, number, vrid):
        return PRIORITIES[(number + vrid) % len(PRIORITIES)]

    def best(self, vrid):
        """The router that should be Master."""
        return next(router for number, router in enumerate(self.routers) if self.priority(number, vrid) == PRIORITIES[0])

    def read_configurations(self):
        return [router.vtysh("show running-config").stdout for router in self.routers]

    def macvlan(self, router, vrid):
        """By its MAC; "" if there is none."""
        mac = f"00:00:5e:00:01:{vrid:02x}"
        return next((name for name, link in netns.links(router.ns).items() if link["address"] == mac), "")

    def wait_one_answer(self, timeout):
        """Until exactly one router answers for each address. Returns what is wrong, or "" if nothing is."""
        end, wrong = time.monotonic() + timeout, "?"
        while wrong and time.monotonic() < end:
            time.sleep(0.05)    # in which the host asks
            wrong = ", ".join(f"{address}: {sorted(ports) or 'no router'}" for address, ports in self.watcher.masters().items() if len(ports) != 1)
        return wrong

    def wait_settled(self, timeout):
        """Until the same routers have answered for longer than any election takes."""
        since, before = time.monotonic(), None
        end = since + timeout
        while time.monotonic() < min(end, since + 5 * INTERVAL_MS / 1000):
            masters = self.watcher.masters()
            if masters != before:
                since, before = time.monotonic(), masters
            time.sleep(0.02)    # in which the host asks

    def wait_best(self, timeout):
        """Until each group's best router answers for it; which takes a while after a crash loop."""
        def answered():
            masters = self.watcher.masters()
            return all(masters[address(vrid)] == {self.best(vrid).name} for vrid in self.vrids)
        try:
            wait_for(answered, timeout, "", step=0.1)
        except AssertionError:
            masters = self.watcher.masters()
            return ", ".join(f"{address(v)}: {sorted(masters[address(v)])} instead of {self.best(v).name}" for v in self.vrids
                             if masters[address(v)] != {self.best(v).name})
        return ""

    def close(self):
        for router in self.routers:
            router.close()
        self.lan.close()
