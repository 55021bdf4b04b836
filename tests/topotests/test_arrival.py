# SPDX-License-Identifier: Apache-2.0
"""Packets from hosts to a virtual router arrive at the interface of its group, for all rules of the machine, while this router is Master and only
then (doc/decisions/0038)."""
import json
import os
import signal
import time

import pytest

from harness import netns
from harness.packets import virtual_mac
from harness.questions import pings
from harness.routers import Group, Tandem
from harness.topology import SERVER4, SERVER6, VIP4, VIP6
from harness.waiting import wait_for

GROUPS = {"interval_ms": 100, "ipv4": (VIP4,), "ipv6": (VIP6,)}
TARGETS = (SERVER4, SERVER6, VIP4, VIP6)
REVERSE_PATH = """table inet fw {
  chain pre {
    type filter hook prerouting priority -290;
    icmpv6 type { nd-router-advert, nd-neighbor-solicit } accept
    fib saddr . mark . iif oif missing drop
  }
}
"""
BY_INTERFACE = """table inet fw {
  chain forward { type filter hook forward priority 0; policy drop; ct state established,related accept; iifname "eth1" oifname "eth2" accept; }
  chain input { type filter hook input priority 0; policy drop; icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
                iifname "eth1" accept; meta l4proto 112 accept; }
}
"""


@pytest.fixture
def wide(networks):
    return networks(server=True)


def start(router, priority=210, lease=10):
    router.start(text=f"vrrp address-lease {lease}\ninterface eth1\n vrrp 5 priority {priority}\n vrrp 5 advertisement-interval 100\n"
                 f" vrrp 5 ip {VIP4}\n vrrp 5 ipv6 {VIP6}\n")


def wait_both(router, state):
    for family in (4, 6):
        router.wait_state(state, family=family)


@pytest.fixture
def one(wide, routers):
    router = routers(Tandem, wide, "r1")
    start(router)
    wait_master(router)
    return router


def wait_master(router):
    wait_both(router, "Master")
    wait_for(lambda: rewritten(router) == BOTH, 3, lambda: rewritten(router))


def load(router, rules):
    netns.run(["nft", "-f", "-"], router.ns, input=rules)


def ruleset(router):
    return json.loads(netns.run(["nft", "-j", "list", "ruleset"], router.ns).stdout)["nftables"]


def tables(router):
    """Returns the daemon's tables for this purpose."""
    names = [(entry["table"]["family"], entry["table"]["name"]) for entry in ruleset(router) if "table" in entry]
    return [name for name in names if name[0] == "netdev" or name[1].endswith(".redirects")]


def rewritten(router):
    """Returns the virtual MAC addresses that the rules rewrite."""
    found = set()
    for entry in ruleset(router):
        if entry.get("set", {}).get("family") == "netdev":
            found |= {e["elem"]["val"] if isinstance(e, dict) else e for e in entry["set"].get("elem", [])}
    return found


BOTH = {virtual_mac(5, 4), virtual_mac(5, 6)}


def all_pass(wide):
    return [target for target in TARGETS if not pings(wide, target)] == []


# ---- the rules

@pytest.mark.parametrize("rules", [REVERSE_PATH, BY_INTERFACE], ids=["reverse path", "by interface"])
def test_rules_about_the_interface_let_hosts_pass(wide, one, rules):
    load(one, rules)
    assert all_pass(wide)


def test_a_routing_rule_for_the_interface_is_followed(wide, one):
    netns.ip("rule add iif eth1 to 10.99.1.0/24 lookup 100", "route add unreachable default table 100", "route add blackhole 10.99.1.0/24",
             ns=one.ns)
    text = wide.run("h1", "ping", "-c", "1", "-W", "1", "10.99.1.1", check=False).stdout
    assert "Unreachable" in text, text


def test_the_own_rules_withstand_a_flush(wide, one):
    """A firewall executes a flush first when it reloads."""
    netns.run(["nft", "flush", "ruleset"], one.ns)
    load(one, REVERSE_PATH)
    assert all_pass(wide) and rewritten(one) == BOTH


# ---- only while the router is Master

def test_a_backup_rewrites_nothing(wide, one, routers):
    two = routers(Tandem, wide, "r2")
    start(two, priority=200)
    wait_both(two, "Backup")
    assert rewritten(two) == set() and rewritten(one) == BOTH
    two.configure("interface eth1", "vrrp 5 priority 250")
    wait_master(two)
    wait_both(one, "Backup")
    assert rewritten(one) == set()
    load(two, REVERSE_PATH)
    assert all_pass(wide)


