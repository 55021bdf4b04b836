# SPDX-License-Identifier: Apache-2.0
"""A router does not advertise what it cannot serve: addresses that the kernel refuses, adverts that do not fit, interfaces on which no macvlan is
possible."""
import pytest

from harness import netns
from harness.routers import Group, Tandem
from harness.topology import VIP4, VIP6
from harness.waiting import wait_for

GROUPS = {"interval_ms": 100, "ipv4": (VIP4,), "ipv6": (VIP6,)}
BOX = {"r1": "10.10.10.21", "r2": "10.10.10.22"}


def answers(lan, address):
    return lan.run("h1", "ping", "-c", "1", "-W", "1", address, check=False).returncode == 0


def start(pair):
    one, two = pair
    one.start(Group(priority=210, **GROUPS))
    two.start(Group(priority=200, **GROUPS))
    for family in (4, 6):
        one.wait_state("Master", family=family)
        two.wait_state("Backup", family=family)
    return one, two


@pytest.mark.parametrize("line, why", [("vrrp 5 ip 10.10.10.255", "10.10.10.255 is the broadcast address of the network"),
                                       ("vrrp 5 ipv6 2001:db8:10::", "2001:db8:10:: is the Subnet-Router anycast address")])
def test_a_backup_refuses_what_a_master_refuses(pair, line, why):
    for router in start(pair):
        done = router.configure("interface eth1", line, check=False)
        assert done.returncode != 0 and why in done.stdout + done.stderr


def test_an_address_that_becomes_impossible_takes_no_other_with_it(pair):
    one, two = start(pair)
    for router in pair:
        router.configure("interface eth1", "vrrp 5 ip 10.10.10.23")
    netns.ip("addr add 10.10.10.22/30 dev eth1", "addr del 10.10.10.10/24 dev eth1", ns=two.ns)
    one.terminate()
    two.wait_state("Master")
    device = two.macvlan()
    wait_for(lambda: netns.addresses(two.ns, device)[device] == [f"{VIP4}/32"], 5, lambda: netns.addresses(two.ns, device))
    assert "10.10.10.23 is the broadcast address" in two.log()


def test_a_router_that_can_serve_nothing_is_no_master(pair):
    _, two = start(pair)
    netns.ip("addr add 10.10.10.17/28 dev eth1", "addr del 10.10.10.10/24 dev eth1", ns=two.ns)
    two.wait_state("Initialize")
    assert "10.10.10.16 is the address of the network" in two.family()["initializeReason"]
    netns.ip("addr add 10.10.10.10/24 dev eth1", ns=two.ns)
    two.wait_state("Backup")


def test_adverts_that_do_not_fit_are_refused_and_end_a_mastership(pair):
    one, two = pair
    many = (VIP4, *(f"10.10.10.{n}" for n in range(100, 250)))
    for router, priority in ((one, 210), (two, 200)):
        router.start(Group(priority=priority, interval_ms=100, ipv4=many))
    one.wait_state("Master")
    two.wait_state("Backup")
    netns.ip("link set eth1 mtu 576", ns=one.ns)
    one.wait_state("Initialize")
    assert "632 bytes long, the MTU of eth1 is 576" in one.family()["initializeReason"]
    two.wait_state("Master")
    netns.ip("link set eth1 mtu 1500", ns=one.ns)
    one.wait_state("Master")


MANY6 = tuple(f"2001:db8:10::1:{n:x}" for n in range(80))


