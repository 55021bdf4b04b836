# SPDX-License-Identifier: Apache-2.0
"""The interface of a gateway is cut, renamed, deleted, moved away, or loses its addresses."""
import random
import time

import pytest

from harness import netns

ADDRESSES = ("addr replace 10.10.10.15/24 dev eth1", "addr replace fe80::15/64 dev eth1 nodad", "addr replace 2001:db8:10::15/64 dev eth1 nodad")


def cut(g):
    g.lan.set_link("r1", "down")


def join(g):
    g.lan.set_link("r1", "up")


def delete(g):
    netns.ip("link del eth1", ns=g.one.ns)


def make_again(g):
    g.lan.rewire("r1")


def rename(g):
    netns.ip("link set eth1 name lan0", ns=g.one.ns)    # the interface stays up: since Linux 6.2


def rename_back(g):
    netns.ip("link set lan0 name eth1", ns=g.one.ns)


def move_away(g):
    netns.ip(f"link set eth1 netns {g.lan.ns('s1')} name moved", ns=g.one.ns)


def move_back(g):
    netns.ip(f"link set moved netns {g.one.ns} name eth1", ns=g.lan.ns("s1"))
    netns.ip("link set eth1 addrgenmode none up", *ADDRESSES, ns=g.one.ns)


def set_down(g):
    netns.ip("link set eth1 down", ns=g.one.ns)


def set_up(g):
    netns.ip("link set eth1 up", *ADDRESSES, ns=g.one.ns)


def lose_addresses(g):
    netns.ip("addr flush dev eth1", ns=g.one.ns)


def get_addresses(g):
    netns.ip(*ADDRESSES, ns=g.one.ns)


@pytest.mark.parametrize("fault, repair", [(cut, join), (delete, make_again), (rename, rename_back), (move_away, move_back),
                                           (set_down, set_up), (lose_addresses, get_addresses)],
                         ids=["cut", "deleted", "renamed", "moved away", "set down", "without addresses"])
def test_a_lost_interface_is_let_go_and_found_again(gateways, fault, repair):
    g = gateways()
    fault(g)
    g.wait("Initialize", g.one)
    g.wait("Master", g.two)
    left = [address for device, listed in netns.addresses(g.one.ns).items() if device.startswith("vrrp") for address in listed]
    assert left == [], "it has let go of its addresses"
    repair(g)
    g.judge(time.time_ns())


@pytest.mark.alone
def test_a_hundred_cuts_at_random_times_end_well(gateways, figure):
    """Cuts either link. The pauses are shorter and longer than the Master Down Interval of 32 ms."""
    g = gateways(interval_ms=10)
    chance = random.Random(5)
    for _ in range(100):
        router = chance.choice(("r1", "r2"))
        g.lan.set_link(router, "down")
        time.sleep(chance.uniform(0, 0.05))    # this is the fault itself, not a wait for an event
        g.lan.set_link(router, "up")
        time.sleep(chance.uniform(0, 0.05))
    double, outage = g.judge(time.time_ns())
    figure(f"100 link cuts at random times, interval 10 ms: two answers {double:.0f} ms, after the last no answer for {outage:.0f} ms")


def test_a_primary_address_that_changes_is_followed(gateways):
    g = gateways()
    netns.ip("addr add 10.10.10.20/24 dev eth1", "addr del 10.10.10.15/24 dev eth1", ns=g.one.ns)
    netns.ip("addr replace 10.10.10.20/24 dev eth1", ns=g.one.ns)    # the kernel may have removed it together with its primary address
    g.capture.wait(lambda: [a for a in g.adverts("r1", family=4) if a[2].source == "10.10.10.20"], 5, "adverts from the new address")
    g.judge(time.time_ns())
