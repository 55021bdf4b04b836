# SPDX-License-Identifier: Apache-2.0
"""Router advertisements of the IPv6 Master (R55, R41, R84): the hosts' default router is the virtual one, whichever router is Master."""
import pytest

from harness.capture import tshark
from harness.netns import write_sysctl
from harness.routers import Group
from harness.topology import VIP6

LINK_LOCAL, MAC = "fe80::5e00:205", "00:00:5e:00:02:05"
ON = ("vrrp 5 router-advertisement",)


def group(priority, *extra):
    return Group(5, priority, 100, ipv6=(VIP6,), extra=extra)


def advertisements(capture, tmp_path, port):
    """Returns (lifetime, source, source MAC, prefix, M flag) of the router advertisements that left a port, as tshark dissects them."""
    pcap = capture.write_pcap(str(tmp_path / "ra.pcap"), port, sent=True)
    return tshark(pcap, "icmpv6.type == 134 && icmpv6.checksum.status == 1", "icmpv6.nd.ra.router_lifetime", "ipv6.src", "eth.src",
                  "icmpv6.opt.prefix", "icmpv6.nd.ra.flag.m")


def wait_for_one(capture, tmp_path, port, lifetime="1800"):
    return capture.wait(lambda: [a for a in advertisements(capture, tmp_path, port) if a[0] == lifetime], 10,
                        f"a router advertisement with lifetime {lifetime} at {port}")


def test_none_without_being_asked_for(lan, pair, tmp_path):
    capture = lan.capture()
    one, two = pair
    one.start(group(210))
    two.start(group(200))
    one.wait_state("Master", family=6)
    lan.run("h1", "rdisc6", "-1", "-r", "1", "-w", "300", "eth1", check=False)
    assert advertisements(capture, tmp_path, "r1") == [] == advertisements(capture, tmp_path, "r2")


def test_the_master_advertises_and_the_new_one_goes_on_where_it_left(lan, pair, tmp_path):
    capture = lan.capture()
    one, two = pair
    one.start(group(210, *ON))
    two.start(group(200, *ON))
    one.wait_state("Master", family=6)
    expected = ("1800", LINK_LOCAL, MAC, "2001:db8:10::", "0")
    assert set(wait_for_one(capture, tmp_path, "r1")) == {expected}
    assert advertisements(capture, tmp_path, "r2") == [], "a Backup says nothing (R41)"
    capture.clear()
    one.terminate()
    assert set(wait_for_one(capture, tmp_path, "r2")) == {expected}
    assert advertisements(capture, tmp_path, "r1") == [], "no zero lifetime: the same router goes on elsewhere"


def test_a_host_configures_itself_and_is_answered_when_it_asks(lan, pair, tmp_path):
    for name in ("accept_ra", "autoconf"):
        write_sysctl(lan.ns("h1"), f"ipv6/conf/eth1/{name}", 1)
    lan.run("h1", "ip", "-6", "route", "del", "default")
    one, _two = pair
    one.start(group(210, *ON))
    one.wait_state("Master", family=6)
    capture = lan.capture()
    found = lan.run("h1", "rdisc6", "-1", "eth1").stdout
    assert f"from {LINK_LOCAL}" in found and "2001:db8:10::/64" in found and MAC.upper() in found.upper()
    route = capture.wait(lambda: lan.run("h1", "ip", "-6", "route", "show", "default").stdout, 10, "a default route")
    assert f"default via {LINK_LOCAL} dev eth1 proto ra" in route


@pytest.mark.parametrize("lines, expected", [
    (("vrrp 5 router-advertisement lifetime 600", "vrrp 5 router-advertisement managed-config-flag"), ("600", "1")),
    (("vrrp 5 router-advertisement lifetime 0",), ("0", "0")),
    (("no vrrp 5 router-advertisement",), ("0", "0")),
])
def test_changes_of_the_configuration_are_told_at_once(lan, pair, tmp_path, lines, expected):
    one, _two = pair
    one.start(group(210, *ON))
    one.wait_state("Master", family=6)
    capture = lan.capture()
    one.configure("interface eth1", *lines)
    lifetime, flag = expected
    assert wait_for_one(capture, tmp_path, "r1", lifetime)[-1][4] == flag


def test_a_new_link_local_address_is_the_new_source(lan, pair, tmp_path):
    one, _two = pair
    capture = lan.capture()
    one.start(group(210, *ON))
    wait_for_one(capture, tmp_path, "r1")
    one.configure("interface eth1", "vrrp 5 ipv6 fe80::1")
    capture.wait(lambda: [a for a in advertisements(capture, tmp_path, "r1") if a[1] == "fe80::1"], 10, "one from the new address")


def test_a_lifetime_below_the_interval_is_refused(pair):
    one, _two = pair
    one.start(group(210))
    refused = one.configure("interface eth1", "vrrp 5 router-advertisement lifetime 500", check=False)
    assert refused.returncode == 1
    assert "vrrp 5 on eth1" in refused.stdout and "lifetime must be 0 or at least the interval" in refused.stdout
    assert "router-advertisement" not in one.vtysh("show running-config").stdout