@pytest.mark.parametrize("family, mtu, size, group", [
    (4, 636, 640, {"version": 2, "interval_ms": 1000, "ipv4": (VIP4, *(f"10.10.10.{n}" for n in range(100, 250)))}),
    (6, 1300, 1344, {"interval_ms": 100, "ipv6": ("fe80::5e00:205", *MANY6)}),
], ids=["version 2, with its authentication data", "IPv6"])
def test_adverts_of_each_kind_that_do_not_fit_are_refused(pair, family, mtu, size, group):
    one, _two = pair
    one.start(Group(priority=210, **group))
    one.wait_state("Master", family=family)
    netns.ip(f"link set eth1 mtu {mtu}", ns=one.ns)
    one.wait_state("Initialize", family=family)
    assert f"{size} bytes long, the MTU of eth1 is {mtu}" in one.family(family=family)["initializeReason"]
    netns.ip("link set eth1 mtu 1500", ns=one.ns)
    one.wait_state("Master", family=family)


def test_a_port_of_a_bridge_is_refused_in_words_and_used_when_it_is_free(lan, routers):
    one = routers(Tandem, lan, "r1")
    netns.ip("link add br9 type bridge", "link set eth1 master br9", ns=one.ns)
    one.start(Group(priority=210, interval_ms=100, ipv4=(VIP4,)))
    wait_for(lambda: "eth1 is a port of bridge br9" in one.log(), 5, one.log)
    netns.ip("link set eth1 nomaster", ns=one.ns)
    one.wait_state("Master")


@pytest.fixture
def boxes(lan, routers):
    """A router in a container each on r1 and r2. The container's interface eth1 is a macvlan on the machine's interface."""
    made = []
    for name, address in BOX.items():
        box = f"{lan.ns(name)}-box"
        netns.ip(f"netns add {box}")
        made.append(box)
        netns.ip(f"link add box link eth1 netns {box} type macvlan mode bridge", ns=lan.ns(name))
        netns.ip("link set lo up", "link set box name eth1", "link set eth1 addrgenmode none", "link set eth1 up",
                 f"addr add {address}/24 dev eth1", ns=box)
    found = [routers(Tandem, lan, f"{name}-box") for name in BOX]
    yield found
    for router in found:
        router.close()
    for box in made:
        netns.ip(f"netns del {box}")


def test_routers_in_containers_on_macvlans_elect_and_serve(lan, boxes):
    one, two = boxes
    group = {"interval_ms": 100, "ipv4": (VIP4,)}
    one.start(Group(priority=210, **group))
    one.wait_state("Master")
    wait_for(lambda: answers(lan, VIP4), 5, "the address does not answer")
    two.start(Group(priority=220, **group))    # it must hear a Master, or there would be two
    two.wait_state("Master")
    one.wait_state("Backup")
    wait_for(lambda: answers(lan, VIP4), 5, "the address does not answer after the change")
    two.terminate()
    one.wait_state("Master")
    wait_for(lambda: answers(lan, VIP4), 5, "the address does not answer after the way back")


def test_a_group_on_a_macvlan_of_the_operators_is_configured_and_removed(lan, routers):
    one = routers(Tandem, lan, "r1").start(Group(priority=210, interval_ms=100, ipv4=(VIP4,)))
    netns.ip("link add wan0 link eth1 type macvlan mode bridge", "link set wan0 up", "addr add 10.30.0.11/24 dev wan0", ns=one.ns)
    one.configure("interface wan0", "vrrp 7 ip 10.30.0.1")
    one.wait_state("Master", vrid=7)
    # The kernel treats a packet to the virtual MAC address as a packet to wan0, not as one to the interface below both.
    ours = f"ipv4/conf/{one.macvlan(vrid=7, interface='wan0')}/accept_redirects"
    for value in ("0", "1"):
        netns.write_sysctl(one.ns, "ipv4/conf/eth1/accept_redirects", 1 - int(value))
        netns.write_sysctl(one.ns, "ipv4/conf/wan0/accept_redirects", value)
        wait_for(lambda: netns.read_sysctl(one.ns, ours) == value, 5, lambda: f"{ours} is {netns.read_sysctl(one.ns, ours)}")    # noqa: B023
    netns.ip("link del wan0", ns=one.ns)
    wait_for(lambda: not [name for name in netns.links(one.ns) if name.endswith("-7")], 10, lambda: netns.links(one.ns))
    one.terminate()
