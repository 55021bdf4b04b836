# SPDX-License-Identifier: Apache-2.0
"""A Master of 50 groups (100 ms). The harness captures its adverts while a test loads the router or its machine."""
import collections
import contextlib
import dataclasses
import time

from . import crowd, lateness, netns
from .routers import Group, Tandem
from .topology import Topology
from .waiting import wait_for

VRIDS = range(1, 51)
INTERVAL_NS = 100_000_000
TIMEOUT = 60    # s


@dataclasses.dataclass
class Sample:
    """The result of one load: all adverts of the watched groups, the frames that the capture lost, the number of replaced workers, and the
    duration in seconds."""
    adverts: list
    dropped: int
    restarts: int
    took: float

    def late(self):
        """Returns the latenesses in us, sorted."""
        return lateness.of(self.adverts, INTERVAL_NS)

    def latest(self):
        """Returns (lateness in us, when, (family, vrid)), the worst first."""
        return sorted(lateness.each(self.adverts, INTERVAL_NS), reverse=True)

    def missed(self):
        return lateness.missed(self.adverts, INTERVAL_NS)


class Watch:
    def __init__(self, topology, router):
        self.topology, self.router, self._capture = topology, router, topology.capture()
        self.elsewhere = topology.ns("r2")    # other programs make their changes in this namespace

    def await_adverts(self, count):
        """Waits until each group has sent `count` further adverts."""
        def heard():
            seen = collections.Counter(advert.vrid for _when, _port, advert in self._capture.adverts("r1", since=began))
            return all(seen[vrid] >= count for vrid in VRIDS)
        began = time.time_ns()
        wait_for(heard, TIMEOUT, "adverts of all watched groups", step=0.1)

    def during(self, what):
        """Returns the adverts sent while `what(watch)` runs, and those that were due at its end."""
        self._capture.clear()
        self._capture.dropped()
        restarts, began = self._restarts(), time.monotonic()
        what(self)
        took = time.monotonic() - began
        self.await_adverts(3)
        return Sample(self._capture.adverts("r1"), self._capture.dropped(), self._restarts() - restarts, took)

    def _restarts(self):
        return self.router.log().count("[VRRP-045]")


@contextlib.contextmanager
def watch():
    """Router 1 on a LAN of its own, Master of the 50 groups; it and router 2 have interfaces for a crowd."""
    topology = Topology()
    router = Tandem(topology, "r1")
    try:
        for node in ("r1", "r2"):
            crowd.add_parents(topology.ns(node))
        router.start(*(Group(vrid, 200, INTERVAL_NS // 1_000_000, ipv4=(f"10.10.11.{vrid}",)) for vrid in VRIDS), wait=False)
        router.wait_ready(netns.TIMEOUT)
        watching = Watch(topology, router)
        watching.await_adverts(1)
        yield watching
    finally:
        router.close()
        topology.close()


# The load during a measurement, for real time and for virtual time.

def rest(watching):
    watching.await_adverts(20)


def others_come(watching):
    crowd.add_macvlans(watching.elsewhere)
