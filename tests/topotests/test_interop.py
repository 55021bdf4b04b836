# SPDX-License-Identifier: Apache-2.0
"""Interoperation with FRR 8.4.4, keepalived 2.2.7 and routers that accept only one checksum form, in both roles.

Each case makes one router the Master, cuts its link, restores it, and stops the router. The wire shows which router was Master at which time.
"""
import statistics
import time

import pytest

from harness import election
from harness.routers import Frr, Group, Keepalived, Speaker, Tandem
from harness.topology import VIP4, VIP6

LINK_LOCAL = "fe80::5e00:205"    # Tandem generates this address for VRID 5; the test configures the peers with it
PLAIN = {"vmac": False}
# Peer, its attributes, version, family. Version 2 has whole seconds on the wire, so its cases use one second.
CASES = [
    pytest.param(Frr, {}, 2, 4, id="frr-v2"), pytest.param(Frr, {}, 3, 4, id="frr-v3-ipv4"), pytest.param(Frr, {}, 3, 6, id="frr-v3-ipv6"),
    pytest.param(Keepalived, {}, 2, 4, id="keepalived-vmac-v2"), pytest.param(Keepalived, {}, 3, 4, id="keepalived-vmac-v3-ipv4"),
    pytest.param(Keepalived, {}, 3, 6, id="keepalived-vmac-v3-ipv6"), pytest.param(Keepalived, PLAIN, 2, 4, id="keepalived-v2"),
    pytest.param(Keepalived, PLAIN, 3, 4, id="keepalived-v3-ipv4"), pytest.param(Keepalived, PLAIN, 3, 6, id="keepalived-v3-ipv6"),
    pytest.param(Speaker, {"form": "message"}, 3, 4, id="message-only-checksum"),
    pytest.param(Speaker, {"form": "pseudo"}, 3, 4, id="pseudo-header-checksum"),
]


class Contest:
    """Router 1 has priority 210, router 2 has 200. `first` and `second` are their makes."""

    def __init__(self, lan, routers, makes, version, family):
        self.lan, self.version, self.family = lan, version, family
        self.interval = 1000 if version == 2 else 200
        self.capture = lan.capture()
        self.one, self.two = (routers(make, lan, name, **attributes) for name, (make, attributes) in zip(("r1", "r2"), makes))
        self.groups = [self._group(make, priority) for (make, _), priority in zip(makes, (210, 200))]

    def _group(self, make, priority):
        listed = {"ipv4": (VIP4,)} if self.family == 4 else {"ipv6": (VIP6,) if make is Tandem else (LINK_LOCAL, VIP6)}
        return Group(5, priority, self.interval, self.version, **listed)

    def start(self):
        self.one.start(self.groups[0])
        self.two.start(self.groups[1])

    def adverts(self, **which):
        return self.capture.adverts(vrid=5, family=self.family, **which)

    def await_master(self, port, since, limit_ns, what):
        """Checks that the first advert of `port` after `since` is in time, and that two intervals later no other router advertises."""
        timeout = limit_ns / 1e9 + 5
        first = self.capture.wait(lambda: next((a for a in self.adverts(port=port, since=since) if a[2].priority), None), timeout, what)
        late = first[0] - since
        assert late <= limit_ns, f"{what}: {late / 1e6:.1f} ms, allowed {limit_ns / 1e6:.1f} ms"
        quiet = first[0] + 2 * self.interval * 1_000_000
        self.capture.wait(lambda: [a for a in self.adverts(port=port) if a[0] > quiet], timeout, f"{port} goes on as Master")
        others = [a for a in self.adverts(since=quiet) if a[1] != port and a[2].priority and not self.was_silent(port, a[0])]
        assert not others, f"{what}: {others[0][1]} still advertises"

    def was_silent(self, port, until):
        """Returns whether the port was silent for so long that another router may take over: other load of the machine, or the kernel, has delayed
        the Master."""
        last = max(when for when, _port, _advert in self.adverts(port=port) if when < until)
        return until - last >= election.down_interval_ns(210, self.interval, self.version)

    def own_delay(self, router):
        """FRR always loses its first IPv6 advert after it becomes Master, so the peer hears it one interval later."""
        return self.interval * 1_000_000 if isinstance(router, Frr) and self.family == 6 else 0

    def down(self, router, priority):
        return election.down_interval_ns(priority, self.interval, self.version) + election.LATE_NS + self.own_delay(router)

    def check_doubles(self):
        double = election.longest_double(election.reigns(self.adverts(), self.interval))
        assert double <= 2 * self.interval * 1_000_000, f"two Masters for {double / 1e6:.0f} ms"
        assert self.capture.dropped() == 0


def run_contest(contest):
    contest.start()
    now = time.time_ns()
    contest.await_master("r1", now - 5 * 10**9, 5 * 10**9 + contest.down(contest.one, 210), "router 1 becomes Master")
    contest.two.wait_state("Backup", family=contest.family)

    contest.lan.set_link("r1", "down")
    contest.await_master("r2", time.time_ns(), contest.down(contest.two, 200), "router 2 takes over from a cut router 1")
    contest.lan.set_link("r1", "up")
    # The kernel needs a second to notice its carrier. Then a Backup waits its Master_Down_Interval, learned from router 2.
    contest.await_master("r1", time.time_ns(), 1_500_000_000 + contest.down(contest.one, 210), "router 1 comes back")
    contest.two.wait_state("Backup", family=contest.family)

    stopped = time.time_ns()
    contest.one.terminate()
    skew = election.skew_ns(200, contest.interval, contest.version) + election.LATE_NS + contest.own_delay(contest.two)
    contest.await_master("r2", stopped, skew + 100_000_000, "router 2 takes over from a stopped router 1")
    contest.two.wait_state("Master", family=contest.family)
    contest.check_doubles()