def test_one_family_leaves_alone(wide, one):
    one.configure("interface eth1", f"no vrrp 5 ip {VIP4}")
    wait_for(lambda: rewritten(one) == {virtual_mac(5, 6)}, 3, lambda: rewritten(one))
    load(one, REVERSE_PATH)
    assert pings(wide, VIP6)


def test_nothing_stays_when_no_group_is_left(one):
    one.configure("interface eth1", "no vrrp 5")
    assert rewritten(one) == set()
    wait_for(lambda: tables(one) == [], 10, lambda: tables(one))


# ---- changes of the interface

def test_the_interface_gets_another_mac_address(wide, one):
    load(one, REVERSE_PATH)
    netns.ip("link set eth1 address 02:00:00:00:99:01", ns=one.ns)
    wait_for(lambda: all_pass(wide), 5, "after the change of the MAC address")
    assert rewritten(one) == BOTH


def test_the_interface_is_made_anew(wide, one):
    load(one, REVERSE_PATH)
    netns.ip("link del eth1", ns=one.ns)
    one.wait_state("Initialize")
    netns.ip("link add other type bridge", ns=one.ns)
    wide.rewire("r1")
    wait_both(one, "Master")
    assert all_pass(wide)


def test_the_interface_is_renamed_and_back(wide, one):
    load(one, REVERSE_PATH)
    netns.ip("link set eth1 name lan1", ns=one.ns)
    one.wait_state("Initialize")
    netns.ip("link set lan1 name eth1", ns=one.ns)
    wait_both(one, "Master")
    wait_for(lambda: all_pass(wide), 5, "after it has its name again")


# ---- ends of the daemon

def test_the_rules_stay_when_a_worker_is_replaced(wide, one):
    load(one, REVERSE_PATH)
    for end in ("kill", "restart"):
        old = one.worker()
        if end == "kill":
            os.kill(old, signal.SIGKILL)
        else:
            os.kill(one.pids()[0], signal.SIGUSR2)
        while one.worker() in (old, None) or not one.run_vtysh("-c", "show vrrp", check=False).stdout:
            assert BOTH in (rewritten(one), rewritten(one)), end
        assert all_pass(wide) and rewritten(one) == BOTH


@pytest.mark.parametrize("end", ["terminate", "kill"])
def test_nothing_stays_when_the_daemon_has_ended(one, end):
    getattr(one, end)()
    wait_for(lambda: tables(one) == [], 3, lambda: tables(one))


def test_what_is_not_renewed_goes_with_the_lease(wide, routers):
    """Both processes hang: the kernel forgets the virtual MAC addresses when it forgets the virtual addresses."""
    router = routers(Tandem, wide, "r1")
    start(router, lease=3)
    wait_master(router)
    pids = router.pids()
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        assert rewritten(router) == BOTH
        wait_for(lambda: rewritten(router) == set(), 5, lambda: rewritten(router))
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def test_elements_are_renewed(wide, routers):
    router = routers(Tandem, wide, "r1")
    start(router, lease=3)
    wait_master(router)
    end = time.monotonic() + 7
    while time.monotonic() < end:
        # nft reads a set in several steps. In the middle of a renewal it may see neither the old elements nor the new ones.
        assert BOTH in (rewritten(router), rewritten(router))


def test_a_worker_that_hangs_is_fenced(wide, one, routers):
    two = routers(Tandem, wide, "r2")
    start(two, priority=200)
    wait_both(two, "Backup")
    os.kill(one.worker(), signal.SIGSTOP)
    wait_both(two, "Master")
    assert rewritten(one) == set() or "Master" in (one.state(), one.state(family=6)), "the fence has removed the rules before it resigned"


# ---- a kernel that refuses the rules

def test_a_refusal_is_logged_once_and_made_good_when_it_is_over(wide, routers):
    """The kernel refuses because another program has a table of that name. The table stays that program's."""
    router = routers(Tandem, wide, "r1")
    load(router, "table netdev tandem {\n set mine {\n type ether_addr;\n }\n}\n")
    start(router, lease=3)
    wait_both(router, "Master")
    wait_for(lambda: "[IO-080]" in router.log(), 3, router.log)
    assert all_pass(wide) and rewritten(router) == set()
    assert "mine" in netns.run(["nft", "list", "ruleset"], router.ns).stdout
    netns.run(["nft", "delete table netdev tandem"], router.ns)
    wait_for(lambda: "[IO-081]" in router.log(), 5, router.log)
    assert router.log().count("[IO-080]") == 1 and rewritten(router) == BOTH
