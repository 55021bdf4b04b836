# SPDX-License-Identifier: Apache-2.0
"""Exactly one router answers for the virtual addresses on the LAN, in each state of both routers, with the sysctls unchanged."""
import re

import pytest

from harness.netns import read_sysctl
from harness.questions import answers
from harness.routers import Group
from harness.topology import HOST4, VIP4, VIP6

LINK_LOCAL = "fe80::5e00:205"
VMAC = {4: "00:00:5e:00:01:05", 6: "00:00:5e:00:02:05"}
GROUPS = {"interval_ms": 100, "ipv4": (VIP4,), "ipv6": (VIP6,)}


def wait_states(pair, *states):
    for router, state in zip(pair, states):
        for family in (4, 6):
            router.wait_state(state, family=family)


def check_answers(lan, capture, master):
    for address in (VIP4, VIP6, LINK_LOCAL):
        found = answers(lan, capture, address)
        vmac = VMAC[6 if ":" in address else 4]
        assert found == ([(master, vmac, vmac, True)] if master else []), f"{address} with {master} as Master"


def test_exactly_one_answer_in_every_state(lan, pair):
    one, two = pair
    for router in pair:
        assert {read_sysctl(router.ns, f"ipv4/conf/{d}/{s}") for d in ("all", "default", "eth1") for s in ("arp_ignore", "arp_announce")} == {"0"}
    capture = lan.capture()
    one.start(Group(priority=210, **GROUPS))
    wait_states(pair, "Master")
    check_answers(lan, capture, "r1")
    two.start(Group(priority=200, **GROUPS))
    wait_states(pair, "Master", "Backup")
    check_answers(lan, capture, "r1")
    two.configure("interface eth1", "vrrp 5 priority 220")
    wait_states(pair, "Backup", "Master")
    check_answers(lan, capture, "r2")
    two.configure("interface eth1", "vrrp 5 shutdown")
    wait_states(pair, "Master", "Initialize")
    check_answers(lan, capture, "r1")
    one.configure("interface eth1", "vrrp 5 shutdown")
    wait_states(pair, "Initialize", "Initialize")
    check_answers(lan, capture, None)
    two.configure("interface eth1", "no vrrp 5 shutdown")
    wait_states(pair, "Initialize", "Master")
    check_answers(lan, capture, "r2")


def test_arping_and_ndisc6_show_one_reply(lan, pair):
    """Two programs that operators use show one reply."""
    pair[0].start(Group(priority=210, **GROUPS))
    pair[1].start(Group(priority=200, **GROUPS))
    wait_states(pair, "Master", "Backup")
    text = lan.run("h1", "arping", "-b", "-c", "1", "-w", "1", "-I", "eth1", VIP4).stdout
    assert re.findall(r"reply from \S+ \[([0-9A-F:]+)\]", text) == ["00:00:5E:00:01:05"]
    text = lan.run("h1", "ndisc6", "-m", "-r", "1", "-w", "300", VIP6, "eth1").stdout
    assert re.findall(r"Target link-layer address: (\S+)", text) == ["00:00:5E:00:02:05"]


@pytest.mark.parametrize("address, family", [(VIP4, 4), (VIP6, 6)])
def test_a_backup_that_pings_the_virtual_address_reaches_the_master(lan, pair, address, family):
    pair[0].start(Group(priority=210, **GROUPS))
    pair[1].start(Group(priority=200, **GROUPS))
    wait_states(pair, "Master", "Backup")
    capture = lan.capture()
    lan.run("r2", "ping", "-c", "2", "-i", "0.2", "-W", "1", address)
    requests = [f for f in capture.frames("r2", sent=True) if f.echo() and f.echo()[0] in (8, 128)]
    assert len(requests) == 2 and all(f.destination_mac == VMAC[family] for f in requests), "it must go over the LAN to the virtual MAC"


def test_the_master_never_claims_the_virtual_address_with_its_own_mac(lan, pair):
    """This includes its own ARP requests: they would put the real MAC into the hosts' caches."""
    one, _ = pair
    one.start(Group(priority=210, **GROUPS))
    wait_states(pair, "Master")
    capture = lan.capture()
    for _ in range(3):
        lan.run("r1", "ip", "neigh", "flush", "all")
        lan.run("h1", "ping", "-c", "1", "-W", "1", VIP4)
        lan.run("r1", "ping", "-c", "1", "-W", "1", HOST4)
        lan.run("r1", "ping", "-c", "1", "-W", "1", "-I", VIP4, HOST4, check=False)
    claims = [f for f in capture.frames("r1", sent=True) if f.arp() and f.arp().sender == VIP4]
    assert all(f.source_mac == f.arp().sender_mac == VMAC[4] for f in claims)
    asked = [f for f in capture.frames("r1", sent=True) if f.arp() and f.arp().operation == 1 and f.arp().target == HOST4]
    assert asked, "it did not ask at all, so this shows nothing"
