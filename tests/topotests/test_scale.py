# SPDX-License-Identifier: Apache-2.0
"""All VRIDs on one interface, for IPv4 and IPv6: all groups elect, all fail over, and none is missing."""
import time

import pytest

from harness import election
from harness.routers import Group
from harness.waiting import wait_for

pytestmark = pytest.mark.alone

COUNT = 255


def groups(priority):
    return [Group(vrid, priority, 1000, ipv4=(f"10.10.10.{vrid}" if vrid not in (10, 15, 100) else f"10.10.11.{vrid}",),
                  ipv6=(f"2001:db8:10::1:{vrid:x}",)) for vrid in range(1, COUNT + 1)]


def all_are(router, state):
    found = [g[part]["status"] for g in router.show() for part in ("v4", "v6")]
    return len(found) == 2 * COUNT and set(found) == {state}


def test_255_groups_of_both_families_elect_and_fail_over(lan, pair, figure):
    capture = lan.capture()
    one, two = pair
    began = time.monotonic()
    # .255 is the broadcast address of a /24, and the daemon refuses it. The groups' subnet is wider.
    for name in ("r1", "r2"):
        lan.run(name, "ip", "addr", "add", f"10.10.8.{1 if name == 'r1' else 2}/21", "dev", "eth1")
    one.start(*groups(210))
    two.start(*groups(200))
    figure(f"start of 2 × {COUNT} groups of both families: {time.monotonic() - began:.2f} s")
    wait_for(lambda: all_are(one, "Master") and all_are(two, "Backup"), 30, "all of router 1 Master and of router 2 Backup", step=0.2)

    capture.clear()
    stopped = time.time_ns()
    one.terminate()
    figure(f"SIGTERM with 510 Masters until the process is gone: {(time.time_ns() - stopped) / 1e9:.2f} s")
    wait_for(lambda: all_are(two, "Master"), 15, "all of router 2 Master", step=0.2)
    first = {}
    for when, _port, advert in capture.adverts("r2"):
        first.setdefault((advert.family, advert.vrid), when)
    resigned = {(a.family, a.vrid): when for when, _port, a in capture.adverts("r1") if a.priority == 0}
    assert len(first) == len(resigned) == 2 * COUNT
    took = sorted((first[key] - resigned[key]) / 1e6 for key in first)
    skew = election.skew_ns(200, 1000) / 1e6
    figure(f"failover of 510 virtual routers after SIGTERM (Skew Time {skew:.1f} ms): median {took[255]:.1f} ms, last {took[-1]:.1f} ms")
    assert took[-1] <= skew + 100 and capture.dropped() == 0


def test_255_groups_survive_a_cut_link(lan, pair, figure):
    capture = lan.capture()
    one, two = pair
    one.start(*(Group(v, 210, 1000, ipv4=(f"10.10.11.{v}",)) for v in range(1, COUNT)))
    two.start(*(Group(v, 200, 1000, ipv4=(f"10.10.11.{v}",)) for v in range(1, COUNT)))
    wait_for(lambda: {g["v4"]["status"] for g in two.show()} == {"Backup"} and {g["v4"]["status"] for g in one.show()} == {"Master"}, 20,
             "router 1 Master of all", step=0.2)
    lan.set_link("r1", "down")
    wait_for(lambda: {g["v4"]["status"] for g in two.show()} == {"Master"}, 10, "router 2 Master of all", step=0.1)
    last, first = {}, {}
    for when, port, advert in capture.adverts():
        if port == "r1":
            last[advert.vrid] = when
        else:
            first.setdefault(advert.vrid, when)
    late = max((first[v] - last[v]) / 1e6 for v in first) - election.down_interval_ns(200, 1000) / 1e6
    figure(f"254 groups after a cut link: the last is {late:.1f} ms later than its Master Down Interval")
    assert late <= 100
