#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Parents of other kinds, behind a firewall that drops packets that arrive by another interface than the route back uses (doc/decisions/0038). Run it
by hand, on a kernel that supports these kinds, for instance in a virtual machine:

    tests/vm/run --env TANDEM_BUILD -- /usr/bin/python3 tests/vm/arrival.py

One router is Master on a VLAN interface, a bridge, a bond and an interface in a VRF. A host pings each virtual address. The bond gets another MAC
address. Prints the results, and fails at the first wrong result.
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "topotests"))
from harness import netns                                    # noqa: E402
from harness.routers import Group, Tandem                    # noqa: E402
from harness.topology import Topology                        # noqa: E402
from harness.waiting import wait_for                         # noqa: E402

TIMEOUT = 60    # an emulated machine is slow
RULES = """table inet fw {
  chain pre {
    type filter hook prerouting priority -290;
    icmpv6 type { nd-router-advert, nd-neighbor-solicit } accept
    fib saddr . mark . iif oif missing counter drop
  }
}
"""
NETWORKS = {"eth1.10": 31, "br7": 32, "bond0": 33, "eth5": 34}


def say(text):
    print(text, flush=True)


def cable(lan, name, kind, master):
    """A cable from r1 to h1. Its end at r1 is a port of `master`, which is of that kind."""
    r1, h1 = lan.ns("r1"), lan.ns("h1")
    netns.ip(f"link add {name} netns {r1} type veth peer name {name} netns {h1}")
    netns.ip(f"link set {name} up", ns=h1)
    if kind:
        netns.ip(f"link add {master} type {kind}", f"link set {name} master {master}", f"link set {master} up", ns=r1)
    netns.ip(f"link set {name} up", ns=r1)


def build(lan):
    for node in ("r1", "h1"):
        netns.ip("link add link eth1 name eth1.10 type vlan id 10", "link set eth1.10 up", ns=lan.ns(node))
    cable(lan, "eth3", "bridge", "br7")
    cable(lan, "eth4", "bond mode active-backup", "bond0")
    netns.ip("link add red type vrf table 100", "link set red up", ns=lan.ns("r1"))
    cable(lan, "eth5", "", "")
    netns.ip("link set eth5 master red", ns=lan.ns("r1"))
    for parent, number in NETWORKS.items():
        host = {"br7": "eth3", "bond0": "eth4"}.get(parent, parent)
        for node, device, last in (("r1", parent, 15), ("h1", host, 100)):
            netns.ip(f"addr add 10.{number}.0.{last}/24 dev {device}", f"addr add 2001:db8:{number}::{last}/64 dev {device} nodad",
                     f"addr add fe80::{number}:{last}/64 dev {device} nodad", ns=lan.ns(node))


def pings(lan, address):
    return lan.run("h1", "ping", "-c", "1", "-W", "5", address, check=False).returncode == 0


def check(lan, what, parents):
    for parent in parents:
        for address in (f"10.{NETWORKS[parent]}.0.16", f"2001:db8:{NETWORKS[parent]}::16"):
            wait_for(lambda address=address: pings(lan, address), TIMEOUT, f"{what}: {address} on {parent} does not answer", step=0.5)
        say(f"{what}: both gateways on {parent} answer")


def main():
    lan = Topology()
    one = Tandem(lan, "r1")
    try:
        build(lan)
        one.start(*(Group(interface=parent, interval_ms=1000, ipv4=(f"10.{number}.0.16",), ipv6=(f"2001:db8:{number}::16",))
                    for parent, number in NETWORKS.items()), wait=False)
        one.wait_ready(TIMEOUT)

        def states():
            return {(g["interface"], version): g[version]["status"] for g in one.show() for version in ("v4", "v6")}
        wait_for(lambda: set(states().values()) == {"Master"}, TIMEOUT, lambda: f"{states()}", step=0.5)
        check(lan, "no firewall", NETWORKS)
        netns.run(["nft", "-f", "-"], one.ns, input=RULES)
        check(lan, "reverse-path rule", [parent for parent in NETWORKS if parent != "eth5"])
        netns.ip("link set bond0 address 02:00:00:00:99:01", ns=one.ns)
        netns.ip("neigh flush all", ns=lan.ns("h1"))
        check(lan, "another MAC address", ["bond0"])
    finally:
        say(netns.run(["nft", "list", "ruleset"], one.ns).stdout)
        say(one.log())
        one.close()
        lan.close()


main()
