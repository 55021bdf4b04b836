# SPDX-License-Identifier: Apache-2.0
"""The kernel's part of a virtual router: memberships, announcements, addresses, unusual packets and parents."""
import ipaddress
import re
import time

import pytest
from harness import netns
from harness.packets import NA, NS
from harness.routers import Group, Tandem
from harness.tester import packet, repeating
from harness.topology import HOST6, VIP4, VIP6
from harness.waiting import wait_for

LINK_LOCAL = "fe80::5e00:205"
VMAC = {4: "00:00:5e:00:01:05", 6: "00:00:5e:00:02:05"}
GROUPS = {"interval_ms": 100, "ipv4": (VIP4,), "ipv6": (VIP6,)}


@pytest.fixture
def one(lan, routers):
    return routers(Tandem, lan, "r1")


@pytest.fixture
def master(one):
    one.start(Group(priority=210, **GROUPS))
    for family in (4, 6):
        one.wait_state("Master", family=family)
    return one


def memberships(router, device):
    found = netns.ip_json(router.ns, "maddr", "show", "dev", device)
    return {group["address"] for item in found for group in item["maddr"] if "address" in group}


def solicited_node(address):
    return str(ipaddress.ip_address(int(ipaddress.ip_address("ff02::1:ff00:0")) | int(ipaddress.ip_address(address)) & 0xffffff))


def test_memberships(lan, master):
    """The parent joins the VRRP groups. Only a Master's macvlan joins the solicited-node groups."""
    device = master.macvlan(family=6)
    nodes = {solicited_node(address) for address in (VIP6, LINK_LOCAL)}
    assert {"224.0.0.18", "ff02::12"} <= memberships(master, "eth1")
    assert nodes <= memberships(master, device)
    with repeating(lan, packet(6, priority=250)):
        master.wait_state("Backup", family=6)
        assert not nodes & memberships(master, device)


def test_announcements(lan, one):
    """The router sends one gratuitous ARP and one neighbour advertisement per address after the first advert, and for each address added later."""
    capture = lan.capture()
    one.start(Group(priority=210, **GROUPS))
    for family in (4, 6):
        one.wait_state("Master", family=family)
    one.configure("interface eth1", "vrrp 5 ip 10.10.10.17", "vrrp 5 ipv6 2001:db8:10::17")

    def announced():
        arps = [f for f in capture.frames("r1", sent=True) if f.arp() and f.arp().gratuitous]
        neighbours = [f for f in capture.frames("r1", sent=True) if f.neighbour() and f.neighbour().kind == NA and not f.neighbour().solicited]
        return {f.arp().sender for f in arps} >= {VIP4, "10.10.10.17"} and \
            {f.neighbour().target for f in neighbours} >= {VIP6, LINK_LOCAL, "2001:db8:10::17"} and (arps, neighbours)
    arps, neighbours = capture.wait(announced, 3, "announcements of all addresses")
    assert sorted(f.arp().sender for f in arps) == [VIP4, "10.10.10.17"]
    for f in arps:
        arp = f.arp()
        assert (f.source_mac, f.destination_mac) == (VMAC[4], "ff:ff:ff:ff:ff:ff")
        assert (arp.operation, arp.sender_mac, arp.target_mac, arp.target) == (1, VMAC[4], VMAC[4], arp.sender)
    assert sorted(f.neighbour().target for f in neighbours) == sorted([VIP6, LINK_LOCAL, "2001:db8:10::17"])
    for f in neighbours:
        seen = f.neighbour()
        assert (f.source_mac, f.ip()[1], f.ip()[3]) == (VMAC[6], "ff02::1", 255)
        assert (seen.router, seen.solicited, bool(seen.flags & 0x20), seen.link_layer) == (True, False, True, VMAC[6])
        assert solicited_node(seen.target) in memberships(one, one.macvlan(family=6))
    for family, frames in ((4, arps), (6, neighbours)):
        assert capture.adverts("r1", family=family)[0][0] < frames[0].when


def test_solicitations_never_claim_the_virtual_address(lan, master):
    """A neighbour solicitation from a virtual address would put its option into the host's cache: it must contain the virtual MAC or no address."""
    capture = lan.capture()
    for source in (VIP6, LINK_LOCAL + "%" + master.macvlan(family=6)):
        target = HOST6 if source == VIP6 else "fe80::100%" + master.macvlan(family=6)
        lan.run("r1", "ip", "-6", "neigh", "flush", "all")
        lan.run("r1", "ping", "-c", "1", "-W", "1", "-I", source.split("%")[0], target, check=False)
    asked = [f for f in capture.frames("r1", sent=True) if f.neighbour() and f.neighbour().kind == NS]
    assert asked, "it did not ask at all, so this shows nothing"
    for f in asked:
        claims = f.ip()[0] in (VIP6, LINK_LOCAL)
        assert (f.source_mac == VMAC[6]) == (f.neighbour().link_layer == VMAC[6]) and (not claims or f.source_mac == VMAC[6])


@pytest.mark.parametrize("state", ["Master", "Backup"])
def test_unsolicited_advertisements_enter_the_cache(lan, one, state):
    """A host announces its address before a router solicits it (RFC 9131): each router that is or becomes Master already has the entry."""
    from scapy.layers.inet6 import ICMPv6ND_NA, ICMPv6NDOptDstLLAddr, IPv6
    from scapy.layers.l2 import Ether
    address, mac = "2001:db8:10::abc", "02:00:00:00:00:0a"
    said = Ether(src=mac, dst="33:33:00:00:00:01") / IPv6(src=address, dst="ff02::1", hlim=255) / \
        ICMPv6ND_NA(tgt=address, R=0, S=0, O=1) / ICMPv6NDOptDstLLAddr(lladdr=mac)
    before = netns.read_sysctl(one.ns, "ipv6/conf/eth1/accept_untracked_na")
    with repeating(lan, packet(6, priority=250 if state == "Backup" else 1)):
        one.start(Group(priority=210, **GROUPS))
        one.wait_state(state, family=6)
        lan.send("h1", bytes(said))
        wait_for(lambda: mac in netns.run(["ip", "neigh", "show", address, "dev", "eth1"], one.ns).stdout, 3, "not in the cache")
    one.terminate()
    assert netns.read_sysctl(one.ns, "ipv6/conf/eth1/accept_untracked_na") == before == "0"


