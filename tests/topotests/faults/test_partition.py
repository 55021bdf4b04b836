# SPDX-License-Identifier: Apache-2.0
"""Routers that do not hear each other are both Master; VRRP cannot prevent this. The tests check how it ends, and that the routers report it."""
import re
import time

from harness import netns
from harness.waiting import stays, wait_for


def isolate(g, state):
    """Blocks all frames between the two routers' ports of the switch. Hosts are not affected."""
    for port in ("r1", "r2"):
        netns.run(["bridge", "link", "set", "dev", port, "isolated", state], g.lan.switch)


def deafen(g, port, state):
    """Stops multicast at the switch's port (`on` restores it)."""
    netns.run(["bridge", "link", "set", "dev", port, "mcast_flood", state], g.lan.switch)


def test_a_partition_that_heals_ends_in_one_exchange(gateways, figure):
    g = gateways()
    isolate(g, "on")
    g.wait("Master", g.two)
    g.wait_adverts("r2", 6)
    g.capture.clear()
    isolate(g, "off")
    healed = time.time_ns()
    g.wait("Backup", g.two)
    stays(lambda: g.two.state() == "Backup", 3 * g.interval_ms / 1000, "it is Master again")
    for family in (4, 6):
        after = {port: g.adverts(port, family=family, since=healed) for port in ("r1", "r2")}
        assert len(after["r2"]) <= 1, "an advert that loses, and its answer, are enough"
    last = max([when for when, port in g.questions.answers(healed) if port == "r2"], default=healed)
    figure(f"partition healed, interval {g.interval_ms} ms: the lesser Master answers for {(last - healed) / 1e6:.0f} ms more")
    assert last - healed <= (g.interval_ms + 50) * 1_000_000
    assert g.one.state() == "Master" and not g.adverts("r1", since=healed)[-1][2].priority == 0


def test_a_backup_that_hears_nothing_becomes_a_second_master_and_the_first_says_so(gateways):
    """The switch drops multicast to router 2. Router 1 hears router 2 and answers each advert at once; it cannot do more."""
    g = gateways()
    wait_for(lambda: g.two.family()["masterAddress"], 5, "router 2 has not heard router 1")
    deafen(g, "r2", "off")
    g.wait("Master", g.two)
    pattern = r"vrrp 5 on eth1 \(IPv4\): 10\.10\.10\.10 stays Master with priority 200 though this router advertises 210: two Masters"
    wait_for(lambda: re.search(pattern, g.one.log()), 5, g.one.log)
    g.wait_adverts("r2", 10)
    assert g.one.state() == "Master", "it does not give way to a lesser one"
    assert len(re.findall(pattern, g.one.log())) == 1, "the log is not filled"
    assert "Backup -> Master: master down interval expired (10.10.10.15, priority 210)" in g.two.log()
    deafen(g, "r2", "on")
    healed = time.time_ns()
    g.wait("Backup", g.two)
    assert len(g.adverts("r2", family=4, since=healed)) <= 2


def test_a_master_that_hears_nothing_is_no_trouble(gateways):
    """A Backup sends no adverts."""
    g = gateways()
    deafen(g, "r1", "off")
    g.wait_adverts("r1", 10)
    assert not g.adverts("r2")
    deafen(g, "r1", "on")
    g.judge(time.time_ns())
    assert "two Masters" not in g.one.log() + g.two.log()
