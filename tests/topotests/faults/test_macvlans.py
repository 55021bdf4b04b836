# SPDX-License-Identifier: Apache-2.0
"""Other programs change the daemon's macvlans. The daemon reverts the change, and a host notices little."""
import time

import pytest

from harness import netns
from harness.packets import virtual_mac
from harness.topology import VIP4, VIP6
from harness.waiting import wait_for


def macvlan(router, family):
    """Returns the link with the virtual MAC, under any name."""
    return next((link for link in netns.links(router.ns).values() if link["address"] == virtual_mac(5, family)), None)


def is_whole(router, family):
    """Returns whether a Master's macvlan is correct: up, in bridge mode, with the virtual address on it once."""
    link, wanted = macvlan(router, family), f"{VIP4}/32" if family == 4 else f"{VIP6}/128"
    if not link or "UP" not in link["flags"] or link["linkinfo"]["info_data"]["mode"] != "bridge":
        return False
    listed = netns.addresses(router.ns, link["ifname"]).get(link["ifname"], [])
    return [address for address in listed if address.split("/")[0] in (VIP4, VIP6)] == [wanted]


DAMAGE = {
    "deleted": "link del {device}",
    "another MAC": "link set {device} address 02:00:00:00:00:77",
    "deaf": "link set {device} type macvlan mode source",
    "moved away": "link set {device} netns {elsewhere}",
    "doubled": f"addr add {VIP4}/24 dev {{device}}",
    "renamed": "link set {device} name mine",
}


@pytest.mark.parametrize("family, damage", [(family, damage) for family in (4, 6) for damage in DAMAGE])
def test_damage_to_a_masters_macvlan_heals(gateways, family, damage):
    g = gateways()
    device = g.one.macvlan(family=family)
    netns.ip(DAMAGE[damage].format(device=device, elsewhere=g.lan.ns("s1")), ns=g.one.ns)
    wait_for(lambda: is_whole(g.one, family), 5, lambda: f"{macvlan(g.one, family)} with {netns.addresses(g.one.ns)}")
    g.judge(time.time_ns())


@pytest.mark.parametrize("damage", ["link del {device}", "link set {device} address 02:00:00:00:00:77",
                                    f"addr add {VIP4}/32 dev {{device}}", "link set {device} type macvlan mode bridge"])
def test_a_backup_whose_macvlan_somebody_changes_stays_silent(gateways, damage):
    g = gateways()
    device = g.two.macvlan()
    netns.ip(damage.format(device=device), ns=g.two.ns)

    def is_silent():
        link = netns.links(g.two.ns).get(device)
        return link and link["address"] == virtual_mac(5, 4) and not netns.addresses(g.two.ns, device).get(device)
    wait_for(is_silent, 5, lambda: f"{netns.links(g.two.ns).get(device)} with {netns.addresses(g.two.ns, device)}")
    g.judge(time.time_ns())
    assert not g.adverts("r2")


def test_a_virtual_address_given_to_another_interface_is_not_answered_twice(gateways):
    """On the Backup, and on an interface that the daemon does not manage: the kernel would answer for the address on the LAN, too."""
    g = gateways()
    netns.ip(f"addr add {VIP4}/32 dev lo", ns=g.two.ns)
    g.wait_adverts("r1", 5)
    g.judge(time.time_ns())
    assert {port for _when, port in g.questions.answers()} == {"r1"}


def test_a_macvlan_that_is_deleted_again_and_again_comes_back(gateways):
    g = gateways()
    device = g.one.macvlan()
    for _ in range(20):
        netns.ip(f"link del {device}", ns=g.one.ns, force=True)
    wait_for(lambda: is_whole(g.one, 4), 5, lambda: netns.addresses(g.one.ns))
    g.judge(time.time_ns())
