# SPDX-License-Identifier: Apache-2.0
"""`vrrp autoconfigure`: the daemon makes groups from the macvlans that an operator made for FRR, on the LAN with FRR itself."""
import pytest

from harness import netns
from harness.netns import addresses, links
from harness.routers import Frr, Group, Tandem
from harness.topology import VIP4, VIP6
from harness.waiting import wait_for

FRR_CONF = """frr version 8.4.4
frr defaults traditional
hostname r1
vrrp autoconfigure
vrrp default priority 200
vrrp default advertisement-interval 100
!
interface eth1
exit
!
end
"""


def add_macvlan(ns, *prefixes, vrid=5, family=4, name=None):
    """Creates a macvlan as FRR's manual says, in one step, as the tools do that read a file of interfaces."""
    name = name or f"gw{family}-{vrid}"
    netns.ip(f"link add {name} link eth1 address 00:00:5e:00:0{1 if family == 4 else 2}:{vrid:02x} type macvlan mode bridge",
             f"link set {name} up", *(f"addr add {p} dev {name}" + (" nodad" if family == 6 else "") for p in prefixes), ns=ns)
    return name


def present(router, name="gw4-5"):
    """Returns the addresses on a macvlan, except the link-local ones that the kernel makes by itself."""
    return sorted(a for a in addresses(router.ns)[name] if not a.startswith("fe80:"))


def groups(router):
    return {g["vrid"]: g for g in router.show()}


def listed(router, vrid=5, family=4):
    group = groups(router).get(vrid)
    return None if group is None else group[f"v{family}"]["addresses"]


@pytest.fixture
def one(lan, routers):
    """Router 1 with macvlans of VRID 5 in both families, and an frr.conf."""
    router = routers(Tandem, lan, "r1")
    add_macvlan(router.ns, f"{VIP4}/24")
    add_macvlan(router.ns, f"{VIP6}/64", family=6)
    return router.start(text=FRR_CONF)


def test_an_frr_conf_with_autoconfigure_loads_unchanged_beside_frr(lan, one, routers):
    two = routers(Frr, lan, "r2").start(Group(priority=90, interval_ms=100, ipv4=(VIP4,), ipv6=(VIP6,)))
    for family in (4, 6):
        one.wait_state("Master", family=family)
        two.wait_state("Backup", family=family)
    group = groups(one)[5]
    assert group["autoconfigured"] is True and group["priority"] == 200 and group["interface"] == "eth1"
    assert (group["v4"]["interface"], group["v6"]["interface"]) == ("gw4-5", "gw6-5")
    assert group["v4"]["addresses"] == [VIP4] and VIP6 in group["v6"]["addresses"]
    assert " Autoconfigured                          Yes" in one.vtysh("show vrrp").stdout
    running = one.vtysh("show running-config").stdout
    assert "\nvrrp autoconfigure\n" in running and "vrrp 5" not in running and "interface eth1" not in running
    assert lan.run("h1", "ping", "-c", "1", "-W", "1", VIP4) and lan.run("h1", "ping", "-6", "-c", "1", "-W", "1", VIP6)
    one.terminate()
    two.wait_state("Master")
    assert present(one) == [f"{VIP4}/24"] and present(one, "gw6-5") == [f"{VIP6}/64"]


def test_two_that_autoconfigure_find_each_other(lan, one, routers):
    """FRR, too, has only the groups of its macvlans."""
    frr = routers(Frr, lan, "r2")
    frr.add_macvlans([Group(ipv4=(VIP4,))])
    frr.start(text="vrrp autoconfigure\nvrrp default priority 90\nvrrp default advertisement-interval 100\n")
    frr.wait_state("Backup")
    one.wait_state("Master")


def test_macvlans_are_followed(one):
    one.wait_state("Master")
    add_macvlan(one.ns, "10.10.10.30/24", "10.10.10.31/24", vrid=6)
    add_macvlan(one.ns, "2001:db8:10::30/64", "2001:db8:10::31/64", vrid=6, family=6)    # both addresses, before the macvlan is in use
    wait_for(lambda: listed(one, 6) == ["10.10.10.30", "10.10.10.31"], 5, lambda: f"a new macvlan: {one.show()}")
    wait_for(lambda: len(listed(one, 6, 6) or []) == 3, 5, lambda: f"a new IPv6 macvlan: {listed(one, 6, 6)}")
    one.wait_state("Master", vrid=6)
    netns.ip("addr del 10.10.10.31/24 dev gw4-6", "addr add 10.10.10.32/24 dev gw4-6", ns=one.ns)
    wait_for(lambda: listed(one, 6) == ["10.10.10.30", "10.10.10.32"], 5, lambda: f"changed addresses: {listed(one, 6)}")
    transitions = one.family()["stats"]["transitions"]
    netns.ip("link del gw4-6", "link del gw6-6", ns=one.ns)
    wait_for(lambda: sorted(groups(one)) == [5], 5, lambda: f"a deleted macvlan: {one.show()}")
    assert not [name for name in links(one.ns) if name.startswith("vrrp")], "none was made in its place"
    assert one.family()["stats"]["transitions"] == transitions, "the other group has nothing to do with it"
    one.terminate()
    assert present(one) == [f"{VIP4}/24"]


def test_addresses_put_on_a_backup_are_followed_and_stay_silent(lan, one, routers):
    two = routers(Tandem, lan, "r2").start(Group(priority=210, interval_ms=100, ipv4=(VIP4,), ipv6=(VIP6,)))
    two.wait_state("Master")
    one.wait_state("Backup")
    netns.ip("addr add 10.10.10.40/24 dev gw4-5", ns=one.ns)
    wait_for(lambda: listed(one) == [VIP4, "10.10.10.40"], 5, lambda: f"its addresses: {listed(one)}")
    assert present(one) == []
    one.configure("no vrrp autoconfigure")
    assert one.show() == []
    wait_for(lambda: present(one) == [f"{VIP4}/24", "10.10.10.40/24"], 5, "the macvlan is given back")


def test_a_configured_group_counts(one):
    one.wait_state("Master")
    one.configure("interface eth1", "vrrp 5 ip 10.10.10.50", "vrrp 5 priority 150")
    group = groups(one)[5]
    assert group["autoconfigured"] is False and group["priority"] == 150 and listed(one) == ["10.10.10.50"]
    one.configure("interface eth1", "no vrrp 5")
    group = groups(one)[5]
    assert group["autoconfigured"] is True and group["priority"] == 200 and listed(one) == [VIP4]
    one.wait_state("Master")
    assert group["v4"]["interface"] == "gw4-5"


def test_after_a_crash_the_macvlans_are_known_as_they_were(one):
    for family in (4, 6):
        one.wait_state("Master", family=family)
    netns.ip("addr add 10.10.10.40/24 dev gw4-5", ns=one.ns)
    wait_for(lambda: listed(one) == [VIP4, "10.10.10.40"], 5, lambda: f"its addresses: {listed(one)}")
    one.kill()
    one.launch()
    one.wait_ready()
    assert listed(one) == [VIP4, "10.10.10.40"] and VIP6 in listed(one, family=6)
    one.wait_state("Master")
    one.terminate()
    assert present(one) == [f"{VIP4}/24", "10.10.10.40/24"] and present(one, "gw6-5") == [f"{VIP6}/64"]


def test_a_macvlan_that_makes_no_group_is_named_in_the_log(one):
    add_macvlan(one.ns, "10.10.10.255/24", vrid=7)
    wait_for(lambda: "not autoconfigured: vrrp 7 on eth1" in one.log(), 5, lambda: one.log()[-500:])
    assert sorted(groups(one)) == [5]
