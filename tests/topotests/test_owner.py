# SPDX-License-Identifier: Apache-2.0
"""The owner of virtual addresses: its interface has them too, but only the macvlan may answer for them, with the virtual MAC."""
import pytest

from harness import netns
from harness.packets import virtual_mac
from harness.questions import answers, pings
from harness.routers import Group
from harness.waiting import wait_for

OWN4, OWN6, OWN_LINK_LOCAL = "10.10.10.15", "2001:db8:10::15", "fe80::15"
OWN = [OWN4, OWN6, OWN_LINK_LOCAL]
OTHER4, OTHER6 = "10.10.10.77", "2001:db8:10::77"    # of the interface, and not virtual
GROUP = Group(priority=100, interval_ms=100, ipv4=(OWN4,), ipv6=(OWN_LINK_LOCAL, OWN6))


def virtual(address):
    mac = virtual_mac(5, 6 if ":" in address else 4)
    return [("r1", mac, mac, True)]


def real(router):
    mac = netns.links(router.ns)["eth1"]["address"]
    return [("r1", mac, mac, True)]


@pytest.fixture
def owner(lan, pair):
    one, _ = pair
    netns.ip(f"addr add {OTHER4}/24 dev eth1", f"addr add {OTHER6}/64 dev eth1 nodad", ns=one.ns)
    one.start(GROUP)
    for family in (4, 6):
        one.wait_state("Master", family=family)
    return one


def test_the_virtual_mac_alone_answers_for_an_owned_address(lan, owner):
    capture = lan.capture()
    for address in OWN:
        assert answers(lan, capture, address) == virtual(address)
        assert pings(lan, address)
    for address in (OTHER4, OTHER6):
        assert answers(lan, capture, address) == real(owner), "what is not virtual is the interface's own business"


@pytest.mark.parametrize("line", ["vrrp 5 shutdown", "no vrrp 5"])
def test_the_interface_answers_itself_when_it_is_not_virtual_any_more(lan, owner, line):
    owner.configure("interface eth1", line)
    capture = lan.capture()
    for address in OWN:
        assert answers(lan, capture, address) == real(owner)
    owner.configure("interface eth1", "vrrp 5 advertisement-interval 100", "no vrrp 5 shutdown", f"vrrp 5 ip {OWN4}", f"vrrp 5 ipv6 {OWN6}",
                    f"vrrp 5 ipv6 {OWN_LINK_LOCAL}")
    for family in (4, 6):
        owner.wait_state("Master", family=family)
    for address in OWN:
        assert answers(lan, capture, address) == virtual(address)


@pytest.mark.parametrize("end", ["terminate", "kill"])
def test_the_interface_answers_itself_when_the_daemon_has_gone(lan, owner, end):
    """Also after a crash: an interface that does not answer would be cut off."""
    getattr(owner, end)()
    capture = lan.capture()
    mac = netns.links(owner.ns)["eth1"]["address"]
    for address in OWN:
        assert mac in {source for _port, source, _option, _router in answers(lan, capture, address)}
    if end == "terminate":
        for address in OWN:
            assert answers(lan, capture, address) == real(owner)


def test_becoming_and_ceasing_to_be_the_owner_at_run_time(lan, pair):
    one, _ = pair
    one.start(Group(priority=100, interval_ms=100, ipv4=(OTHER4,), ipv6=(OTHER6,)))
    for family in (4, 6):
        one.wait_state("Master", family=family)
    capture = lan.capture()
    netns.ip(f"addr add {OTHER4}/24 dev eth1", f"addr add {OTHER6}/64 dev eth1 nodad", ns=one.ns)
    for address, family in ((OTHER4, 4), (OTHER6, 6)):
        wait_for(lambda: one.family(family=family)["effectivePriority"] == 255, 3, "not the owner")
        wait_for(lambda: answers(lan, capture, address) == virtual(address), 3, lambda: f"{answers(lan, capture, address)} for {address}")
    netns.ip(f"addr del {OTHER4}/24 dev eth1", f"addr del {OTHER6}/64 dev eth1", ns=one.ns)
    wait_for(lambda: "table inet tandem" not in netns.run(["nft", "list", "tables"], one.ns).stdout.splitlines(), 3, "the filter stays")
    for address in (OTHER4, OTHER6):
        assert answers(lan, capture, address) == virtual(address)


def test_of_two_owners_the_backup_is_mute(lan, pair):
    """A common mistake: both interfaces have the address. One of the routers is Master, and the other does not answer."""
    one, two = pair
    for router in pair:
        netns.ip(f"addr add {OTHER4}/24 dev eth1", f"addr add {OTHER6}/64 dev eth1 nodad", ns=router.ns)
        router.start(Group(priority=100, interval_ms=100, ipv4=(OTHER4,), ipv6=(OTHER6,)))
    for family in (4, 6):
        one.wait_state("Master", family=family)
        two.wait_state("Backup", family=family)
        assert one.family(family=family)["effectivePriority"] == two.family(family=family)["effectivePriority"] == 255
    capture = lan.capture()
    for address in (OTHER4, OTHER6):
        assert answers(lan, capture, address) == virtual(address)


def test_accept_mode_says_nothing_to_an_owner(lan, owner):
    """An owner accepts packets that are sent to its addresses (RFC 9568 §6.4.3)."""
    owner.configure("interface eth1", "no vrrp 5 accept-mode")
    assert all(pings(lan, address) for address in OWN)


def test_a_refused_filter_is_told_once_and_the_owner_goes_on(lan, pair):
    one, _ = pair
    netns.run(["nft", "add table inet tandem"], one.ns)
    one.start(GROUP)
    one.wait_state("Master")
    wait_for(lambda: "an owner of virtual addresses answers for them with its own MAC address too" in one.log(), 3, "nothing is said")
    netns.ip(f"addr add {OTHER4}/24 dev eth1", ns=one.ns)
    one.configure("interface eth1", "vrrp 5 priority 120")
    assert one.state() == "Master" and one.log().count("answers for them with its own MAC") == 1
