# SPDX-License-Identifier: Apache-2.0
"""Other programs (udev, `sysctl --system`, a hardening script) write sysctls or make a macvlan deaf in other ways, without a notification. A Master
is heard again soon, a Backup stays silent, and hosts never get two answers."""
import contextlib
import os
import signal
import time

import pytest

from harness import netns
from harness.packets import virtual_mac
from harness.topology import VIP4, VIP6
from harness.waiting import wait_for

HEALED_S = 5  # one inspection a second, on a machine that runs three tests at a time


def wait_for_sysctl(router, name, value):
    wait_for(lambda: netns.read_sysctl(router.ns, name) == value, HEALED_S, lambda: f"{name} is {netns.read_sysctl(router.ns, name)}")


MACVLAN = {"ipv4/conf/{device}/rp_filter": ("1", "2"), "ipv4/conf/{device}/arp_ignore": ("8", "1"), "ipv4/conf/{device}/proxy_arp": ("1", "0"),
           "ipv6/conf/{device}/accept_ra": ("2", "0"), "ipv6/conf/{device}/autoconf": ("1", "0")}
PARENT = {"ipv4/conf/eth1/arp_ignore": ("0", "1"), "ipv4/conf/eth1/arp_announce": ("0", "2"), "ipv4/conf/eth1/accept_local": ("0", "1"),
          "ipv6/conf/eth1/accept_untracked_na": ("0", "1")}


def test_what_something_else_writes_is_set_again(gateways):
    g = gateways()
    settings = dict(PARENT)
    for name, values in MACVLAN.items():
        settings[name.format(device=g.one.macvlan(family=int(name[3])))] = values
    for name, (damaged, _right) in settings.items():
        netns.write_sysctl(g.one.ns, name, damaged)
    for name, (_damaged, right) in settings.items():
        wait_for_sysctl(g.one, name, right)
    g.judge(time.time_ns())
    log = g.one.log()
    assert "sysctl ipv4/rp_filter of interface" in log and "was 1 and is 2 again" in log
    assert log.count("IO-050") == len(settings), "each is said once"


def test_ipv6_that_is_switched_on_at_a_backup_is_switched_off_again(gateways):
    g = gateways()
    for family in (4, 6):
        device = g.two.macvlan(family=family)
        netns.write_sysctl(g.two.ns, f"ipv6/conf/{device}/disable_ipv6", 0)
        wait_for_sysctl(g.two, f"ipv6/conf/{device}/disable_ipv6", "1")
    g.judge(time.time_ns())


def test_a_macvlan_forwards_as_its_parent_does(gateways):
    g = gateways()
    device = g.one.macvlan()
    for value in ("0", "1"):
        netns.write_sysctl(g.one.ns, "ipv4/conf/eth1/forwarding", value)
        wait_for_sysctl(g.one, f"ipv4/conf/{device}/forwarding", value)


def test_proxy_arp_of_all_interfaces_makes_no_answers_for_others_under_the_virtual_mac(gateways):
    g = gateways()
    netns.write_sysctl(g.one.ns, "ipv4/conf/all/proxy_arp", 1)
    absent = VIP4.rsplit(".", 1)[0] + ".77"
    asked = g.lan.run("h1", "arping", "-b", "-c", "2", "-w", "3", "-I", "eth1", absent, check=False)
    assert virtual_mac(5, 4).upper() not in asked.stdout.upper(), asked.stdout


@pytest.mark.parametrize("name, value", [("arp_filter", 1), ("arp_ignore", 2)])
def test_what_holds_for_all_interfaces_and_keeps_the_kernel_silent_is_said(gateways, name, value):
    g = gateways()
    netns.write_sysctl(g.one.ns, f"ipv4/conf/all/{name}", value)
    said = f"sysctl {name} of all interfaces is {value}"
    wait_for(lambda: said in g.one.log(), HEALED_S, g.one.log)
    assert any(said in warning for warning in g.one.group(5)["v4"]["warnings"])
    assert f"Warning (v4): sysctl {name} of all" in g.one.vtysh("show vrrp").stdout
    netns.write_sysctl(g.one.ns, f"ipv4/conf/all/{name}", 0)
    wait_for(lambda: "IO-052" in g.one.log(), HEALED_S, g.one.log)
    assert not any(said in warning for warning in g.one.group(5)["v4"]["warnings"])


