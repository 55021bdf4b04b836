# SPDX-License-Identifier: Apache-2.0
"""The kernel refuses a part of a transaction: the daemon undoes the whole transaction, and the operator reads the reason."""
import pytest

from harness import netns
from harness.programs import program
from harness.topology import VIP4
from harness.waiting import wait_for


@pytest.fixture
def one(pair):
    """Router 1, Master of group 5, and an interface of another program with the name that group 7 needs."""
    router, _ = pair
    router.start(text=f"interface eth1\n vrrp 5 advertisement-interval 100\n vrrp 5 ip {VIP4}\n")
    router.wait_state("Master")
    netns.ip(f"link add {router.macvlan(7)} type veth peer name other", ns=router.ns)
    return router


def macvlans(router):
    return {name for name, link in netns.links(router.ns).items() if link.get("linkinfo", {}).get("info_kind") == "macvlan"}


def undisturbed(router, before):
    """Checks that only group 5 exists, with the state of before."""
    assert router.vtysh("show running-config").stdout == before
    wait_for(lambda: macvlans(router) == {router.macvlan(5)}, 5, lambda: f"left: {macvlans(router)}")
    assert [group["vrid"] for group in router.show()] == [5]
    assert router.family()["stats"]["transitions"] == 2 and router.state() == "Master"


def test_a_refused_command_says_what_the_kernel_refused(one):
    before = one.vtysh("show running-config").stdout
    done = one.configure("interface eth1", "vrrp 7 ip 10.10.10.17", check=False)
    assert done.returncode != 0
    assert f"vrrp 7 on eth1: cannot create interface {one.macvlan(7)}: another interface has that name" in done.stdout + done.stderr
    undisturbed(one, before)


def test_a_refused_file_is_undone_as_a_whole(one):
    before = one.vtysh("show running-config").stdout
    lines = [f" vrrp {vrid} ip 10.10.10.{20 + vrid}\n vrrp {vrid} ipv6 2001:db8:10::{vrid}\n" for vrid in (6, 7, 8)]
    path = one.write("more.conf", "interface eth1\n" + "".join(lines) + " vrrp 5 priority 200\n")
    done = netns.run([program("vtysh"), "--vty_socket", one.dir, "-f", path], one.ns, check=False)
    assert done.returncode != 0 and "vrrp 7 on eth1: cannot create interface" in done.stdout + done.stderr
    undisturbed(one, before)
    netns.ip("link del other", ns=one.ns)
    netns.run([program("vtysh"), "--vty_socket", one.dir, "-f", path], one.ns)
    for vrid in (6, 7, 8):
        one.wait_state("Master", vrid=vrid)


@pytest.mark.parametrize("family, address, reserved, own", [
    ("ip", "10.10.10.255", "the broadcast address of the network", "10.10.10.15/24"),
    ("ip", "10.10.10.0", "the address of the network", "10.10.10.15/24"),
    ("ipv6", "2001:db8:10::", "the Subnet-Router anycast address", "2001:db8:10::15/64"),
])
def test_an_address_that_no_host_of_the_interfaces_network_has_is_refused(one, family, address, reserved, own):
    before = one.vtysh("show running-config").stdout
    for vrid in (8, 5):    # a new group, and one that is Master
        done = one.configure("interface eth1", f"vrrp {vrid} {family} {address}", check=False)
        assert done.returncode != 0
        assert f"vrrp {vrid} on eth1: {address} is {reserved} (eth1 has {own})" in done.stdout + done.stderr
        undisturbed(one, before)


def test_a_group_with_such_an_address_waits_until_the_interface_has_another_network(pair):
    one, _ = pair
    one.start(text="interface eth1\n vrrp 5 advertisement-interval 100\n vrrp 5 ip 10.10.10.255\n")
    assert one.family()["status"] == "Initialize"
    assert "10.10.10.255 is the broadcast address of the network (eth1 has 10.10.10.15/24)" in one.family()["initializeReason"]
    netns.ip("addr del 10.10.10.15/24 dev eth1", "addr add 10.10.10.15/16 dev eth1", ns=one.ns)
    one.wait_state("Master")


def test_a_missing_interface_is_no_refusal(one):
    one.configure("interface eth7", "vrrp 7 ip 10.70.0.1")
    assert one.group(7)["v4"]["initializeReason"]