def test_no_address_is_derived_from_the_virtual_mac(master):
    """Both routers would have the same fe80::200:5eff:fe00:205. No address waits for duplicate address detection."""
    for family in (4, 6):
        found = netns.ip_json(master.ns, "addr", "show", "dev", master.macvlan(family=family))
        addresses = [a for item in found for a in item["addr_info"]]
        assert {a["local"] for a in addresses} == ({VIP4} if family == 4 else {VIP6, LINK_LOCAL})
        assert not [a for a in addresses if a.get("tentative") or a.get("dadfailed")]


def authenticated():
    """As keepalived sends it with auth_type AH: version 2 behind an authentication header."""
    from scapy.layers.inet import IP
    from scapy.layers.l2 import Ether
    from scapy.packet import Raw
    header = bytes([112, 4, 0, 0]) + bytes(20)
    return bytes(Ether(dst="01:00:5e:00:00:12") / IP(src="10.10.10.10", dst="224.0.0.18", ttl=255, proto=51) / Raw(header + b"\x21\x05\xfa\x01" + bytes(12)))


def test_unusual_packets_are_understood(lan, master):
    """The router accepts IPv4 options and a list in fragments. It does not support AH of version 2's first RFC."""
    from scapy.layers.inet import IPOption_NOP
    from scapy.layers.inet6 import IPv6, IPv6ExtHdrFragment, fragment6
    from scapy.layers.l2 import Ether
    before = master.family()["stats"]["transitions"]
    lan.send("r2", packet(4, ip={"proto": 51}, priority=250), authenticated())
    with repeating(lan, packet(4, ip={"options": [IPOption_NOP()] * 4}, priority=250)):
        master.wait_state("Backup")
    assert master.family()["stats"]["transitions"] == before + 1, "AH had an effect"
    assert re.search(r"10\.10\.10\.10 sends VRRP with an authentication header", master.log()), "and is not named"

    listed = [LINK_LOCAL] + [f"2001:db8:10::{n:x}" for n in range(0x100, 0x100 + 80)]
    whole = Ether(packet(6, addrlist=listed, priority=250))
    body = IPv6(src="fe80::10", dst="ff02::12", hlim=255) / IPv6ExtHdrFragment(id=7, nh=112) / bytes(whole[IPv6].payload)
    body[IPv6ExtHdrFragment].nh = 112
    pieces = [bytes(Ether(src=whole.src, dst=whole.dst) / piece) for piece in fragment6(body, 700)]
    assert len(pieces) > 1
    with repeating(lan, *pieces):
        master.wait_state("Backup", family=6)


def test_a_bridge_carries_groups(lan, pair):
    """Interfaces can be stacked. A bridge over the interface stands for all stacked kinds."""
    one, two = pair
    for router, last in zip(pair, (15, 10)):
        netns.ip("link add lan0 type bridge", "link set lan0 addrgenmode none", "link set eth1 master lan0", "link set lan0 up",
                 f"addr add 10.30.0.{last}/24 dev lan0", f"addr add fe80::a:{last}/64 dev lan0 nodad", ns=router.ns)
    listed = {"interval_ms": 100, "interface": "lan0", "ipv4": ("10.30.0.16",), "ipv6": ("2001:db8:30::16",)}
    one.start(Group(priority=210, **listed))
    two.start(Group(priority=200, **listed))
    for family in (4, 6):
        one.wait_state("Master", family=family)
        two.wait_state("Backup", family=family)
    one.terminate()
    for family in (4, 6):
        two.wait_state("Master", family=family)


def test_an_address_of_another_interface_makes_no_owner(networks, routers):
    """10.20.0.1 is router 1's address on the far side. On the LAN it is an ordinary virtual address, and it stays on the far side."""
    one = routers(Tandem, networks(server=True), "r1")
    one.start(Group(priority=77, interval_ms=100, ipv4=("10.20.0.1",)))
    one.wait_state("Master")
    assert one.family()["effectivePriority"] == 77
    one.terminate()
    assert "10.20.0.1/24" in netns.addresses(one.ns, "eth2")["eth2"]


def test_the_same_vrid_elsewhere_is_another_router(networks, routers):
    """The same VRID on another interface, and in the other family."""
    lan = networks(server=True)
    one = routers(Tandem, lan, "r1")
    one.start(Group(priority=100, **GROUPS), Group(priority=100, interval_ms=100, interface="eth2", ipv4=("10.20.0.77",)))

    def states():
        shown = {g["interface"]: g for g in one.show()}
        return [shown["eth1"]["v4"]["status"], shown["eth1"]["v6"]["status"], shown["eth2"]["v4"]["status"]]

    def await_states(*wanted):
        end = time.monotonic() + 8
        while states() != list(wanted):
            assert time.monotonic() < end, f"{states()} instead of {wanted}"
    await_states("Master", "Master", "Master")
    with repeating(lan, packet(4, addrlist=["10.20.0.77"], ip={"source": "10.20.0.2"}), device="eth2"):
        await_states("Master", "Master", "Backup")
    with repeating(lan, packet(6)):
        await_states("Master", "Backup", "Master")
