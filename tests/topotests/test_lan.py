# SPDX-License-Identifier: Apache-2.0
"""On a hub no packet arrives twice. A router that is no longer Master sends no frame with the virtual MAC."""
import collections
import time

import pytest

from harness.capture import Capture
from harness.packets import virtual_mac
from harness.routers import Group, Tandem
from harness.topology import SERVER4, SERVER6, VIP4, VIP6
from harness.waiting import stays

GROUPS = {"interval_ms": 100, "ipv4": (VIP4,), "ipv6": (VIP6,)}


@pytest.mark.parametrize("master_first", [True, False])
def test_on_a_hub_every_packet_arrives_once(networks, routers, master_first):
    """`master_first`: it must not matter which router heard the other last."""
    lan = networks(hub=True, server=True)
    one, two = routers(Tandem, lan, "r1"), routers(Tandem, lan, "r2")
    for router, priority in [(one, 210), (two, 200)][::1 if master_first else -1]:
        router.start(Group(priority=priority, **GROUPS))
    for family in (4, 6):
        one.wait_state("Master", family=family)
        two.wait_state("Backup", family=family)
    arrivals = Capture(lan.ns("s1"), ["eth1"])
    for address in (SERVER4, SERVER6):
        lan.run("h1", "ping", "-c", "20", "-i", "0.02", "-W", "1", address)
    seen = collections.Counter((f.kind, *f.echo()) for f in arrivals.frames(sent=True) if f.echo() and f.echo()[0] in (8, 128))
    arrivals.close()
    assert len(seen) == 40 and set(seen.values()) == {1}, seen


def by_higher_priority(one, two):
    two.configure("interface eth1", "vrrp 5 priority 250")


def by_shutdown(one, two):
    one.configure("interface eth1", "vrrp 5 shutdown")


def by_removal(one, two):
    one.configure("interface eth1", "no vrrp 5")


def by_sigterm(one, two):
    one.terminate()


@pytest.mark.parametrize("leave", [by_higher_priority, by_shutdown, by_removal, by_sigterm])
def test_after_leaving_not_one_frame_has_the_virtual_mac(lan, pair, prober, leave):
    """The old Master must be silent from the first advert of the new Master on (10 ms to receive it)."""
    one, two = pair
    one.start(Group(priority=210, **GROUPS))
    two.start(Group(priority=200, **GROUPS))
    for family in (4, 6):
        one.wait_state("Master", family=family)
    busy = [prober(lan.ns("h1"), address).wait_ready() for address in (VIP4, VIP6)]
    capture = lan.capture()
    leave(one, two)
    taken = {family: capture.wait(lambda f=family: next((a[0] for a in capture.adverts("r2", family=f)), None), 5,
                                  f"router 2 as Master of IPv{family}") for family in (4, 6)}

    def late():
        return [(family, f.when - taken[family], f.data.hex()) for family in (4, 6) for f in capture.frames("r1", sent=True)
                if f.source_mac == virtual_mac(5, family) and f.when > taken[family] + 10_000_000]
    stays(lambda: not late(), 3, lambda: f"frames with the virtual MAC: {late()[:3]}", step=0.1)
    assert len(busy) == 2 and capture.dropped() == 0


def test_a_backup_never_sends_with_the_virtual_mac(lan, pair, prober):
    """From the start of the daemon on: the creation of the macvlans must send no frame either."""
    one, two = pair
    one.start(Group(priority=210, **GROUPS))
    for family in (4, 6):
        one.wait_state("Master", family=family)
    capture = lan.capture()
    two.start(Group(priority=200, **GROUPS))
    two.wait_state("Backup", family=6)
    began = time.monotonic()
    busy = prober(lan.ns("h1"), VIP4).wait_ready()
    while time.monotonic() - began < 3:
        assert not [f for f in capture.frames("r2", sent=True) if f.source_mac.startswith("00:00:5e:00:0")]
        time.sleep(0.1)
    assert busy.outage().lost == 0
