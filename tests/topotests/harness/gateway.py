# SPDX-License-Identifier: Apache-2.0
"""Two gateways (router 1 is Master), a host that queries the address, and the verdict on a fault: never two answers, no lost configuration, a correct
state within one Master Down Interval of the fault's end."""
import time

from . import election
from .answers import Questions
from .routers import Group, Tandem
from .topology import VIP4, VIP6
from .waiting import wait_for

FAMILIES = (4, 6)
DOUBLE_MS = 100    # two routers may answer for at most this time
SLACK_MS = 400     # allowance for a machine that runs three tests at a time on two processors


class Gateway:
    """The fixture calls `prepare(router)` before router 1 starts and `prepare_peer` before router 2 starts. `options`: options of router 1."""

    def __init__(self, networks, routers, interval_ms=100, peer=Tandem, options=(), prepare=None, prepare_peer=None):
        self.lan = networks(server=True)
        self.interval_ms = interval_ms
        self.one, self.two = routers(Tandem, self.lan, "r1"), routers(peer, self.lan, "r2")
        for call, router in ((prepare, self.one), (prepare_peer, self.two)):
            if call:
                call(router)
        addresses = {"interval_ms": interval_ms, "ipv4": (VIP4,), "ipv6": ("fe80::5e00:205", VIP6)}
        self.one.start(Group(priority=210, **addresses), options=options(self.one) if callable(options) else options)
        self.wait("Master", self.one)
        self.two.start(Group(priority=200, **addresses))
        self.wait("Backup", self.two)
        self.capture = self.lan.capture()
        self.questions = Questions(self.lan, self.capture, VIP4)
        wait_for(self.questions.answers, 5, "no router answers")
        self.began = time.time_ns()
        self.configurations = self._configurations() if peer is Tandem else None

    def _configurations(self):
        return [router.vtysh("show running-config").stdout for router in (self.one, self.two)]

    @staticmethod
    def wait(state, router, timeout=10):
        for family in FAMILIES:
            router.wait_state(state, family=family, timeout=timeout)

    def settle(self):
        """Waits until router 1 is Master and router 2 Backup."""
        self.wait("Master", self.one, 20)
        self.wait("Backup", self.two, 20)

    def adverts(self, port, **which):
        return self.capture.adverts(port, **which)

    def wait_adverts(self, port, count):
        since = time.time_ns()
        self.capture.wait(lambda: len(self.adverts(port, since=since)) >= count, 15, f"{count} adverts of {port}")

    def longest_gap_ms(self, family=4):
        times = [when for when, _port, _advert in self.adverts("r1", family=family)]
        return max(b - a for a, b in zip(times, times[1:])) / 1e6

    def down_interval_ms(self):
        """Returns the longest Master Down Interval of all routers."""
        return election.down_interval_ns(200, self.interval_ms) / 1e6

    def outage_ms(self, since):
        """Returns the longest time from a query of the host to the next answer, from `since` (ns) on."""
        return self.questions.longest_outage(since)

    def judge(self, end):
        """After a fault that ended at `end` (ns): waits until the state is correct, and checks that the guarantees held during the fault."""
        self.settle()
        wait_for(lambda: [1 for when, port in self.questions.answers(end) if port == "r1"], 5, "router 1 does not answer")
        double, outage = self.questions.longest_double(self.began), self.outage_ms(end)
        assert self.capture.dropped() == 0, "the capture lost frames: it proves nothing"
        assert double <= DOUBLE_MS, f"two routers answered for {double:.0f} ms"
        assert outage <= self.down_interval_ms() + SLACK_MS, f"no router answered for {outage:.0f} ms after the fault"
        assert self._configurations() == self.configurations, "the configuration is another one"
        return double, outage

    def close(self):
        self.questions.close()
