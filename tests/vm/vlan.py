#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""VLAN interfaces as parents, 802.1Q and stacked ones (X5). Run it by hand, on a kernel that supports them, for instance in a virtual machine:

    tests/vm/run --env TANDEM_BUILD -- /usr/bin/python3 tests/vm/vlan.py

Two routers and a host have VLAN 10 on their cable, and VLAN 20 within it. On each VLAN: one Master, one answer with the virtual MAC, pings of a host,
accept mode off, an owner, a failover. Prints the results, and fails at the first wrong result.
"""
import contextlib
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "topotests"))
from harness import netns                                    # noqa: E402
from harness.packets import virtual_mac                      # noqa: E402
from harness.routers import Group, Tandem                    # noqa: E402
from harness.topology import Topology                        # noqa: E402
from harness.waiting import wait_for                         # noqa: E402

LAST = {"r1": 15, "r2": 10, "h1": 100}
VLANS = {"eth1.10": ("eth1", "10", "10.31.0"), "eth1.10.20": ("eth1.10", "20", "10.32.0")}
TIMEOUT = 60    # an emulated machine is slow


def say(text):
    print(text, flush=True)


def add_vlans(lan):
    for node, last in LAST.items():
        for name, (below, number, network) in VLANS.items():
            netns.ip(f"link add link {below} name {name} type vlan id {number}", f"link set {name} addrgenmode none up",
                     f"addr add {network}.{last}/24 dev {name}", f"addr add fe80::{number}:{last}/64 dev {name} nodad", ns=lan.ns(node))


def groups(priority):
    return [Group(priority=priority, interface=name, ipv4=(f"{network}.16",), ipv6=(f"2001:db8:{number}::16",))
            for name, (_below, number, network) in VLANS.items()]


def states(router):
    return {(g["interface"], version): g[version]["status"] for g in router.show() for version in ("v4", "v6")}


def wait_all(router, state):
    wait_for(lambda: set(states(router).values()) == {state}, TIMEOUT, lambda: f"{router.name}: {states(router)}, not {state}", step=0.5)
    say(f"{router.name} is {state} of both families on {', '.join(VLANS)}")


def pings(lan, address):
    return lan.run("h1", "ping", "-c", "1", "-W", "5", address, check=False).returncode == 0


def answering(lan, name, address):
    """Returns the MAC addresses that answer one ARP request."""
    text = lan.run("h1", "arping", "-b", "-c", "1", "-w", "3", "-I", name, address, check=False).stdout
    return [word.strip("[]").lower() for word in text.split() if word.startswith("[")]


def check_answers(lan):
    for name, (_below, _number, network) in VLANS.items():
        address = f"{network}.16"
        assert answering(lan, name, address) == [virtual_mac(5, 4)], f"{address} on {name}"
        assert pings(lan, address), address
        say(f"{name}: one ARP answer for {address}, from the virtual MAC; it answers pings")


def check_filter(lan, one):
    one.configure("interface eth1.10.20", "no vrrp 5 accept-mode")
    assert not pings(lan, "10.32.0.16") and pings(lan, "10.31.0.16")
    assert answering(lan, "eth1.10.20", "10.32.0.16") == [virtual_mac(5, 4)]
    say("accept mode off on eth1.10.20: pings are dropped there, ARP is answered")
    one.configure("interface eth1.10", "vrrp 7 ip 10.31.0.15")
    one.wait_state("Master", vrid=7, timeout=TIMEOUT)
    assert answering(lan, "eth1.10", "10.31.0.15") == [virtual_mac(7, 4)]
    say("the owner of 10.31.0.15 on eth1.10 answers with the virtual MAC only")


def main():
    with contextlib.ExitStack() as stack:
        lan = Topology()
        stack.callback(lan.close)
        add_vlans(lan)
        one, two = (Tandem(lan, name) for name in ("r1", "r2"))
        for router, priority in ((one, 210), (two, 200)):
            stack.callback(router.close)
            router.start(*groups(priority), wait=False)
            router.wait_ready(TIMEOUT)
        wait_all(one, "Master")
        wait_all(two, "Backup")
        check_answers(lan)
        check_filter(lan, one)
        one.terminate()
        wait_all(two, "Master")
        check_answers(lan)
    say("all is well")


if __name__ == "__main__":
    main()
