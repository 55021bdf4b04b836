# SPDX-License-Identifier: Apache-2.0
"""A Master detects that hosts get no answer from it, or get another router's answer. It reports this in the log, and in `show vrrp` for as long as it
lasts."""
import json

import pytest

from harness import netns
from harness.packets import virtual_mac
from harness.routers import Group, Tandem
from harness.topology import VIP4, VIP6
from harness.waiting import wait_for

LINK_LOCAL = "fe80::5e00:205"
FOUND_S = 15    # three queries a second apart, or a period and another query, on a machine that runs three tests at a time


def nft(namespace, text):
    netns.run(["nft", "-f", "-"], namespace, input=text)


def table(family, hook, *rules):
    return f"table {family} dark {{\n chain c {{\n  type filter hook {hook} priority 0;\n  " + "\n  ".join(rules) + "\n }\n}\n"


@pytest.fixture
def master(lan, routers):
    """The only router of its LAN."""
    one = routers(Tandem, lan, "r1").start(Group(priority=210, interval_ms=100, ipv4=(VIP4, "10.10.10.17"), ipv6=(LINK_LOCAL, VIP6)))
    for family in (4, 6):
        one.wait_state("Master", family=family)
    return one


def warnings(router, family):
    return router.family(5, family)["warnings"]


def wait_warning(router, family, text):
    return wait_for(lambda: next((w for w in warnings(router, family) if text in w), None), FOUND_S, lambda: router.family(5, family))


def wait_no_warning(router, family):
    wait_for(lambda: not warnings(router, family), FOUND_S, lambda: router.family(5, family))


def model_warnings(router, family):
    document = json.loads(router.vtysh("show yang operational-data /tandem-interfaces:interfaces").stdout)
    group = document["tandem-interfaces:interfaces"]["interface"][0]["tandem-vrrp:vrrp"]["group"][0]
    return group[f"ipv{family}"]["state"].get("warning", [])


DARK = {
    "arp_filter": (4, lambda ns: netns.write_sysctl(ns, "ipv4/conf/all/arp_filter", 1), lambda ns: netns.write_sysctl(ns, "ipv4/conf/all/arp_filter", 0)),
    "arp_ignore": (4, lambda ns: netns.write_sysctl(ns, "ipv4/conf/all/arp_ignore", 2), lambda ns: netns.write_sysctl(ns, "ipv4/conf/all/arp_ignore", 0)),
    "requests": (4, lambda ns: nft(ns, table("arp", "input", "arp operation request drop")), lambda ns: nft(ns, "delete table arp dark")),
    "replies": (4, lambda ns: nft(ns, table("arp", "output", "arp operation reply drop")), lambda ns: nft(ns, "delete table arp dark")),
    "solicitations": (6, lambda ns: nft(ns, table("ip6", "input", "icmpv6 type nd-neighbor-solicit drop")),
                      lambda ns: nft(ns, "delete table ip6 dark")),
    "advertisements": (6, lambda ns: nft(ns, table("inet", "output", "icmpv6 type nd-neighbor-advert drop")),
                       lambda ns: nft(ns, "delete table inet dark")),
}


@pytest.mark.parametrize("kind", DARK)
def test_a_master_whose_kernel_does_not_answer_says_so(lan, master, kind):
    family, darken, lighten = DARK[kind]
    other = 10 - family
    darken(master.ns)
    warning = wait_warning(master, family, "the kernel does not answer hosts")
    assert f"{LINK_LOCAL if family == 6 else VIP4}" in warning or "and 1 more" in warning
    assert not warnings(master, other) and master.state(5, family) == "Master"
    assert f"Warning (v{family}): the kernel does not answer" in " ".join(master.vtysh("show vrrp").stdout.split())
    assert warning in model_warnings(master, family)
    log = [line for line in master.log().splitlines() if "[VRRP-104]" in line]
    assert len(log) == 1 and warning in log[0]
    lighten(master.ns)
    wait_no_warning(master, family)
    assert "[VRRP-105]" in master.log()
    assert not model_warnings(master, family)


def test_a_sound_master_asks_without_a_frame_on_the_wire_and_leaves_no_neighbour(lan, routers):
    """Queries to its own kernel stay on loopback. It sends one query to the LAN, with the interface's own MAC address."""
    capture = lan.capture()
    one = routers(Tandem, lan, "r1").start(Group(priority=210, interval_ms=100, ipv4=(VIP4,), ipv6=(LINK_LOCAL, VIP6)))
    one.wait_state("Master")
    own = netns.links(one.ns)["eth1"]["address"]

    def asked():
        return [f for f in capture.frames("r1", sent=True) if f.arp() and f.arp().operation == 1 and f.arp().target == VIP4 != f.arp().sender]
    wait_for(asked, FOUND_S, "no question to the LAN")
    assert {(f.source_mac, f.arp().sender) for f in asked()} == {(own, "10.10.10.15")}
    replies = [f for f in capture.frames("r1", sent=True) if f.arp() and f.arp().operation == 2]
    assert not replies, "an answer to itself has left the router"
    assert not any(virtual_mac(5, family) in netns.run(["ip", "neigh"], one.ns).stdout for family in (4, 6))
    assert not warnings(one, 4) and not warnings(one, 6)
    assert "[VRRP-104]" not in one.log() and "[VRRP-106]" not in one.log()


@pytest.mark.parametrize("family, address", [(4, VIP4 + "/24"), (6, VIP6 + "/64 nodad")])
def test_a_host_with_a_virtual_address_is_named(lan, routers, family, address):
    netns.ip(f"addr add {address} dev eth1", ns=lan.ns("h1"))
    addresses = {"ipv4": (VIP4,), "ipv6": ()} if family == 4 else {"ipv4": (), "ipv6": (LINK_LOCAL, VIP6)}
    one = routers(Tandem, lan, "r1").start(Group(priority=210, interval_ms=100, **addresses))
    one.wait_state("Master", family=family)
    host = netns.links(lan.ns("h1"))["eth1"]["address"]
    vip = VIP4 if family == 4 else VIP6
    said = f"another station ({host}) answers for {vip}"
    wait_for(lambda: any(said in w for w in warnings(one, family)), 4 * FOUND_S, lambda: one.family(5, family))
    assert sum("[VRRP-106]" in line for line in one.log().splitlines()) == 1 and said in one.log()
    netns.ip(f"addr del {address.split(' ')[0]} dev eth1", ns=lan.ns("h1"))
    wait_for(lambda: "[VRRP-107]" in one.log(), 4 * FOUND_S, one.log)
    assert not warnings(one, family)


def test_a_second_master_that_hears_nothing_is_named_by_both(lan, pair):
    """The switch drops adverts, but not ARP."""
    nft(lan.switch, table("bridge", "forward", "ip protocol 112 drop"))
    for router, priority in zip(pair, (210, 200)):
        router.start(Group(priority=priority, interval_ms=100, ipv4=(VIP4,), ipv6=()))
    for router in pair:
        router.wait_state("Master")
    said = f"another station ({virtual_mac(5, 4)}) answers for {VIP4}: another router is Master of this group, too"
    for router in pair:
        wait_for(lambda router=router: any(said in w for w in warnings(router, 4)), FOUND_S, lambda router=router: router.family(5, 4))
    nft(lan.switch, "delete table bridge dark")
    pair[1].wait_state("Backup")
    assert not warnings(pair[1], 4)
    wait_for(lambda: not warnings(pair[0], 4), 4 * FOUND_S, lambda: pair[0].family(5, 4))
    assert "[VRRP-107]" in pair[0].log()
