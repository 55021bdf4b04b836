# SPDX-License-Identifier: Apache-2.0
"""ICMP redirects: a host accepts a redirect only from the address that it uses as its gateway. A router must not lead
it away from the virtual router by a redirect from another address (RFC 9568 §8.1.1, §8.2.1). Router 2 is the better next hop to a network beyond.
"""
import pytest

from harness import netns
from harness.packets import ICMP, ICMP6, virtual_mac
from harness.routers import Group, Tandem
from harness.topology import VIP4, VIP6

BEYOND4, BEYOND6 = "10.30.0.1", "2001:db8:30::1"
LINK_LOCAL = "fe80::5e00:205"
REAL = {4: ("10.10.10.15", "10.10.10.15"), 6: ("fe80::15%eth1", "fe80::15")}    # gateway of the host, source of the redirect


@pytest.fixture
def master(lan, routers):
    def start(ipv4, ipv6):
        one = routers(Tandem, lan, "r1")
        one.start(Group(priority=210, interval_ms=100, ipv4=ipv4, ipv6=ipv6))
        for family in (4, 6):
            one.wait_state("Master", family=family)
        netns.ip("addr add 10.30.0.1/32 dev lo", "addr add 2001:db8:30::1/128 dev lo", ns=lan.ns("r2"))
        return one
    return start


def redirects(lan, family, gateway):
    """Returns (source, source MAC) of the redirects that the host gets on its way to the network beyond."""
    via = gateway.partition("%")[0]
    netns.ip(f"route replace {BEYOND4 if family == 4 else BEYOND6} via {via} dev eth1", ns=lan.ns("h1"))
    capture = lan.capture()
    done = lan.run("h1", "ping", "-c", "2", "-i", "0.2", "-W", "1", BEYOND4 if family == 4 else BEYOND6)
    assert "2 received" in done.stdout
    kind = (ICMP, 5) if family == 4 else (ICMP6, 137)
    found = [(f.ip()[0], f.source_mac) for f in capture.frames("r1", sent=True) if f.ip() and (f.ip()[2], f.ip()[4][0]) == kind]
    return set(found)


@pytest.mark.parametrize("family, virtual", [(4, VIP4), (6, VIP6), (6, LINK_LOCAL)])
def test_who_uses_the_virtual_address_is_not_redirected_under_another_name(lan, master, family, virtual):
    """The kernel sees the packet arrive at the interface by which it leaves. The daemon's filter drops the resulting redirect."""
    netns.ip(f"route add {BEYOND4} via 10.10.10.10 dev eth1", f"route add {BEYOND6} via fe80::10 dev eth1", ns=lan.ns("r1"))
    netns.ip("addr add 10.30.0.1/32 dev lo", "addr add 2001:db8:30::1/128 dev lo", ns=lan.ns("r2"))
    gateway, source = REAL[family]
    mac = netns.links(lan.ns("r1"))["eth1"]["address"]
    assert redirects(lan, family, gateway) == {(source, mac)}, "before vrrpd runs there is one, so this test can see one"
    for version in ("-4", "-6"):
        lan.run("h1", "ip", version, "route", "flush", "cache")
    netns.ip("addr flush dev lo scope global", ns=lan.ns("r2"))
    master((VIP4,), (VIP6,))
    assert redirects(lan, family, virtual) == set()
    assert '"eth1"' in netns.run(["nft", "list", "table", "inet", "tandem.redirects"], lan.ns("r1")).stdout, "an operator reads names of interfaces"


@pytest.mark.parametrize("family, virtual, source", [(4, VIP4, VIP4), (6, LINK_LOCAL, LINK_LOCAL)])
def test_a_redirect_from_the_macvlan_has_the_virtual_address(lan, master, family, virtual, source):
    """If only virtual addresses are in the hosts' network, packets leave by the macvlan at which they arrived."""
    one_ns = lan.ns("r1")
    netns.ip("addr flush dev eth1", "addr add 192.0.2.1/24 dev eth1", "addr add fe80::15/64 dev eth1 nodad", ns=one_ns)
    one = master((VIP4 + "/24",), (VIP6 + "/64",))
    netns.ip(f"route add {BEYOND4} via 10.10.10.10 dev {one.macvlan()}", f"route add {BEYOND6} via fe80::10 dev {one.macvlan(family=6)}",
             ns=one.ns)
    assert redirects(lan, family, virtual) == {(source, virtual_mac(5, family))}
