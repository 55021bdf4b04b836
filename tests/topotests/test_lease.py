# SPDX-License-Identifier: Apache-2.0
"""The kernel removes leased virtual addresses when the daemon has vanished, and never before."""
import contextlib
import json
import subprocess
import time

import pytest

from harness import netns
from harness.topology import VIP4, VIP6
from harness.waiting import wait_for

FOREVER = 4294967295


@pytest.fixture
def one(pair):
    """Router 1 is Master of both families and has announced itself, with a lease short enough for a test to wait."""
    router, _ = pair
    router.start(text="vrrp address-lease 3\ninterface eth1\n"
                 f" vrrp 5 advertisement-interval 100\n vrrp 5 ip {VIP4}\n vrrp 5 ipv6 {VIP6}\n")
    for family in (4, 6):
        router.wait_state("Master", family=family)
    for family, announcements in ((4, "garpTx"), (6, "neighborAdverTx")):
        wait_for(lambda f=family, key=announcements: router.family(family=f)["stats"][key], 5, f"no {announcements}")
    return router


def lifetimes(router):
    """Returns the remaining seconds of each virtual address."""
    devices = json.loads(netns.run(["ip", "-j", "addr"], router.ns).stdout)
    return {info["local"]: info["valid_life_time"] for device in devices if device.get("ifname", "").startswith("vrrp")
            for info in device["addr_info"]}


def all_within(router, low, high):
    left = lifetimes(router)
    return len(left) == 3 and all(low <= seconds <= high for seconds in left.values())


@contextlib.contextmanager
def address_monitor(router):
    """Runs `ip monitor address`. Returns a function that returns its lines until now."""
    path = router.path("monitor.log")
    with open(path, "w", encoding="utf-8") as out, netns.inside(router.ns):
        process = subprocess.Popen(["ip", "monitor", "address"], stdout=out)

    def lines():
        return router.read("monitor.log").splitlines()

    def listens():
        netns.ip("addr add 127.0.0.9/32 dev lo", "addr del 127.0.0.9/32 dev lo", ns=router.ns)
        return any("127.0.0.9" in line for line in lines())
    try:
        wait_for(listens, 5, "ip monitor says nothing")
        yield lambda: [line for line in lines() if "127.0.0.9" not in line]
    finally:
        process.kill()
        process.wait()


def test_addresses_of_a_killed_daemon_go_within_the_lease(lan, one, figure):
    assert all_within(one, 1, 3)
    began = time.monotonic()
    one.kill()
    wait_for(lambda: not lifetimes(one), 6, lambda: f"still there: {lifetimes(one)}")
    took = time.monotonic() - began
    figure(f"addresses of a killed daemon are gone after {took:.1f} s, lease 3 s")
    assert took <= 3 + 1.5, "the kernel looks once a second"
    assert lan.run("h1", "ping", "-c", "1", "-W", "1", VIP4, check=False).returncode != 0
    one.launch()
    for family in (4, 6):
        one.wait_state("Master", family=family)
    assert all_within(one, 1, 3)


def test_addresses_stay_while_the_daemon_runs(lan, one):
    """After the lease the kernel has removed no address, the router has announced none again, and the state is the same."""
    capture = lan.capture()
    with address_monitor(one) as monitor:
        wait_for(lambda: len([line for line in monitor() if VIP4 in line]) >= 6, 10, "two leases")
        assert not [line for line in monitor() if "Deleted" in line]
        renewed = [len([line for line in monitor() if address in line]) for address in (VIP4, VIP6)]
    assert all(5 <= count <= 8 for count in renewed), f"each once a second, and no answer to an answer: {renewed}"
    assert all_within(one, 1, 3)
    announced = [frame for frame in capture.frames("r1", sent=True) if frame.source_mac.startswith("00:00:5e:00:")
                 and (frame.arp() or (frame.neighbour() and not frame.neighbour().solicited))]
    assert not announced    # the source of a Master's self-test queries (decision 0028) is the interface's own address
    assert one.family()["stats"]["transitions"] == 2


def test_a_changed_lease_applies_to_what_is_there(one):
    with address_monitor(one) as monitor:
        for lease, low, high in (("60", 50, 60), ("0", FOREVER, FOREVER), ("5", 3, 5)):
            one.configure(f"vrrp address-lease {lease}")
            wait_for(lambda low=low, high=high: all_within(one, low, high), 2, lambda: f"{lifetimes(one)}")
        one.configure("no vrrp address-lease")
        wait_for(lambda: all_within(one, 7, 10), 2, lambda: f"{lifetimes(one)}")
        assert not [line for line in monitor() if "Deleted" in line]
    assert "address-lease" not in one.vtysh("show running-config").stdout
    assert one.configure("vrrp address-lease 3601", check=False).returncode != 0


@pytest.mark.parametrize("lifetime", ["forever", "100"])
def test_a_lifetime_that_somebody_else_sets_is_corrected(one, lifetime):
    for family, address in ((4, f"{VIP4}/32"), (6, f"{VIP6}/128")):
        netns.ip(f"addr change {address} dev {one.macvlan(family=family)} valid_lft {lifetime} preferred_lft {lifetime}", ns=one.ns)
    wait_for(lambda: all_within(one, 1, 3), 2, lambda: f"{lifetimes(one)}")
    assert one.family()["stats"]["transitions"] == 2