def test_an_mtu_too_small_for_ipv6_leaves_nothing_behind(gateways):
    g = gateways()
    device = g.one.macvlan(family=6)
    netns.ip("link set eth1 mtu 1200", ns=g.one.ns)
    g.one.wait_state("Initialize", family=6)
    netns.ip("link set eth1 mtu 1500", ns=g.one.ns)

    def is_right():
        link = netns.links(g.one.ns)[device]
        return link["mtu"] == 1500 and f"{VIP6}/128" in netns.addresses(g.one.ns, device).get(device, [])
    wait_for(is_right, 20, lambda: f"{netns.links(g.one.ns)[device]} with {netns.addresses(g.one.ns)}")
    g.judge(time.time_ns())


def test_a_backup_whose_ipv6_began_anew_hears_its_master(gateways):
    """The kernel has forgotten the multicast group that the daemon had joined."""
    g = gateways()
    netns.ip("link set eth1 mtu 1200", ns=g.two.ns)
    g.two.wait_state("Initialize", family=6)
    netns.ip("link set eth1 mtu 1500", ns=g.two.ns)
    g.two.wait_state("Backup", family=6, timeout=20)
    before = time.time_ns()
    g.capture.wait(lambda: len(g.adverts("r1", family=6, since=before)) >= 10, 10, "as many adverts as a Backup could miss, thrice")
    assert not g.adverts("r2", since=before)


@contextlib.contextmanager
def stopped(router):
    """Stops the router while the block runs, for less than the supervisor's timeout. The router then learns of all changes at once."""
    pids = router.pids()
    for pid in pids:    # the supervisor first: it must not judge the worker
        os.kill(pid, signal.SIGSTOP)
    yield
    for pid in reversed(pids):
        os.kill(pid, signal.SIGCONT)


def test_a_backup_whose_ipv6_ended_and_began_in_one_moment_hears_its_master(gateways):
    """When the router looks, the interface has the same address as before."""
    g = gateways()
    with stopped(g.two):
        netns.ip("link set eth1 mtu 1200", "link set eth1 mtu 1500", "addr add fe80::10/64 dev eth1 nodad", ns=g.two.ns)
    before = time.time_ns()
    g.capture.wait(lambda: len(g.adverts("r1", family=6, since=before)) >= 10, 10, "as many adverts as a Backup could miss, thrice")
    assert not g.adverts("r2", since=before)


def test_a_router_that_cannot_listen_is_no_master(gateways):
    """The router would hear no Master, and would become a second one."""
    memberships = "ipv4/igmp_max_memberships"
    g = gateways()
    g.two.terminate()
    netns.write_sysctl(g.two.ns, memberships, 0)
    g.two.launch()
    g.two.wait_ready()
    wait_for(lambda: "cannot listen for advertisements on eth1" in g.two.log(), 10, g.two.log)
    assert g.two.state(5, 4) == "Initialize" and g.two.state(5, 6) == "Backup"
    netns.write_sysctl(g.two.ns, memberships, 20)
    g.two.wait_state("Backup")
    assert not g.adverts("r2", family=4)


def test_protodown_does_not_last(gateways):
    g = gateways()
    for family in (4, 6):
        device = g.one.macvlan(family=family)
        netns.ip(f"link set {device} protodown on", ns=g.one.ns)
        wait_for(lambda device=device: "LOWER_UP" in netns.links(g.one.ns)[device]["flags"], HEALED_S, lambda: netns.links(g.one.ns))
    g.judge(time.time_ns())