@pytest.mark.parametrize("peer, attributes, version, family", CASES)
@pytest.mark.parametrize("tandem_first", [True, False], ids=["tandem-master", "tandem-backup"])
def test_one_master_with_failover_both_ways(lan, routers, peer, attributes, version, family, tandem_first):
    makes = [(Tandem, {}), (peer, attributes)]
    contest = Contest(lan, routers, makes if tandem_first else makes[::-1], version, family)
    run_contest(contest)


@pytest.mark.parametrize("make", [Frr, Keepalived])
def test_equal_priorities_with_a_peer(lan, routers, make):
    """10.10.10.15 is higher than 10.10.10.10. The order of the starts has no effect."""
    capture = lan.capture()
    group = Group(5, 100, 100, ipv4=(VIP4,))
    two = routers(make, lan, "r2").start(group)
    two.wait_state("Master")
    lan.set_link("r2", "down")
    one = routers(Tandem, lan, "r1").start(group)
    one.wait_state("Master")
    lan.set_link("r2", "up")
    capture.wait(lambda: capture.adverts("r2") and two.state() == "Backup" or one.state() == "Master" and two.state() == "Backup", 8,
                 "the smaller address gives way")
    assert one.state() == "Master"


def test_a_peers_interval_is_learned(lan, routers):
    """RFC 9568 §6.4.2: a Backup uses the Master's interval, not its own (R73, R75)."""
    one = routers(Keepalived, lan, "r1").start(Group(5, 210, 300, ipv4=(VIP4,)))
    two = routers(Tandem, lan, "r2").start(Group(5, 200, 100, ipv4=(VIP4,)))
    one.wait_state("Master")
    capture = lan.capture()
    capture.wait_advert(3, port="r1")
    assert two.family()["masterAdverInterval"] == 300 and two.family()["masterDownInterval"] == 960
    stopped = time.time_ns()
    one.kill()
    first = capture.wait_advert(3, port="r2", since=stopped)
    last = capture.adverts("r1")[-1][0]
    assert abs(first[0] - last - election.down_interval_ns(200, 300)) < 40_000_000
    capture.wait(lambda: len(capture.adverts("r2", since=stopped)) > 4, 3, "adverts of router 2")
    times = [a[0] for a in capture.adverts("r2", since=stopped)]
    assert all(abs(b - a - 100_000_000) < 30_000_000 for a, b in zip(times, times[1:])), "its own interval when Master"


@pytest.mark.parametrize("family", [4, 6])
@pytest.mark.parametrize("peer", [Frr, Keepalived])
def test_a_changed_priority_moves_the_mastership(lan, routers, peer, family):
    """ipSpace's netlab runs this sequence for each make: Tandem is Master, gets a priority below its peer's, and then a higher one again."""
    contest = Contest(lan, routers, [(Tandem, {}), (peer, {})], 3, family)
    contest.start()
    now = time.time_ns()
    contest.await_master("r1", now - 5 * 10**9, 5 * 10**9 + contest.down(contest.one, 210), "router 1 becomes Master")
    contest.two.wait_state("Backup", family=family)
    contest.one.configure("interface eth1", "vrrp 5 priority 150")
    contest.await_master("r2", time.time_ns(), 200_000_000 + contest.down(contest.two, 200), "router 2 preempts the lowered router 1")
    contest.one.wait_state("Backup", family=family)
    contest.one.configure("interface eth1", "vrrp 5 priority 250")
    contest.await_master("r1", time.time_ns(), 200_000_000 + contest.down(contest.one, 250), "the raised router 1 preempts router 2")
    contest.two.wait_state("Backup", family=family)
    contest.check_doubles()


@pytest.mark.parametrize("peer, version", [(Frr, 2), (Frr, 3), (Keepalived, 2), (Keepalived, 3)], ids=["frr-v2", "frr-v3", "keepalived-v2", "keepalived-v3"])
def test_versions_2_and_3_on_one_lan(lan, routers, peer, version):
    """While operators change the version of a LAN (RFC 9568 §8.4.2): a router that runs both versions follows a peer of either version, and a peer of
    either version follows it."""
    capture = lan.capture()
    interval = 1000 if version == 2 else 200
    one = routers(Tandem, lan, "r1").start(Group(5, 210, 200, ipv4=(VIP4,), extra=("vrrp 5 also-version-2",)))
    two = routers(peer, lan, "r2").start(Group(5, 200, interval, version, ipv4=(VIP4,)))
    one.wait_state("Master")
    two.wait_state("Backup")
    since = time.time_ns()
    capture.wait(lambda: len(capture.adverts("r1", since=since)) > 20, 5, "adverts of router 1")
    assert {a[2].version for a in capture.adverts("r1", since=since)} == {2, 3} and not capture.adverts("r2", since=since)
    for each in (2, 3):
        times = [a[0] for a in capture.adverts("r1", since=since) if a[2].version == each]
        rate = statistics.median(b - a for a, b in zip(times, times[1:]))
        assert 190_000_000 < rate < 210_000_000, f"version {each} at its own rate"

    one.configure("interface eth1", "vrrp 5 priority 150")
    two.wait_state("Master")
    one.wait_state("Backup")
    assert one.family()["masterAdverInterval"] == interval
    two.kill()
    killed = time.time_ns()
    first = capture.wait_advert(6, port="r1", since=killed)
    last = capture.adverts("r2")[-1][0]
    assert election.is_on_time(first[0] - last, election.down_interval_ns(150, interval))
