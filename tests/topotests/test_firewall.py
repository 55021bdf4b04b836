# SPDX-License-Identifier: Apache-2.0
"""The rules of doc/firewall.md. An operator loads them before the daemon runs; they apply to packets that hosts send through the gateway, also after
the interface has been created anew. A program that listens for broadcasts gets each broadcast once."""
import re
import socket

import pytest

from harness import netns
from harness.questions import pings
from harness.routers import Group, Tandem
from harness.topology import SERVER4, SERVER6, VIP4, VIP6
from harness.waiting import wait_for

PAGE = "doc/firewall.md"


@pytest.fixture
def gateway(networks, routers):
    lan = networks(server=True)
    return lan, routers(Tandem, lan, "r1")


def forward_only(lan, match):
    """Drops forwarded packets unless they match `match`."""
    rules = ["type filter hook forward priority 0; policy drop;", "ct state established,related accept", f'{match} oifname "eth2" accept']
    lan.run("r1", "nft", "-f", "-", input="table inet fw {\nchain forward {\n" + "\n".join(rules) + "\n}\n}\n")


@pytest.mark.parametrize("match", ['iifname "eth1"', 'iifname { "eth1", "vrrp4-eth1-5", "vrrp6-eth1-5" }',
                                   'iifname { "eth1", "vrrp4-eth1-*", "vrrp6-eth1-*" }'])
def test_rules_written_before_hold(gateway, match):
    lan, one = gateway
    forward_only(lan, match)
    one.start(Group(5, 210, 100, ipv4=(VIP4,), ipv6=(VIP6,)))
    for family, address in ((4, SERVER4), (6, SERVER6)):
        one.wait_state("Master", family=family)
        assert one.family(family=family)["interface"] == f"vrrp{family}-eth1-5"
        assert pings(lan, address)
    netns.ip("link del eth1", ns=one.ns)
    one.wait_state("Initialize")
    netns.ip("link add other type bridge", ns=one.ns)    # takes the interface number that eth1 might otherwise get again
    lan.rewire("r1")
    for family, address in ((4, SERVER4), (6, SERVER6)):
        one.wait_state("Master", family=family)
        assert pings(lan, address)


def receive_broadcast(lan, copies):
    """Sends one datagram from h1 to a socket that is bound to no interface. Returns what has arrived once `copies` are there or the filter has
    dropped the rest."""
    with netns.inside(lan.ns("r1")), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("", 7777))
        listener.settimeout(0.2)
        lan.run("h1", "/usr/bin/python3", "-c", """
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
s.sendto(b"x", ("10.10.10.255", 7777))""")
        got = []

        def complete():
            try:
                while True:
                    got.append(listener.recv(100))
            except TimeoutError:
                dropped = sum(int(n) for n in re.findall(r"counter packets (\d+)", lan.run("r1", "nft", "list", "ruleset").stdout))
                return len(got) + dropped >= copies
        wait_for(complete, 10, lambda: f"{len(got)} of {copies}")
        return len(got)


def test_copies_of_broadcasts_can_be_dropped(gateway):
    lan, one = gateway
    one.start(*(Group(vrid, 210, 100, ipv4=(f"10.10.10.{50 + vrid}",)) for vrid in range(1, 6)))
    for vrid in range(1, 6):
        one.wait_state("Master", vrid=vrid)
    assert receive_broadcast(lan, 6) == 6, "what the page says of programs that listen everywhere"
    lan.run("r1", "nft", "add table inet filter; add chain inet filter input { type filter hook input priority 0; }; "
                         'add rule inet filter input iifname "vrrp4-*" meta pkttype broadcast counter drop')
    assert receive_broadcast(lan, 6) == 1
    assert pings(lan, "10.10.10.51"), "ARP is not concerned"


def test_the_rules_are_those_of_the_page():
    with open(PAGE, encoding="utf-8") as file:
        page = file.read()
    for rule in ('iifname { "eth1", "vrrp4-eth1-5", "vrrp6-eth1-5" }', 'iifname "vrrp4-*" meta pkttype broadcast drop'):
        assert re.search(re.escape(rule), page), rule
